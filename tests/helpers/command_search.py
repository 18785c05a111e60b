"""The search itself: one string of bytes is one arrangement; it is checked, and then played in several message orders.

Where the check says that a property holds no run may break it; where it says that one does not hold, a run that breaks
it is looked for. Two kinds of runs: at random (people, links, centres and partners behave as they like, a watchdog
keeps its own account), and probes, in which everybody is prompt but for those whose power is being tried.
"""

from collections import Counter

from msgspec.structs import replace

from diptych.command.blockers import Blockers, blockers_of
from diptych.command.properties import PROPERTIES
from diptych.command.soundness import silences_that_fire
from diptych.command.verdict import Context
from diptych.command.vetoes import _needed_from_others, strangers_who_release
from diptych.model.arrangement import Arrangement, Complex, Consent
from diptych.model.record import RunRecord
from diptych.sim.properties import (
    Violation,
    cut_off,
    disarmed,
    fired_without_a_yes,
    holds_past_the_last_launch,
    lost_with_the_link,
    moved_releases,
    orders_from_outside,
    own_picture,
    record_types_that_order,
    releases,
    undetected_pairs,
    untraced,
)
from tests.helpers.model_world import Behaviour, ModelRun, World
from tests.helpers.random_arrangements import (
    WINDOWS_S,
    Choices,
    arrangement_of,
    behaviour_of,
    roles_of,
    stages_of,
    states_of,
    tested_object,
    world_of,
)
from tests.helpers.watchdog import Watchdog

ACTIONS = ("intercept-over-own", "intercept-over-partner", "intercept-over-third", "stop-engagement")
LONG_S = 2000.25
RUNS = ("intercept-over-own",)
ORDERS = 3
"""Random message orders tried on each arrangement, beside the probes."""


class Search:
    """What has been tried so far: `runs`, arrangements by (property, holds), runs that broke what does not hold."""

    def __init__(self) -> None:
        self.runs = 0
        self.judged: Counter[tuple[str, bool]] = Counter()
        self.broken: Counter[str] = Counter()

    # --- playing ----------------------------------------------------------------------------------------------

    def play(
        self, world: World, arrangement: Arrangement, behaviour: Behaviour, *, is_watched: bool = True
    ) -> tuple[RunRecord, Watchdog, ModelRun]:
        """Play one run; with a watchdog, its violations are an error at once."""
        self.runs += 1
        dog = Watchdog(world, arrangement)
        run = ModelRun(world, arrangement, behaviour, dog)
        run.play()
        dog.ended(run)
        if is_watched:
            assert not dog.found, dog.found
        return run.record(), dog, run

    # --- one case ---------------------------------------------------------------------------------------------

    def try_one(self, data: bytes) -> None:
        """Try one arrangement; an AssertionError tells what broke."""
        pick = Choices(data)
        arrangement = arrangement_of(pick)
        window_s = WINDOWS_S[pick.pick(3)]
        stages = stages_of(pick, 0.0)
        party_states = states_of(arrangement)
        blockers = blockers_of(arrangement, stages, party_states, window_s, actions=ACTIONS)
        context = Context(arrangement, party_states, window_s, blockers)
        holds = {name: judge(context).holds for name, judge in PROPERTIES.items()}
        for name, verdict in holds.items():
            self.judged[name, verdict] += 1
        if not holds["every-path-ends"]:
            self._endless(context, stages)
            return
        for _ in range(ORDERS):
            self._at_random(pick, arrangement, window_s, holds)
        self._probe(pick, context, stages, holds)

    def _endless(self, context: Context, stages: tuple) -> None:  # type: ignore[type-arg]
        """A path that does not end: nothing is fired although all say yes, or the run goes on, or is asked again."""
        arrangement = context.arrangement
        own = arrangement.complexes[0]
        what = tested_object(arrangement, (own.owners[0],), 0, LONG_S, "engage")
        world = World((what,), stages, dict(context.party_states), _one(arrangement), _none(arrangement), 3, 1)
        quiet = Behaviour(says=dict.fromkeys((r for r in roles_of(arrangement) if not r.endswith(".watch")), "silent"))
        for behaviour in (Behaviour(), quiet):
            record, dog, _ = self.play(world, arrangement, behaviour, is_watched=False)
            if not record.shots or any(name == "every-path-ends" for name, _ in dog.found):
                self.broken["every-path-ends"] += 1
                return

    # --- at random --------------------------------------------------------------------------------------------

    def _at_random(self, pick: Choices, arrangement: Arrangement, window_s: float, holds: dict[str, bool]) -> None:
        """Random behaviour of everybody and a random order of messages; then the same with the link cut."""
        world = world_of(pick, arrangement, window_s)
        behaviour = behaviour_of(pick, arrangement)
        record, dog, _ = self.play(world, arrangement, behaviour)
        if dog.leaks:
            assert not holds["provenance-kept"], dog.leaks
            self.broken["provenance-kept"] += 1
        found = [
            *orders_from_outside(record, arrangement),
            *fired_without_a_yes(record, arrangement),
            *untraced(record),
            *(v for v in holds_past_the_last_launch(record) if not _is_refused_at_home(record, v)),
        ]
        is_linked = not (behaviour.lost or behaviour.dropped or behaviour.claimants)
        if is_linked:
            found += undetected_pairs(record, arrangement)
        for name in ("nothing-by-silence-unless-said", "double-engagement-detected"):
            lacking = [v for v in found if v.property == name]
            if lacking and not holds[name]:
                self.broken[name] += 1
                found = [v for v in found if v.property != name]
        assert not found, found
        assert record_types_that_order() == ()
        if is_linked and _fired_unknown(record, arrangement, world):
            assert not holds["double-engagement-detected"], "two complexes fired and the later had not been told"
            self.broken["double-engagement-detected"] += 1
        if arrangement.sharing:
            own = arrangement.complexes[pick.pick(len(arrangement.complexes))]
            self._cut(world, arrangement, own, behaviour)

    def _cut(self, world: World, arrangement: Arrangement, own: Complex, behaviour: Behaviour) -> None:
        """Clauses ii and iii: with partner data out of the picture a partner moves no release but by a plan's hold."""
        alone = disarmed(own_picture(arrangement), own.id)
        together, _, run = self.play(world, alone, behaviour)
        apart, _, _ = self.play(world, cut_off(alone), replace(behaviour, claimants=()))
        moved = moved_releases(apart, together, own.id)
        assert not moved, moved
        mine, theirs = releases(apart, own.id), releases(together, own.id)
        for i, shots in mine.items():
            latest_s = world.objects[i].seen[own.id].close_s
            assert i in theirs or run.nodes[own.id].cases[i].reason in ("withheld", "consent"), (
                f"{own.id} fires at {i} at {shots[0][0]:.0f} s with no link, never with claims; it could to {latest_s}"
            )
        assert not lost_with_the_link(together, apart)

    # --- probes -----------------------------------------------------------------------------------------------

    def _probe(self, pick: Choices, context: Context, stages: tuple, holds: dict[str, bool]) -> None:  # type: ignore[type-arg]
        """Try the power of those whom the check says can, or cannot, block, start, or fire by silence."""
        arrangement = context.arrangement
        own = arrangement.complexes[pick.pick(len(arrangement.complexes))]
        duty = arrangement.responsibility
        place = pick.pick(2)
        is_hosted = pick.pick(2) == 1
        verdict = ("engage", "outside")[pick.pick(2)]
        found = _case(context, own, place, is_hosted, verdict)
        if found is None or found.status == "too-many":
            return
        doers = found.doers
        hosts = {c.id: "ZZ" if is_hosted else "" for c in arrangement.complexes}
        what = tested_object(arrangement, (own.owners[0],), place, context.window_s, verdict)
        world = World((what,), stages, dict(context.party_states), _one(arrangement), hosts, 3, pick.pick(256))
        text = f"{own.id}: {found.case or 'own'}: {found.status}"

        def is_fired(says: dict[str, str], where: World = world) -> bool:
            record, _, _ = self.play(where, arrangement, Behaviour(says=says))
            return any(shot.complex_id in doers for shot in record.shots)

        is_open = found.status == "open" and not found.is_by_clock
        assert is_fired({}) == is_open, f"{text}: with everybody prompt"
        people = roles_of(arrangement)
        if is_open:
            for item in () if _is_hasty(arrangement, doers, stages) else found.window[:3]:
                roles = [role for part in item.parts for role in part.roles[: part.count]]
                assert not is_fired(dict.fromkeys(roles, "no")), f"{text}: {roles} refuse"
                assert is_fired(dict.fromkeys(roles[1:], "no")), f"{text}: {roles[1:]} refuse and are not enough"
            for party in own.parties:
                outside = [r for r, whose in people.items() if whose not in (party, "joint")]
                is_blocked = not is_fired(dict.fromkeys(outside, ("no", "silent")[pick.pick(2)]))
                is_said = any(item.is_outside(party) for item in (*found.window, *found.never))
                if is_blocked:
                    assert is_said, f"{text}: outsiders of {party} block it"
                    assert not holds["no-outside-veto"]
                    self.broken["no-outside-veto"] += 1
        if duty.rule == "sector" and found.status == "nobody-may":
            return
        long_one = replace(
            what, impact_s=LONG_S + 300.0, seen={k: replace(s, close_s=LONG_S) for k, s in what.seen.items()}
        )
        long = replace(world, objects=(long_one,))
        if found.status == "nobody-may" and verdict == "engage":
            record, _, _ = self.play(long, arrangement, Behaviour())
            if not record.shots and not holds["every-territory-has-an-owner"]:
                self.broken["every-territory-has-an-owner"] += 1
        consent = next((c for c in arrangement.consents if (c.complex_id, c.action) == (own.id, RUNS[0])), None)
        if doers != (own.id,) or found.status != "open" or consent is None or verdict != "engage":
            return
        self._powers(long, context, own, consent, found, is_fired, holds)

    def _powers(self, long, context, own, consent, found, is_fired, holds) -> None:  # type: ignore[no-untyped-def]
        """What strangers alone, own people alone, and silence alone can do, given all the time there is."""
        people = roles_of(context.arrangement)
        engages = any(wait.then == "engage" for wait in consent.waits)
        if engages:
            act = next(w.act for w in consent.waits if w.then == "engage")
            silent = {r for s in consent.steps if s.act == act for r in s.roles}
            silent |= {w.to_role for w in consent.waits if w.to_role}
            assert holds["fires-by-silence"]
            if is_fired(dict.fromkeys(silent, "silent"), long):
                self.broken["fires-by-silence"] += 1
            return
        last = consent.steps[-1]
        if any(wait.then == "pass-to" for wait in consent.waits):
            is_fired({last.roles[0]: "no"}, long)  # which may come after a deputy was asked; the watchdog judges
        if not silences_that_fire(context.arrangement):
            fired = is_fired(dict.fromkeys(people, "silent"), long)
            assert not (fired and holds["nothing-by-silence-unless-said"]), "nobody said anything and a shot was fired"
            self.broken["nothing-by-silence-unless-said"] += fired
        for party in own.parties:
            others = [r for r, whose in people.items() if whose != party]
            is_lost = not is_fired(dict.fromkeys(others, "silent"), long)
            assert is_lost == bool(_needed_from_others(found, party)), f"{own.id}: only people of {party} are left"
            if is_lost:
                assert not holds["centre-loss-safe"] or len(own.parties) > 1
                self.broken["centre-loss-safe"] += 1
            watch = {
                r for s in consent.steps if s.rule.startswith("watch:") or s.act == "host-consent" for r in s.roles
            }
            mine = [r for r, whose in people.items() if whose == party and r not in watch]
            is_commanded = is_fired(dict.fromkeys(mine, "silent"), long) and len(consent.steps) > len(watch)
            is_foreign = bool(strangers_who_release(consent, party))
            if is_commanded:
                assert is_foreign or _is_free(consent), f"{own.id}: fired without a word of anybody of {party}"
                assert not holds["no-cross-command"] or _is_free(consent)
                self.broken["no-cross-command"] += 1


def _is_refused_at_home(record: RunRecord, found: Violation) -> bool:
    """Whether own people took their yes back while a plan held the shot: that is no veto from outside."""
    ours = (e for e in record.engagements if (e.complex_id, e.object) == (found.complex_id, found.object))
    return any(e.reason in ("withheld", "consent") for e in ours)


def _is_hasty(arrangement: Arrangement, doers: tuple[str, ...], stages: tuple) -> bool:  # type: ignore[type-arg]
    """Whether a wait lets silence engage before an answer takes: a no at the usual pace comes too late to stop a shot.

    The check names those who could say no as blockers all the same.
    """
    time_s = {stage.id: stage.time_s for stage in stages}
    return any(
        wait.then == "engage" and sum(w.after_s or 0.0 for w in c.waits) <= time_s[wait.act]
        for c in arrangement.consents
        if c.complex_id in doers
        for wait in c.waits
    )


def _is_free(consent: Consent) -> bool:
    """Whether some step needs nobody's yes."""
    return any(step.need <= 0 for step in consent.steps)


def _fired_unknown(record: RunRecord, arrangement: Arrangement, world: World) -> bool:
    """Whether a complex fired at an object after another had, when two links could have brought word, and had none."""
    exchange = next(s for s in world.stages if s.id == "exchange")
    told = {(r.sender, r.receiver) for r in arrangement.sharing if r.product == "engagement-intention"}
    told |= {(a, d) for a, b in told for c, d in told if b == c}
    for i in {shot.object for shot in record.shots}:
        first = {c.id: min((s.launch_s for s in record.shots if (s.complex_id, s.object) == (c.id, i)), default=None)
                 for c in arrangement.complexes}  # fmt: skip
        for early, early_s in first.items():
            for late, late_s in first.items():
                if early_s is None or late_s is None or early == late or late_s <= early_s:
                    continue
                if (early, late) not in told:
                    return True
                if exchange.spread > 0.0 or late_s < early_s + 2.0 * exchange.time_s + 6.0:
                    continue
                came = any((e.kind, e.actor, e.object) == ("received", late, i) and e.time_s <= late_s
                           and e.text == f"engagement-intention from {early}" for e in record.events)  # fmt: skip
                if not came:
                    return True
    return False


def _case(context: Context, own: Complex, place: int, is_hosted: bool, verdict: str) -> Blockers | None:
    """Return what the check says of an object that threatens a complex in one place, under one verdict of the rules."""
    duty = context.arrangement.responsibility
    cases = [b for b in context.blockers if (b.complex_id, b.action) == (own.id, "intercept-over-own")]
    if duty.rule == "sector" and not (duty.sector_by == "intercept" and duty.fire_outside):
        owner = duty.sectors[place].owner
        name = "own sector" if owner == own.id else f"sector of {owner}"
        cases = [b for b in cases if b.case.split(",")[0] == name or not b.case]
    cases = [b for b in cases if "outside it only" not in b.case]
    for what, is_so in (("on a host's soil", is_hosted), ("not on a host's soil", not is_hosted)):
        if not is_so:
            cases = [b for b in cases if what not in b.case.split(", ")]
    if any("the rules" in b.case for b in cases):
        name = "inside the rules" if verdict == "engage" else "outside the rules"
        cases = [b for b in cases if name in b.case]
    if len(cases) != 1 or (cases[0].doers not in ((), (own.id,)) and len(cases[0].doers) != 1):
        return None
    if cases[0].doers != (own.id,):
        other = [c for c in context.arrangement.consents if c.complex_id in cases[0].doers]
        if any(s.act == "host-consent" for c in other for s in c.steps):
            return None  # hosts of others are not told apart
    return cases[0]


def _one(arrangement: Arrangement) -> dict[str, int]:
    return {c.id: 1 for c in arrangement.complexes}


def _none(arrangement: Arrangement) -> dict[str, str]:
    return {c.id: "" for c in arrangement.complexes}
