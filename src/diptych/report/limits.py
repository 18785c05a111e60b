"""The limits card: what the model leaves out, and which way each omission bends the answer.

Printed in every report.  A line goes when the model grows to cover it; `lean` is one of `LEANS`.
"""

import msgspec

LEANS = (
    "understates differences",
    "overstates differences",
    "flatters everybody",
    "flatters sharing",
    "understates sharing",
    "direction unknown",
)


class Limit(msgspec.Struct, frozen=True):
    """One thing left out: what, which way that bends the answer, and why."""

    what: str
    lean: str
    why: str


NO_PUBLIC_DELAYS = (
    "No public source gives numeric decision delays for any of these arrangements. Every delay here is a stated range, "
    "invented and graded assumed; the report shows where, within that range, an order changes."
)

LIMITS: tuple[Limit, ...] = (
    Limit(
        "The raid is fixed. An attacker who adapts would aim where cover is thinnest; no such raid is searched for.",
        "understates differences",
        "Arrangements differ most where cover has gaps, and this raid does not look for them.",
    ),
    Limit(
        "A track is counted as the missile that gave most of its detections, and tracks of noise alone are left out.",
        "flatters everybody",
        "Detections compete for tracks, but nobody fires at a track that is nothing or loses sleep over one.",
    ),
    Limit(
        "Tracks are fused by covariance intersection, which is right whatever the two errors have in common.",
        "understates sharing",
        "Independent errors would allow more: 22 % less per axis instead of 3 % on the reference raid (docs, fusion).",
    ),
    Limit(
        "Both sides call a missile by the same number; a record is laid at it unless own tracks say otherwise.",
        "flatters sharing",
        "In life a partner's notice, prediction or intention can be taken for that of another missile.",
    ),
    Limit(
        "The beams of a cue wait for those of other cues, but take no time from objects in track or from own search.",
        "flatters sharing",
        "A vague or a false cue would cost a busy radar looks at what it follows already.",
    ),
    Limit(
        "A radar whose reach is stated searches its whole field at the stated revisit.",
        "understates sharing",
        "That takes 9 to 85 times the energy of the shipped classes; one that searches less needs a cue more.",
    ),
    Limit(
        "No decoys and no countermeasures: every object is a payload and is told apart from its booster.",
        "flatters everybody",
        "Interceptors and sensor time would be spent on objects that do no harm.",
    ),
    Limit(
        "Spent stages and the debris of intercepts come down, but no sensor sees them and nobody shoots at them.",
        "flatters everybody",
        "They fall near the payload's path, take sensor time, and can be mistaken for it.",
    ),
    Limit(
        "People follow the rule they are given, at once and without error; their times come from assumed ranges.",
        "flatters everybody",
        "Longer chains have more places for a mistake.",
    ),
    Limit(
        "No rules of engagement are public: one assumed text serves both sides, and a case is looked up without error.",
        "direction unknown",
        "What a text leaves out costs its side; the report says which cases fall outside the assumed one.",
    ),
    Limit(
        "Everybody behaves as the conduct says (cooperative unless stated); no two actors misbehave at once.",
        "flatters sharing",
        "A partner who is late, silent or objects takes away what sharing gave; two may do more than each.",
    ),
    Limit(
        "No radar sees interceptors: an announced engagement is believed until the object flies on after its time.",
        "understates sharing",
        "Who looks for the interceptor itself would hold fire for less long.",
    ),
    Limit(
        "A deceiver moves all objects alike or invents some; its lies are not fitted to what the other side can check.",
        "flatters sharing",
        "A lie inside the errors of the own track passes, and moves it by no more than those.",
    ),
    Limit(
        "Shots at one object fail independently unless a common cause is set; one range of kill probability for all.",
        "flatters everybody",
        "A common cause (a wrong picture, a fault in a class) makes the second shot fail with the first.",
    ),
    Limit(
        "Where no open figure exists, one class table serves both sides, which differ by sites and numbers only.",
        "direction unknown",
        "Real systems differ; the public record does not say by how much.",
    ),
    Limit(
        "Sharing that was agreed works: no jamming, no attack on links, no refusal to share in the moment.",
        "flatters sharing",
        "Arrangements that need the link most would lose most.",
    ),
    Limit(
        "A window says that a shot is possible for these launch points, aim points, shapes and delays, no more.",
        "flatters everybody",
        "No window supports “cannot engage”; a window proves nothing about a hit.",
    ),
    Limit(
        "People at risk are counted on a list of towns, each an even disc of 5000 people per square kilometre.",
        "direction unknown",
        "No population grid is shipped; centres are denser and outskirts thinner than that.",
    ),
    Limit(
        "Politics outside the agreed rules takes no time.",
        "direction unknown",
        "Rules agreed beforehand are assumed to cover the case.",
    ),
)
