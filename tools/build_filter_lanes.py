"""Write the straight-line steps of the filter lanes: src/diptych/kernels/filter_lane_vacuum.py and filter_lane_air.py.

usage: python tools/build_filter_lanes.py

The arithmetic is `kernels.filters.predict` and `update` for six states, unrolled: one loop over WIDTH lanes with no
branch in it, which compilers turn into vector instructions. Sums of products are written as chains of `fma`. The four
stages of the Runge-Kutta step form one long chain of dependent operations, so its lines are mixed with those of the
covariance, which do not wait for it. `tests/unit/kernels/test_filter_lanes.py` proves that what is committed is what
this program writes.

Rows of a bank (each WIDTH numbers): 0-5 state, 6-26 upper triangle of the covariance, then the rows of `ROW`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

KERNELS = Path(__file__).resolve().parents[1] / "src" / "diptych" / "kernels"
WIDTH = 8
ROW = {"left_s": 27, "inverse_beta": 28, "use": 29, "z": 30, "r": 33, "nis": 39, "is_positive": 40}
ROWS = 41
EXP_TERMS = 10  # of exp(t / 64), |t| <= 18, then squared six times: 1e-12 relative

VACUUM_HEAD = '''"""Written by tools/build_filter_lanes.py, do not edit: filter lanes above the air, and their update.

`predict_vacuum` is one step of `filters.predict` where no lane can meet air within it, `update_step` is
`filters.update`; both for WIDTH tracks at once. See `filter_lanes` for the rows and the callers.
"""

from math import sqrt

from diptych.kernels.ballistic import Floats
from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M
from diptych.kernels.filters import COAST_NOISE_M2_S3, STEP_VACUUM_S
from diptych.kernels.fused import fma
from diptych.kernels.jit import kernel

WIDTH = {width}
J2_TERM = 1.5 * J2 * WGS84_A_M * WGS84_A_M
SPIN2 = OMEGA_RAD_S * OMEGA_RAD_S
SPIN = 2.0 * OMEGA_RAD_S
SIXTH = 1.0 / 6.0
THIRD = 1.0 / 3.0


'''
AIR_HEAD = '''"""Written by tools/build_filter_lanes.py, do not edit: filter lanes of which some may meet air.

`predict_air` is one step of `filters.predict` for WIDTH tracks at once. See `filter_lanes` for rows and callers.
"""

from math import sqrt

from diptych.kernels.ballistic import AIR_HALF_M, AIR_LN, AIR_LOWEST_M, VACUUM_M, Floats
from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M, WGS84_B_M
from diptych.kernels.filters import COAST_NOISE_M2_S3, DRAG_MEMORY_S, DRAG_SHARE, STEP_AIR_S, STEP_VACUUM_S
from diptych.kernels.fused import fma
from diptych.kernels.jit import kernel

WIDTH = {width}
J2_TERM = 1.5 * J2 * WGS84_A_M * WGS84_A_M
SPIN2 = OMEGA_RAD_S * OMEGA_RAD_S
SPIN = 2.0 * OMEGA_RAD_S
PER_A2 = 1.0 / (WGS84_A_M * WGS84_A_M)
PER_B2 = 1.0 / (WGS84_B_M * WGS84_B_M)
PER_HALF = 1.0 / AIR_HALF_M
{powers}
SIXTH = 1.0 / 6.0
THIRD = 1.0 / 3.0


'''

TRIANGLE = {}
for _i in range(6):
    for _j in range(_i, 6):
        TRIANGLE[_i, _j] = TRIANGLE[_j, _i] = 6 + len(set(TRIANGLE.values()))


def p(i: int, j: int) -> str:
    """Return the name of a covariance element, whichever way its indices come."""
    return f"p{min(i, j)}{max(i, j)}"


def dot(pairs: Iterable[tuple[str, str]], plus: str | None = None) -> str:
    """Return plus + sum of a * b as a chain of fused operations; the factor "1.0" is left out."""
    total = plus
    for a, b in pairs:
        if total is None:
            total = a if b == "1.0" else f"{a} * {b}"
        else:
            total = f"({total} + {a})" if b == "1.0" else f"fma({a}, {b}, {total})"
    assert total is not None
    return total


def mixed(first: list[str], second: list[str]) -> list[str]:
    """Return both lists, each in its order, spread evenly among each other."""
    keyed = [((k + 0.5) / len(lines), which, line) for which, lines in enumerate((first, second))
             for k, line in enumerate(lines)]  # fmt: skip
    return [line for _, _, line in sorted(keyed, key=lambda entry: entry[:2])]


class Step:
    """One generated function: its lines, and the places of its rows for one width."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        self.lines.append(line)

    def row(self, number: int) -> str:
        return f"s[{number * self.width} + lane]"

    def load(self) -> None:
        for i in range(6):
            self.say(f"x{i} = {self.row(i)}")
        for i in range(6):
            for j in range(i, 6):
                self.say(f"{p(i, j)} = {self.row(TRIANGLE[i, j])}")

    def taken(self) -> list[str]:
        """Return the lines so far and start afresh."""
        lines, self.lines = self.lines, []
        return lines


def _accelerate(step: Step, stage: int, names: list[str], *, in_air: bool) -> None:
    """Say the ECEF acceleration a{stage}_0..2 at a state with these names: `ballistic.acceleration`."""
    say = step.say
    x, y, z, u, v, w = names
    out = [f"a{stage}_{i}" for i in range(3)]
    say(f"q = {dot([(x, x), (y, y)])}")
    say(f"zz = {z} * {z}")
    say("r2 = q + zz")
    if stage == 1:
        say("i2 = 1.0 / r2")
        say("i1 = sqrt(i2)")
        say("m = MU_M3_S2 * i2 * i1")
        say("first2 = i2")
        say("m1 = m")
        say("m3 = 3.0 * m * i2")
    else:
        # Within a step r^2 = r1^2 (1 + d) with d below 0.02: binomial series instead of a division and a root, which
        # would wait for each other in every stage. The first term left out is 3 d^7 of m and d^6 of J2's share.
        say("d = fma(r2, first2, -1.0)")
        say("dd = d * d")
        say("m = fma(2.9326171875, dd, fma(-2.70703125, d, 2.4609375))")
        say("m = fma(fma(m, dd, fma(-2.1875, d, 1.875)), dd, -1.5 * d)")
        say("m = fma(m1, m, m1)")
        say("i2 = fma(fma(fma(1.0 - d, dd, 1.0 - d), dd, -d), first2, first2)")
    say("mj = m * (J2_TERM * i2)")
    say("t = 5.0 * zz * i2")
    say("planar = SPIN2 - fma(mj, 1.0 - t, m)")
    say("polar = -fma(mj, 3.0 - t, m)")
    say(f"{out[0]} = fma(planar, {x}, SPIN * {v})")
    say(f"{out[1]} = fma(planar, {y}, -SPIN * {u})")
    say(f"{out[2]} = polar * {z}")
    if not in_air:
        return
    say("r = r2 * i1" if stage == 1 else "r = sqrt(r2)")
    say("height = r - r / sqrt(fma(zz, PER_B2, q * PER_A2))")
    # Heights outside -2 .. 120 km are clamped: above, drag is left out; below, nothing flies.
    say("e1 = fma(min(max(height, AIR_LOWEST_M), VACUUM_M), PER_HALF, -1.0)")
    say("e2 = e1 * e1")
    say("e4 = e2 * e2")
    for k in range(0, 12, 4):
        say(f"h{k} = fma(fma(AIR{k + 3}, e1, AIR{k + 2}), e2, fma(AIR{k + 1}, e1, AIR{k}))")
    say("e = fma(fma(fma(AIR12, e4, h8), e4, h4), e4, h0)")
    series = [1.0]
    for k in range(1, EXP_TERMS + 1):
        series.append(series[-1] / k)
    say(f"g = {series[-1]!r}")
    for k in range(EXP_TERMS - 1, -1, -1):
        say(f"g = fma(g, e, {series[k]!r})")
    for _ in range(6):
        say("g = g * g")
    say(f"speed = sqrt({dot([(u, u), (v, v), (w, w)])})")
    say("k = (0.5 if height < VACUUM_M else 0.0) * g * speed * inverse_beta")
    for i, velocity in enumerate((u, v, w)):
        say(f"{out[i]} = fma(-k, {velocity}, {out[i]})")
    if stage == 1:
        say("k1 = k")
        say("speed1 = speed")
        say("longest = STEP_AIR_S if height < VACUUM_M else STEP_VACUUM_S")


def _runge_kutta(step: Step, *, in_air: bool) -> None:
    """Say stages two to four and the new state."""
    for stage in (2, 3, 4):
        c = "h" if stage == 4 else "hh"
        for i in range(3):
            step.say(f"q{stage}_{i} = fma({c}, {f'x{i + 3}' if stage == 2 else f'v{stage - 1}_{i}'}, x{i})")
        for i in range(3):
            step.say(f"v{stage}_{i} = fma({c}, a{stage - 1}_{i}, x{i + 3})")
        names = [f"q{stage}_{i}" for i in range(3)] + [f"v{stage}_{i}" for i in range(3)]
        _accelerate(step, stage, names, in_air=in_air)
    step.say("h6 = h * SIXTH")
    for i in range(3):
        step.say(f"{step.row(i)} = fma(h6, x{i + 3} + 2.0 * (v2_{i} + v3_{i}) + v4_{i}, x{i}) + 0.0")
        step.say(f"{step.row(i + 3)} = fma(h6, a1_{i} + 2.0 * (a2_{i} + a3_{i}) + a4_{i}, x{i + 3}) + 0.0")


def _gradients(step: Step, *, in_air: bool) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str]]:
    """Say da/dr and da/dv at the start (`ballistic.gradients`) and return the names of their elements."""
    say = step.say
    by_place = {}
    for i in range(3):
        say(f"b{i} = m3 * x{i}")
    for i in range(3):
        for j in range(i, 3):
            say(f"g{i}{j} = {dot([(f'b{i}', f'x{j}')], ('-m1' if i == 2 else '(SPIN2 - m1)') if i == j else None)}")
            by_place[i, j] = by_place[j, i] = f"g{i}{j}"
    by_speed = {(0, 1): "SPIN", (1, 0): "-SPIN"}
    if in_air:
        say("kv = k1 / fma(speed1, speed1, 1e-9)")
        for i in range(3):
            say(f"d{i} = kv * x{i + 3}")
        for i in range(3):
            for j in range(i, 3):
                say(f"c{i}{j} = {dot([(f'-d{i}', f'x{j + 3}')], '-k1' if i == j else None)}")
                by_speed[i, j] = by_speed[j, i] = f"c{i}{j}"
        say("c10 = c01 - SPIN")
        say("c01 = c01 + SPIN")
        by_speed[1, 0] = "c10"
    return by_place, by_speed


def _covariance(step: Step, *, in_air: bool) -> None:
    """Say Phi = I + A h + A^2 h^2 / 2 (`filters._transition`) and P' = Phi P Phi^T + Q."""
    say = step.say
    g, c = _gradients(step, in_air=in_air)
    f: dict[tuple[int, int], str] = {}
    for i in range(3):
        for j in range(3):
            say(f"f{i}{j} = {dot([('h2', g[i, j])], '1.0' if i == j else None)}")
            f[i, j] = f"f{i}{j}"
            if (i, j) in c:
                say(f"f{i}{j + 3} = {dot([('h2', c[i, j])], 'h' if i == j else None)}")
                f[i, j + 3] = f"f{i}{j + 3}"
            elif i == j:
                f[i, j + 3] = "h"
            cg = [(c[i, k], g[k, j]) for k in range(3) if (i, k) in c]
            if cg:
                say(f"cg = {dot(cg)}")
            say(f"f{i + 3}{j} = {dot([('h2', 'cg')] if cg else [], f'h * {g[i, j]}')}")
            f[i + 3, j] = f"f{i + 3}{j}"
            say(f"cc = {dot([(c[i, k], c[k, j]) for k in range(3) if (i, k) in c and (k, j) in c], g[i, j])}")
            terms = [("h", c[i, j])] if (i, j) in c else []
            say(f"f{i + 3}{j + 3} = {dot([*terms, ('h2', 'cc')], '1.0' if i == j else None)}")
            f[i + 3, j + 3] = f"f{i + 3}{j + 3}"
    if in_air:
        say("drag = DRAG_SHARE * k1 * speed1")
        say("n = fma(drag * drag, DRAG_MEMORY_S, COAST_NOISE_M2_S3)")
    else:
        say("n = COAST_NOISE_M2_S3")
    say("nv = n * h")
    say("nc = nv * hh")
    say("np = nv * h * h * THIRD")
    for i in range(6):
        for j in range(6):
            say(f"t{i}{j} = {dot((f[i, k], p(k, j)) for k in range(6) if (i, k) in f)}")
    for i in range(6):
        for j in range(i, 6):
            noise = ("np" if i < 3 else "nv") if i == j else ("nc" if j == i + 3 else None)
            new = dot(((f"t{i}{k}", f[j, k]) for k in range(6) if (j, k) in f), noise)
            say(f"{step.row(TRIANGLE[i, j])} = {new} + 0.0")
    say(f"{step.row(ROW['left_s'])} = left_s - h")


def predict_lines(width: int, *, in_air: bool) -> list[str]:
    """Return the body of one step of the prediction."""
    step = Step(width)
    step.load()
    step.say(f"left_s = {step.row(ROW['left_s'])}")
    if in_air:
        step.say(f"inverse_beta = {step.row(ROW['inverse_beta'])}")
    _accelerate(step, 1, [f"x{i}" for i in range(6)], in_air=in_air)
    step.say(f"h = min(left_s, {'longest' if in_air else 'STEP_VACUUM_S'})")
    step.say("h = left_s if left_s - h < 1e-9 else h")
    step.say("hh = 0.5 * h")
    step.say("h2 = hh * h")
    head = step.taken()
    _runge_kutta(step, in_air=in_air)
    chain = step.taken()
    _covariance(step, in_air=in_air)
    return head + mixed(chain, step.taken())


def update_lines(width: int) -> list[str]:
    """Return the body of the update by a position: `filters.update`, with `use` = 0 leaving the lane as it is."""
    step = Step(width)
    say, row = step.say, step.row
    step.load()
    say(f"use = {row(ROW['use'])}")
    for i in range(3):
        say(f"y{i} = {row(ROW['z'] + i)} - x{i}")
    number = 0
    for i in range(3):
        for j in range(i, 3):
            say(f"s{i}{j} = {p(i, j)} + {row(ROW['r'] + number)}")
            number += 1
    say("c00 = fma(s11, s22, -(s12 * s12))")
    say("c01 = fma(s02, s12, -(s01 * s22))")
    say("c02 = fma(s01, s12, -(s02 * s11))")
    say("c22 = fma(s00, s11, -(s01 * s01))")
    say(f"det = {dot([('s00', 'c00'), ('s01', 'c01'), ('s02', 'c02')])}")
    say("is_positive = 1.0 if min(min(s00, c22), det) > 0.0 else 0.0")
    say("inverse = use * is_positive / (det if is_positive > 0.0 else 1.0)")
    for name, value in (("i00", "c00"), ("i01", "c01"), ("i02", "c02"), ("i22", "c22"),
                        ("i11", "fma(s00, s22, -(s02 * s02))"), ("i12", "fma(s01, s02, -(s00 * s12))")):  # fmt: skip
        say(f"{name} = {value} * inverse")
    inverse = {(i, j): f"i{min(i, j)}{max(i, j)}" for i in range(3) for j in range(3)}
    for i in range(3):
        say(f"w{i} = {dot((inverse[i, k], f'y{k}') for k in range(3))}")
    for i in range(6):
        say(f"{row(i)} = {dot(((p(i, k), f'w{k}') for k in range(3)), f'x{i}')} + 0.0")
        for k in range(3):
            say(f"k{i}{k} = -({dot((p(i, n), inverse[n, k]) for n in range(3))})")
    for i in range(6):
        for j in range(i, 6):
            say(f"{row(TRIANGLE[i, j])} = {dot(((f'k{i}{k}', p(j, k)) for k in range(3)), p(i, j))} + 0.0")
    say(f"{row(ROW['nis'])} = {dot((f'y{k}', f'w{k}') for k in range(3))}")
    say(f"{row(ROW['is_positive'])} = is_positive")
    return step.lines


def function(name: str, text: str, lines: list[str]) -> str:
    """Return the source of one kernel."""
    body = "\n".join(f"        {line}" for line in lines)
    return f'@kernel\ndef {name}(s: Floats) -> None:\n    """{text}"""\n    for lane in range(WIDTH):\n{body}\n'


def vacuum_source(width: int = WIDTH) -> str:
    """Return the module of the lanes above the air."""
    predict = function(
        "predict_vacuum", "Advance a block of lanes by one step each, all above the air.",
        predict_lines(width, in_air=False),
    )  # fmt: skip
    update = function("update_step", "Take each lane's position into it where `use` is 1.", update_lines(width))
    return VACUUM_HEAD.format(width=width) + predict + "\n\n" + update


def air_source(width: int = WIDTH) -> str:
    """Return the module of the lanes that may meet air."""
    text = "Advance a block of lanes by one step each, anywhere."
    powers = "\n".join(f"AIR{k} = AIR_LN[{k}] / 64.0" for k in range(13))
    head = AIR_HEAD.format(width=width, powers=powers)
    return head + function("predict_air", text, predict_lines(width, in_air=True))


def laid_out(source: str) -> str:
    """Return the source as `make format` would leave it."""
    ruff = Path(sys.executable).parent / "ruff"
    command = [str(ruff), "format", "--stdin-filename", str(KERNELS / "written.py"), "-"]
    return subprocess.run(command, input=source, check=True, capture_output=True, text=True).stdout


def main() -> None:
    """Write both modules; the same program gives the same bytes."""
    for name, source in (("filter_lane_vacuum.py", vacuum_source()), ("filter_lane_air.py", air_source())):
        (KERNELS / name).write_text(laid_out(source))
        print(f"{name}: {source.count(chr(10))} lines")


if __name__ == "__main__":
    main()
