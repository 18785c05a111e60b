"""The standard atmosphere: hydrostatic balance, continuity, and the smooth fit made again."""

import numpy as np
import pytest

from diptych.kernels.atmosphere import geometric_m, geopotential_m, us76, us76_many, us76_smooth_density

HEIGHTS = np.linspace(-2000.0, 150000.0, 30401)[:-1]


def test_pressure_falls_by_the_weight_of_the_air_in_every_layer() -> None:
    for height in (500.0, 15000.0, 25000.0, 40000.0, 49000.0, 60000.0, 75000.0):
        _, above, _, _ = us76(height + 1.0)
        _, below, _, _ = us76(height - 1.0)
        _, _, density, _ = us76(height)
        gravity = 9.80665 * (6356766.0 / (6356766.0 + height)) ** 2
        assert (below - above) / 2.0 == pytest.approx(density * gravity, rel=1e-6)


def test_density_has_no_jump_above_one_part_in_a_thousand_anywhere_up_to_150_km() -> None:
    density = us76_many(np.arange(-1000.0, 149999.0, 0.5))[:, 2]
    assert np.abs(np.diff(np.log(density))).max() < 1e-3


def test_density_meets_the_published_table_above_86_km_and_is_nought_above_150() -> None:
    # US Standard Atmosphere 1976, table I
    for height, density in ((90e3, 3.416e-6), (100e3, 5.604e-7), (120e3, 2.222e-8), (140e3, 3.831e-9)):
        assert us76(height)[2] == pytest.approx(density, rel=1e-9)
    assert us76(150e3)[2] == 0.0


def test_geopotential_and_geometric_height_invert_each_other() -> None:
    assert geopotential_m(geometric_m(84852.0458)) == pytest.approx(84852.0458, abs=1e-9)
    assert geometric_m(84852.0458) == pytest.approx(86000.0, abs=0.01)


def test_the_smooth_density_is_the_fit_that_its_docstring_describes() -> None:
    x = (HEIGHTS - 74000.0) / 76000.0
    weight = 1.0 / np.sqrt(1.0 - x**2 + 1e-3)
    fit = np.polynomial.chebyshev.chebfit(x, np.log(us76_many(HEIGHTS)[:, 2]), 18, w=np.sqrt(weight))
    made_again = np.polynomial.chebyshev.chebval(x[::100], fit)
    assert np.log([us76_smooth_density(h) for h in HEIGHTS[::100]])[:296] == pytest.approx(
        made_again[:296], abs=1e-6
    )  # to the joint


def test_the_smooth_density_errs_as_little_as_it_says() -> None:
    error = np.abs(np.array([us76_smooth_density(h) for h in HEIGHTS[::20]]) / us76_many(HEIGHTS[::20])[:, 2] - 1.0)
    low = HEIGHTS[::20] < 86000.0
    assert np.median(error) < 0.004
    assert error[low].max() < 0.021
    assert error[~low].max() < 0.043


def test_the_smooth_density_falls_all_the_way_and_stays_finite_underground() -> None:
    density = np.array([us76_smooth_density(h) for h in np.arange(-2000.0, 150001.0, 250.0)])
    assert np.all(np.diff(density) < 0.0)
    assert us76_smooth_density(-6e6) == us76_smooth_density(-2000.0)


def test_the_smooth_density_goes_over_into_its_tail_without_a_jump_or_a_bend() -> None:
    h = 146200.0
    below, at, above = (np.log(us76_smooth_density(x)) for x in (h - 10.0, h, h + 10.0))
    assert above - at == pytest.approx(at - below, rel=2e-3)
    assert us76_smooth_density(150e3) == pytest.approx(2.076e-9, rel=0.01)
    assert us76_smooth_density(166e3) == pytest.approx(us76_smooth_density(150e3) * np.exp(-16.0 / 16.36), rel=0.01)
    assert 0.0 < us76_smooth_density(4e7) < 1e-200
