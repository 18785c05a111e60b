"""Write the straight-line steps of the flight lanes: src/diptych/kernels/lane_step.py.

usage: python tools/build_lanes.py

One Dormand-Prince 8(5,3) step for WIDTH trajectories, all stages unrolled, in one loop over lanes with no branch in it,
which compilers turn into vector instructions. Three steps are written from the same lines: `coast_step` (no thrust),
`boost_step` (thrust; a coasting lane gets the same bytes as from `coast_step`) and `dense_step` (the same with the
polynomial of seventh degree inside the step). Sums of products are chains of `fma`, so that the answer does not depend
on what a compiler fuses. `tests/unit/kernels/test_lanes.py` proves that what is committed is what this program writes,
and `source` makes the same program of another width, or with another density, for tests and benchmarks.

The coefficients are those of DOP853 as `scipy.integrate` carries them. Source: Hairer, Norsett, Wanner, Solving
Ordinary Differential Equations I, 2nd ed., section II.10.
"""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

from scipy.integrate._ivp import dop853_coefficients as dop

from diptych.kernels.atmosphere import US76_SMOOTH_END, US76_SMOOTH_JOINT, US76_SMOOTH_LN, US76_SMOOTH_SLOPE

TARGET = Path(__file__).resolve().parents[1] / "src" / "diptych" / "kernels" / "lane_step.py"
WIDTH = 8
STAGES = 12

# Rows of the lane array, in order; each holds WIDTH numbers. K0 is the acceleration at the start of a step, NEW and K12
# the state and acceleration at its end, F the seven vectors of the dense polynomial.
ROW_NAMES = [
    ("Y", 6), ("K0", 3), ("NEW", 6), ("K12", 3), ("H", 1), ("T", 1), ("J2_TERM", 1), ("AREA", 1),
    ("THRUST", 1), ("FLOW", 1), ("MASS", 1), ("SINCE", 1), ("UX", 1), ("UY", 1), ("UZ", 1), ("TURN", 1),
    ("ERROR", 1), ("FACTOR", 1), ("NEW_HEIGHT", 1), ("NEW_CLIMB", 1), ("PRESSURE", 1), ("F", 42),
    ("HEIGHT", 1), ("CLIMB", 1), ("END", 1), ("SAMPLE", 1), ("GROWTH", 1), ("STEPS", 1), ("SIDE", 1), ("LANDING", 1),
    ("POWERED", 1), ("MOST_PRESSURE", 1), ("NEW_T", 1), ("NEXT_H", 1), ("GOOD", 1), ("FLAG", 1), ("KEPT_H", 1),
]  # fmt: skip
ROWS: dict[str, int] = {}
_count = 0
for _name, _size in ROW_NAMES:
    ROWS[_name] = _count
    _count += _size
ROW_COUNT = _count

HEAD = '''"""Written by tools/build_lanes.py, do not edit: one DOP853 step for WIDTH trajectories at once.

`coast_step`, `boost_step` and `dense_step` read state (Y), its acceleration (K0), step length (H) and the phase of each
lane and write the state at the end (NEW), its acceleration (K12), the error in units of the Earth's radius and circular
speed (ERROR) and its power -1/8 (FACTOR), height, climb rate and dynamic pressure at the end; `dense_step` also the
polynomial inside the step (F). `slope` writes one lane's first acceleration. Who decides what to do with a step is
`lanes`. Frame ECEF; forces: gravity with J2_TERM, rotation, drag on the smooth standard atmosphere, thrust.
"""

import numpy as np
from numpy.typing import NDArray

{imports}from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M
from diptych.kernels.fused import fma
from diptych.kernels.jit import inlined

F8 = NDArray[np.float64]

WIDTH = {width}
ROWS = {rows}
{row_lines}
SPEED_UNIT_MPS = 7905.365  # sqrt(mu / a)
FULL_J2_TERM = 1.5 * J2 * WGS84_A_M * WGS84_A_M
SPIN2 = OMEGA_RAD_S * OMEGA_RAD_S
SPIN = 2.0 * OMEGA_RAD_S
BOTTOM_M = -2000.0  # the density is constant below
JOINT_X = {joint}  # where the polynomial of `us76_smooth_density` goes over into a straight line, and its slope, ln 2
SLOPE_X = {slope}
END_X = {end}
PER_A = 1.0 / WGS84_A_M
PER_SPEED = 1.0 / SPEED_UNIT_MPS
# Distance from the centre to the ellipsoid, m, as a polynomial in (z/r)^2: a / sqrt(1 + e'^2 s), to 1e-7 m.
R0, R1, R2, R3, R4 = {radius}


@inlined
def inverse_sqrt(x: float) -> float:
    """1 / sqrt(x) for x > 0 to 2 units in the last place: bit trick for 3 %, then two steps of fourth order.

    Multiplications only, which vectors do eight at a time where a division and a root would wait.
    """
    y: float = np.int64(np.int64(0x5FE6EB50C7B537A9) - (np.float64(x).view(np.int64) >> np.int64(1))).view(np.float64)
    e = fma(-x * y, y, 1.0)
    y = fma(y * e, fma(fma(0.3125, e, 0.375), e, 0.5), y)
    e = fma(-x * y, y, 1.0)
    return fma(y * e, fma(fma(0.3125, e, 0.375), e, 0.5), y)


@inlined
def power_of_two(s: float) -> float:
    """2^s for |s| < 1000: the whole part into the exponent, the rest by its series to the eleventh term (4e-15)."""
    whole = s + 6755399441055744.0  # 1.5 * 2^52: the sum is rounded to a whole number
    a = s - (whole - 6755399441055744.0)
    a2 = a * a
    a4 = a2 * a2
    a8 = a4 * a4
    p = {exp2}
    power: float = np.int64((np.float64(whole).view(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)
    return p * power


'''


def number(x: float) -> str:
    """Return a float as source text that reads back exactly."""
    return repr(float(x))


def chain(terms: list[tuple[float, str]]) -> str:
    """Return sum(c * name) as nested fma, left to right; zero coefficients are left out."""
    used = [(c, name) for c, name in terms if c != 0.0]
    text = f"{number(used[0][0])} * {used[0][1]}"
    for c, name in used[1:]:
        text = f"fma({number(c)}, {name}, {text})"
    return text


def estrin(coefficients: list[float], x: str, powers: list[str]) -> str:
    """Return a polynomial in Estrin's order; `powers` names x^2, x^4, x^8, .. as far as they are needed."""
    parts = [
        f"fma({number(coefficients[i + 1])}, {x}, {number(coefficients[i])})"
        if i + 1 < len(coefficients)
        else number(coefficients[i])
        for i in range(0, len(coefficients), 2)
    ]
    for power in powers:
        parts = [
            f"fma({parts[i + 1]}, {power}, {parts[i]})" if i + 1 < len(parts) else parts[i]
            for i in range(0, len(parts), 2)
        ]
    assert len(parts) == 1
    return parts[0]


# (z/r)^2 powers of a / sqrt(1 + e'^2 s): Chebyshev interpolation of degree 4, written out once; the test measures it.
RADIUS = (6378136.999999953, -21492.716764536784, 108.63755410279094, -0.6100882137322677, 0.0035439079606503594)


def rates(*, is_boost: bool, is_end: bool, density: str) -> str:
    """Return the source of the function that gives the acceleration of one point."""
    lines = [
        "z2 = z * z",
        "r2 = fma(x, x, fma(y, y, z2))",
        "ir = inverse_sqrt(r2)",
        "v2 = fma(u, u, fma(v, v, w * w))",
        "iv = inverse_sqrt(v2 + 1e-280)",
        "ir2 = ir * ir",
        "s = z2 * ir2",
        "s2 = s * s",
        "height = fma(r2, ir, -fma(s2, fma(s2, R4, fma(s, R3, R2)), fma(s, R1, R0)))",
        "g = -MU_M3_S2 * ir2 * ir",
        "gc = g * (j2_term * ir2)",
        "gz = fma(gc, fma(-5.0, s, 3.0), g)",
        "gx = fma(gc, -2.0, gz) + SPIN2",
    ]
    if density == "us76_smooth":
        binary = [c / math.log(2.0) for c in US76_SMOOTH_LN]
        lines += [
            f"reach = min(fma(max(height, BOTTOM_M), {number(1.0 / 76000.0)}, {number(-74.0 / 76.0)}), END_X)",
            "q = min(reach, JOINT_X)",
            "q2 = q * q",
            "q4 = q2 * q2",
            "q8 = q4 * q4",
        ]
        lines += [f"a{i} = fma({number(binary[2 * i + 1])}, q, {number(binary[2 * i])})" for i in range(9)]
        lines += [f"b{i} = fma(a{2 * i + 1}, q2, a{2 * i})" for i in range(4)]
        lines += [
            f"b4 = fma({number(binary[18])}, q2, a8)",
            "fit = fma(fma(b4, q8, fma(b3, q4, b2)), q8, fma(b1, q4, b0))",
            "density = power_of_two(fma(SLOPE_X, reach - q, fit))",
        ]
    else:  # exact layers: branches, so slow; for tests and benchmarks
        lines += ["density = us76(max(height, BOTTOM_M))[2]"]
    if is_boost:
        lines += ["im = 1.0 / fma(-flow, tl, mass)", "d = -0.5 * area * density * (v2 * iv) * im"]
    else:
        lines += ["d = -0.5 * area * density * (v2 * iv)"]
    if is_boost:
        lines += ["f = thrust * im", "d = fma(f * turn, iv, d)"]
    lines += [
        "ax = fma(gx, x, fma(SPIN, v, d * u))",
        "ay = fma(gx, y, fma(-SPIN, u, d * v))",
        "az = fma(gz, z, d * w)",
    ]
    if is_boost:
        lines += ["ax = fma(f, ux, ax)", "ay = fma(f, uy, ay)", "az = fma(f, uz, az)"]
    result = "ax, ay, az"
    if is_end:
        lines += [
            "pressure = 0.5 * density * v2",
            "rise = fma(x, u, fma(y, v, z * w)) * ir",
            "slope_of_radius = fma(s2, fma(s, 4.0 * R4, 3.0 * R3), fma(s, 2.0 * R2, R1))",
            "climb = fma(-slope_of_radius, 2.0 * (z * ir2) * fma(-(z * ir), rise, w), rise)",
        ]
        result += ", height, climb, pressure"
    names = "x y z u v w j2_term area" + (" tl thrust flow mass ux uy uz turn" if is_boost else "")
    arguments = ", ".join(f"{name}: float" for name in names.split())
    name = ("boost" if is_boost else "coast") + ("_end" if is_end else "_rates")
    what = "acceleration" + (", height, climb rate and dynamic pressure" if is_end else "")
    about = "under thrust" if is_boost else "without thrust"
    returns = ", ".join(["float"] * len(result.split(",")))
    body = "\n    ".join(lines)
    return (
        f"@inlined\ndef {name}({arguments}) -> tuple[{returns}]:\n"
        f'    """Return the {what} of a point {about}."""\n    {body}\n    return {result}\n\n\n'
    )


def combination(name: str, coefficients: list[float], about: str, *, is_state: bool) -> tuple[str, list[int]]:
    """Return the source of one linear combination of slopes, and which slopes it uses."""
    used = [j for j, c in enumerate(coefficients) if c != 0.0]
    arguments = ", ".join((["h: float", "y: float"] if is_state else []) + [f"k{j}: float" for j in used])
    value = chain([(coefficients[j], f"k{j}") for j in used])
    value = f"fma(h, {value}, y)" if is_state else value
    return f'@inlined\ndef {name}({arguments}) -> float:\n    """{about}"""\n    return {value}\n\n\n', used


def step(kind: str, used: dict[str, list[int]]) -> str:
    """Return the source of one step of all lanes: kind is coast, boost or dense."""
    is_boost = kind != "coast"
    forces = "boost" if is_boost else "coast"
    out: list[str] = []

    def row(name: str, c: int = 0) -> str:
        return f"z[{ROWS[name] + c} * WIDTH + i]"

    def slopes(names: list[int], c: int) -> str:
        return ", ".join(f"k{j}_{c}" for j in names)

    def call(point: str, j: str, fraction: float, end: str = "_rates") -> str:
        extra = ""
        if is_boost:
            extra = f", fma({number(fraction)}, h, tl), thrust, flow, mass, ux, uy, uz, turn"
        return f"{forces}{end}({point}0, {point}1, {point}2, {j}_0, {j}_1, {j}_2, j2_term, area{extra})"

    out += [f"h = {row('H')}", f"j2_term = {row('J2_TERM')}", f"area = {row('AREA')}"]
    if is_boost:
        out += [f"tl = {row('T')} - {row('SINCE')}"]
        out += [f"{name} = {row(name.upper())}" for name in ("thrust", "flow", "mass", "ux", "uy", "uz", "turn")]
    out += [f"y{c} = {row('Y', c)}" for c in range(6)]
    out += [f"k0_{c} = y{3 + c}" for c in range(3)] + [f"k0_{3 + c} = {row('K0', c)}" for c in range(3)]
    for i in range(1, STAGES):
        names = used[f"stage{i}"]
        out += [f"p{c} = stage{i}(h, y{c}, {slopes(names, c)})" for c in range(3)]
        out += [f"k{i}_{c} = stage{i}(h, y{3 + c}, {slopes(names, 3 + c)})" for c in range(3)]
        out += [f"k{i}_3, k{i}_4, k{i}_5 = {call('p', f'k{i}', float(dop.C[i]))}"]
    out += [f"n{c} = stage12(h, y{c}, {slopes(used['stage12'], c)})" for c in range(3)]
    out += [f"k12_{c} = stage12(h, y{3 + c}, {slopes(used['stage12'], 3 + c)})" for c in range(3)]
    out += [f"k12_3, k12_4, k12_5, height, climb, pressure = {call('n', 'k12', 1.0, '_end')}", "e5 = 0.0", "e3 = 0.0"]
    for c in range(6):
        unit = "PER_A" if c < 3 else "PER_SPEED"
        out += [f"e = {unit} * error5({slopes(used['error5'], c)})", "e5 = fma(e, e, e5)"]
        out += [f"e = {unit} * error3({slopes(used['error3'], c)})", "e3 = fma(e, e, e3)"]
    out += [
        "error = h * e5 * inverse_sqrt(fma(0.06, e3, 6.0 * e5) + 1e-280)",
        "root2 = inverse_sqrt(error + 1e-25)",
        "root4 = root2 * inverse_sqrt(root2)",
        "root8 = root4 * inverse_sqrt(root4)",  # error^(-1/8): 1/2, then -1/4, then -1/8 in the exponent
        f"{row('ERROR')} = error",
        f"{row('FACTOR')} = root8",
        f"{row('NEW_HEIGHT')} = height",
        f"{row('NEW_CLIMB')} = climb",
        f"{row('PRESSURE')} = pressure",
    ]
    out += [f"{row('NEW', c)} = n{c}" for c in range(3)] + [f"{row('NEW', 3 + c)} = k12_{c}" for c in range(3)]
    out += [f"{row('K12', c)} = k12_{3 + c}" for c in range(3)]
    if kind == "dense":
        for i in range(13, 16):
            names = used[f"stage{i}"]
            out += [f"p{c} = stage{i}(h, y{c}, {slopes(names, c)})" for c in range(3)]
            out += [f"k{i}_{c} = stage{i}(h, y{3 + c}, {slopes(names, 3 + c)})" for c in range(3)]
            out += [f"k{i}_3, k{i}_4, k{i}_5 = {call('p', f'k{i}', float(dop.C[i]))}"]
        for c in range(6):
            end = f"n{c}" if c < 3 else f"k12_{c - 3}"
            out += [
                f"f0 = {end} - y{c}",
                f"f1 = fma(h, k0_{c}, -f0)",
                f"{row('F', c)} = f0",
                f"{row('F', 6 + c)} = f1",
                f"{row('F', 12 + c)} = fma(-h, k12_{c} + k0_{c}, 2.0 * f0)",
            ]
            out += [f"{row('F', 18 + 6 * d + c)} = h * dense{d}({slopes(used[f'dense{d}'], c)})" for d in range(4)]
    about = {
        "coast": "Try one step of every lane, no thrust.",
        "boost": "Try one step of every lane, with thrust.",
        "dense": "Try one step of every lane, with thrust, and write the polynomial inside it.",
    }[kind]
    body = "\n        ".join(out)
    head = f'@inlined\ndef {kind}_step(z: F8) -> None:\n    """{about}"""\n    for i in range(WIDTH):\n        '
    return head + body + "\n\n\n"


SLOPE = '''@inlined
def slope(z: F8, i: int) -> None:
    """Write acceleration, height and climb rate of lane i at its state NEW and time NEW_T into K12 and the like."""
    ax, ay, az, height, climb, _ = boost_end(
        {state}, z[{J2_TERM} * WIDTH + i], z[{AREA} * WIDTH + i],
        z[{NEW_T} * WIDTH + i] - z[{SINCE} * WIDTH + i], {phase}
    )
    z[{K12} * WIDTH + i] = ax
    z[{K12Y} * WIDTH + i] = ay
    z[{K12Z} * WIDTH + i] = az
    z[{NEW_HEIGHT} * WIDTH + i] = height
    z[{NEW_CLIMB} * WIDTH + i] = climb
'''


def source(width: int = WIDTH, density: str = "us76_smooth") -> str:
    """Return the whole module for a number of lanes and a density: us76_smooth, or us76 (exact layers)."""
    used: dict[str, list[int]] = {}
    parts = []
    for i in range(1, STAGES + 1):
        coefficients = list(dop.A[i][:i]) if i < STAGES else list(dop.B)
        about = f"Return a component at {'the end' if i == STAGES else f'stage {i}'} of the step."
        text, used[f"stage{i}"] = combination(f"stage{i}", coefficients, about, is_state=True)
        parts.append(text)
    for i in range(13, 16):
        about = f"Return a component at stage {i}, which only the polynomial inside the step needs."
        text, used[f"stage{i}"] = combination(f"stage{i}", list(dop.A[i][:i]), about, is_state=True)
        parts.append(text)
    for name, coefficients, order in (("error5", dop.E5, "fifth"), ("error3", dop.E3, "third")):
        about = f"Return the error estimate of {order} order of a component, per step length."
        text, used[name] = combination(name, list(coefficients[:12]), about, is_state=False)
        parts.append(text)
    for d in range(4):
        about = f"Return coefficient {d + 3} of the polynomial inside the step, per step length."
        text, used[f"dense{d}"] = combination(f"dense{d}", list(dop.D[d]), about, is_state=False)
        parts.append(text)
    for is_boost in (False, True):
        for is_end in (False, True):
            parts.append(rates(is_boost=is_boost, is_end=is_end, density=density))
    parts += [step(kind, used) for kind in ("coast", "boost", "dense")]
    ln2 = [math.log(2.0) ** i / math.factorial(i) for i in range(12)]
    phase = [f"z[{ROWS[name]} * WIDTH + i]" for name in ("THRUST", "FLOW", "MASS", "UX", "UY", "UZ", "TURN")]
    parts.append(
        SLOPE.format(
            state=", ".join(f"z[{ROWS['NEW'] + c} * WIDTH + i]" for c in range(6)),
            phase=", ".join(phase),
            K12Y=ROWS["K12"] + 1,
            K12Z=ROWS["K12"] + 2,
            **ROWS,
        )
    )
    head = HEAD.format(
        width=width,
        rows=ROW_COUNT,
        row_lines="\n".join(f"{name} = {ROWS[name]}" for name, _ in ROW_NAMES),
        joint=number(US76_SMOOTH_JOINT),
        slope=number(US76_SMOOTH_SLOPE / math.log(2.0)),
        end=number(US76_SMOOTH_END),
        radius=", ".join(number(c) for c in RADIUS),
        exp2=estrin(ln2, "a", ["a2", "a4", "a8"]),
        imports="from diptych.kernels.atmosphere import us76\n" if density == "us76" else "",
    )
    return formatted(head + "".join(parts))


def formatted(text: str) -> str:
    """Return source as `ruff format` writes it."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(TARGET), "-"],
        input=text,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def main() -> None:
    """Write the module."""
    TARGET.write_text(source(), encoding="utf-8")
    print(f"{TARGET.name}: {len(TARGET.read_text().splitlines())} lines")


if __name__ == "__main__":
    main()
