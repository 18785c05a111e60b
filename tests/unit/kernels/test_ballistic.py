"""The tracker's atmosphere against the standard that it stands for, and against its own slope."""

import numpy as np
import pytest

from diptych.kernels.atmosphere import us76
from diptych.kernels.ballistic import AIR_HALF_M, AIR_LN, VACUUM_M, density_kg_m3, thinning_per_m

HEIGHT_M = np.arange(0.0, VACUUM_M + 1.0, 250.0)
LN = np.log([us76(h)[2] for h in HEIGHT_M])


def test_air_is_the_fit_to_the_standard_atmosphere_that_it_says_it_is():
    x = HEIGHT_M / AIR_HALF_M - 1.0
    fit = np.polynomial.chebyshev.chebfit(x, LN, 12, w=(1.0 - 0.98 * x * x) ** -0.5)
    np.testing.assert_allclose(AIR_LN, np.polynomial.chebyshev.cheb2poly(fit), atol=1e-3)


def test_air_departs_from_the_standard_by_what_trackers_allow_for():
    off = np.array([np.log(density_kg_m3(h)) for h in HEIGHT_M]) - LN
    assert np.abs(off).max() < 0.03
    assert np.sqrt(np.mean(off * off)) == pytest.approx(0.008, abs=0.001)
    anew = off[29:] - off[:-29]  # over 7.25 km, a scale height
    assert np.sqrt(np.mean(anew * anew)) == pytest.approx(0.011, abs=0.003)


@pytest.mark.parametrize("height_m", [-5e3, 0.0, 11e3, 47e3, 86e3, 119e3])
def test_air_thins_as_its_density_says(height_m):
    up, down = density_kg_m3(max(height_m, -2e3) + 1.0), density_kg_m3(max(height_m, -2e3) - 1.0)
    slope = (np.log(down) - np.log(up)) / 2.0 if height_m > -2e3 else np.log(density_kg_m3(-2e3) / up)
    assert thinning_per_m(height_m) == pytest.approx(slope, rel=1e-3)
