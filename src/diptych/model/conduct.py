"""How somebody behaves in a run, as data: who, from when on, and what changes.

The files in `data/conducts/` say it in words people use; `edge.schema.conduct` turns them into these records, one for
each actor they may stand for. `sim.conduct` plays them; nothing about a named conduct stands in code. Numbers are those
in use: nobody knows them, and their ranges are assumptions of the scenario.
"""

import math

import msgspec

COOPERATIVE = "cooperative"

SHARING_KINDS = ("stop", "delay", "degrade", "falsify", "invent", "claim", "flood")
ANSWER_KINDS = ("silent", "slow", "refuse", "withdraw", "hold-fire", "object")
CHANGE_KINDS = (*SHARING_KINDS, *ANSWER_KINDS)

ACTOR_KINDS = ("party", "member", "centre", "role", "link")
EVENTS = ("first-launch", "first-own-release", "first-partner-release", "first-impact")


class Change(msgspec.Struct, frozen=True):
    """One thing that an actor does otherwise; which fields count depends on `kind`.

    On what it tells (`products`, empty: every one): `stop` lets nothing out; `delay` lets it out `delay_s` later;
    `degrade` rounds it to `position_m` and `velocity_mps`; `falsify` moves the place by `offset_m`; `invent` tells of
    `count` objects that do not exist; `claim` announces engagements that never happen, `before_impact_s` before the
    impact; `flood` sends `per_minute` messages to every receiver.

    On what it is asked (`acts`, empty: every one): `silent` never answers; `slow` answers `delay_s` later; `refuse`
    says no; `withdraw` takes back what it said before; `hold-fire` refuses its own complex's shots over others'
    territory; `object` says no in a council, and stops sharing that needs its agreement.

    Each record, question or object with probability `probability`.
    """

    kind: str
    products: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    probability: float = 1.0
    delay_s: float = 0.0
    position_m: float = 0.0
    velocity_mps: float = 0.0
    offset_m: float = 0.0
    count: int = 0
    before_impact_s: float = 0.0
    per_minute: float = 0.0

    def is_about(self, product: str) -> bool:
        """Whether a change of what is told is about a product."""
        return self.kind in SHARING_KINDS and (not self.products or product in self.products)

    def is_asked(self, act: str) -> bool:
        """Whether a change of what is answered is about an act."""
        return self.kind in ANSWER_KINDS and (not self.acts or act in self.acts)


class Since(msgspec.Struct, frozen=True):
    """From when on: `s` seconds after an event of `EVENTS`, or after the start of the run where `after` is empty."""

    after: str = ""
    s: float = 0.0


class Conduct(msgspec.Struct, frozen=True):
    """One actor's behaviour. `label` names it in results ("silent:russia"); `kind` of the actor is of `ACTOR_KINDS`.

    `actor` is a party, a member's state code, a centre's id or kind, a role, or "" for the links.
    """

    label: str
    title: str
    says: str
    kind: str
    actor: str
    since: Since
    changes: tuple[Change, ...]


def objection_probability(conduct: Conduct | None, voice: str, party: str) -> float:
    """Return the probability, per round, that a voice objects to a text: 0 unless the conduct is its own.

    Parameters
    ----------
    voice : str
        A role such as `fr.council`; its first part is the member.
    party : str
        Whose people the voice is.
    """
    if conduct is None or not is_voice_of(conduct, voice, party):
        return 0.0
    keep = math.prod(1.0 - c.probability for c in conduct.changes if c.kind == "object")
    return 1.0 - keep


def is_voice_of(conduct: Conduct, voice: str, party: str) -> bool:
    """Whether a role is the actor's: its party's, its member's, or the role itself."""
    match conduct.kind:
        case "party":
            return party == conduct.actor
        case "member":
            return voice.split(".")[0] == conduct.actor.lower()
        case "role":
            return voice == conduct.actor
        case _:
            return False
