"""Draw docs/pictures/tracking-*.svg: NEES over time by class and sensors, and impact error against its ellipse.

    python -m tools.tracking_pictures [RUNS]

Every curve is computed by the product's own tracker on its own flights (`tests.helpers.consistency`); the table of the
page is printed beside.
"""

import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import chi2

from tests.helpers.consistency import CLASSES, SETS, row, study

PICTURES = Path("docs/pictures")
GREY = "#8a8a8a"
COLOURS = {"one radar": "#1b6ca8", "two radars": "#b5541c", "radar + infrared": "#3f7d3f"}


def main(runs: int = 100) -> None:
    """Draw both pictures."""
    mpl.rcParams.update({"font.size": 9, "svg.fonttype": "none", "axes.spines.top": False, "axes.spines.right": False})
    mpl.rcParams["svg.hashsalt"] = "diptych"
    found = {}
    for c in CLASSES:
        for s in SETS:
            found[c, s] = study(c, s, runs, with_impacts=True)
            print(row(c, s, found[c, s]), flush=True)
    figure, axes = plt.subplots(4, 2, figsize=(9.0, 10.0), sharey=True)
    for axis, class_id in zip(axes.flat, CLASSES, strict=True):
        low, high = chi2.ppf([0.025, 0.975], 6 * runs) / runs
        axis.axhspan(low, high, color="#dddddd", lw=0)
        for sensors, colour in COLOURS.items():
            one = found[class_id, sensors]
            steps = one.steps()
            axis.plot(steps[:, 0] - one.burnout_s, np.minimum(steps[:, 2], 14.0), color=colour, lw=0.9, label=sensors)
        axis.set_title(class_id, loc="left", fontsize=9)
        axis.set_ylim(2.0, 14.5)
    axes[0, 0].legend(frameon=False)
    figure.supxlabel("seconds after burnout")
    figure.supylabel(f"mean normalised error squared of {runs} runs (6 is right; grey: 95 % band)")
    figure.tight_layout()
    figure.savefig(PICTURES / "tracking-nees.svg", metadata={"Date": None})
    figure, axes = plt.subplots(4, 2, figsize=(9.0, 10.0))
    for axis, class_id in zip(axes.flat, CLASSES, strict=True):
        for sensors, colour in COLOURS.items():
            _draw_impacts(axis, np.array(found[class_id, sensors].impacts), colour, sensors)
        axis.set_title(class_id, loc="left", fontsize=9)
        axis.set_yscale("log")
        axis.invert_xaxis()
    axes[0, 0].legend(frameon=False)
    figure.supxlabel("seconds before impact")
    figure.supylabel("km: median error of the impact point (line), 95 % of errors (dots), 2-sigma ellipse (dashes)")
    figure.tight_layout()
    figure.savefig(PICTURES / "tracking-impact.svg", metadata={"Date": None})


def _draw_impacts(axis: plt.Axes, rows: np.ndarray, colour: str, label: str) -> None:
    """Draw errors of impact points and the ellipse's extent in their direction, by time before impact."""
    if not len(rows):
        return
    bins = np.arange(0.0, rows[:, 0].max() + 30.0, 30.0)
    number = np.digitize(rows[:, 0], bins)
    kept = [k for k in np.unique(number) if (number == k).sum() >= 20]
    at = [bins[k - 1] + 15.0 for k in kept]
    error = [rows[number == k, 1] / 1e3 for k in kept]
    edge = [np.median(rows[number == k, 1] / np.maximum(rows[number == k, 2], 1e-9)) / 1e3 for k in kept]
    axis.plot(at, [np.median(e) for e in error], color=colour, lw=1.2, label=label)
    axis.plot(at, [np.quantile(e, 0.95) for e in error], color=colour, ls="", marker=".", ms=3)
    axis.plot(at, edge, color=colour, lw=0.9, ls="--")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
