"""What several shots of one class leave of an object, in closed form; runs are held against it."""

from __future__ import annotations

from diptych.engagement.kill import common_failure, one_of_independent


def survival(kill_probability: float, common_cause_fraction: float, shots: int) -> float:
    """Return the chance that an object survives so many shots of one class, fired whatever the others did.

    c + (1 - c) (1 - p / (1 - c))^n. *Check* p = 0.5, f = 0.2, two shots: 0.1 + 0.9 x 0.4444^2 = 0.278, against 0.25.
    """
    common = common_failure(kill_probability, common_cause_fraction)
    return common + (1.0 - common) * (1.0 - one_of_independent(kill_probability, common_cause_fraction)) ** shots
