"""What a complex takes for granted about the trust it gives a partner: the settings of `node.trust`.

No open source gives such settings, so all are assumed, alike for every side; their ranges and reasons stand in
`edge.schema.trust`.
"""

import msgspec


class TrustSettings(msgspec.Struct, frozen=True):
    """How a complex scores a partner and what follows.

    Attributes
    ----------
    memory_fraction : share of the old score that is kept when a track of the partner is compared with the own one.
    worst_factor : the most that one comparison counts, in multiples of what honest errors give on average.
    distrust_factor : above this score the partner's data are set aside.
    accept_factor : below this score they are used again.
    unseen_objects_count : objects that only one sender has spoken of, beyond which its cues and tracks of still more
        are not taken: what radars spend on them is bounded, and own search never waits for a cue.
    messages_per_minute_count : messages of one sender that a node takes in a minute; the rest is dropped.
    claim_grace_s : how long after its announced time an engagement may go on without a result before it counts as one
        that never happened, if own sensors still see the object.
    broken_claims_count : so many of those, and the claimant's later announcements hold nobody's fire.
    """

    memory_fraction: float = 0.8
    worst_factor: float = 10.0
    distrust_factor: float = 2.5
    accept_factor: float = 1.5
    unseen_objects_count: int = 30
    messages_per_minute_count: int = 600
    claim_grace_s: float = 90.0
    broken_claims_count: int = 1


SHIPPED = TrustSettings()
