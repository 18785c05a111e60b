"""Plain twin of `kernels.filters` and `kernels.tracks`: NumPy matrices, the Joseph form, motion by SciPy.

Unlike the kernel: the state is advanced by DOP853 of an independently written acceleration in the inertial sense
(vectors and cross products), the transition matrix comes from the matrix exponential of a finite-difference Jacobian,
and the covariance update is Joseph's. The rules (initiation, window, verdict, return, confirmation) are written again
from the words of the module's docstring and constants.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp
from scipy.linalg import expm
from scipy.stats import lognorm

from diptych.kernels import filters as constants
from diptych.kernels.ballistic import AIR_LN, GENERIC_BETA_KG_M2
from diptych.kernels.filters import DRAG, THRUST
from diptych.model.tracker import SHIPPED

MU, OMEGA, J2, A_M = 3.986004418e14, np.array([0.0, 0.0, 7.292115e-5]), 1.08262982e-3, 6378137.0
B_M = A_M * (1 - 1 / 298.257223563)


def height(r):
    """Height over the ellipsoid along the radius."""
    surface = 1 / np.sqrt((r[0] ** 2 + r[1] ** 2) / A_M**2 + r[2] ** 2 / B_M**2)
    return np.linalg.norm(r) * (1 - surface)


def drag(r, v):
    """Size of the drag of the generic body, m/s2."""
    if height(r) >= 120e3:
        return 0.0
    density = np.exp(np.polyval(AIR_LN[::-1], max(height(r), -2e3) / 60e3 - 1.0))
    return 0.5 * density * (v @ v) / GENERIC_BETA_KG_M2


def rates(s, with_j2=True, kind=THRUST):
    """Time derivative of (6,) or (7,): the seventh is thrust along the velocity, or the drag factor."""
    r, v = s[:3], s[3:6]
    n = np.linalg.norm(r)
    a = -MU * r / n**3
    if with_j2:
        z2 = 5 * (r[2] / n) ** 2
        a -= 1.5 * J2 * MU * A_M**2 / n**5 * r * np.array([1 - z2, 1 - z2, 3 - z2])
    a += -2 * np.cross(OMEGA, v) - np.cross(OMEGA, np.cross(OMEGA, r))
    speed = np.linalg.norm(v) + 1e-9
    a -= drag(r, v) * v / speed * (s[6] if len(s) == 7 and kind == DRAG else 1.0)
    if len(s) == 7 and kind == THRUST:
        a += s[6] * v / speed
    return np.concatenate([v, a, np.zeros(len(s) - 6)])


def jacobian(s, kind):
    """Finite differences of the rates; the kernel leaves J2 out, and the density gradient except when it seeks drag."""
    n = len(s)
    out = np.zeros((n, n))
    for k in range(n):
        step = [10.0, 10.0, 10.0, 0.1, 0.1, 0.1, 0.01][k]
        up, down = s.copy(), s.copy()
        up[k] += step
        down[k] -= step
        out[:, k] = (rates(up, with_j2=False, kind=kind) - rates(down, with_j2=False, kind=kind)) / (2 * step)
    return out


@dataclass
class Gaussian:
    x: np.ndarray
    p: np.ndarray
    kind: int = THRUST

    def predict(self, dt_s, is_boost):
        n = len(self.x)
        noise = np.zeros((n, n))
        left = dt_s
        while left > 1e-12:
            h = min(left, constants.STEP_AIR_S if height(self.x[:3]) < 120e3 else constants.STEP_VACUUM_S)
            q, before, kind = constants.COAST_NOISE_M2_S3, height(self.x[:3]), self.kind
            if kind != DRAG:
                q += (constants.DRAG_SHARE * drag(self.x[:3], self.x[3:6])) ** 2 * constants.DRAG_MEMORY_S
            start = self.x
            self.x = solve_ivp(
                lambda _, s: rates(s, kind=self.kind), (0, h), self.x, method="DOP853", rtol=1e-11, atol=1e-6
            ).y[:, -1]
            phi = expm(jacobian((start + self.x) / 2 if kind == DRAG and before < 120e3 else start, kind) * h)
            noise = np.zeros((n, n))
            noise[:3, :3] = np.eye(3) * q * h**3 / 3
            noise[:3, 3:6] = noise[3:6, :3] = np.eye(3) * q * h**2 / 2
            noise[3:6, 3:6] = np.eye(3) * q * h
            if kind == DRAG and before < 120e3:
                noise[6, 6] = (SHIPPED.density_doubt * start[6]) ** 2 * abs(height(self.x[:3]) - before) / 7200.0
            self.p = phi @ self.p @ phi.T + noise
            left -= h
        if is_boost:
            gain = np.vstack([np.eye(3) * dt_s**2 / 2, np.eye(3) * dt_s])
            self.p = self.p + constants.BOOST_ACCELERATION_MPS2**2 * gain @ gain.T

    def update(self, z, r):
        n = len(self.x)
        h = np.hstack([np.eye(3), np.zeros((3, n - 3))])
        s = h @ self.p @ h.T + r
        k = self.p @ h.T @ np.linalg.inv(s)
        y = z - h @ self.x
        joseph = np.eye(n) - k @ h
        self.x = self.x + k @ y
        self.p = joseph @ self.p @ joseph.T + k @ r @ k.T
        if self.kind == DRAG and n == 7 and not 0.05 <= self.x[6] <= 20.0:
            held = np.clip(self.x[6], 0.05, 20.0)  # the nearest point as the covariance measures it
            self.x = self.x + self.p[:, 6] / self.p[6, 6] * (held - self.x[6])
        return y @ np.linalg.solve(s, y)


class Window:
    """The question whether there is thrust."""

    def __init__(self, start: Gaussian) -> None:
        p = np.zeros((7, 7))
        p[:6, :6] = start.p[:6, :6]
        p[6, 6] = constants.THRUST_PRIOR_MPS2**2
        self.filter = Gaussian(np.append(start.x[:6], 0.0), p)
        self.coast = Window.coasting(start)
        self.nis: list[float] = []

    def verdict(self) -> str:
        n, thrust, sigma = len(self.nis), self.filter.x[6], np.sqrt(self.filter.p[6, 6])
        if n >= 3 and np.mean(self.nis) > 3 + 4 * np.sqrt(6 / n):
            return "thrust"
        if n >= 3 and sigma < constants.REJECT_BELOW_MPS2 and thrust / sigma > constants.REJECT_SIGMA:
            return "thrust"
        if n >= constants.WINDOW_MIN and sigma < constants.THRUST_SIGMA_MPS2:
            return "thrust" if thrust / sigma > constants.DECIDE_SIGMA else "none"
        return "unknown"

    @staticmethod
    def coasting(start: Gaussian) -> Gaussian:
        """The boost filter's word taken for an object that coasts from here on; its drag is open."""
        p = np.zeros((7, 7))
        p[:6, :6] = start.p[:6, :6]
        prior = lognorm(np.log(SHIPPED.ballistic_coefficient_factor))
        p[6, 6] = prior.var()
        return Gaussian(np.append(start.x[:6], prior.mean()), p, DRAG)

    def take(self, dt_s, z, r, boost: Gaussian) -> None:
        """One detection; coasting starts anew as long as the window could not have noticed thrust."""
        self.filter.predict(dt_s, is_boost=False)
        self.nis.append(self.filter.update(z, r))
        if np.sqrt(self.filter.p[6, 6]) > constants.REJECT_BELOW_MPS2:
            self.coast = Window.coasting(boost)
        else:
            self.coast.predict(dt_s, is_boost=False)
            self.coast.update(z, r)


def follow(time_s, z, r, revisit_s):
    """Return (rows, confirmed_s): each row is (detection, state, covariance, is ballistic)."""
    rows = []
    confirmed_s = np.inf
    members: list[int] = []
    main = window = None
    ballistic, nis_mean = False, 3.0
    for i, now in enumerate(time_s):
        stale = bool(members) and (
            (len(members) < 3 and now - time_s[members[0]] > SHIPPED.initiate_within_s)
            or (not ballistic and now - time_s[members[-1]] > SHIPPED.drop_after_s)
        )
        if stale:
            members = []
        members.append(i)
        if len(members) == 1:
            p = np.zeros((6, 6))
            p[:3, :3], p[3:, 3:] = r[i], np.eye(3) * SHIPPED.speed_prior_mps**2
            main, window, ballistic = Gaussian(np.append(z[i], np.zeros(3)), p), None, False
            continue
        dt = now - time_s[members[-2]]
        main.predict(dt, is_boost=not ballistic)
        nis = main.update(z[i], r[i])
        if len(members) < 3:
            continue
        if ballistic:
            nis_mean = (1 - constants.NIS_MEMORY) * nis_mean + constants.NIS_MEMORY * nis
            if nis_mean > constants.NIS_LIMIT and (main.x[:3] @ main.x[3:6] > 0 or height(main.x[:3]) > 120e3):
                ballistic = False
                main = Gaussian(main.x[:6], main.p[:6, :6])
                spread = [constants.RETURN_POSITION_M**2] * 3 + [constants.RETURN_SPEED_MPS**2] * 3
                main.p = main.p + np.diag(spread)
                window = Window(main)
        elif window is None:
            window = Window(main)
        else:
            window.take(dt, z[i], r[i], main)
            said = window.verdict()
            if said == "thrust":
                window = Window(main)
            elif said == "none":
                main, ballistic, nis_mean = window.coast, True, 3.0
        last = members[-SHIPPED.confirm_count :]
        if (
            len(last) == SHIPPED.confirm_count
            and confirmed_s == np.inf
            and now - time_s[last[0]] <= SHIPPED.confirm_looks * max(revisit_s[j] for j in last)
        ):
            confirmed_s = now
        rows.append((i, main.x[:6].copy(), main.p[:6, :6].copy(), ballistic))
    return rows, confirmed_s
