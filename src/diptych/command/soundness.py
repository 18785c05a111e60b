"""Properties of the text itself: does every path end, is every place somebody's, does silence fire, who is told what?

An arrangement that lacks `every-path-ends`, `every-territory-has-an-owner` or `one-owner-per-sector` is broken whatever
it claims. The others are choices that a text may make, printed where they matter.
"""

from diptych.command.actions import path_structure
from diptych.command.sectors import overlap_of
from diptych.command.structure import happens_with
from diptych.command.verdict import Context, Verdict, first_path
from diptych.model.arrangement import Arrangement, Complex, Consent, Step, Wait

# --- silence ------------------------------------------------------------------------------------------------


def silences_that_fire(arrangement: Arrangement) -> tuple[str, ...]:
    """Return the acts on which silence leads to a shot, with territory and complex; none if it cannot."""
    found = (
        f"{wait.act} ({consent.action.removeprefix('intercept-').replace('-', ' ')} territory, {consent.complex_id})"
        for consent in arrangement.consents
        for wait in consent.waits
        if wait.then == "engage" and any(step.act == wait.act for step in (*consent.steps, *consent.outside_steps))
    )
    return tuple(dict.fromkeys(found))


def fires_by_silence(context: Context) -> Verdict:
    """Somewhere silence leads to a shot (true is what needs to be known)."""
    found = silences_that_fire(context.arrangement)
    if found:
        return Verdict(holds=True, note=f"Silence fires: {'; '.join(found)}.")
    return Verdict(holds=False, note="No wait leads to a shot; silence means hold everywhere.")


def nothing_by_silence_unless_said(context: Context) -> Verdict:
    """No permission is there without somebody's yes, unless a wait says that silence engages."""
    for consent in context.arrangement.consents:
        if consent.kind == "forbidden":
            continue
        structure = path_structure(consent, consent.steps, {})
        if happens_with(structure, frozenset()):
            story = (
                f"t = 0 s: {consent.complex_id} wants to {consent.action.replace('-', ' ')} territory.",
                "No step of its path needs anybody's yes.",
                "t = 0 s: permission is there, although nobody has said anything and no wait lets silence engage.",
            )
            return Verdict(holds=False, story=story)
    return Verdict(holds=True)


# --- ends ---------------------------------------------------------------------------------------------------


def every_path_ends(context: Context) -> Verdict:
    """Every vote can be won, every chain of waits ends in hold or engage, no role is asked again, no record circles."""
    for consent in context.arrangement.consents:
        if consent.kind == "forbidden":
            continue
        for step in (*consent.steps, *consent.outside_steps):
            waits = tuple(w for w in consent.waits if w.act == step.act)
            story = _dead_step(consent, step) or _endless_waits(consent, step, waits)
            if story:
                return Verdict(holds=False, story=story)
    for item in context.arrangement.deliberations:
        if item.need > len(item.roles):
            story = (
                f"{item.complex_id} wants to agree on {item.matter}.",
                f"{item.need} must agree and {len(item.roles)} are asked: there will never be a text.",
            )
            return Verdict(holds=False, story=story)
    circle = relay_circle(context.arrangement)
    if circle:
        centre, *others = circle
        story = (
            f"t = 0 s: a complex sends a record to {centre}.",
            *(f"{a} passes it on to {b}." for a, b in zip(circle, (*others, centre), strict=True)),
            "It goes round for ever.",
        )
        return Verdict(holds=False, story=story)
    return Verdict(holds=True)


def _dead_step(consent: Consent, step: Step) -> tuple[str, ...]:
    votes = sum(step.weights or (1,) * len(step.roles))
    deputies = sum(w.act == step.act and w.then == "pass-to" for w in consent.waits)
    if votes >= step.need:
        return ()
    return (
        f"t = 0 s: {consent.complex_id} asks for {consent.action}; the path comes to {step.act}.",
        f"{', '.join(step.roles) or 'nobody'} can give {votes} of the {step.need} votes it needs.",
        "Everybody says yes and it is not enough: "
        + ("only deputies could help, and nobody is silent." if deputies else "the path never ends."),
    )


def _endless_waits(consent: Consent, step: Step, waits: tuple[Wait, ...]) -> tuple[str, ...]:
    asked = list(step.roles)
    start = f"t = 0 s: {', '.join(step.roles)} is asked ({step.act}, {consent.complex_id}) and says nothing."
    passed: list[str] = []
    for wait in waits:
        if wait.then in ("engage", "pass-to") and wait.after_s is None:
            return (start, *passed, f"Only when the window has closed does the wait say {wait.then}: too late to help.")
        if wait.then != "pass-to":
            return ()
        passed.append(f"After {wait.after_s:g} s it passes to {wait.to_role}, who says nothing.")
        if wait.to_role in asked:
            return (start, *passed, f"{wait.to_role} was asked before: the wait goes round and never ends.")
        asked.append(wait.to_role)
    if waits:
        return (start, *passed, "Nothing follows: neither hold nor engage.")
    return ()


def relay_circle(arrangement: Arrangement) -> tuple[str, ...]:
    """Return centres that pass a product round in a circle; none if every record comes to rest."""
    centres = [c.id for c in arrangement.centres]
    for product in dict.fromkeys(rule.product for rule in arrangement.sharing):
        onward: dict[str, list[str]] = {centre: [] for centre in centres}
        for rule in arrangement.sharing:
            if rule.product == product and rule.sender in onward and rule.receiver in onward:
                onward[rule.sender].append(rule.receiver)
        for start in centres:
            ways: list[tuple[str, ...]] = [(start,)]
            while ways:
                way = ways.pop(0)
                for following in onward[way[-1]]:
                    if following == start:
                        return way
                    if following not in way:
                        ways.append((*way, following))
    return ()


# --- territory ----------------------------------------------------------------------------------------------


def every_territory_has_an_owner(context: Context) -> Verdict:
    """Over every part of every party's territory some complex may engage; each party has one that serves it."""
    everybody = () if context.arrangement.is_baseline else context.party_states
    for party in (p for p in everybody if not context.serving(p)):
        story = (
            f"t = 0 s: an object is known that will come down on {party}'s territory.",
            f"No complex serves {party}: nobody operates its sensors and batteries, and nobody has to defend it.",
            "It comes down, and nobody was asked.",
        )
        return Verdict(holds=False, story=story)
    for party in context.parties:
        served = context.serving(party)
        places: dict[str, bool] = {}
        for own in served:
            for found in context.of(own.id, "intercept-over-own"):
                place = found.case.split(",")[0] if "sector" in found.case.split(",")[0] else ""
                if found.case == "own sector, met outside it only":
                    continue
                places[place] = places.get(place, False) or found.status in ("open", "too-many")
        for place, is_owned in places.items():
            if not is_owned:
                where = f" ({place})" if place else ""
                story = (
                    f"t = 0 s: an object is known that will come down on {party}'s territory{where}.",
                    "Nobody may engage there, or nobody can give the permission.",
                    "It comes down, and nobody was asked.",
                )
                return Verdict(holds=False, story=story)
    note = ""
    if any(b.case == "own sector, met outside it only" for b in context.blockers):
        note = "Yet an object that can be met outside its owner's sector only is nobody's: no shot may be aimed there."
    return Verdict(holds=True, note=note)


def one_owner_per_sector(context: Context) -> Verdict:
    """No place lies in sectors of two owners, and every owner is a complex of the arrangement."""
    sectors = context.arrangement.responsibility.sectors
    known = [c.id for c in context.arrangement.complexes]
    for sector in sectors:
        if sector.owner not in known:
            text = f"The sector {sector.title!r} belongs to {sector.owner!r}, which no complex is."
            return Verdict(holds=False, story=(text,))
    pair = overlap_of(sectors)
    if pair is None:
        return Verdict(holds=True)
    one, other = pair
    story = (
        f"t = 0 s: an object is known in a place that {one.title!r} and {other.title!r} both cover.",
        f"{one.owner} takes it for its own, and so does {other.owner}.",
        "Each may engage, or leave it to the other; the text does not say.",
    )
    return Verdict(holds=False, story=story)


# --- sharing ------------------------------------------------------------------------------------------------


def provenance_kept(context: Context) -> Verdict:
    """Whatever a centre passes on came from somebody and goes only to those whose party staffs it."""
    arrangement = context.arrangement
    parties = {c.id: c.parties for c in arrangement.complexes}
    for centre in arrangement.centres:
        received = {rule.product for rule in arrangement.sharing if rule.receiver == centre.id}
        for rule in arrangement.sharing:
            if rule.sender != centre.id:
                continue
            if rule.product not in received:
                first = f"{centre.id} is to pass on {rule.product} to {rule.receiver}."
                then = f"Nobody sends it {rule.product}: what it passed on would come from nowhere."
                return Verdict(holds=False, story=(first, then))
            if rule.receiver in parties and not set(centre.staff) & set(parties[rule.receiver]):
                story = (
                    f"A complex sends its {rule.product} to {centre.id}, staffed by {' and '.join(centre.staff)}.",
                    f"{centre.id} passes it on to {rule.receiver}, nobody of whom serves there.",
                    "Who may see it is no longer settled by those who gave it.",
                )
                return Verdict(holds=False, story=story)
    return Verdict(holds=True, note="Each record names its sender and every centre it passed; checked on runs.")


def double_engagement_detected(context: Context) -> Verdict:
    """Where two complexes may engage one object each is told of the other's intention."""
    pairs = pairs_that_may_both_fire(context)
    for one, other in pairs:
        for sender, receiver in ((one, other), (other, one)):
            if not _is_told(context.arrangement, "engagement-intention", sender.id, receiver.id):
                return Verdict(holds=False, story=_double_story(context, one, other, sender, receiver))
    if not pairs:
        return Verdict(holds=True, note="No two complexes may engage one object.")
    is_planned = context.arrangement.responsibility.overlap == "joint-plan"
    return Verdict(
        holds=True, note="The joint plan says who goes first." if is_planned else "Both know, and both fire."
    )


def _double_story(
    context: Context, one: Complex, other: Complex, sender: Complex, receiver: Complex
) -> tuple[str, ...]:
    found = context.of(one.id, "intercept-over-own")
    path_s = next((b.path_s[0] for b in found if b.status == "open"), 0.0)
    return (
        f"t = 0 s: an object is known that both {one.id} and {other.id} may engage.",
        f"t = {path_s:.0f} s: {sender.id} has permission and fires. No rule tells {receiver.id} of it.",
        f"{receiver.id} fires too: two interceptors at one object, and nobody knew of it.",
    )


def pairs_that_may_both_fire(context: Context) -> tuple[tuple[Complex, Complex], ...]:
    """Return pairs of complexes that the arrangement lets engage one and the same object."""
    duty = context.arrangement.responsibility
    if duty.rule == "sector" and duty.sector_by == "impact":
        return ()  # one point, one sector, one owner
    able = [c for c in context.arrangement.complexes if any(_may_fire(context, c.id))]
    return tuple((a, b) for i, a in enumerate(able) for b in able[i + 1 :])


def _may_fire(context: Context, complex_id: str) -> tuple[bool, ...]:
    actions = ("intercept-over-own", "intercept-over-partner", "intercept-over-third")
    cases = (b for action in actions for b in context.of(complex_id, action))
    may = (b for b in cases if b.status in ("open", "too-many"))
    return tuple(b.doers == (complex_id,) and bool(first_path(b.structure)) for b in may)


def _is_told(arrangement: Arrangement, product: str, sender: str, receiver: str) -> bool:
    """Whether a product of one complex reaches another, directly or through centres, whoever an object threatens."""
    centres = {c.id for c in arrangement.centres}
    reached, wave = {sender}, [sender]
    while wave:
        at = wave.pop()
        for rule in arrangement.sharing:
            is_told = rule.product == product and rule.sender == at and rule.condition == "always"
            if is_told and rule.receiver not in reached:
                reached.add(rule.receiver)
                if rule.receiver in centres:
                    wave.append(rule.receiver)
    return receiver in reached
