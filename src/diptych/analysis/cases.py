"""Published physics cases, one evaluator per kind: the same table serves the tests and `diptych validate`.

A case is a mapping with `kind`, `inputs`, `expected` and `tolerance`, as in `data/physics_cases.json`; units stand in
its keys. `KINDS` maps a kind to a function of the inputs that returns values under the names of `expected`.
`deviations` compares the two under the case's own tolerance.  Groups GEO, KEP, MET and ATM are covered here.
"""

from collections.abc import Callable, Mapping
from math import degrees, radians, sqrt
from typing import Any

import numpy as np

from diptych.kernels import atmosphere, earth, geodesic, kepler

Inputs = Mapping[str, Any]
Values = dict[str, Any]

_MILE_M = 1609.344  # statute mile, exact
_MU_VALLADO = 398600.4415e9  # the value Vallado's examples use (KEP-01, KEP-02, KEP-07 say so)
_RADIUS_VALLADO_M = 6378136.3
_MU_M3_S2 = earth.MU_M3_S2
_RADIUS_M = earth.EARTH_MEAN_RADIUS_M


def _constant(inputs: Inputs) -> Values:
    return {"a_m": earth.WGS84_A_M, "inverse_flattening": 1.0 / earth.WGS84_F}


def _geodesic_inverse(inputs: Inputs) -> Values:
    lat1, lon1, lat2, lon2 = (radians(inputs[k]) for k in ("lat1_deg", "lon1_deg", "lat2_deg", "lon2_deg"))
    distance, azimuth1, azimuth2, _ = geodesic.geodesic_inverse(lat1, lon1, lat2, lon2)
    return {"s12_m": distance, "azi1_deg": degrees(azimuth1), "azi2_deg": degrees(azimuth2)}


def _geodesic_direct(inputs: Inputs) -> Values:
    lat1, lon1, azimuth1 = (radians(inputs[k]) for k in ("lat1_deg", "lon1_deg", "azi1_deg"))
    lat2, lon2, azimuth2 = geodesic.geodesic_direct(lat1, lon1, azimuth1, float(inputs["s12_m"]))
    return {"lat2_deg": degrees(lat2), "lon2_deg": degrees(lon2), "azi2_deg": degrees(azimuth2)}


def _geodetic_to_ecef(inputs: Inputs) -> Values:
    x, y, z = earth.geodetic_to_ecef(radians(inputs["lat_deg"]), radians(inputs["lon_deg"]), float(inputs["alt_m"]))
    return {"x_m": x, "y_m": y, "z_m": z}


def _aer_to_ecef(inputs: Inputs) -> Values:
    x, y, z = earth.aer_to_ecef(
        radians(inputs["az_deg"]),
        radians(inputs["el_deg"]),
        float(inputs["range_m"]),
        radians(inputs["lat_deg"]),
        radians(inputs["lon_deg"]),
        float(inputs["alt_m"]),
    )
    return {"x_m": x, "y_m": y, "z_m": z}


def _spherical_destination(inputs: Inputs) -> Values:
    lat, lon = geodesic.spherical_destination(
        radians(inputs["lat_deg"]), radians(inputs["lon_deg"]), radians(inputs["azimuth_deg"]), inputs["range_rad"]
    )
    return {"lat_rad": lat, "lon_rad": lon}


def _satellite_footprint(inputs: Inputs) -> Values:
    """Evaluate the far edge of the field of view; the published routine names its ground range `rho_min` and its
    slant `rho_max`.
    """
    far = radians(inputs["boresight_from_nadir_deg"] + 0.5 * inputs["fov_total_deg"])
    slant, angle, _ = kepler.satellite_look(far, inputs["sat_alt_km"] * 1e3, _RADIUS_VALLADO_M)
    return {"rho_min_km": angle * _RADIUS_VALLADO_M / 1e3, "rho_max_km": slant / 1e3}


def _state(inputs: Inputs, r: str, v: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([*inputs[r], *inputs[v]], dtype=np.float64) * 1e3


def _kepler_propagation(inputs: Inputs) -> Values:
    out, _ = kepler.kepler_propagate(_state(inputs, "r0_km", "v0_km_s"), float(inputs["dt_s"]), _MU_VALLADO)
    return {"r_km": list(out[:3] / 1e3), "v_km_s": list(out[3:] / 1e3)}


def _lambert(inputs: Inputs) -> Values:
    r1 = np.array(inputs["r1_km"], dtype=np.float64) * 1e3
    r2 = np.array(inputs["r2_km"], dtype=np.float64) * 1e3
    v1, v2, _ = kepler.lambert(r1, r2, float(inputs["tof_s"]), mu=inputs["mu_km3_s2"] * 1e9)
    return {"v1_km_s": list(v1 / 1e3), "v2_km_s": list(v2 / 1e3)}


def _lambert_minimum_energy(inputs: Inputs) -> Values:
    r1 = np.array(inputs["r1_km"], dtype=np.float64) * 1e3
    r2 = np.array(inputs["r2_over_RE"], dtype=np.float64) * inputs["RE_km"] * 1e3
    a_min, v1, _ = kepler.lambert_minimum_energy(r1, r2, _MU_VALLADO)
    return {"a_min_km": a_min / 1e3, "v1_km_s": list(v1 / 1e3)}


def _rv_to_elements(inputs: Inputs) -> Values:
    a, ecc, inclination, node, perigee, anomaly = kepler.rv_to_elements(_state(inputs, "r_km", "v_km_s"), _MU_VALLADO)
    return {
        "a_km": a / 1e3,
        "ecc": ecc,
        "incl_rad": inclination,
        "raan_rad": node,
        "argp_rad": perigee,
        "nu_rad": anomaly,
    }


def _max_range_for_speed(inputs: Inputs) -> Values:
    radius_m = inputs["RE_km"] * 1e3
    angle, _ = kepler.max_range_for_speed(inputs["launch_speed_km_s"] * 1e3, radius_m, inputs["mu_km3_s2"] * 1e9)
    return {"max_range_km": angle * radius_m / 1e3}


def _minimum_energy(inputs: Inputs) -> Values:
    radius_m = inputs["R_km"] * 1e3
    speed, gamma, apogee, time = kepler.minimum_energy_arc(
        inputs["ground_range_km"] * 1e3 / radius_m, radius_m, inputs["mu_km3_s2"] * 1e9
    )
    return {"v_km_s": speed / 1e3, "gamma_deg": degrees(gamma), "apogee_km": apogee / 1e3, "time_s": time}


def _minimum_energy_half_earth(inputs: Inputs) -> Values:
    """Evaluate v for 180 degrees with mu = g R^2, which is the source's sqrt(g R); g is the case's corrected value,
    not the misprint.
    """
    radius_m = inputs["R_mi"] * _MILE_M
    mu = inputs["g_mi_s2"] * _MILE_M * radius_m**2
    speed, _, _, _ = kepler.minimum_energy_arc(radians(inputs["central_angle_deg"]), radius_m, mu)
    return {"v_km_s": speed / 1e3}


def _vertical_energy(inputs: Inputs) -> Values:
    return {"v_km_s": kepler.vertical_speed_mps(inputs["apogee_km"] * 1e3, _RADIUS_M) / 1e3}


def _orbit_delta_v(inputs: Inputs) -> Values:
    circular, total = kepler.circular_and_hohmann(inputs["orbit_alt_km"] * 1e3, _RADIUS_M)
    return {"circular_speed_km_s": circular / 1e3, "minimum_delta_v_km_s": total / 1e3}


def _standard_atmosphere(inputs: Inputs) -> Values:
    """Evaluate one geometric height, or a list of geopotential heights (each column then a list)."""
    if "geometric_m" in inputs:
        temperature, pressure, density, sound = atmosphere.us76(float(inputs["geometric_m"]))
        return {"T_K": temperature, "p_Pa": pressure, "rho_kg_m3": density, "sound_m_s": sound}
    rows = atmosphere.us76_many(np.array([atmosphere.geometric_m(float(h)) for h in inputs["geopotential_m"]]))
    return {"T_K": list(rows[:, 0]), "p_Pa": list(rows[:, 1]), "rho_kg_m3": list(rows[:, 2])}


KINDS: dict[str, Callable[[Inputs], Values]] = {
    "aer_to_ecef": _aer_to_ecef,
    "constant": _constant,
    "geodesic_direct": _geodesic_direct,
    "geodesic_inverse": _geodesic_inverse,
    "geodetic_to_ecef": _geodetic_to_ecef,
    "kepler_propagation": _kepler_propagation,
    "lambert": _lambert,
    "lambert_minimum_energy": _lambert_minimum_energy,
    "max_range_for_speed": _max_range_for_speed,
    "minimum_energy_half_earth": _minimum_energy_half_earth,
    "minimum_energy_surface_to_surface": _minimum_energy,
    "orbit_delta_v": _orbit_delta_v,
    "rv_to_elements": _rv_to_elements,
    "satellite_footprint": _satellite_footprint,
    "spherical_destination": _spherical_destination,
    "standard_atmosphere": _standard_atmosphere,
    "vertical_energy": _vertical_energy,
}


def allowed(case: Mapping[str, Any], name: str, expected: float, scale: float) -> float:
    """Return the allowed absolute deviation of output `name`, from the case's own tolerance.

    Looked up in order: `rel_<stem>` (stem is the name up to its first underscore), `rel`, the name itself, then an
    absolute bound whose key is the tail of the name (`azi_deg` for `azi1_deg`, `m` for `x_m`).  `scale` is the size
    that relative bounds refer to: the magnitude of the value, or of the whole vector for a component.

    Raises
    ------
    KeyError
        The case has no tolerance for this output.
    """
    tolerance = case["tolerance"]
    stem = name.split("_", 1)[0]
    if f"rel_{stem}" in tolerance:
        return float(tolerance[f"rel_{stem}"]) * scale
    if "rel" in tolerance:
        return float(tolerance["rel"]) * scale
    if name in tolerance:
        return float(tolerance[name])
    for key in sorted(tolerance, key=len, reverse=True):
        plain = "".join(c for c in name if not c.isdigit())
        if plain == key or name.endswith("_" + key):
            return float(tolerance[key])
    raise KeyError(f"{case['id']}: no tolerance for output {name!r} among {sorted(tolerance)}")


def deviations(case: Mapping[str, Any]) -> list[tuple[str, float, float, float]]:
    """Return (output, computed, expected, allowed deviation) for every number the case expects; the caller compares.

    Raises
    ------
    KeyError
        The kind is unknown or an output is missing.
    """
    computed = KINDS[case["kind"]](case["inputs"])
    rows: list[tuple[str, float, float, float]] = []
    for name, expected in case["expected"].items():
        if isinstance(expected, list):
            is_vector = name in ("r_km", "v_km_s", "v1_km_s", "v2_km_s")
            size = sqrt(sum(float(e) ** 2 for e in expected))
            for i, (got, want) in enumerate(zip(computed[name], expected, strict=True)):
                scale = size if is_vector else abs(float(want))
                rows.append((f"{name}[{i}]", float(got), float(want), allowed(case, name, float(want), scale)))
        else:
            rows.append((name, float(computed[name]), float(expected), allowed(case, name, expected, abs(expected))))
    return rows
