"""Detection statistics: how likely a dwell is to be called a detection, for steady and for fading echoes.

A square-law detector adds n pulses and compares with a threshold that noise alone exceeds with the false-alarm
probability.  Read `detection_threshold`, then `detection_probability`, which covers Swerling's five cases by one sum:
the echo adds Poisson energy, and a fading echo makes that count negative binomial.

    Pd = sum_k w_k Q(n + k, T),     Q(a, T) = exp(-T) sum_{j<a} T^j / j!   (upper incomplete gamma, whole a)

w_k is Poisson with mean S for a steady echo (case 0) and negative binomial with shape m and mean S for a fading one:
m = 1 (case 1: many reflectors, slow), n (case 2: fast), 2 (case 3: one large reflector, slow), 2n (case 4: fast).
Every term is positive, so nothing cancels; absolute error below 1e-12 for n up to 1000.  S is the signal-to-noise power
ratio of the whole dwell: n pulses of S / n each.

Source: Marcum (1960) and Swerling (1960), IRE Trans. Information Theory IT-6; the sums follow from Johnson, Kotz and
Balakrishnan, Continuous Univariate Distributions vol. 2, ch. 29 (noncentral chi-square as a Poisson mixture).
"""

from math import exp, lgamma, log, log10, sqrt

from diptych.kernels.jit import kernel

_TINY = 1e-14  # probability that is left out at either end of the sum


@kernel
def gamma_upper(a: int, x: float) -> float:
    """Return Q(a, x), the chance that a sum of `a` unit exponentials exceeds x, for whole a >= 1 and x >= 0.

    Check: Q(1, x) = exp(-x); Q(2, 3) = 4 exp(-3) = 0.199148.
    """
    if x <= 0.0:
        return 1.0
    total = 0.0
    for j in range(a):
        total += exp(j * log(x) - x - lgamma(j + 1.0))
    return min(total, 1.0)


@kernel
def detection_threshold(false_alarm: float, pulses: int) -> float:
    """Return the threshold T on the summed power (in units of the noise of one pulse) for a false-alarm probability.

    Solves Q(pulses, T) = false_alarm by bisection on an interval that doubles until it holds the root.
    Check: one pulse and 1e-6: T = ln 1e6 = 13.8155.
    """
    if pulses == 1:
        return -log(false_alarm)
    low, high = 0.0, 1.0 + pulses
    while gamma_upper(pulses, high) > false_alarm:
        low = high
        high *= 2.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if gamma_upper(pulses, middle) > false_alarm:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def detection_probability(snr: float, threshold: float, pulses: int, case: int) -> float:
    """Return the detection probability of a dwell.

    snr: mean signal-to-noise power ratio of the whole dwell, >= 0.  threshold: of `detection_threshold` for the same
    `pulses`.  case: Swerling 0 (steady) to 4.  Check: 20.811 (13.183 dB), one pulse, 1e-6, case 0: 0.900 (RAD-03); case
    1: exp(-T / (1 + snr)) = 0.531.
    """
    if case == 1 and pulses == 1:
        return exp(-threshold / (1.0 + snr))
    shape = 1.0
    if case == 2:
        shape = float(pulses)
    elif case == 3:
        shape = 2.0
    elif case == 4:
        shape = 2.0 * pulses
    upper = gamma_upper(pulses, threshold)
    if snr <= 0.0:
        return upper
    if case == 0:
        log_weight = -snr
        step = snr
    else:
        log_weight = -shape * log(1.0 + snr / shape)
        step = snr / (shape + snr)
    log_term = pulses * log(threshold) - threshold - lgamma(pulses + 1.0)  # Q(n + 1, T) - Q(n, T)
    total = 0.0
    mass = 0.0
    k = 0
    # Until the rest of the mass is too small to matter, or every further Q is 1 and the rest counts in full.
    while 1.0 - mass > _TINY and (1.0 - upper > _TINY or k + pulses < threshold):
        weight = exp(log_weight)
        total += weight * upper
        mass += weight
        log_weight += log(step / (k + 1.0)) if case == 0 else log(step * (k + shape) / (k + 1.0))
        upper = min(1.0, upper + exp(log_term))
        k += 1
        log_term += log(threshold / (pulses + k))
        if k > pulses + threshold + 40.0 * sqrt(threshold + 1.0) + 200.0:
            break
    return min(1.0, total + max(0.0, 1.0 - mass) * upper)


@kernel
def required_snr(detection: float, false_alarm: float, pulses: int, case: int) -> float:
    """Return the signal-to-noise power ratio of the dwell that gives a detection probability, by bisection.

    Relative error 1e-12.  0 when noise alone gives as much.  Check: 0.9, 1e-6, one pulse, case 0: 13.18349 dB (RAD-03).
    """
    threshold = detection_threshold(false_alarm, pulses)
    if detection <= false_alarm:
        return 0.0
    low, high = 0.0, 1.0
    while detection_probability(high, threshold, pulses, case) < detection and high < 1e15:
        low = high
        high *= 2.0
    while high - low > 1e-12 * high:
        middle = 0.5 * (low + high)
        if detection_probability(middle, threshold, pulses, case) < detection:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def albersheim_snr_db(detection: float, false_alarm: float, pulses: int) -> float:
    """Return Albersheim's approximation of the ratio of one pulse (dB) on a steady target; a check, used by nothing.

    Published as within 0.2 dB for detection 0.1 to 0.9 and false alarm 1e-7 to 1e-3; against the exact sum it keeps
    within 0.3 dB from 0.3 to 0.9 for up to 1000 pulses, and falls short by 0.7 dB and more at 0.1.  Source: Albersheim
    (1981), Proc. IEEE 69, 839.  Check: 0.9, 1e-6, one pulse: 13.1145 dB (RAD-04).
    """
    a = log(0.62 / false_alarm)
    b = log(detection / (1.0 - detection))
    return -5.0 * log10(pulses) + (6.2 + 4.54 / sqrt(pulses + 0.44)) * log10(a + 0.12 * a * b + 1.7 * b)
