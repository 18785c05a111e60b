"""The tracking filter: an extended Kalman filter that starts in boost and decides when the object has burnt out.

Three filters work on one stream of positions. The *boost filter* (6 states) follows anything, with a large random
acceleration. The *window filter* (7 states: position, velocity, specific thrust along the velocity) starts from the
boost filter and asks one question: is there thrust? When it finds some, it starts again. When it knows the thrust to
`THRUST_SIGMA_MPS2` and finds none, the *ballistic filter* (7 states: the drag is found out) takes over. That one has
run beside it, but from a later start (`REJECT_BELOW_MPS2`): a window may begin before burnout and not notice, a state
told that there was no thrust since then would be wrong. A ballistic filter whose innovations grow returns to boost.

Read `advance` and `update` (textbook); a track is `kernels.tracks`. Measurements are positions in ECEF with
their covariance, so the update is linear; what is extended is the motion. Twin: `tests/oracles/filter_twin.py`.

Source: Bar-Shalom, Li, Kirubarajan, Estimation with Applications to Tracking and Navigation, ch. 5, 6 and 10.
"""

from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.ballistic import (
    GENERIC_BETA_KG_M2,
    SCALE_HEIGHT_M,
    VACUUM_M,
    density_kg_m3,
    gradients,
    rk4,
    thinning_per_m,
)
from diptych.kernels.earth import radial_height_m
from diptych.kernels.jit import kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Assumed unless a source is given; units in the names. What a scenario may set is in `model.tracker`.
BOOST_ACCELERATION_MPS2 = 40.0  # standard deviation per axis, constant over one interval: about 7 g in all
THRUST_PRIOR_MPS2 = 60.0  # of the window filter, zero mean
THRUST_SIGMA_MPS2 = 2.0  # the window may decide once it knows the thrust this well
# White acceleration when coasting.  The truth flies J2 and no gravity beyond it, so next to nothing is unknown: in ten
# minutes this is 0.1 m.  Real gravity beyond J2, 2e-5 m/s2 alike for 5 minutes, would be 1e-7: with that the track of a
# precise radar says it is less sure than it is (mean normalised error 4 instead of 6 after ten minutes, measured).
COAST_NOISE_M2_S3 = 1e-10
DRAG_SHARE = 0.5  # share of the modelled drag taken as unknown ...
DRAG_MEMORY_S = 5.0  # ... and correlated over this time
DRAG_LEAST = 0.05  # the estimated drag stays within a factor of 20 of the modelled one
DRAG_MOST = 20.0
PLAIN, THRUST, DRAG = 0, 1, 2  # what the last state is
STEP_VACUUM_S = 5.0  # longest step of the prediction above 120 km, s
STEP_AIR_S = 1.0  # and below
WINDOW_MIN = 5  # updates before the window may decide
DECIDE_SIGMA = 2.0  # thrust below so many of its standard deviations counts as none
REJECT_SIGMA = 3.0  # thrust above so many ends the window early ...
# ... once its standard deviation is below this; the last update before that is also where coasting may start.  A thrust
# fitted to positions over T seconds is known as T^-2.5, so 20 m/s2 come after 0.4 of what 2 m/s2 take.  One of a0 that
# ended u T after the beginning looks like 10 u^3 a0 to the fit (its part along the second Legendre polynomial): 60 m/s2
# pass for none (2 sigma and 2 of noise: 8 m/s2) if u < 0.24, so what passes is over by then.
REJECT_BELOW_MPS2 = 20.0
NIS_MEMORY = 0.2  # weight of the newest normalised innovation in the running mean of the ballistic filter
NIS_LIMIT = 9.0  # of that mean (expectation 3): back to boost; false alarm below 1e-6 per update
RETURN_POSITION_M = 500.0  # added per axis when the ballistic filter returns to boost
RETURN_SPEED_MPS = 200.0


@kernel
def predict(x: Floats, p: Floats, dt_s: float, n: int, is_boost: bool, work: Floats) -> None:
    """`advance` with the shipped constants: n is 6, or 7 with thrust as the last state."""
    boost = BOOST_ACCELERATION_MPS2 if is_boost else 0.0
    kind = PLAIN if n == 6 else THRUST
    advance(x, p, dt_s, kind, boost, GENERIC_BETA_KG_M2, COAST_NOISE_M2_S3, 0.0, work)


@kernel
def advance(
    x: Floats, p: Floats, dt_s: float, kind: int, boost_mps2: float, beta_kg_m2: float, noise_m2_s3: float,
    density_doubt: float, work: Floats,
) -> None:  # fmt: skip
    """Advance state x (n,) and covariance p (n, n) in place by dt_s >= 0.

    kind: PLAIN (n = 6), THRUST (7: specific thrust along the velocity) or DRAG (7: the true over the modelled drag, in
    which the motion is linear).  boost_mps2: standard deviation per axis of an unknown acceleration that holds over the
    interval, 0 for none.  density_doubt: share by which the air errs anew each scale height, for DRAG.
    State by RK4; Phi = I + A h + A^2 h^2 / 2 per step, for DRAG in the air with A halfway: it thickens by up to a half
    in a step; P' = Phi P Phi^T + Q.  work: (4, 7, 7) scratch.
    """
    n = 6 if kind == PLAIN else 7
    phi = work[0]
    tmp = work[1]
    g = work[2]
    c = work[3]
    left = dt_s
    while left > 0.0:
        height = radial_height_m(x[0], x[1], x[2])
        longest = STEP_AIR_S if height < VACUUM_M else STEP_VACUUM_S
        h = min(left, longest)
        if left - h < 1e-9:
            h = left
        thrust = x[6] if kind == THRUST else 0.0
        beta = beta_kg_m2
        gain = 1.0
        if kind == DRAG:
            gain = 0.0
            beta /= min(DRAG_MOST, max(DRAG_LEAST, x[6]))
        if kind == DRAG and height < VACUUM_M:
            middle = work[2, 4]
            for i in range(6):
                middle[i] = 0.5 * x[i]
            drag = rk4(x, h, beta, thrust)
            for i in range(6):
                middle[i] += 0.5 * x[i]
            gradients(middle, beta, thrust, g, c)
            gain = -_fall_off(middle, beta, g) * beta / beta_kg_m2
            _transition(middle, g, c, h, n, gain, phi)
        else:
            gradients(x, beta, thrust, g, c)
            _transition(x, g, c, h, n, gain, phi)
            drag = rk4(x, h, beta, thrust)
        m = 6 if gain == 0.0 else n  # outside the air the last state moves nothing but its own column
        for i in range(m):
            for j in range(m):
                acc = 0.0
                for k in range(m):
                    acc += phi[i, k] * p[k, j]
                tmp[i, j] = acc
        for i in range(m):
            for j in range(i + 1):
                acc = 0.0
                for k in range(m):
                    acc += tmp[i, k] * phi[j, k]
                p[i, j] = acc
                p[j, i] = acc
        if m < n:
            for i in range(6):
                acc = 0.0
                for k in range(6):
                    acc += phi[i, k] * p[k, 6]
                tmp[i, 6] = acc
            for i in range(6):
                p[i, 6] = tmp[i, 6]
                p[6, i] = tmp[i, 6]
        q = noise_m2_s3
        if kind == DRAG:
            if height < VACUUM_M:
                climbed = radial_height_m(x[0], x[1], x[2]) - height
                p[6, 6] += (density_doubt * x[6]) ** 2 * abs(climbed) / SCALE_HEIGHT_M
        else:
            q += (DRAG_SHARE * drag) ** 2 * DRAG_MEMORY_S
        _add_noise(p, q * h * h * h / 3.0, q * h * h / 2.0, q * h)
        left -= h
    if boost_mps2 > 0.0 and dt_s > 0.0:
        # Piecewise constant over the whole interval: grows with the gap as an unknown steady acceleration does.
        q = boost_mps2**2
        _add_noise(p, q * dt_s**4 / 4.0, q * dt_s**3 / 2.0, q * dt_s * dt_s)


@kernel
def _fall_off(x: Floats, beta_kg_m2: float, g: Floats) -> float:
    """Add to da/dr (3, 3) that the air thins with height; return the drag (m/s2)."""
    height_m = radial_height_m(x[0], x[1], x[2])
    r = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2])
    speed = sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]) + 1e-9
    drag = 0.5 * density_kg_m3(height_m) * speed * speed / beta_kg_m2
    k = drag * thinning_per_m(height_m) / (r * speed)
    for i in range(3):
        for j in range(3):
            g[i, j] += k * x[3 + i] * x[j]
    return drag


@kernel
def _add_noise(p: Floats, position: float, cross: float, speed: float) -> None:
    """Add process noise, the same on each axis, to p."""
    for i in range(3):
        p[i, i] += position
        p[i, i + 3] += cross
        p[i + 3, i] += cross
        p[i + 3, i + 3] += speed


@kernel
def _transition(x: Floats, g: Floats, c: Floats, h: float, n: int, gain: float, phi: Floats) -> None:
    """Write Phi = I + A h + A^2 h^2 / 2 for A = [[0, I, 0], [G, C, e], [0, 0, 0]], e = gain * direction of motion."""
    h2 = 0.5 * h * h
    for i in range(3):
        for j in range(3):
            cg = c[i, 0] * g[0, j] + c[i, 1] * g[1, j] + c[i, 2] * g[2, j]
            cc = c[i, 0] * c[0, j] + c[i, 1] * c[1, j] + c[i, 2] * c[2, j]
            phi[i, j] = h2 * g[i, j]
            phi[i, j + 3] = h2 * c[i, j]
            phi[i + 3, j] = h * g[i, j] + h2 * cg
            phi[i + 3, j + 3] = h * c[i, j] + h2 * (g[i, j] + cc)
        phi[i, i] += 1.0
        phi[i, i + 3] += h
        phi[i + 3, i + 3] += 1.0
    if n == 7:
        speed = sqrt(x[3] * x[3] + x[4] * x[4] + x[5] * x[5]) + 1e-9
        for i in range(3):
            e = gain * x[3 + i] / speed
            ce = gain * (c[i, 0] * x[3] + c[i, 1] * x[4] + c[i, 2] * x[5]) / speed
            phi[i, 6] = h2 * e
            phi[i + 3, 6] = h * e + h2 * ce
        for j in range(6):
            phi[6, j] = 0.0
        phi[6, 6] = 1.0


@kernel
def update(x: Floats, p: Floats, z: Floats, r: Floats, n: int, work: Floats) -> float:
    """Take the position z (3,) with covariance r (3, 3) into x (n,) and p (n, n) in place; return y^T S^-1 y.

    P' = P - K S K^T, written for one triangle and mirrored, so that it stays symmetric.
    """
    s00 = p[0, 0] + r[0, 0]
    s01 = p[0, 1] + r[0, 1]
    s02 = p[0, 2] + r[0, 2]
    s11 = p[1, 1] + r[1, 1]
    s12 = p[1, 2] + r[1, 2]
    s22 = p[2, 2] + r[2, 2]
    c00 = s11 * s22 - s12 * s12
    c01 = s02 * s12 - s01 * s22
    c02 = s01 * s12 - s02 * s11
    inv = 1.0 / (s00 * c00 + s01 * c01 + s02 * c02)
    i00 = c00 * inv
    i01 = c01 * inv
    i02 = c02 * inv
    i11 = (s00 * s22 - s02 * s02) * inv
    i12 = (s01 * s02 - s00 * s12) * inv
    i22 = (s00 * s11 - s01 * s01) * inv
    y0 = z[0] - x[0]
    y1 = z[1] - x[1]
    y2 = z[2] - x[2]
    w0 = i00 * y0 + i01 * y1 + i02 * y2
    w1 = i01 * y0 + i11 * y1 + i12 * y2
    w2 = i02 * y0 + i12 * y1 + i22 * y2
    gain = work[0]
    old = work[1]
    for i in range(n):
        a, b, c = p[i, 0], p[i, 1], p[i, 2]
        old[i, 0] = a
        old[i, 1] = b
        old[i, 2] = c
        gain[i, 0] = a * i00 + b * i01 + c * i02
        gain[i, 1] = a * i01 + b * i11 + c * i12
        gain[i, 2] = a * i02 + b * i12 + c * i22
        x[i] += a * w0 + b * w1 + c * w2
    for i in range(n):
        for j in range(i + 1):
            value = p[i, j] - (gain[i, 0] * old[j, 0] + gain[i, 1] * old[j, 1] + gain[i, 2] * old[j, 2])
            p[i, j] = value
            p[j, i] = value
    return float(y0 * w0 + y1 * w1 + y2 * w2)


@kernel
def update_rate(x: Floats, p: Floats, rate_mps: float, sigma_mps: float, site: Floats, n: int, work: Floats) -> float:
    """Take a range rate seen from site (3,) into x (n,) and p (n, n) in place; return y^2 / s.

    rate = u . v with u the unit vector from the site: linear in the velocity; its slope in the position is the velocity
    across the line of sight over the distance.  Taken after the position of the same look, one scalar update.
    """
    h = work[0, 0]
    d2 = 0.0
    for i in range(3):
        d2 += (x[i] - site[i]) ** 2
    far = sqrt(d2)
    expected = 0.0
    for i in range(3):
        h[i + 3] = (x[i] - site[i]) / far
        expected += h[i + 3] * x[i + 3]
    for i in range(3):
        h[i] = (x[i + 3] - expected * h[i + 3]) / far
    ph = work[1, 0]
    s = sigma_mps * sigma_mps
    for i in range(n):
        acc = 0.0
        for k in range(6):
            acc += p[i, k] * h[k]
        ph[i] = acc
    for k in range(6):
        s += h[k] * ph[k]
    y = rate_mps - expected
    for i in range(n):
        x[i] += ph[i] * y / s
        for j in range(i + 1):
            value = p[i, j] - ph[i] * ph[j] / s
            p[i, j] = value
            p[j, i] = value
    return float(y * y / s)


@kernel
def open_window(x: Floats, p: Floats, x7: Floats, p7: Floats) -> None:
    """Start the window filter from the boost filter, thrust unknown."""
    for i in range(6):
        x7[i] = x[i]
        for j in range(6):
            p7[i, j] = p[i, j]
        p7[i, 6] = 0.0
        p7[6, i] = 0.0
    x7[6] = 0.0
    p7[6, 6] = THRUST_PRIOR_MPS2**2


@kernel
def begin_coast(x: Floats, p: Floats, log_beta_doubt: float, xc: Floats, pc: Floats) -> None:
    """Start the ballistic filter from the boost filter, with the drag that is expected of an unknown body.

    Its coefficient is log-normal about the generic one with standard deviation log_beta_doubt = s: so is the factor on
    the drag, with mean exp(s^2 / 2) and relative variance exp(s^2) - 1.
    """
    spread = exp(log_beta_doubt * log_beta_doubt)
    for i in range(6):
        xc[i] = x[i]
        for j in range(6):
            pc[i, j] = p[i, j]
        pc[i, 6] = 0.0
        pc[6, i] = 0.0
    xc[6] = sqrt(spread)
    pc[6, 6] = spread * (spread - 1.0)


@kernel
def hold_drag(x: Floats, p: Floats) -> None:
    """Move x (7,) onto the nearest point, as p (7, 7) measures it, at which the drag lies within its bounds.

    A projection onto a convex set that holds the truth never leads away from it.  Source: Simon, Optimal State
    Estimation, 2006, section 7.5 (estimate projection).
    """
    held = min(DRAG_MOST, max(DRAG_LEAST, x[6]))
    if held != x[6]:
        share = (held - x[6]) / p[6, 6]
        for i in range(6):
            x[i] += p[i, 6] * share
        x[6] = held


@kernel
def verdict(thrust: float, sigma: float, nis_sum: float, count: int) -> int:
    """Return what the window says after `count` updates: 1 no thrust, -1 thrust or a bad fit, 0 not yet known.

    The mean of `count` normalised innovations has expectation 3 and variance 6 / count.
    """
    if count >= 3 and nis_sum > 3.0 * count + 4.0 * sqrt(6.0 * count):
        return -1
    if count >= 3 and sigma < REJECT_BELOW_MPS2 and thrust > REJECT_SIGMA * sigma:
        return -1
    if count >= WINDOW_MIN and sigma < THRUST_SIGMA_MPS2:
        return -1 if thrust > DECIDE_SIGMA * sigma else 1
    return 0
