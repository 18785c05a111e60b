"""Why a missile does not reach its aim point, by how far, and what would: for people who wrote the scenario."""

import functools

import msgspec

from diptych.kernels.geodesic import geodesic_inverse
from diptych.kernels.status import OK, TOO_CLOSE, TOO_FAR, meaning
from diptych.model.scenario import Missile, ThreatClass
from diptych.truth.flight import Steering, solve_steering
from diptych.truth.vehicle import vehicle_of

NAMED = 2  # how many classes a hint names


@functools.lru_cache(maxsize=512)
def steer(missile: Missile, threat: ThreatClass, *, j2_on: bool = True) -> Steering:
    """Return the steering of one missile of a raid, flown as the given class.

    Remembered: preparing a run and checking its scenario ask for the same flights, at some 20 ms each.
    """
    start, aim = missile.launch, missile.aim
    return solve_steering(
        vehicle_of(threat),
        start.lat_rad,
        start.lon_rad,
        start.alt_m,
        aim.lat_rad,
        aim.lon_rad,
        missile.shape,
        j2_on=j2_on,
        apogee_m=missile.apogee_m,
    )


def unreached(missile: Missile, steering: Steering, classes: tuple[ThreatClass, ...]) -> str:
    """Return what is wrong with a missile whose steering failed: expected, found, and what would reach instead.

    Classes and shapes are named only after they were flown to the aim point: lightest class first where the range is
    too long, heaviest first where it is too short.
    """
    distance_m = float(
        geodesic_inverse(missile.launch.lat_rad, missile.launch.lon_rad, missile.aim.lat_rad, missile.aim.lon_rad)[0]
    )
    head = f"expected {missile.class_id} to reach {missile.aim.name} ({distance_m / 1e3:.0f} km, {missile.shape})"
    if steering.status not in (TOO_FAR, TOO_CLOSE):
        return f"{head}, found no steering ({meaning(steering.status)}); take another class or shape"
    is_far = steering.status == TOO_FAR
    if is_far:
        found = f"found it falls {max(steering.short_m, 1e3) / 1e3:.0f} km short"
        limit = f"move the launch or the aim to within {(distance_m - steering.short_m) / 1e3:.0f} km"
    else:
        found = f"found the aim too near: it flies at least {max(steering.miss_m, 1e3) / 1e3:.0f} km past it"
        limit = f"move the launch or the aim to {(distance_m + steering.miss_m) / 1e3:.0f} km or more"
    able = _able(missile, classes, is_far=is_far)
    hint = (
        f"{' or '.join(able)} would reach" if able else "no class reaches so far" if is_far else "no class does better"
    )
    return f"{head}, {found}; {hint}, or {limit}"


def _able(missile: Missile, classes: tuple[ThreatClass, ...], *, is_far: bool) -> list[str]:
    """Return shapes of the missile's own class, then other classes, that reach its aim point: the first few."""
    own = next((c for c in classes if c.id == missile.class_id), None)
    able = []
    if own is not None and missile.shape != "minimum-energy":
        plain = msgspec.structs.replace(missile, shape="minimum-energy")
        if steer(plain, own).status == OK:
            able.append(f"{missile.class_id} with shape minimum-energy")
    others = [c for c in classes if c.id != missile.class_id]
    others.sort(key=lambda c: (sum(s.propellant_mass_kg for s in c.stages), c.id), reverse=not is_far)
    for threat in others:
        if len(able) == NAMED:
            break
        if steer(missile, threat).status == OK:
            able.append(threat.id)
    return able
