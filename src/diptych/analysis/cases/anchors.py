"""Cases that anchor the catalogue: what it holds because it was published.

Payloads, detection ranges, ceilings and burnout speeds stand in the catalogue because they were published: comparing
them proves nothing but the copying, and the verdict says so (`catalogue-equal`). The same holds of ranges, though the
class is flown for them: its propellant was solved so that it flies 1.05 times the published range.
"""

from collections.abc import Callable

from diptych.analysis.cases.given import Given, NotRun
from diptych.analysis.cases.method import Context, Copied, Method, Values
from diptych.analysis.flown import greatest_range_m, vehicle_of_entry
from diptych.model.catalogue import Catalogue, InterceptorEntry, Quantity, SensorEntry, ThreatEntry

# Missile of a case -> class of the catalogue that was made from the same figure; None: no class of that range.
CLASSES: dict[str, str | None] = {
    "Shahab-3": "mrbm-1300-liquid",
    "Sejjil-2": "mrbm-2200-solid",
    "Qiam": None,
    "Ghadr-1": "mrbm-1600-liquid",
    "Scud-B": "srbm-300",
    "Al Hussein": "srbm-600",
    "Al Abbas": None,
    "Taepodong-1": None,
}


def _entry(entries: tuple[ThreatEntry, ...], entry_id: str) -> ThreatEntry:
    return next(e for e in entries if e.id == entry_id)


def _anchor(given: Given, context: Context) -> Values:
    for key, answer in _ANSWERS.items():
        if given.has(key):
            return answer(given, context.catalogue)
    raise given.fail(("inputs",), f"expected one of {', '.join(_ANSWERS)}, found nothing of the kind")


def _missile(given: Given, catalogue: Catalogue) -> Values:
    """Fly the class of each missile to its greatest range, for which it was sized; its payload is a copy too."""
    names = given.words("missile" if given.has("missile") else "missiles")
    ids = [CLASSES.get(name) for name in names]
    if not any(ids):
        raise NotRun(f"the catalogue has no class for {', '.join(names)}")
    threats = [None if i is None else _entry(catalogue.threats, i) for i in ids]
    ranges: list[float | None] = [None if t is None else greatest_range_m(t) for t in threats]
    values: Values = {"range_m": Copied(ranges[0] or 0.0 if len(ranges) == 1 else ranges)}
    if threats[0] is not None:
        values["payload_kg"] = Copied(threats[0].payload_mass_kg.mid)
    return values


def _held(quantity: Quantity | None) -> list[float]:
    """Return every value that sources give for a quantity, SI."""
    if quantity is None:
        return []
    return [claim.value for claim in quantity.claims] or [quantity.mid]


def _copy(given: Given, key: str, unit: float, held: list[float]) -> Copied:
    """Return the held value nearest to the published one, in the unit of the key; NotRun where nothing is held."""
    if not held:
        raise NotRun(f"the catalogue holds nothing for {key}")
    published = given.expected[key]
    numbers = published if isinstance(published, list) else [published]
    if not all(isinstance(p, (int, float)) for p in numbers):
        raise given.fail(("expected", key), f"expected a number or a list of numbers, found {published!r}")
    found = [min(held, key=lambda value, p=p: abs(value - p * unit)) / unit for p in numbers]  # type: ignore[misc]
    return Copied(found if isinstance(published, list) else found[0])


def _sensor(catalogue: Catalogue, entry_id: str) -> SensorEntry:
    return next(e for e in catalogue.sensors if e.id == entry_id)


def _interceptor(catalogue: Catalogue, entry_id: str) -> InterceptorEntry:
    return next(e for e in catalogue.interceptors if e.id == entry_id)


def _radar(given: Given, catalogue: Catalogue) -> Values:
    (name,) = given.words("radar")
    if name == "AN/TPY-2":
        ranges = _held(_sensor(catalogue, "forward-x-band").reference_range_m)
        upper = _interceptor(catalogue, "terminal-upper")
        held = {
            "forward_based_range_km": ranges,
            "terminal_mode_range_km": _held(_sensor(catalogue, "fire-control-upper").reference_range_m),
            "thaad_reach_km": _held(upper.ground_range_m),
            "thaad_ceiling_km": _held(upper.ceiling_m),
        }
    elif name == "Voronezh-DM":
        ranges = _held(_sensor(catalogue, "early-warning-vhf").reference_range_m)
        held = {"range_km_2010": ranges, "range_km_2014_15": ranges}
    else:
        raise NotRun(f"the catalogue holds no radar like {name}")
    return {_bare(key): _copy(given, key, 1e3, values) for key, values in held.items() if key in given.expected}


def _interceptor_anchor(given: Given, catalogue: Catalogue) -> Values:
    (name,) = given.words("interceptor")
    if name == "THAAD":
        upper = _interceptor(catalogue, "terminal-upper")
        held = {"range_km": _held(upper.ground_range_m), "ceiling_km": _held(upper.ceiling_m)}
    elif name == "GBI":
        speeds = _held(_interceptor(catalogue, "midcourse-63").burnout_speed_mps)
        keys = ("MDA_two_stage_km_s", "Postol_two_stage_km_s", "three_stage_km_s_at_least")
        held = dict.fromkeys(keys, speeds)
    else:
        raise NotRun(f"the catalogue holds no interceptor like {name}")
    return {_bare(key): _copy(given, key, 1e3, values) for key, values in held.items() if key in given.expected}


def _bare(key: str) -> str:
    """Return the key without the bound that follows its unit."""
    return key.removesuffix("_at_least")


def _sites(given: Given, catalogue: Catalogue) -> Values:
    """Look up what the catalogue says of the reach of the interceptors at the sites."""
    given.words("sites")
    held = _held(_interceptor(catalogue, "midcourse-30").ground_range_m)
    return {"intercept_reach_km": _copy(given, "intercept_reach_km", 1e3, held)}


_ANSWERS: dict[str, Callable[[Given, Catalogue], Values]] = {
    "missile": _missile,
    "missiles": _missile,
    "radar": _radar,
    "interceptor": _interceptor_anchor,
    "sites": _sites,
}

# Class of a case -> class of the catalogue, whose stages were sized for this very boost time.
_BOOSTED = {"liquid ICBM": "icbm-10000-liquid", "solid ICBM": "icbm-10000-solid"}


def _boost_time(given: Given, context: Context) -> Values:
    """Look up the burn of the classes: propellant over flow, which was fixed by the published time and so is a copy."""
    names = given.words("class")
    found: list[float | None] = []
    for name in names:
        class_id = _BOOSTED.get(name)
        found.append(
            None if class_id is None else vehicle_of_entry(_entry(context.catalogue.threats, class_id)).burn_s()[-1]
        )
    if not any(found):
        raise NotRun(f"the catalogue has no class for {', '.join(names)}")
    return {"boost_s": Copied(found)}


METHODS: tuple[Method, ...] = (
    Method(
        kind="parameter_anchor",
        about="greatest range of a class that was sized for it, and other catalogue values: all copies",
        compute=_anchor,
        takes=("missile, missiles, radar, interceptor or sites",),
        gives=("range_km", "payload_kg", "and the catalogue's values for radars and interceptors"),
        left_out={
            "declared_range_limit_km": "a policy, not a property of flight",
            "MTCR_threshold": "a rule of an export regime",
            "launch_mass_kg": "classes are generic and are not built to the mass of one design",
            "launchers": "an order of battle, not a property of a class",
            "interceptors": "an order of battle, not a property of a class",
            "pravda_reach_km": "the catalogue does not hold it",
        },
    ),
    Method(
        kind="boost_time",
        about="burn of the intercontinental classes, a copy: their stages were sized for the published time",
        compute=_boost_time,
        takes=("class",),
        gives=("boost_s",),
    ),
)
