"""Kill arithmetic: what several shots at one object are worth, alone and with a cause of failure they share.

A class has a single-shot probability p (not known, a range) and a common-cause fraction f (not known, 0 by default):
the share of failures that hit every shot of the class at that object alike, such as a decoy taken for the warhead.
With the chance c = f (1 - p) every shot fails; else shots are independent with p / (1 - c), so that one shot alone
keeps p. The beta-factor model of reliability engineering (Fleming 1975; NUREG/CR-4780, 1988), with beta = f.
"""


def common_failure(kill_probability: float, common_cause_fraction: float) -> float:
    """Return the chance that every shot of a class at an object fails alike: f (1 - p)."""
    return common_cause_fraction * (1.0 - kill_probability)


def one_of_independent(kill_probability: float, common_cause_fraction: float) -> float:
    """Return the chance that one shot kills where the common cause is absent: p / (1 - f (1 - p)).

    *Check* p = 0.5, f = 0.2: 0.5 / 0.9 = 0.556; times 0.9 gives 0.5 back.
    """
    if kill_probability <= 0.0:
        return 0.0
    return kill_probability / (1.0 - common_failure(kill_probability, common_cause_fraction))
