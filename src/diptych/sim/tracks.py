"""What a complex's radars make of the raid in one replicate: own tracks, computed once for each set of cues.

Nobody tells the tracker which detection is whose. Objects that could not have been mistaken for one another are tracked
apart: their looks are laid beside each other's gates once (`tracking.tracker.Others`), and where none could have been
taken, tracking apart gives the same as tracking all together. The others form a *group*. A group is first tracked
together up to the last moment at which a mistake was possible; if each track kept to its object until then, the tracks
apart stand, and only otherwise is the whole flight tracked together. The result is always that of one joint tracker.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from diptych.evaluation.impact import evaluate
from diptych.kernels.away import BALL, block_of, enclose
from diptych.model.geography import Territory
from diptych.model.looks import Bools, LaunchWarning, LookTable
from diptych.model.messages import OwnTrack
from diptych.model.tracker import TrackerSettings
from diptych.sim.spent import InOrder, chosen, hits, in_order, joined, spend
from diptych.tracking.tracker import NOBODY, Others, Picture, Scans, Tracked, hand_over, track

Cues = tuple[float, ...]
"""From when on each radar looks at an object because of a cue, inf for never."""


class Alone(msgspec.Struct, frozen=True, eq=False):
    """One object tracked apart from all others; clash_s: see `Tracked`, the objects with which there is any."""

    tracked: Tracked
    own: OwnTrack
    clash_s: dict[int, float]


class Impurity(msgspec.Struct, frozen=True):
    """How far one own track is not of one object: share of its detections that are, and changes of the source."""

    purity: float
    swaps: int
    rivals: int


class OwnTracks:
    """The own tracks of one replicate, remembered by radars, space warning and cues; `found` holds every one computed.

    `warnings` are the launches that each satellite reports. A tracker takes those of its own side, from their report
    on, for the first velocity of a track: the same ones whether objects are tracked apart or together.
    """

    def __init__(
        self,
        tables: Sequence[Sequence[LookTable]],
        territory: Territory,
        settings: TrackerSettings,
        warnings: Mapping[str, Sequence[LaunchWarning]] | None = None,
    ) -> None:
        self.tables = tables
        self.warnings = warnings or {}
        self.territory = territory
        self.settings = settings
        self.found: dict[tuple[int, tuple[int, ...], tuple[object, ...]], OwnTrack] = {}
        self.impurity: dict[int, Impurity] = {}
        self.false_tracks: dict[tuple[object, ...], int] = {}
        self._hits: dict[tuple[int, int, float], Bools] = {}
        self._in_order: dict[tuple[int, tuple[int, ...]], InOrder] = {}
        self._by_cue: dict[tuple[tuple[int, ...], tuple[str, ...]], dict[tuple[int, Cues], Alone]] = {}
        self._by_looks: dict[tuple[int, tuple[int, ...], tuple[object, ...]], Alone] = {}
        self._groups: dict[tuple[int, ...], tuple[OwnTrack, ...]] = {}
        self._others: dict[tuple[int, ...], Others] = {}

    def alone(self, i: int, radars: tuple[int, ...], cued_s: Cues, satellites: tuple[str, ...] = ()) -> Alone:
        """Return what the given radars, cued at the given times, make of one object if nothing else is about.

        `satellites` are those whose launch warnings the tracker has.
        """
        by_cue = self._by_cue.setdefault((radars, satellites), {})
        result = by_cue.get((i, cued_s))
        if result is None:
            looks = self._looks_at(i, radars)
            rows = spend(looks, [self._hit_by(r, i, cue) for r, cue in zip(radars, cued_s, strict=True)])
            seen = (i, radars, (*satellites, rows.tobytes()))
            result = self._by_looks.get(seen)
            if result is None:
                known = self.launches(satellites)
                tracked = track(chosen(looks.scans, rows), self.settings, known, others=self.others(radars), mine=i)
                picture = hand_over(tracked, 1)
                own = self._own(i, picture, 0)
                mixed = np.flatnonzero(tracked.clash_s > -np.inf).tolist()
                result = Alone(tracked, own, {k: float(tracked.clash_s[k]) for k in mixed})
                self._by_looks[seen] = result
                self._remember(seen, own, picture, 0)
            by_cue[i, cued_s] = result
        return result

    def _hit_by(self, radar: int, i: int, cued_s: float) -> Bools:
        """Return which looks of one radar, cued at a time, see an object; a change of another radar's cue leaves it."""
        key = (radar, i, cued_s)
        found = self._hits.get(key)
        if found is None:
            found = self._hits[key] = hits(self.tables[radar][i], cued_s)
        return found

    def _looks_at(self, i: int, radars: tuple[int, ...]) -> InOrder:
        """Return every look that the radars could take at one object."""
        found = self._in_order.get((i, radars))
        if found is None:
            found = self._in_order[i, radars] = in_order([self.tables[r][i] for r in radars], radars)
        return found

    def launches(self, satellites: tuple[str, ...]) -> list[tuple[LaunchWarning, float]]:
        """Return the launches that satellites report, with the time of launch they state."""
        return [(seen, seen.launch_s) for name in satellites for seen in self.warnings.get(name, ())]

    def together(
        self, i: int, radars: tuple[int, ...], cued_s: Mapping[int, Cues], satellites: tuple[str, ...] = ()
    ) -> dict[int, OwnTrack]:
        """Return the own tracks of object i and of those it could be mistaken for.

        `cued_s` holds every object that the complex knows of by now, i among them.
        """
        found = self._by_cue.setdefault((radars, satellites), {})
        alone = {k: found.get((k, cue)) or self.alone(k, radars, cue, satellites) for k, cue in cued_s.items()}
        group, last_s = _group(i, alone)
        if len(group) == 1:
            return {i: alone[i].own}
        key = tuple(id(alone[k]) for k in group)
        owns = self._groups.get(key)
        if owns is None:
            owns = self._joint(radars, satellites, group, [alone[k] for k in group], last_s)
            self._groups[key] = owns
        return dict(zip(group, owns, strict=True))

    def _joint(
        self,
        radars: tuple[int, ...],
        satellites: tuple[str, ...],
        group: Sequence[int],
        alone: Sequence[Alone],
        last_s: float,
    ) -> tuple[OwnTrack, ...]:
        """Return the own tracks of a group, each as `Alone` has it where tracking together changes nothing."""
        known = self.launches(satellites)
        early = track(joined([_until(a.tracked.scans, last_s) for a in alone]), self.settings, known)
        if is_kept_apart(early, [a.tracked for a in alone]):
            return tuple(a.own for a in alone)
        joint = track(joined([a.tracked.scans for a in alone]), self.settings, known)
        picture = hand_over(joint, len(group))
        owns = []
        for n, (k, a) in enumerate(zip(group, alone, strict=True)):
            new = picture.histories[n]
            is_same = np.array_equal(new.time_s, a.own.track.time_s) and np.array_equal(
                new.state_ecef, a.own.track.state_ecef
            )
            own = a.own if is_same and picture.purity[n] == 1.0 else self._own(k, picture, n)
            owns.append(own)
            if own is not a.own:
                self._remember((k, radars, tuple(id(x) for x in alone)), own, picture, n)
        self.false_tracks[tuple(id(a) for a in alone)] = picture.false_tracks
        return tuple(owns)

    def _own(self, i: int, picture: Picture, n: int) -> OwnTrack:
        history = picture.histories[n]
        return OwnTrack(i, history, evaluate(history, self.territory, self.settings))

    def _remember(
        self, key: tuple[int, tuple[int, ...], tuple[object, ...]], own: OwnTrack, picture: Picture, n: int
    ) -> None:
        self.found[key] = own
        self.impurity[id(own)] = Impurity(float(picture.purity[n]), int(picture.swaps[n]), int(picture.rivals[n]))
        if picture.false_tracks:
            self.false_tracks[key] = picture.false_tracks

    def others(self, radars: tuple[int, ...]) -> Others:
        """Return every look, spent or not, that the radars could take at any object."""
        known = self._others.get(radars)
        if known is None:
            known = all_looks(self.tables, radars)
            self._others[radars] = known
        return known


def is_kept_apart(joint: Tracked, alone: Sequence[Tracked]) -> bool:
    """Whether each detection of a joint tracking went into the track that tracking its object apart puts it in."""
    names: dict[int, tuple[int, int]] = {}
    of_object = joint.scans.object
    for n, one in enumerate(alone):
        rows = np.flatnonzero(of_object == n)
        for mine, theirs in zip(joint.track[rows].tolist(), one.track[: rows.size].tolist(), strict=True):
            if names.setdefault(mine, (n, theirs)) != (n, theirs):
                return False
    return len(set(names.values())) == len(names)


def _group(i: int, alone: Mapping[int, Alone]) -> tuple[list[int], float]:
    """Return the objects connected with i by possible mistakes, in order, and the last time of any among them."""
    group, todo, last_s = {i}, [i], -np.inf
    while todo:
        k = todo.pop()
        mine = alone[k].clash_s
        for other, a in alone.items():
            if other == k or not (mine or a.clash_s):
                continue
            when = max(mine.get(other, -np.inf), a.clash_s.get(k, -np.inf))
            if when > -np.inf:
                last_s = max(last_s, when)
                if other not in group:
                    group.add(other)
                    todo.append(other)
    return sorted(group), float(last_s)


def _until(scans: Scans, last_s: float) -> Scans:
    """Return the detections up to a time."""
    return chosen(scans, slice(0, int(scans.time_s.searchsorted(last_s, side="right"))))


def all_looks(tables: Sequence[Sequence[LookTable]], radars: tuple[int, ...]) -> Others:
    """Return the looks of the radars at all objects, false detections in their windows included."""
    count = len(tables[0]) if tables else 0
    parts = [(r, k, tables[r][k]) for r in radars for k in range(count) if tables[r][k].time_s.size]
    if not parts:
        return msgspec.structs.replace(NOBODY, count=count)
    sizes = [t.time_s.size + t.false_row.size for _, _, t in parts]
    time_s = np.concatenate([x for _, _, t in parts for x in (t.time_s, t.time_s[t.false_row])])
    radar = np.repeat(np.array([r for r, _, _ in parts], np.int64), sizes)
    order = np.lexsort((radar, time_s))
    where = np.concatenate([x for _, _, t in parts for x in (t.measured_ecef_m, t.false_ecef_m)])[order]
    cov = np.concatenate([x for _, _, t in parts for x in (t.cov_ecef_m2, t.false_cov_ecef_m2)])[order]
    time_s = time_s[order]
    of = np.repeat(np.array([k for _, k, _ in parts], np.int64), sizes)[order]
    row = np.arange(order.size)
    spread_m = np.sqrt(cov[:, 0, 0] + cov[:, 1, 1] + cov[:, 2, 2])
    balls = np.empty((block_of(time_s[-1], time_s[0]) + 1, BALL, count))
    enclose(time_s, of, row, where, spread_m, balls)
    return Others(
        time_s=time_s,
        radar=radar[order],
        of=of,
        row=row,
        measured_ecef_m=where,
        cov_ecef_m2=cov,
        spread_m=spread_m,
        balls=balls,
        count=count,
    )
