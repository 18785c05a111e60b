"""What a cue is worth to a radar: how long the beam takes to cover the volume in which the object may be.

A cue that says where to look within one beam lets track looks start at once; a vaguer one makes the beam step over the
volume; one so vague that a scan of the whole search is over sooner is worth nothing. So precision and delay of what a
partner shares matter, and nothing else about it does.
"""

from math import ceil, inf, pi

from diptych.model.scenario import Radar

CUE_SIGMAS = 2.0
"""Half width of the volume looked at, in standard deviations each way: holds 86 % of a plane normal error."""


def cue_beams(radar: Radar, uncertainty_m: float, range_m: float, *, is_rising: bool = False) -> int:
    """Return the beam positions that cover a cue's uncertainty seen at a range, at least one.

    N = ceil(pi a^2) with a = k sigma / (range x beamwidth) and k = `CUE_SIGMAS`; sigma is the standard deviation each
    way across the line of sight. Along it no beam is needed. An object that has yet to rise over the horizon must cross
    a fence there, which takes beams side by side only: N = ceil(2 a).

    *Check* 10 mrad at 1000 km (10 km) and sigma 10 km: ceil(4 pi) = 13, a fence 4; sigma 2 km: 1.
    """
    across = CUE_SIGMAS * uncertainty_m / (range_m * radar.beamwidth_rad)
    return max(1, ceil((2.0 * across if is_rising else pi * across * across) - 1e-9))


def acquisition_delay_s(radar: Radar, uncertainty_m: float, range_m: float, *, is_rising: bool = False) -> float:
    """Return the time until the radar, having received a cue, looks at the object in every slot of its clock.

    One beam: none. Otherwise one pass over the N beams of `cue_beams`, each a track look out of `track_capacity_hz`:
    N / capacity, an upper bound of the time to the beam that holds the object. If that is not sooner than the radar's
    own scan (`search_revisit_s`) the cue is worth nothing: inf. The `cue_latency_s` of the radar comes on top.

    Parameters
    ----------
    uncertainty_m : float
        Standard deviation of the object's position in each direction at the time of the look, m, >= 0.
    range_m : float
        Distance from the radar to where the object should be, m, > 0.
    is_rising : bool
        Only its launch is known.

    Check
    -----
    10 mrad, 20 looks a second, a scan of 8 s: 1000 km and 10 km: 0.65 s; 100 km: 1257 beams, 63 s, so inf, but as a
    fence 40 beams, 2 s.
    """
    beams = cue_beams(radar, uncertainty_m, range_m, is_rising=is_rising)
    if beams == 1:
        return 0.0
    delay = beams / radar.track_capacity_hz
    return delay if delay < radar.search_revisit_s else inf
