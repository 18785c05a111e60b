"""One complex's own track of one object, from the detections its radars took of it.

The short way through `tracking.tracker` where an object is alone: its gates never hold what came from another. The
machine does not know that and tracks by gates and nearest neighbour all the same.
"""

from collections.abc import Sequence

from diptych.model.looks import Detections, LaunchWarning
from diptych.model.picture import TrackHistory
from diptych.model.tracker import SHIPPED, TrackerSettings
from diptych.tracking.tracker import hand_over, merge, track


def follow(
    detections: Sequence[Detections],
    settings: TrackerSettings = SHIPPED,
    launches: Sequence[tuple[LaunchWarning, float]] = (),
) -> TrackHistory:
    """Return the track that a complex forms of one object.

    Detections are taken in time order, ties by the index of the radar, whatever the order of the argument.

    Parameters
    ----------
    detections : sequence of Detections
        One entry per radar of the complex, all of the same object; empty entries are fine.
    settings : TrackerSettings
    launches : sequence of (LaunchWarning, float)
        As in `tracker.track`.

    Returns
    -------
    TrackHistory
        Rows from initiation on (the third detection within 30 s), one per detection. `is_ballistic` turns true once
        the thrust along the velocity is known to 2 m/s2 and is none; `confirmed_s` is the first time four detections
        lie within eight track looks of the slowest radar among them.
    """
    return hand_over(track(merge([detections]), settings, launches), 1).histories[0]
