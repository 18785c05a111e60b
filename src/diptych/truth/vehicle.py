"""What flies: a threat class in the units of the kernels."""

from math import pi

import msgspec
import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import G0_MPS2
from diptych.model.scenario import ThreatClass


class Vehicle(msgspec.Struct, frozen=True, kw_only=True):
    """What flies: stages (s, 5) thrust N, exhaust m/s, dry kg, propellant kg, drag area m2; payload kg; ballistic
    coefficient.
    """

    stages: tuple[tuple[float, float, float, float, float], ...]
    payload_kg: float
    beta_kg_m2: float

    def stage_array(self) -> NDArray[np.float64]:
        """Return the stages as (s, 5) float64 for the kernels."""
        return np.array(self.stages, dtype=np.float64).reshape(-1, 5)

    def burn_s(self) -> tuple[float, ...]:
        """Return the time at which each stage is empty, s after launch."""
        total = 0.0
        ends = []
        for thrust, exhaust, _, propellant, _ in self.stages:
            total += propellant * exhaust / thrust
            ends.append(total)
        return tuple(ends)


def vehicle_of(threat: ThreatClass) -> Vehicle:
    """Return what a threat class flies as: exhaust speed = Isp g0, drag area = Cd times the cross-section of the
    diameter.
    """
    return Vehicle(
        stages=tuple(
            (
                s.thrust_n,
                s.isp_s * G0_MPS2,
                s.dry_mass_kg,
                s.propellant_mass_kg,
                s.drag_coefficient * 0.25 * pi * s.diameter_m**2,
            )
            for s in threat.stages
        ),
        payload_kg=threat.payload_mass_kg,
        beta_kg_m2=threat.ballistic_coefficient_kg_m2,
    )
