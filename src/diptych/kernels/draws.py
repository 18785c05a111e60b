"""Random numbers as a pure function of their name: Philox 4x64-10, keyed by the identity of the physical event.

A draw depends on (root seed, replicate, purpose, three identity words) and on nothing else: not on how many draws
came before, on other objects, or on threads.  Key = (root seed, replicate); counter = (purpose, a, b, c).  Each call
gives four 64-bit words, so four uniforms or four normals.  Purposes and identities are names hashed once per run by
`name_hash`, or small integers (slot, ordinal).

All words are handled as `uint64`; numba turns `uint64 op int64` into float64, therefore every constant here is typed.

Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC11; checked bit for bit
against `numpy.random.Philox`.
"""

from hashlib import blake2b
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.jit import kernel

_M0 = np.uint64(0xD2E7470EE14C6C93)
_M1 = np.uint64(0xCA5A826395121157)
_W0 = np.uint64(0x9E3779B97F4A7C15)
_W1 = np.uint64(0xBB67AE8584CAA73B)
_LOW = np.uint64(0xFFFFFFFF)
_S32 = np.uint64(32)
_S12 = np.uint64(12)
_TWO_M52 = 2.0**-52


def name_hash(text: str) -> int:
    """Return 63 bits of BLAKE2b of a name, the same in every process and on every machine.

    63 and not 64, so that the number fits a signed word wherever it may be stored or compiled.
    """
    return int.from_bytes(blake2b(text.encode("utf-8"), digest_size=8).digest(), "little") >> 1


@kernel
def _mulhi(a: np.uint64, b: np.uint64) -> np.uint64:
    """Return the high 64 bits of the 128-bit product, by 32-bit halves (Hacker's Delight, fig. 8-2)."""
    a0 = a & _LOW
    a1 = a >> _S32
    b0 = b & _LOW
    b1 = b >> _S32
    t = a1 * b0 + ((a0 * b0) >> _S32)
    w1 = (t & _LOW) + a0 * b1
    return a1 * b1 + (t >> _S32) + (w1 >> _S32)


@kernel
def _philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Ten rounds of Philox 4x64 on one counter."""
    for i in range(10):
        if i > 0:
            k0 = k0 + _W0
            k1 = k1 + _W1
        h0 = _mulhi(_M0, c0)
        l0 = _M0 * c0
        h1 = _mulhi(_M1, c2)
        l1 = _M1 * c2
        c0 = h1 ^ c1 ^ k0
        c1 = l1
        c2 = h0 ^ c3 ^ k1
        c3 = l0
    return c0, c1, c2, c3


@kernel
def _unit(word: np.uint64) -> float:
    """Return the middle of one of 2^52 equal cells of (0, 1): never 0, never 1, symmetric about one half.

    53 bits plus a half would round up to exactly 1 in the last cell.
    """
    return (float(word >> _S12) + 0.5) * _TWO_M52


@kernel
def draw4(seed: int, replicate: int, purpose: int, a: int, b: int, c: int) -> tuple[float, float, float, float]:
    """Return four independent uniforms in (0, 1) that belong to this name.  All words in 0 .. 2^63 - 1."""
    w0, w1, w2, w3 = _philox(
        np.uint64(purpose), np.uint64(a), np.uint64(b), np.uint64(c), np.uint64(seed), np.uint64(replicate)
    )
    return _unit(w0), _unit(w1), _unit(w2), _unit(w3)


@kernel
def draw4_many(
    seed: int, replicate: int, purpose: int, a: NDArray[np.int64], b: NDArray[np.int64], c: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return uniforms (n, 4) for identity words a, b, c (n,) int64; row i equals `draw4(..., a[i], b[i], c[i])`."""
    out = np.empty((a.shape[0], 4))
    for i in range(a.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = draw4(seed, replicate, purpose, a[i], b[i], c[i])
    return out


@kernel
def normal_quantile(p: float) -> float:
    """Return the standard normal quantile of p in (0, 1), relative error below 1e-15.

    Source: Wichura (1988), algorithm AS 241 PPND16, Applied Statistics 37, 477-484.  Check: 0.975 gives
    1.959963984540054.
    """
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        num = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
        den = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
            + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
            + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * num / den
    r = p if q < 0.0 else 1.0 - p
    r = sqrt(-log(r))
    if r <= 5.0:
        r -= 1.6
        num = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
            + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
            + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
        den = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
            + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
            + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        num = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
            + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
            + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
        den = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
            + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
            + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    value = num / den
    return -value if q < 0.0 else value


@kernel
def normals_many(
    seed: int, replicate: int, purpose: int, a: NDArray[np.int64], b: NDArray[np.int64], c: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return standard normals (n, 4): the quantiles of `draw4_many` of the same words, so larger uniforms mean larger
    normals.
    """
    out = draw4_many(seed, replicate, purpose, a, b, c)
    for i in range(out.shape[0]):
        for j in range(4):
            out[i, j] = normal_quantile(out[i, j])
    return out
