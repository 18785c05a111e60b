"""What every tracker takes for granted: how hard things accelerate, when a track starts, is believed, is given up.

These are assumptions of a complex about objects it does not know, alike for all sides. Their ranges, reasons and the
keys under which a scenario sets them (`tracker.confirm_count`, ..) are in `edge.schema.tracker`.
"""

from math import log

import msgspec
import numpy as np

from diptych.model.picture import Floats


class TrackerSettings(msgspec.Struct, frozen=True):
    """Settings of tracking, in use for all complexes.

    Attributes
    ----------
    boost_acceleration_mps2 : standard deviation per axis of the unknown acceleration before burnout.
    ballistic_coefficient_kg_m2 : what is taken for granted until the drag itself tells.
    ballistic_coefficient_factor : one standard deviation of that, as a factor.
    density_doubt : share by which the density of the air may differ anew every scale height (7.2 km) from the model.
    coast_noise_m2_s3 : white acceleration of an object that coasts outside the air.
    speed_prior_mps : standard deviation per axis of the velocity at the first detection.
    initiate_count, initiate_within_s : so many detections (2 at least) within this time start a track.
    confirm_count, confirm_looks : so many detections within the time of so many track looks of the slowest radar among
        them confirm it; at most 16.
    drop_after_s : a track in boost, or not confirmed, ends after so long without a detection.
    gate : squared statistical distance up to which a detection can belong to a track (chi-square, 3 components).
    """

    boost_acceleration_mps2: float = 40.0
    ballistic_coefficient_kg_m2: float = 6000.0
    ballistic_coefficient_factor: float = 1.8
    density_doubt: float = 0.01
    coast_noise_m2_s3: float = 1e-10
    speed_prior_mps: float = 4000.0
    initiate_count: int = 3
    initiate_within_s: float = 30.0
    confirm_count: int = 4
    confirm_looks: float = 8.0
    drop_after_s: float = 60.0
    gate: float = 25.9

    def as_array(self) -> Floats:
        """Return the settings in the order `kernels.tracks` reads them."""
        return np.array(
            [
                self.boost_acceleration_mps2,
                self.ballistic_coefficient_kg_m2,
                log(self.ballistic_coefficient_factor),
                self.coast_noise_m2_s3,
                self.speed_prior_mps,
                max(2, self.initiate_count),
                self.initiate_within_s,
                min(16, self.confirm_count),
                self.confirm_looks,
                self.drop_after_s,
                self.gate,
                self.density_doubt,
            ],
            dtype=np.float64,
        )


SHIPPED = TrackerSettings()
