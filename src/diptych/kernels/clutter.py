"""False detections in the track window of one radar on one object: noise that crosses the threshold.

They are rare (some in ten thousand looks), so they are not drawn look by look: a block of `BLOCK` slots gets a Poisson
number of them, each with its slot and its place in the window.  What they mean for a radar's search is in closed form
in `sensing.clutter`.
"""

from math import exp

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.draws import draw4
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 256
_MOST = 100  # events in a block; at one false detection in ten looks the chance of more is below 1e-20


@kernel
def poisson_count(u: float, mean: float) -> int:
    """Return the Poisson number whose distribution function first exceeds u in (0, 1); at most `_MOST`.

    Check: mean 0.1: 0 up to u = 0.9048, 1 up to 0.9953.
    """
    term = exp(-mean)
    total = term
    count = 0
    while u > total and count < _MOST:
        count += 1
        term *= mean / count
        total += term
    return count


@kernel
def false_rows(
    slot: Ints, rate: float, seed: int, replicate: int, purpose: int, sensor: int, target: int
) -> tuple[Ints, Floats]:  # fmt: skip
    """Return the rows (m,) of looks at which a false detection lies in the track window, and uniforms (m, 4) that place
    it there.

    slot (n,): slots of the looks, increasing.  rate: mean number in one look.  An event is named (purpose, sensor,
    target, block of slots and number in it); the window of an object names the cells that follow it.
    """
    n = slot.shape[0]
    row = np.empty(n, np.int64)
    place = np.empty((n, 4))
    m = 0
    if n == 0 or rate <= 0.0:
        return row[:0], place[:0]
    for block in range(slot[0] // BLOCK, slot[n - 1] // BLOCK + 1):
        u0, _, _, _ = draw4(seed, replicate, purpose, sensor, target, block * BLOCK)
        count = poisson_count(u0, rate * BLOCK)
        for event in range(count):
            v0, v1, v2, v3 = draw4(seed, replicate, purpose, sensor, target, block * BLOCK + 1 + event)
            k = block * BLOCK + int(v0 * BLOCK)
            i = np.searchsorted(slot, k)
            if i < n and slot[i] == k and m < n:
                row[m] = i
                place[m, 0] = v1
                place[m, 1] = v2
                place[m, 2] = v3
                place[m, 3] = v0 * BLOCK - int(v0 * BLOCK)
                m += 1
    order = np.argsort(row[:m], kind="mergesort")
    return row[:m][order], place[:m][order]
