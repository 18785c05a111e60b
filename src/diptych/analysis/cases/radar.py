"""Cases of radar range, detection statistics, arrays and horizons, by the functions that sensors use."""

from math import acos, cos, degrees, log10, pi, sqrt

from diptych.analysis.cases.given import Given, Impossible
from diptych.analysis.cases.method import Context, Method, Values
from diptych.kernels import detection, looks
from diptych.kernels.earth import EARTH_MEAN_RADIUS_M
from diptych.sensing.equation import LIGHT_MPS, aperture_m2, range_of_snr_m

_DETECTOR = "square-law, non-fluctuating"


def _ratio(decibel: float) -> float:
    return float(10.0 ** (decibel / 10.0))


def _radar_equation(given: Given, context: Context) -> Values:
    """Compute the range of one pulse with one antenna for both ways."""
    gain = _ratio(given.number("gain", "decibel"))
    wavelength = LIGHT_MPS / given.number("freq", "frequency", above=0.0)
    return {
        "range_m": range_of_snr_m(
            given.number("peak_power", "power", above=0.0) * given.number("pulse", "time", above=0.0),
            gain,
            aperture_m2(gain, wavelength),
            given.number("rcs", "area", above=0.0),
            given.number("system_temp", "temperature", above=0.0),
            _ratio(given.number("loss", "decibel", default=0.0)),
            _ratio(given.number("snr", "decibel")),
        )
    }


def _detection_snr(given: Given, context: Context) -> Values:
    """Compute the ratio of one pulse: exactly (`pulses`), or by Albersheim's equation (`pulses_noncoherent`)."""
    wanted = given.number("Pd", above=0.0, most=1.0 - 1e-12)
    false_alarm = given.number("Pfa", above=0.0, most=1.0 - 1e-12)
    if given.has("pulses_noncoherent"):
        pulses = _count(given, "pulses_noncoherent")
        return {"snr_dB": detection.albersheim_snr_db(wanted, false_alarm, pulses)}
    given.word("detector", (_DETECTOR,), default=_DETECTOR)
    pulses = _count(given, "pulses")
    case = given.number("swerling", least=0.0, most=4.0, default=0.0)
    if case != int(case):
        raise given.fail(("inputs", "swerling"), f"expected a whole number from 0 to 4, found {case:g}")
    total = detection.required_snr(wanted, false_alarm, pulses, int(case))
    if total <= 0.0:
        raise Impossible("noise alone gives this detection probability")
    return {"snr_dB": 10.0 * log10(total / pulses)}


def _count(given: Given, key: str) -> int:
    number = given.number(key, least=1.0, most=1e4)
    if number != int(number):
        raise given.fail(("inputs", key), f"expected a whole number, found {number:g}")
    return int(number)


def _array_geometry(given: Given, context: Context) -> Values:
    per_side = _count(given, "modules_per_side")
    wavelength = LIGHT_MPS / given.number("freq", "frequency", above=0.0)
    side = per_side * given.number("spacing_wavelengths", above=0.0) * wavelength
    return {"modules": float(per_side**2), "wavelength_m": wavelength, "side_m": side, "area_m2": side**2}


def _array_gain(given: Given, context: Context) -> Values:
    """Compute the aperture of a gain, and the width of a round beam that holds 4 pi / gain."""
    gain = _ratio(given.number("gain", "decibel"))
    wavelength = LIGHT_MPS / given.number("freq", "frequency", above=0.0)
    return {"effective_aperture_m2": aperture_m2(gain, wavelength), "beamwidth_rad": sqrt(4.0 * pi / gain)}


def _horizon(given: Given, context: Context) -> Values:
    """Compute the lowest visible height at a ground range, by straight rays and by those that sensors use."""
    ground = given.number("ground_range", "length", least=0.0)
    antenna = given.number("antenna_height", "length", least=0.0, default=0.0)
    return {
        "min_visible_altitude_m": _straight_horizon_m(ground, antenna),
        "with_4_3_earth_m": looks.horizon_height_m(ground, antenna),
    }


def _straight_horizon_m(ground_m: float, antenna_m: float) -> float:
    radius = EARTH_MEAN_RADIUS_M
    beyond = ground_m / radius - acos(radius / (radius + antenna_m))
    if beyond >= 0.5 * pi:
        raise Impossible(f"a straight ray never rises {degrees(beyond):.0f} degrees round the Earth")
    return radius * (1.0 / cos(beyond) - 1.0) if beyond > 0.0 else 0.0


def _line_of_sight(given: Given, context: Context) -> Values:
    """Compute the longest sight line between two heights that grazes a smooth sphere, with and without refraction."""
    heights = (
        given.number("antenna_height", "length", least=0.0, default=0.0),
        given.number("target_height", "length", above=0.0),
    )
    values: Values = {}
    for name, radius in (("", EARTH_MEAN_RADIUS_M), ("_4_3_earth", looks.EFFECTIVE_RADIUS_M)):
        values[f"ground_range{name}_m"] = radius * sum(acos(radius / (radius + h)) for h in heights)
        values[f"slant_range{name}_m"] = sum(sqrt((radius + h) ** 2 - radius**2) for h in heights)
    return values


def _effective_radius(given: Given, context: Context) -> Values:
    radius = given.number("R", "length", above=0.0, default=EARTH_MEAN_RADIUS_M)
    bending = 1.0 + radius * given.number("refractivity_gradient", "per length")
    if bending <= 0.0:
        raise Impossible("rays bend as much as the Earth or more: a duct, which no effective radius describes")
    return {"effective_radius_m": radius / bending, "factor": 1.0 / bending}


def _scaling(given: Given, context: Context) -> Values:
    """Compute how the range of equal signal changes with cross-section, by the law that looks use."""
    ratio = given.number("rcs_ratio", above=0.0)
    gained = looks.snr(1.0, ratio, 1.0, 1.0) / looks.snr(1.0, 1.0, 1.0, 1.0)
    # at the range gained**(1/4) the ratio is back to that of the reference: the law of the kernel is range^-4
    reach = gained**0.25
    back = looks.snr(reach, ratio, 1.0, 1.0) / looks.snr(1.0, 1.0, 1.0, 1.0)
    if abs(back - 1.0) > 1e-9:
        raise Impossible(f"the signal law of looks is no fourth power: {back:.6g} instead of 1")
    return {"range_ratio": reach}


METHODS: tuple[Method, ...] = (
    Method(
        kind="radar_equation",
        about="range at which one pulse gives a signal-to-noise ratio, one antenna for both ways",
        compute=_radar_equation,
        takes=(
            "freq_GHz",
            "peak_power_W",
            "pulse_s",
            "gain_dB",
            "rcs_m2",
            "system_temp_K",
            "snr_dB",
            "[loss_dB]",
        ),
        gives=("range_m",),
    ),
    Method(
        kind="detection_snr",
        about="signal-to-noise ratio of a pulse: exact with `pulses`, Albersheim's with `pulses_noncoherent`",
        compute=_detection_snr,
        takes=("Pd", "Pfa", "pulses or pulses_noncoherent", "[swerling]", "[detector]"),
        gives=("snr_dB",),
    ),
    Method(
        kind="array_geometry",
        about="number of modules, wavelength, side and area of a square face",
        compute=_array_geometry,
        takes=("modules_per_side", "spacing_wavelengths", "freq_MHz"),
        gives=("modules", "wavelength_m", "side_m", "area_m2"),
    ),
    Method(
        kind="array_gain",
        about="effective aperture and beamwidth of a gain",
        compute=_array_gain,
        takes=("gain_dB", "freq_MHz"),
        words=("elements_per_face",),
        gives=("beamwidth_deg", "effective_aperture_m2"),
    ),
    Method(
        kind="horizon",
        about="lowest visible height at a ground range over a smooth sphere",
        compute=_horizon,
        takes=("ground_range_km", "[antenna_height_m]"),
        words=("refraction",),
        gives=("min_visible_altitude_km", "with_4_3_earth_km"),
    ),
    Method(
        kind="line_of_sight_limit",
        about="longest sight line between two heights, over the ground and slant, straight and with a 4/3 Earth",
        compute=_line_of_sight,
        takes=("target_height_km", "[antenna_height_m]"),
        gives=("ground_range_km", "slant_range_km", "ground_range_4_3_earth_km", "slant_range_4_3_earth_km"),
    ),
    Method(
        kind="effective_earth_radius",
        about="radius that straightens rays in a refractivity gradient",
        compute=_effective_radius,
        takes=("refractivity_gradient_per_m", "[R_km]"),
        gives=("effective_radius_m", "factor"),
    ),
    Method(
        kind="radar_scaling",
        about="range of equal signal for a ratio of cross-sections",
        compute=_scaling,
        takes=("rcs_ratio",),
        gives=("range_ratio",),
    ),
)
