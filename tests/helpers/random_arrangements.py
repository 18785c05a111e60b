"""Random arrangements and worlds from a string of bytes, for the search of the command layer.

Every choice reads one byte and an empty string reads as zeros, so that hypothesis shrinks a failure to the shortest
string, which is the simplest arrangement: two complexes, nothing shared, a watch officer and a commander.
"""

from msgspec.structs import replace

from diptych.model.arrangement import (
    Arrangement,
    Centre,
    Complex,
    Consent,
    Responsibility,
    Sector,
    Sharing,
    Stage,
    Step,
    Wait,
)
from diptych.model.rules import Rulebook
from tests.helpers.model_world import Behaviour, Object, Seen, World
from tests.helpers.small import NOWHERE

STATES = {"a": frozenset({"AA", "AB"}), "b": frozenset({"BA"}), "c": frozenset({"CA"})}
ACTS = ("classify", "rule-lookup", "authority", "second-key", "council", "host-consent", "exchange")
PRODUCTS = ("launch-detection", "track", "impact-prediction", "engagement-intention", "kill-assessment")
WEST = Sector("a", "west", ((0.0, -0.5), (0.0, 0.4), (1.5, 0.4), (1.5, -0.5)))
BOOK = Rulebook("agreed", "Agreed", (), (), 1e4, 3, (), ())
WINDOWS_S = (200.25, 400.25, 100.25)


class Choices:
    """Choices read from bytes, one byte each; zeros after the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def pick(self, count: int) -> int:
        """Return a number below `count`."""
        at, self._at = self._at, self._at + 1
        return self._data[at] % count if at < len(self._data) else 0

    def one_in(self, count: int) -> bool:
        """Whether something rare comes to pass; never where the bytes have run out."""
        return self.pick(count) == count - 1


def complexes_of(pick: Choices) -> tuple[Complex, ...]:
    """Return two or three complexes, each of one party; seldom one that two parties share."""
    parties = ("a", "b", "c") if pick.one_in(4) else ("a", "b")
    if pick.one_in(8):
        rest = tuple(Complex(p, p, (p,), tuple(sorted(STATES[p]))) for p in parties[2:])
        return (Complex("ab", "ab", ("a", "b"), ("AA", "AB", "BA")), *rest)
    return tuple(Complex(p, p, (p,), tuple(sorted(STATES[p]))) for p in parties)


def _voice(pick: Choices, own: Complex, others: tuple[str, ...], name: str) -> tuple[str, str]:
    """Return a role and its party: mostly the own, sometimes of the other side."""
    if others and pick.one_in(4):
        party = others[pick.pick(len(others))]
        return f"{party}.{name}-for-{own.id}", party
    party = own.parties[pick.pick(len(own.parties))]
    return f"{party}.{name}", party


def _decision(pick: Choices, own: Complex, others: tuple[str, ...]) -> tuple[str, Step]:
    """Return a kind of consent with the step that decides."""
    kind = ("delegated", "unilateral", "k-of-n", "weighted", "dual-key", "consensus", "joint-commander")[pick.pick(7)]
    if kind in ("k-of-n", "weighted"):
        voices = [_voice(pick, own, others, f"voice-{k}") for k in range(2 + pick.pick(2))]
        roles, parties = tuple(r for r, _ in voices), tuple(p for _, p in voices)
        weights = tuple(1 + pick.pick(3) for _ in roles) if kind == "weighted" else ()
        most = sum(weights) or len(roles)
        need = most + 1 if pick.one_in(16) else 1 + pick.pick(most)
        return kind, Step("authority", roles, parties, need, kind, weights)
    if kind == "consensus":
        roles = tuple(f"{s.lower()}.council" for p in own.parties for s in sorted(STATES[p]))
        whose = tuple(p for p in own.parties for _ in STATES[p])
        return kind, Step("council", roles, whose, len(roles), kind)
    act = {"delegated": "rule-lookup", "dual-key": "second-key"}.get(kind, "authority")
    role, party = ("joint.commander", "joint") if kind == "joint-commander" else _voice(pick, own, others, act)
    return kind, Step(act, (role,), (party,), 1, f"{kind}:{role}")


def _waits(pick: Choices, own: Complex, others: tuple[str, ...], steps: tuple[Step, ...]) -> tuple[Wait, ...]:
    """Return what follows silence on the last step: hold, engage, or a chain of deputies."""
    step, waits = steps[-1], []
    for k in range(pick.pick(3) if pick.one_in(3) else 0):
        after_s = None if pick.one_in(16) else (10.5, 25.5, 61.5)[pick.pick(3)]
        then = ("pass-to", "hold", "engage")[pick.pick(3)]
        if then == "pass-to":
            role, party = _voice(pick, own, others, f"deputy-{k}")
            role = step.roles[0] if pick.one_in(16) else role
            waits.append(Wait(step.act, after_s, then, role, party))
        else:
            waits.append(Wait(step.act, after_s, then))  # type: ignore[arg-type]
            break
    if waits and waits[-1].then == "pass-to" and not pick.one_in(4):
        waits.append(Wait(step.act, 25.5, "hold"))
    return tuple(waits)


def _consent(pick: Choices, own: Complex, others: tuple[str, ...], action: str) -> Consent:
    if pick.one_in(10 if action.endswith("own") else 2):
        return Consent(own.id, action, "forbidden", (), ())
    watch = Step("classify", (f"{own.id}.watch",), own.parties[:1], 1, "watch:classify")
    kind, step = _decision(pick, own, others)
    steps = [replace(step, need=0)] if pick.one_in(24) else [watch, step]  # a path that asks nobody, seldom
    if pick.one_in(5) and steps[0].need > 0:
        second = _decision(pick, own, others)[1]
        steps += [second] if second.act != step.act else []
    if pick.one_in(5) and steps[0].need > 0:
        steps.append(Step("host-consent", ("host",), own.parties[:1], 1, "host"))
    under = "agreed" if kind == "delegated" and pick.one_in(2) else ""
    outside = ("hold", "consult")[pick.pick(2)] if under else ""
    roles = tuple(f"{s.lower()}.member" for p in own.parties for s in sorted(STATES[p]))
    whose = tuple(p for p in own.parties for _ in STATES[p])
    consult = (Step("council", roles, whose, len(roles), "consensus"),) if outside == "consult" else ()
    if any(s.act == "council" for s in steps):
        consult = ()
        outside = "hold" if under else ""
    found = tuple(steps)
    waits = _waits(pick, own, others, found)
    return Consent(own.id, action, kind, found, waits, under, outside, consult)  # type: ignore[arg-type]


def arrangement_of(pick: Choices) -> Arrangement:
    """Return a random arrangement."""
    complexes = complexes_of(pick)
    ids = tuple(c.id for c in complexes)
    rule = ("own-territory", "any-able", "joint-plan", "sector")[pick.pick(4)]
    is_planned = rule == "joint-plan" or pick.one_in(3)
    centres = tuple(
        Centre(name, name, kind, ids[:2] if len(ids) > 2 and pick.one_in(4) else ids)
        for name, kind in (("fusion", "data-fusion"), ("planning", "planning-and-operations"))
        if len(ids) == len({p for c in complexes for p in c.parties}) and pick.pick(2)
    )  # a shared complex has no centre to meet in
    sharing: list[Sharing] = []
    for product in PRODUCTS:
        how = pick.pick(4)  # nothing, directly, through a centre, some ways only
        for ways in ([(s, r) for s in ids for r in ids if s != r],) if how else ():
            if centres and how == 2:
                centre = centres[-1] if product in ("engagement-intention", "kill-assessment") else centres[0]
                ways = [*((s, centre.id) for s in ids), *((centre.id, r) for r in ids)]
            if how == 3 and ways and pick.one_in(2):
                ways = ways[: 1 + pick.pick(len(ways))]
            grid_m = (0.0, 2000.0, 50e3)[pick.pick(3)]
            condition = ("always", "threatens-receiver")[pick.one_in(4)]
            period_s = (None, 30.0)[pick.one_in(4)] if product in ("track", "impact-prediction") else None
            sharing += [Sharing(product, s, r, grid_m, grid_m / 40.0, "exchange", condition, "owner", period_s)
                        for s, r in ways]  # fmt: skip
    if len(centres) == 2 and pick.one_in(24):
        sharing += [Sharing("track", a, b, 0.0, 0.0, "exchange", "always", "owner")
                    for a, b in (("fusion", "planning"), ("planning", "fusion"))]  # fmt: skip
    sectors: tuple[Sector, ...] = ()
    if rule == "sector":
        east = "b" if "b" in ids else ids[-1]
        sectors = (WEST if "a" in ids else Sector("ab", "west", WEST.corners_rad), Sector(east, "rest", ()))
    duty = Responsibility(
        rule=rule,  # type: ignore[arg-type]
        overlap="joint-plan" if is_planned else "both-fire",
        sectors=sectors,
        sector_by=("impact", "intercept")[pick.pick(2)] if sectors else "impact",
        fire_outside=pick.pick(2) == 0,
        goes_first=(("responses", "territory"), ("territory",), ())[pick.pick(3)],
    )
    consents = tuple(
        _consent(pick, own, tuple(p for c in complexes for p in c.parties if p not in own.parties), action)
        for own in complexes
        for action in ("intercept-over-own", "intercept-over-partner", "intercept-over-third")
    )
    return Arrangement(
        id="random", title="random", treaty=("One.", "Two."), treaty_source=NOWHERE, sources=(), claims=(),
        complexes=complexes, centres=centres, sharing=tuple(sharing), responsibility=duty, consents=consents,
        partner_tracks=("none", "cue")[pick.pick(2)], rulebooks=(BOOK,),
    )  # fmt: skip


def states_of(arrangement: Arrangement) -> dict[str, frozenset[str]]:
    """Return the states of the parties that an arrangement is about."""
    return {p: STATES[p] for c in arrangement.complexes for p in c.parties}


def stages_of(pick: Choices, spread: float) -> tuple[Stage, ...]:
    """Return how long each act takes."""
    return tuple(Stage(act, act, (20.0, 45.0, 7.0, 90.0)[pick.pick(4)], spread) for act in ACTS)


def tested_object(
    arrangement: Arrangement, states: tuple[str, ...], place: int, window_s: float, verdict: str
) -> Object:
    """Return an object that everybody sees at once, with one window for all, whom nothing ever kills."""
    seen = Seen(0.0, 0.0, ((0.0, states),), 0.0, window_s)
    return Object(place, place, window_s + 300.0, (), {c.id: seen for c in arrangement.complexes}, verdict)


def world_of(pick: Choices, arrangement: Arrangement, window_s: float) -> World:
    """Return a random world: objects that each complex sees at its own time and that may touch different states."""
    party_states = states_of(arrangement)
    touches = [("AA",), ("BA",), ("AB", "BA"), ("XX",), ("AA", "XX"), ("CA",)]
    objects = []
    for _ in range(1 + pick.pick(2)):
        seen = {}
        before = touches[pick.pick(len(touches))]
        for own in arrangement.complexes:
            warned_s = 5.0 * pick.pick(8)
            confirmed_s = warned_s + 10.0 * pick.pick(8)
            first_s = confirmed_s + 15.0 * pick.pick(4)
            rows = [(first_s, before)]
            if pick.one_in(4):
                rows.append((first_s + 40.0, touches[pick.pick(len(touches))]))
            open_s = first_s + 30.0 * pick.pick(4)
            seen[own.id] = Seen(warned_s, confirmed_s, tuple(rows), open_s, open_s + window_s - 600.0 * pick.one_in(12))
        kills = tuple(pick.one_in(3) for _ in range(2))
        verdict = ("engage", "outside", "engage", "hold", "consult")[pick.pick(5)]
        objects.append(Object(pick.pick(2), pick.pick(2), 900.0, kills, seen, verdict))
    return World(
        tuple(objects), stages_of(pick, (0.6, 0.0)[pick.one_in(3)]), party_states,
        {c.id: 1 + pick.pick(2) for c in arrangement.complexes},
        {c.id: ("", "ZZ")[pick.one_in(4)] for c in arrangement.complexes},
        (3, 1)[pick.one_in(4)], pick.pick(256) * 256 + pick.pick(256),
    )  # fmt: skip


def roles_of(arrangement: Arrangement) -> dict[str, str]:
    """Return everybody who may be asked, with their party."""
    found: dict[str, str] = {}
    for consent in arrangement.consents:
        for step in (*consent.steps, *consent.outside_steps):
            found.update(zip(step.roles, step.parties, strict=True))
        for wait in consent.waits:
            if wait.to_role:
                found.setdefault(wait.to_role, wait.to_party)
    return found


def behaviour_of(pick: Choices, arrangement: Arrangement) -> Behaviour:
    """Return what people and links do: mostly well, some refuse, are silent, take a yes back, drop or claim."""
    says = {}
    for role in roles_of(arrangement):
        how = pick.pick(12)
        if how > 8:
            says[role] = ("no", "silent", "back")[how - 9]
    ids = tuple(c.id for c in arrangement.complexes)
    nodes = (*ids, *(c.id for c in arrangement.centres))
    dropped = tuple((n, p) for n in ids for p in PRODUCTS if pick.one_in(16))
    lost = tuple(n for n in nodes if pick.one_in(12))
    claimants = tuple(n for n in ids if pick.one_in(6))
    return Behaviour(says, dropped, lost, claimants)
