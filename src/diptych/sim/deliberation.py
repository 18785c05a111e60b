"""The luck of the deliberate phase: which member objects in which round, and how long its answer takes.

Keyed as all draws are: (seed, replicate, purpose, member, matter, round). The same member has the same luck in the same
round of the same matter under every procedure and arrangement. Four rounds share one draw of four numbers.
"""

import numpy as np

from diptych.command.deliberation import BLOCK, Chances, Deliberated, Floats, Ints, Procedure, deliberate
from diptych.kernels.draws import draw4_many, name_hash

OBJECTION, ANSWER = "objection", "member-answer"
_DRAW = 4


def chances(seed: int, purpose: str, matter: str, members: tuple[str, ...]) -> Chances:
    """Return the uniforms of a purpose by replicate, round and member. Event: (member, matter, round)."""
    purpose_hash, matter_hash = name_hash(purpose), name_hash(matter)
    member_hash = np.array([name_hash(member) for member in members], dtype=np.int64)

    def drawn(replicates: Ints, first: int, rounds: int) -> Floats:
        assert first % _DRAW == 0
        assert rounds % _DRAW == 0
        draws = np.arange(first // _DRAW, (first + rounds) // _DRAW, dtype=np.int64)
        a = np.repeat(member_hash, draws.size)
        b = np.full(a.size, matter_hash)
        c = np.tile(draws, member_hash.size)
        out = np.empty((replicates.size, rounds, member_hash.size))
        for i, replicate in enumerate(replicates.tolist()):
            words = draw4_many(seed, replicate, purpose_hash, a, b, c)
            out[i] = words.reshape(member_hash.size, rounds).T
        return out

    return drawn


def deliberations(
    procedure: Procedure, seed: int, replicates: int, matter: str, members: tuple[str, ...]
) -> Deliberated:
    """Play a deliberation of named members over a matter; see `command.deliberation.deliberate`."""
    assert BLOCK % _DRAW == 0
    return deliberate(
        procedure,
        replicates,
        chances(seed, OBJECTION, matter, members),
        chances(seed, ANSWER, matter, members),
    )
