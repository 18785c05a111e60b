"""Cases of kill arithmetic, test records and the rocket equation."""

from math import log
from re import fullmatch

from diptych.analysis.cases.given import Given
from diptych.analysis.cases.method import Context, Method, Values


def _leakage(given: Given, context: Context) -> Values:
    """Compute the chance that at least one of many leaks, or that at least one of several shots kills."""
    values: Values = {}
    if given.has("missiles"):
        leak = given.number("leak_probability_each", least=0.0, most=1.0)
        values["P_at_least_one_leaks"] = 1.0 - (1.0 - leak) ** given.number("missiles", least=1.0)
    if given.has("p_single"):
        single = given.number("p_single", least=0.0, most=1.0)
        values["P_kill"] = [1.0 - (1.0 - single) ** n for n in given.numbers("shots", above=0.0)]
    return values


def _test_record(given: Given, context: Context) -> Values:
    ratios = []
    for key in given.names():
        text = given.words(key)[0]
        found = fullmatch(r"\s*(\d+) of (\d+)\s*", text)
        if found is None or not 0 <= int(found[1]) <= int(found[2]) or int(found[2]) == 0:
            raise given.fail(("inputs", key), f"expected a record like '9 of 17', found {text!r}")
        ratios.append(int(found[1]) / int(found[2]))
    return {"ratio": ratios[0], "ratios": ratios}


def _rocket_equation(given: Given, context: Context) -> Values:
    """Compute a vertical burn in constant gravity without air: v = c ln MR - g t, and the coast after it."""
    gravity = given.number("g", "acceleration", above=0.0)
    exhaust = given.number("Isp", "time", above=0.0) * gravity
    ratio = given.number("mass_ratio", above=1.0)
    burn = given.number("propellant", "mass", above=0.0) / given.number("burn_rate", "mass flow", above=0.0)
    speed = exhaust * log(ratio) - gravity * burn
    height = exhaust * burn * (1.0 - log(ratio) / (ratio - 1.0)) - 0.5 * gravity * burn**2
    return {
        "c_m_s": exhaust,
        "burn_s": burn,
        "burnout_speed_m_s": speed,
        "burnout_alt_m": height,
        "apogee_m": height + speed**2 / (2.0 * gravity),
    }


METHODS: tuple[Method, ...] = (
    Method(
        kind="leakage",
        about="independent shots and independent leakers",
        compute=_leakage,
        takes=("missiles with leak_probability_each", "p_single with shots"),
        gives=("P_at_least_one_leaks", "P_kill"),
    ),
    Method(
        kind="test_record",
        about="share of successes of records written as `9 of 17`",
        compute=_test_record,
        takes=("any names, each with a record",),
        gives=("ratio", "ratios"),
    ),
    Method(
        kind="rocket_equation",
        about="vertical burn in constant gravity without air, and the coast after it",
        compute=_rocket_equation,
        takes=("Isp_s", "mass_ratio", "propellant_kg", "burn_rate_kg_s", "g_m_s2"),
        gives=("c_km_s", "burn_s", "burnout_speed_m_s", "burnout_alt_km", "apogee_km"),
    ),
)
