"""What an arrangement file says beyond the path to release: what is agreed beforehand, who may stop, on what basis.

Reads `deliberate`, `stop`, `participation` and `legal` of a checked file for every complex that `unfold` made of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diptych.model import arrangement as records

if TYPE_CHECKING:
    from diptych.edge.schema.arrangement import DeliberationFile, LegalFile
    from diptych.edge.schema.consents import ConsentReader
    from diptych.edge.schema.unfold import Unfolded

HOUR_S = 3600.0


def deliberations(given: Unfolded, consents: ConsentReader) -> tuple[records.Deliberation, ...]:
    """Return who agrees beforehand, for every matter the file names and every complex; complains as it goes."""
    made: dict[tuple[str, str], records.Deliberation] = {}
    for matter, by_complex in given.file.deliberate.items():
        for key in sorted(by_complex, key=lambda k: k != "each"):  # a complex's own word wins over `each`
            for complex_id in given.expand(key, ("deliberate", matter, key)):
                made[matter, complex_id] = _one(given, consents, matter, key, complex_id)
    for matter in given.file.deliberate:
        missing = [own for own in given.complexes if (matter, own) not in made]
        if missing:
            text = f"expected who agrees on {matter} for {', '.join(missing)}, found none; add it or write `each`"
            given.complain(("deliberate", matter), text)
    return tuple(made.values())


def _one(given: Unfolded, consents: ConsentReader, matter: str, key: str, complex_id: str) -> records.Deliberation:
    file: DeliberationFile = given.file.deliberate[matter][key]  # type: ignore[index]
    own = given.complexes[complex_id]
    here = ("deliberate", matter, key)
    named = (file.holder,) if file.holder is not None else file.of
    if file.rule == "consensus" and (not named or named == ("members",)):
        roles, parties = given.council(own)
    else:
        found = [consents.role(role, own, here) for role in named]
        roles, parties = tuple(r for r, _ in found), tuple(p for _, p in found)
    return records.Deliberation(
        matter=matter,
        complex_id=complex_id,
        rule=file.rule,
        roles=roles,
        parties=parties,
        need=file.need or len(roles),
        procedure=file.procedure,
        deadline_s=file.deadline_h * HOUR_S,
        is_joint=file.with_partner,
    )


def stops(given: Unfolded, consents: ConsentReader) -> tuple[records.Stop, ...]:
    """Return who may stop an engagement of each complex: the roles the file names, else who holds its consent."""
    named: dict[str, tuple[records.Stop, ...]] = {}
    for key, roles in sorted(given.file.stop.items(), key=lambda item: item[0] != "each"):
        for complex_id in given.expand(key, ("stop", key)):
            found = [consents.role(role, given.complexes[complex_id], ("stop", key)) for role in roles]
            named[complex_id] = tuple(records.Stop(complex_id, role, party) for role, party in found)
    for key, by_complex in given.file.consent.get("intercept-over-own", {}).items():
        for complex_id in given.expand(key, ("consent", "intercept-over-own", key)):
            if complex_id not in named and by_complex.holder is not None:
                role, party = consents.role(by_complex.holder, given.complexes[complex_id], ("consent",))
                named[complex_id] = (records.Stop(complex_id, role, party),)
    return tuple(stop for each in named.values() for stop in each)


def participation(given: Unfolded) -> tuple[tuple[str, str], ...]:
    """Return how far each party the file names takes part in the other side's defence."""
    for party in given.file.participation:
        given.known(party, given.party, ("participation", party), "a party of the scenario")
    return tuple(given.file.participation.items())


def legal(file: LegalFile | None) -> records.Legal | None:
    """Return the legal basis the file states, if any."""
    if file is None:
        return None
    return records.Legal(file.form, file.says, None if file.source is None else file.source.to_record())
