"""The values in use: what is not known, which value a run uses, and the list of assumptions a report prints.

Every number that comes from a catalogue entry, `stages.yaml` or an amount of a scenario passes through `Knobs.take`,
under a key such as `interceptors.midcourse-30.kill_probability`; what is one of several words passes through
`Knobs.choose`. A setting (from the file's `assumptions` or from `--set`) replaces it. Ranges, and whatever was set,
become `Assumption` records. A setting no key asked for is an error.
"""

import difflib
import math
from collections.abc import Iterable, Mapping

import msgspec

from diptych.edge.files import Step, Tree, fail
from diptych.edge.schema.base import did_you_mean, problem_at
from diptych.edge.schema.quantities import unit_of
from diptych.model.catalogue import Cited, Quantity
from diptych.model.errors import Problem
from diptych.model.sources import Assumption, Source

WORDS = ("low", "mid", "high")
SHARES = ("_probability", "_fraction", "search_range_factor", "availability")
WHOLE = ("_count", "_case", "salvo")
CHOICES = {
    "doctrine": ("shoot-look-shoot", "salvo"),
    "burnout_speed_reading": ("ideal", "surface", "achieved"),
}
"""Last parts of keys whose value is a word; where that is not known, the words go from low to high."""
SIGNED = ("lat_deg", "lon_deg", "alt_m", "el_min_deg", "el_max_deg", "azimuth_deg", "satellite_lon_deg")
# What cannot be zero for a sensor to work, and what zero would mean.
POSITIVE = {
    "beamwidth_mrad": "a beam of no width looks nowhere",
    "range_resolution_m": "range cells of no length are without number",
    "reference_range_km": "the radar would see nothing",
    "reference_rcs_m2": "the reference would return no echo",
    "search_range_factor": "the search would see nothing",
    "az_half_width_deg": "the field of view would be empty",
    "search_revisit_s": "looks would be without number",
    "track_revisit_s": "looks would be without number",
    "range_error_m": "no radar measures without error",
    "fragment_beta_kg_m2": "a body without mass does not fall",
    "fragment_beta_spread": "the scatter of a factor would be without end",
    "spent_stage_beta_kg_m2": "a body without mass does not fall",
    "angle_error_mrad": "no radar measures without error",
    "range_rate_error_mps": "no radar measures without error; leave the key out where it measures none",
    "track_capacity_hz": "the radar could never look",
    "false_alarm_probability": "the threshold would be infinite",
    "pulses_count": "a dwell has at least one pulse",
    "average_power_kw": "nothing would be radiated",
    "aperture_m2": "nothing would be received",
    "efficiency_fraction": "nothing would be received",
    "frequency_mhz": "there is no such wave",
    "noise_temperature_k": "every receiver is warm",
    "dwell_s": "nothing would be radiated",
    "search_dwell_s": "nothing would be radiated",
    "search_share_fraction": "a search would never end",
    "scan_limit_deg": "the beam could not leave the face",
    "scan_period_s": "scans would be without number",
}


class Setting(msgspec.Struct, frozen=True):
    """One value set by hand: a number, a word of `WORDS` or of `CHOICES`, or a range.

    `path` is None when set on the command line.
    """

    key: str
    value: float | str | tuple[float, float, float]
    source: Source | None = None
    path: tuple[Step, ...] | None = None


def nearest_keys(key: str, keys: Iterable[str]) -> str:
    """Return the next step for a key no scenario uses: the nearest keys that begin with the same word.

    *Check* `stages.secondkey` is near `stages.second-key`; a first word nobody knows is answered with those there are.
    """
    shown = {k.removesuffix(".time_s") for k in keys}
    first = key.split(".")[0]
    same = sorted(k for k in shown if k.split(".")[0] == first)
    if not same:
        hint = did_you_mean(key, shown, "")
        words = ", ".join(sorted({k.split(".")[0] for k in shown}))
        return hint if hint.startswith("did you mean") else f"keys begin with {words}; a report lists every key"
    if difflib.get_close_matches(key.removeprefix(first), [k.removeprefix(first) for k in same], n=1, cutoff=0.6):
        return did_you_mean(key, same, "known")
    near = difflib.get_close_matches(key, same, n=3, cutoff=0.0)
    return f"the nearest are {', '.join(near)}; a report lists every key"


def setting_problem(key: str, value: float) -> str | None:
    """Say what is wrong with a number for a key, or None."""
    last = key.rsplit(".", 1)[-1]
    if not math.isfinite(value):
        return f"expected a finite number, found {value}; correct it"
    if last in POSITIVE and value <= 0:
        return f"expected a number above 0, found {value:g} ({POSITIVE[last]}); correct it"
    if last == "swerling_case" and value not in (0, 1, 2, 3, 4):
        return f"expected a Swerling case 0, 1, 2, 3 or 4, found {value:g}; correct it"
    if last.endswith(SHARES) and not 0 <= value <= 1:
        return f"expected a number from 0 to 1, found {value:g}; correct it"
    if last.endswith(WHOLE) and (value < 0 or value != int(value)):
        return f"expected a whole number of at least 0, found {value:g}; correct it"
    if last == "salvo" and value < 1:
        return f"expected a whole number of at least 1, found {value:g}; correct it"
    if last not in SIGNED and value < 0:
        return f"expected a number of at least 0, found {value:g}; correct it"
    return None


def form_problem(key: str, value: float | str | tuple[float, float, float]) -> str | None:
    """Say what is wrong with the form of a value for a key (a number where a word belongs, or the reverse), or None."""
    words = CHOICES.get(key.rsplit(".", 1)[-1])
    if value in WORDS or (not isinstance(value, str) if words is None else value in words):
        return None
    found = f"{value!r}" if isinstance(value, str) else "a range" if isinstance(value, tuple) else f"{value:g}"
    wanted = "a number, low, mid or high" if words is None else f"one of {', '.join((*words, *WORDS))}"
    return f"expected {wanted}, found {found}; correct it"


class Knobs:
    """Hands out the value in use for each key and keeps the list of assumptions; one per scenario."""

    def __init__(self, tree: Tree, settings: Iterable[Setting]) -> None:
        self.tree = tree
        self.settings = sorted(settings, key=_reach)
        self.assumptions: dict[str, Assumption] = {}
        self.problems: list[Problem] = []
        self.keys: set[str] = set()
        self._used: set[int] = set()

    def take(self, key: str, title: str, unit: str, bounds: tuple[float, float, float], source: Source) -> float:
        """Return the value in use for a key, in the unit of its file.

        Of the settings that fit, the more exact key wins, and of two on one key the later.
        """
        self.keys.add(key)
        low, mid, high = bounds
        used, is_set = mid, False
        for i, setting in enumerate(self.settings):
            if not self._fits(setting, key):
                continue
            self._used.add(i)
            if text := form_problem(key, setting.value):
                self._complain(setting, text)
                continue
            if setting.value in WORDS:
                used = (low, mid, high)[WORDS.index(setting.value)]
            elif isinstance(setting.value, str):
                used = float(CHOICES[key.rsplit(".", 1)[-1]].index(setting.value))
            elif isinstance(setting.value, tuple):
                shipped = f"Range of this scenario; shipped: {low:g}, {mid:g}, {high:g}."
                low, mid, high = setting.value
                used = mid
                stated = setting.source or source
                source = msgspec.structs.replace(stated, note=f"{stated.note} {shipped}".strip())
            else:
                used = setting.value
            is_set = True
            for number in {used, low, high}:
                if text := setting_problem(key, number):
                    self._complain(setting, text)
                    break
        if is_set or low != high:
            self.assumptions[key] = Assumption(key, title, unit, low, mid, high, used, source)
        return used

    def choose(self, key: str, title: str, shipped: str, source: Source, *, is_known: bool) -> str:
        """Return the word in use for a key of `CHOICES`; what is not known is an assumption over all its words."""
        words = CHOICES[key.rsplit(".", 1)[-1]]
        mid = float(words.index(shipped))
        used = self.take(key, title, "", (mid, mid, mid) if is_known else (0.0, mid, len(words) - 1.0), source)
        if key in self.assumptions:
            self.assumptions[key] = msgspec.structs.replace(self.assumptions[key], words=words)
        return words[round(used)]

    def quantity(self, prefix: str, title: str, given: Quantity, sources: Cited) -> float:
        """Return the value in use of a catalogue quantity, in SI; its key is `prefix` and the key of its file."""
        cited = dict(sources)[given.source]
        source = msgspec.structs.replace(cited, grade=given.grade, weak=given.weak, note=given.note or cited.note)
        shown = given.key.removesuffix("_" + given.unit.replace("/", "_")) if given.unit else given.key
        for suffix in ("_kmps", "_mps", "_kg_m2", "_kw", "_mhz", "_hz", "_k", "_db"):
            shown = shown.removesuffix(suffix)
        used = self.take(
            f"{prefix}.{given.key}", f"{title}: {shown.replace('_', ' ')}", given.unit, given.written, source
        )
        for written, si in zip(given.written, (given.low, given.mid, given.high), strict=True):
            if used == written:
                return si
        unit, factor, _ = unit_of(given.key)
        return math.radians(used) if unit == "deg" else used * factor

    def _fits(self, setting: Setting, key: str) -> bool:
        if setting.key in (key, key.removesuffix(".time_s")):
            return True
        return setting.value in WORDS and (setting.key == "all" or key.startswith(setting.key + "."))

    def unused(self) -> list[Problem]:
        """Return a problem for every setting that no key of this scenario asked for, and those found on the way."""
        for i, setting in enumerate(self.settings):
            if i not in self._used:
                text = f"expected a key that this scenario uses, found {setting.key!r}"
                self._complain(setting, f"{text}; {nearest_keys(setting.key, self.keys)}")
        return self.problems

    def _complain(self, setting: Setting, text: str) -> None:
        if setting.path is None:
            self.problems.extend(fail("--set", text, key_path=setting.key).problems)
        else:
            self.problems.append(problem_at(self.tree, setting.path, text))


def _reach(setting: Setting) -> int:
    """Order settings from wide to exact: `all`, then beginnings of keys, then whole keys."""
    if setting.value not in WORDS:
        return 1000
    return 0 if setting.key == "all" else setting.key.count(".") + 1


def settings_from(given: Mapping[str, float | str]) -> tuple[Setting, ...]:
    """Return what `--set KEY=VALUE` asks for; values may be numbers, their text, low, mid, high, or a word."""
    found = []
    for key, value in given.items():
        number: float | str
        if isinstance(value, str) and value not in WORDS and key.rsplit(".", 1)[-1] not in CHOICES:
            try:
                number = float(value)
            except ValueError:
                raise fail(
                    "--set", f"expected a number, low, mid or high, found {value!r}; write {key}=120", key_path=key
                ) from None
        else:
            number = value
        found.append(Setting(key, number))
    return tuple(found)
