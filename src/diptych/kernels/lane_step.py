"""Written by tools/build_lanes.py, do not edit: one DOP853 step for WIDTH trajectories at once.

`coast_step`, `boost_step` and `dense_step` read state (Y), its acceleration (K0), step length (H) and the phase of each
lane and write the state at the end (NEW), its acceleration (K12), the error in units of the Earth's radius and circular
speed (ERROR) and its power -1/8 (FACTOR), height, climb rate and dynamic pressure at the end; `dense_step` also the
polynomial inside the step (F). `slope` writes one lane's first acceleration. Who decides what to do with a step is
`lanes`. Frame ECEF; forces: gravity with J2_TERM, rotation, drag on the smooth standard atmosphere, thrust.
"""

import numpy as np
from numpy.typing import NDArray

from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M
from diptych.kernels.fused import fma
from diptych.kernels.jit import inlined

F8 = NDArray[np.float64]

WIDTH = 8
ROWS = 92
Y = 0
K0 = 6
NEW = 9
K12 = 15
H = 18
T = 19
J2_TERM = 20
AREA = 21
THRUST = 22
FLOW = 23
MASS = 24
SINCE = 25
UX = 26
UY = 27
UZ = 28
TURN = 29
ERROR = 30
FACTOR = 31
NEW_HEIGHT = 32
NEW_CLIMB = 33
PRESSURE = 34
F = 35
HEIGHT = 77
CLIMB = 78
END = 79
SAMPLE = 80
GROWTH = 81
STEPS = 82
SIDE = 83
LANDING = 84
POWERED = 85
MOST_PRESSURE = 86
NEW_T = 87
NEXT_H = 88
GOOD = 89
FLAG = 90
KEPT_H = 91
SPEED_UNIT_MPS = 7905.365  # sqrt(mu / a)
FULL_J2_TERM = 1.5 * J2 * WGS84_A_M * WGS84_A_M
SPIN2 = OMEGA_RAD_S * OMEGA_RAD_S
SPIN = 2.0 * OMEGA_RAD_S
BOTTOM_M = -2000.0  # the density is constant below
JOINT_X = 0.95  # where the polynomial of `us76_smooth_density` goes over into a straight line, and its slope, ln 2
SLOPE_X = -6.703371598647104
END_X = 140.0
PER_A = 1.0 / WGS84_A_M
PER_SPEED = 1.0 / SPEED_UNIT_MPS
# Distance from the centre to the ellipsoid, m, as a polynomial in (z/r)^2: a / sqrt(1 + e'^2 s), to 1e-7 m.
R0, R1, R2, R3, R4 = (
    6378136.999999953,
    -21492.716764536784,
    108.63755410279094,
    -0.6100882137322677,
    0.0035439079606503594,
)


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
    p = fma(
        fma(
            fma(4.44553827187081e-10, a, 7.054911620801121e-09),
            a2,
            fma(1.0178086009239696e-07, a, 1.3215486790144305e-06),
        ),
        a8,
        fma(
            fma(
                fma(1.5252733804059838e-05, a, 0.00015403530393381606),
                a2,
                fma(0.0013333558146428441, a, 0.009618129107628477),
            ),
            a4,
            fma(fma(0.055504108664821576, a, 0.2402265069591007), a2, fma(0.6931471805599453, a, 1.0)),
        ),
    )
    power: float = np.int64((np.float64(whole).view(np.int64) + np.int64(1023)) << np.int64(52)).view(np.float64)
    return p * power


@inlined
def stage1(h: float, y: float, k0: float) -> float:
    """Return a component at stage 1 of the step."""
    return fma(h, 0.05260015195876773 * k0, y)


@inlined
def stage2(h: float, y: float, k0: float, k1: float) -> float:
    """Return a component at stage 2 of the step."""
    return fma(h, fma(0.0591751709536137, k1, 0.0197250569845379 * k0), y)


@inlined
def stage3(h: float, y: float, k0: float, k2: float) -> float:
    """Return a component at stage 3 of the step."""
    return fma(h, fma(0.08876275643042054, k2, 0.02958758547680685 * k0), y)


@inlined
def stage4(h: float, y: float, k0: float, k2: float, k3: float) -> float:
    """Return a component at stage 4 of the step."""
    return fma(h, fma(0.924834003261792, k3, fma(-0.8845494793282861, k2, 0.2413651341592667 * k0)), y)


@inlined
def stage5(h: float, y: float, k0: float, k3: float, k4: float) -> float:
    """Return a component at stage 5 of the step."""
    return fma(h, fma(0.12546768756682242, k4, fma(0.17082860872947386, k3, 0.037037037037037035 * k0)), y)


@inlined
def stage6(h: float, y: float, k0: float, k3: float, k4: float, k5: float) -> float:
    """Return a component at stage 6 of the step."""
    return fma(
        h, fma(-0.017578125, k5, fma(0.06021653898045596, k4, fma(0.17025221101954405, k3, 0.037109375 * k0))), y
    )


@inlined
def stage7(h: float, y: float, k0: float, k3: float, k4: float, k5: float, k6: float) -> float:
    """Return a component at stage 7 of the step."""
    return fma(
        h,
        fma(
            0.008273789163814023,
            k6,
            fma(
                -0.015319437748624402,
                k5,
                fma(0.10726203044637328, k4, fma(0.17038392571223998, k3, 0.03709200011850479 * k0)),
            ),
        ),
        y,
    )


@inlined
def stage8(h: float, y: float, k0: float, k3: float, k4: float, k5: float, k6: float, k7: float) -> float:
    """Return a component at stage 8 of the step."""
    return fma(
        h,
        fma(
            -43.48988418106996,
            k7,
            fma(
                20.154067550477894,
                k6,
                fma(
                    27.59209969944671,
                    k5,
                    fma(-0.868219346841726, k4, fma(-3.3608926294469414, k3, 0.6241109587160757 * k0)),
                ),
            ),
        ),
        y,
    )


@inlined
def stage9(h: float, y: float, k0: float, k3: float, k4: float, k5: float, k6: float, k7: float, k8: float) -> float:
    """Return a component at stage 9 of the step."""
    return fma(
        h,
        fma(
            -0.020331201708508627,
            k8,
            fma(
                -33.28821096898486,
                k7,
                fma(
                    15.279233632882423,
                    k6,
                    fma(
                        21.230051448181193,
                        k5,
                        fma(-0.590290826836843, k4, fma(-2.4881146199716677, k3, 0.47766253643826434 * k0)),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def stage10(
    h: float, y: float, k0: float, k3: float, k4: float, k5: float, k6: float, k7: float, k8: float, k9: float
) -> float:
    """Return a component at stage 10 of the step."""
    return fma(
        h,
        fma(
            -3.0467644718982196,
            k9,
            fma(
                2.4936055526796523,
                k8,
                fma(
                    22.739487099350505,
                    k7,
                    fma(
                        -18.52006565999696,
                        k6,
                        fma(
                            -8.149787010746927,
                            k5,
                            fma(1.0914373489967295, k4, fma(5.186372428844064, k3, -0.9371424300859873 * k0)),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def stage11(
    h: float,
    y: float,
    k0: float,
    k3: float,
    k4: float,
    k5: float,
    k6: float,
    k7: float,
    k8: float,
    k9: float,
    k10: float,
) -> float:
    """Return a component at stage 11 of the step."""
    return fma(
        h,
        fma(
            0.6433927460157636,
            k10,
            fma(
                12.360567175794303,
                k9,
                fma(
                    -8.87285693353063,
                    k8,
                    fma(
                        -2.8589982771350235,
                        k7,
                        fma(
                            27.94888452941996,
                            k6,
                            fma(
                                -17.9589318631188,
                                k5,
                                fma(-2.0008720582248625, k4, fma(-10.53449546673725, k3, 2.273310147516538 * k0)),
                            ),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def stage12(
    h: float, y: float, k0: float, k5: float, k6: float, k7: float, k8: float, k9: float, k10: float, k11: float
) -> float:
    """Return a component at the end of the step."""
    return fma(
        h,
        fma(
            0.04471061572777259,
            k11,
            fma(
                0.20136540080403034,
                k10,
                fma(
                    -0.1521609496625161,
                    k9,
                    fma(
                        0.3111643669578199,
                        k8,
                        fma(
                            -5.801203960010585,
                            k7,
                            fma(1.8915178993145003, k6, fma(4.450312892752409, k5, 0.054293734116568765 * k0)),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def stage13(
    h: float, y: float, k0: float, k6: float, k7: float, k8: float, k9: float, k10: float, k11: float, k12: float
) -> float:
    """Return a component at stage 13, which only the polynomial inside the step needs."""
    return fma(
        h,
        fma(
            -0.008298,
            k12,
            fma(
                0.007567897660545699,
                k11,
                fma(
                    0.00820105229563469,
                    k10,
                    fma(
                        0.15329179827876568,
                        k9,
                        fma(
                            -0.12419142326381637,
                            k8,
                            fma(-0.2462390374708025, k7, fma(0.25350021021662483, k6, 0.056167502283047954 * k0)),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def stage14(
    h: float, y: float, k0: float, k5: float, k6: float, k7: float, k10: float, k11: float, k12: float, k13: float
) -> float:
    """Return a component at stage 14, which only the polynomial inside the step needs."""
    return fma(
        h,
        fma(
            0.1413124436746325,
            k13,
            fma(
                -0.00034046500868740456,
                k12,
                fma(
                    0.0003825710908356584,
                    k11,
                    fma(
                        -0.00010834732869724932,
                        k10,
                        fma(
                            -0.05492374857139099,
                            k7,
                            fma(0.053541988307438566, k6, fma(0.028300909672366776, k5, 0.03183464816350214 * k0)),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def stage15(
    h: float, y: float, k0: float, k5: float, k6: float, k7: float, k8: float, k12: float, k13: float, k14: float
) -> float:
    """Return a component at stage 15, which only the polynomial inside the step needs."""
    return fma(
        h,
        fma(
            -9.15095847217987,
            k14,
            fma(
                2.9475147891527724,
                k13,
                fma(
                    -0.0013990241651590145,
                    k12,
                    fma(
                        0.3567271874552811,
                        k8,
                        fma(
                            4.06898981839711,
                            k7,
                            fma(7.683421196062599, k6, fma(-4.697621415361164, k5, -0.42889630158379194 * k0)),
                        ),
                    ),
                ),
            ),
        ),
        y,
    )


@inlined
def error5(k0: float, k5: float, k6: float, k7: float, k8: float, k9: float, k10: float, k11: float) -> float:
    """Return the error estimate of fifth order of a component, per step length."""
    return fma(
        -0.022355307863886294,
        k11,
        fma(
            0.08192320648511571,
            k10,
            fma(
                0.3341791187130175,
                k9,
                fma(
                    -0.35032884874997366,
                    k8,
                    fma(
                        1.6643771824549864,
                        k7,
                        fma(-0.4957589496572502, k6, fma(-1.2251564463762044, k5, 0.01312004499419488 * k0)),
                    ),
                ),
            ),
        ),
    )


@inlined
def error3(k0: float, k5: float, k6: float, k7: float, k8: float, k9: float, k10: float, k11: float) -> float:
    """Return the error estimate of third order of a component, per step length."""
    return fma(
        0.02265179219836082,
        k11,
        fma(
            0.20136540080403034,
            k10,
            fma(
                -0.1521609496625161,
                k9,
                fma(
                    -0.4226823213237919,
                    k8,
                    fma(
                        -5.801203960010585,
                        k7,
                        fma(1.8915178993145003, k6, fma(4.450312892752409, k5, -0.18980075407240762 * k0)),
                    ),
                ),
            ),
        ),
    )


@inlined
def dense0(
    k0: float,
    k5: float,
    k6: float,
    k7: float,
    k8: float,
    k9: float,
    k10: float,
    k11: float,
    k12: float,
    k13: float,
    k14: float,
    k15: float,
) -> float:
    """Return coefficient 3 of the polynomial inside the step, per step length."""
    return fma(
        -4.436036387594894,
        k15,
        fma(
            -9.194632392478356,
            k14,
            fma(
                18.148505520854727,
                k13,
                fma(
                    -0.08899033645133331,
                    k12,
                    fma(
                        0.6315787787694688,
                        k11,
                        fma(
                            2.2404374302607883,
                            k10,
                            fma(
                                -0.871391583777973,
                                k9,
                                fma(
                                    2.117034582445028,
                                    k8,
                                    fma(
                                        2.38466765651207,
                                        k7,
                                        fma(
                                            -3.0689499459498917,
                                            k6,
                                            fma(0.5667149535193777, k5, -8.428938276109013 * k0),
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


@inlined
def dense1(
    k0: float,
    k5: float,
    k6: float,
    k7: float,
    k8: float,
    k9: float,
    k10: float,
    k11: float,
    k12: float,
    k13: float,
    k14: float,
    k15: float,
) -> float:
    """Return coefficient 4 of the polynomial inside the step, per step length."""
    return fma(
        35.81684148639408,
        k15,
        fma(
            -9.35292435884448,
            k14,
            fma(
                -31.139403219565178,
                k13,
                fma(
                    15.697238121770845,
                    k12,
                    fma(
                        -9.332130526430229,
                        k11,
                        fma(
                            -30.674084731089398,
                            k10,
                            fma(
                                7.733432668472264,
                                k9,
                                fma(
                                    -22.113666853125306,
                                    k8,
                                    fma(
                                        -374.5467547226902,
                                        k7,
                                        fma(
                                            165.20045171727028, k6, fma(242.28349177525817, k5, 10.427508642579134 * k0)
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


@inlined
def dense2(
    k0: float,
    k5: float,
    k6: float,
    k7: float,
    k8: float,
    k9: float,
    k10: float,
    k11: float,
    k12: float,
    k13: float,
    k14: float,
    k15: float,
) -> float:
    """Return coefficient 5 of the polynomial inside the step, per step length."""
    return fma(
        11.99229113618279,
        k15,
        fma(
            84.32040550667716,
            k14,
            fma(
                -60.19669523126412,
                k13,
                fma(
                    -2.778205752353508,
                    k12,
                    fma(
                        0.7777137798053443,
                        k11,
                        fma(
                            -1.0006050966910838,
                            k10,
                            fma(
                                6.8812326946963,
                                k9,
                                fma(
                                    -11.57390253995963,
                                    k8,
                                    fma(
                                        527.8081592054236,
                                        k7,
                                        fma(
                                            -189.17813819516758,
                                            k6,
                                            fma(-387.0373087493518, k5, 19.985053242002433 * k0),
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


@inlined
def dense3(
    k0: float,
    k5: float,
    k6: float,
    k7: float,
    k8: float,
    k9: float,
    k10: float,
    k11: float,
    k12: float,
    k13: float,
    k14: float,
    k15: float,
) -> float:
    """Return coefficient 6 of the polynomial inside the step, per step length."""
    return fma(
        -149.72683625798564,
        k15,
        fma(
            -39.17726167561544,
            k14,
            fma(
                96.32455395918828,
                k13,
                fma(
                    -43.53345659001114,
                    k12,
                    fma(
                        29.8402934266605,
                        k11,
                        fma(
                            104.0996495089623,
                            k10,
                            fma(
                                -37.45832313645163,
                                k9,
                                fma(
                                    93.40532418362432,
                                    k8,
                                    fma(
                                        357.6391179106141,
                                        k7,
                                        fma(
                                            -231.5293791760455,
                                            k6,
                                            fma(-154.18974869023643, k5, -25.69393346270375 * k0),
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
            ),
        ),
    )


@inlined
def coast_rates(
    x: float, y: float, z: float, u: float, v: float, w: float, j2_term: float, area: float
) -> tuple[float, float, float]:
    """Return the acceleration of a point without thrust."""
    z2 = z * z
    r2 = fma(x, x, fma(y, y, z2))
    ir = inverse_sqrt(r2)
    v2 = fma(u, u, fma(v, v, w * w))
    iv = inverse_sqrt(v2 + 1e-280)
    ir2 = ir * ir
    s = z2 * ir2
    s2 = s * s
    height = fma(r2, ir, -fma(s2, fma(s2, R4, fma(s, R3, R2)), fma(s, R1, R0)))
    g = -MU_M3_S2 * ir2 * ir
    gc = g * (j2_term * ir2)
    gz = fma(gc, fma(-5.0, s, 3.0), g)
    gx = fma(gc, -2.0, gz) + SPIN2
    reach = min(fma(max(height, BOTTOM_M), 1.3157894736842106e-05, -0.9736842105263158), END_X)
    q = min(reach, JOINT_X)
    q2 = q * q
    q4 = q2 * q2
    q8 = q4 * q4
    a0 = fma(-16.24482909870779, q, -14.394483647244039)
    a1 = fma(0.16237826340901082, q, -7.354955248195537)
    a2 = fma(-6.739734097528, q, -19.311760326623244)
    a3 = fma(-103.50300950336015, q, 389.5733807388222)
    a4 = fma(802.1496146886357, q, -1894.5606623856434)
    a5 = fma(-2137.3537952980487, q, 4927.157944134738)
    a6 = fma(2767.913812681713, q, -7505.58040585149)
    a7 = fma(-1767.1189796632477, q, 6669.510611616078)
    a8 = fma(446.03607632538166, q, -3200.052080096912)
    b0 = fma(a1, q2, a0)
    b1 = fma(a3, q2, a2)
    b2 = fma(a5, q2, a4)
    b3 = fma(a7, q2, a6)
    b4 = fma(640.8722210590402, q2, a8)
    fit = fma(fma(b4, q8, fma(b3, q4, b2)), q8, fma(b1, q4, b0))
    density = power_of_two(fma(SLOPE_X, reach - q, fit))
    d = -0.5 * area * density * (v2 * iv)
    ax = fma(gx, x, fma(SPIN, v, d * u))
    ay = fma(gx, y, fma(-SPIN, u, d * v))
    az = fma(gz, z, d * w)
    return ax, ay, az


@inlined
def coast_end(
    x: float, y: float, z: float, u: float, v: float, w: float, j2_term: float, area: float
) -> tuple[float, float, float, float, float, float]:
    """Return the acceleration, height, climb rate and dynamic pressure of a point without thrust."""
    z2 = z * z
    r2 = fma(x, x, fma(y, y, z2))
    ir = inverse_sqrt(r2)
    v2 = fma(u, u, fma(v, v, w * w))
    iv = inverse_sqrt(v2 + 1e-280)
    ir2 = ir * ir
    s = z2 * ir2
    s2 = s * s
    height = fma(r2, ir, -fma(s2, fma(s2, R4, fma(s, R3, R2)), fma(s, R1, R0)))
    g = -MU_M3_S2 * ir2 * ir
    gc = g * (j2_term * ir2)
    gz = fma(gc, fma(-5.0, s, 3.0), g)
    gx = fma(gc, -2.0, gz) + SPIN2
    reach = min(fma(max(height, BOTTOM_M), 1.3157894736842106e-05, -0.9736842105263158), END_X)
    q = min(reach, JOINT_X)
    q2 = q * q
    q4 = q2 * q2
    q8 = q4 * q4
    a0 = fma(-16.24482909870779, q, -14.394483647244039)
    a1 = fma(0.16237826340901082, q, -7.354955248195537)
    a2 = fma(-6.739734097528, q, -19.311760326623244)
    a3 = fma(-103.50300950336015, q, 389.5733807388222)
    a4 = fma(802.1496146886357, q, -1894.5606623856434)
    a5 = fma(-2137.3537952980487, q, 4927.157944134738)
    a6 = fma(2767.913812681713, q, -7505.58040585149)
    a7 = fma(-1767.1189796632477, q, 6669.510611616078)
    a8 = fma(446.03607632538166, q, -3200.052080096912)
    b0 = fma(a1, q2, a0)
    b1 = fma(a3, q2, a2)
    b2 = fma(a5, q2, a4)
    b3 = fma(a7, q2, a6)
    b4 = fma(640.8722210590402, q2, a8)
    fit = fma(fma(b4, q8, fma(b3, q4, b2)), q8, fma(b1, q4, b0))
    density = power_of_two(fma(SLOPE_X, reach - q, fit))
    d = -0.5 * area * density * (v2 * iv)
    ax = fma(gx, x, fma(SPIN, v, d * u))
    ay = fma(gx, y, fma(-SPIN, u, d * v))
    az = fma(gz, z, d * w)
    pressure = 0.5 * density * v2
    rise = fma(x, u, fma(y, v, z * w)) * ir
    slope_of_radius = fma(s2, fma(s, 4.0 * R4, 3.0 * R3), fma(s, 2.0 * R2, R1))
    climb = fma(-slope_of_radius, 2.0 * (z * ir2) * fma(-(z * ir), rise, w), rise)
    return ax, ay, az, height, climb, pressure


@inlined
def boost_rates(
    x: float,
    y: float,
    z: float,
    u: float,
    v: float,
    w: float,
    j2_term: float,
    area: float,
    tl: float,
    thrust: float,
    flow: float,
    mass: float,
    ux: float,
    uy: float,
    uz: float,
    turn: float,
) -> tuple[float, float, float]:
    """Return the acceleration of a point under thrust."""
    z2 = z * z
    r2 = fma(x, x, fma(y, y, z2))
    ir = inverse_sqrt(r2)
    v2 = fma(u, u, fma(v, v, w * w))
    iv = inverse_sqrt(v2 + 1e-280)
    ir2 = ir * ir
    s = z2 * ir2
    s2 = s * s
    height = fma(r2, ir, -fma(s2, fma(s2, R4, fma(s, R3, R2)), fma(s, R1, R0)))
    g = -MU_M3_S2 * ir2 * ir
    gc = g * (j2_term * ir2)
    gz = fma(gc, fma(-5.0, s, 3.0), g)
    gx = fma(gc, -2.0, gz) + SPIN2
    reach = min(fma(max(height, BOTTOM_M), 1.3157894736842106e-05, -0.9736842105263158), END_X)
    q = min(reach, JOINT_X)
    q2 = q * q
    q4 = q2 * q2
    q8 = q4 * q4
    a0 = fma(-16.24482909870779, q, -14.394483647244039)
    a1 = fma(0.16237826340901082, q, -7.354955248195537)
    a2 = fma(-6.739734097528, q, -19.311760326623244)
    a3 = fma(-103.50300950336015, q, 389.5733807388222)
    a4 = fma(802.1496146886357, q, -1894.5606623856434)
    a5 = fma(-2137.3537952980487, q, 4927.157944134738)
    a6 = fma(2767.913812681713, q, -7505.58040585149)
    a7 = fma(-1767.1189796632477, q, 6669.510611616078)
    a8 = fma(446.03607632538166, q, -3200.052080096912)
    b0 = fma(a1, q2, a0)
    b1 = fma(a3, q2, a2)
    b2 = fma(a5, q2, a4)
    b3 = fma(a7, q2, a6)
    b4 = fma(640.8722210590402, q2, a8)
    fit = fma(fma(b4, q8, fma(b3, q4, b2)), q8, fma(b1, q4, b0))
    density = power_of_two(fma(SLOPE_X, reach - q, fit))
    im = 1.0 / fma(-flow, tl, mass)
    d = -0.5 * area * density * (v2 * iv) * im
    f = thrust * im
    d = fma(f * turn, iv, d)
    ax = fma(gx, x, fma(SPIN, v, d * u))
    ay = fma(gx, y, fma(-SPIN, u, d * v))
    az = fma(gz, z, d * w)
    ax = fma(f, ux, ax)
    ay = fma(f, uy, ay)
    az = fma(f, uz, az)
    return ax, ay, az


@inlined
def boost_end(
    x: float,
    y: float,
    z: float,
    u: float,
    v: float,
    w: float,
    j2_term: float,
    area: float,
    tl: float,
    thrust: float,
    flow: float,
    mass: float,
    ux: float,
    uy: float,
    uz: float,
    turn: float,
) -> tuple[float, float, float, float, float, float]:
    """Return the acceleration, height, climb rate and dynamic pressure of a point under thrust."""
    z2 = z * z
    r2 = fma(x, x, fma(y, y, z2))
    ir = inverse_sqrt(r2)
    v2 = fma(u, u, fma(v, v, w * w))
    iv = inverse_sqrt(v2 + 1e-280)
    ir2 = ir * ir
    s = z2 * ir2
    s2 = s * s
    height = fma(r2, ir, -fma(s2, fma(s2, R4, fma(s, R3, R2)), fma(s, R1, R0)))
    g = -MU_M3_S2 * ir2 * ir
    gc = g * (j2_term * ir2)
    gz = fma(gc, fma(-5.0, s, 3.0), g)
    gx = fma(gc, -2.0, gz) + SPIN2
    reach = min(fma(max(height, BOTTOM_M), 1.3157894736842106e-05, -0.9736842105263158), END_X)
    q = min(reach, JOINT_X)
    q2 = q * q
    q4 = q2 * q2
    q8 = q4 * q4
    a0 = fma(-16.24482909870779, q, -14.394483647244039)
    a1 = fma(0.16237826340901082, q, -7.354955248195537)
    a2 = fma(-6.739734097528, q, -19.311760326623244)
    a3 = fma(-103.50300950336015, q, 389.5733807388222)
    a4 = fma(802.1496146886357, q, -1894.5606623856434)
    a5 = fma(-2137.3537952980487, q, 4927.157944134738)
    a6 = fma(2767.913812681713, q, -7505.58040585149)
    a7 = fma(-1767.1189796632477, q, 6669.510611616078)
    a8 = fma(446.03607632538166, q, -3200.052080096912)
    b0 = fma(a1, q2, a0)
    b1 = fma(a3, q2, a2)
    b2 = fma(a5, q2, a4)
    b3 = fma(a7, q2, a6)
    b4 = fma(640.8722210590402, q2, a8)
    fit = fma(fma(b4, q8, fma(b3, q4, b2)), q8, fma(b1, q4, b0))
    density = power_of_two(fma(SLOPE_X, reach - q, fit))
    im = 1.0 / fma(-flow, tl, mass)
    d = -0.5 * area * density * (v2 * iv) * im
    f = thrust * im
    d = fma(f * turn, iv, d)
    ax = fma(gx, x, fma(SPIN, v, d * u))
    ay = fma(gx, y, fma(-SPIN, u, d * v))
    az = fma(gz, z, d * w)
    ax = fma(f, ux, ax)
    ay = fma(f, uy, ay)
    az = fma(f, uz, az)
    pressure = 0.5 * density * v2
    rise = fma(x, u, fma(y, v, z * w)) * ir
    slope_of_radius = fma(s2, fma(s, 4.0 * R4, 3.0 * R3), fma(s, 2.0 * R2, R1))
    climb = fma(-slope_of_radius, 2.0 * (z * ir2) * fma(-(z * ir), rise, w), rise)
    return ax, ay, az, height, climb, pressure


@inlined
def coast_step(z: F8) -> None:
    """Try one step of every lane, no thrust."""
    for i in range(WIDTH):
        h = z[18 * WIDTH + i]
        j2_term = z[20 * WIDTH + i]
        area = z[21 * WIDTH + i]
        y0 = z[0 * WIDTH + i]
        y1 = z[1 * WIDTH + i]
        y2 = z[2 * WIDTH + i]
        y3 = z[3 * WIDTH + i]
        y4 = z[4 * WIDTH + i]
        y5 = z[5 * WIDTH + i]
        k0_0 = y3
        k0_1 = y4
        k0_2 = y5
        k0_3 = z[6 * WIDTH + i]
        k0_4 = z[7 * WIDTH + i]
        k0_5 = z[8 * WIDTH + i]
        p0 = stage1(h, y0, k0_0)
        p1 = stage1(h, y1, k0_1)
        p2 = stage1(h, y2, k0_2)
        k1_0 = stage1(h, y3, k0_3)
        k1_1 = stage1(h, y4, k0_4)
        k1_2 = stage1(h, y5, k0_5)
        k1_3, k1_4, k1_5 = coast_rates(p0, p1, p2, k1_0, k1_1, k1_2, j2_term, area)
        p0 = stage2(h, y0, k0_0, k1_0)
        p1 = stage2(h, y1, k0_1, k1_1)
        p2 = stage2(h, y2, k0_2, k1_2)
        k2_0 = stage2(h, y3, k0_3, k1_3)
        k2_1 = stage2(h, y4, k0_4, k1_4)
        k2_2 = stage2(h, y5, k0_5, k1_5)
        k2_3, k2_4, k2_5 = coast_rates(p0, p1, p2, k2_0, k2_1, k2_2, j2_term, area)
        p0 = stage3(h, y0, k0_0, k2_0)
        p1 = stage3(h, y1, k0_1, k2_1)
        p2 = stage3(h, y2, k0_2, k2_2)
        k3_0 = stage3(h, y3, k0_3, k2_3)
        k3_1 = stage3(h, y4, k0_4, k2_4)
        k3_2 = stage3(h, y5, k0_5, k2_5)
        k3_3, k3_4, k3_5 = coast_rates(p0, p1, p2, k3_0, k3_1, k3_2, j2_term, area)
        p0 = stage4(h, y0, k0_0, k2_0, k3_0)
        p1 = stage4(h, y1, k0_1, k2_1, k3_1)
        p2 = stage4(h, y2, k0_2, k2_2, k3_2)
        k4_0 = stage4(h, y3, k0_3, k2_3, k3_3)
        k4_1 = stage4(h, y4, k0_4, k2_4, k3_4)
        k4_2 = stage4(h, y5, k0_5, k2_5, k3_5)
        k4_3, k4_4, k4_5 = coast_rates(p0, p1, p2, k4_0, k4_1, k4_2, j2_term, area)
        p0 = stage5(h, y0, k0_0, k3_0, k4_0)
        p1 = stage5(h, y1, k0_1, k3_1, k4_1)
        p2 = stage5(h, y2, k0_2, k3_2, k4_2)
        k5_0 = stage5(h, y3, k0_3, k3_3, k4_3)
        k5_1 = stage5(h, y4, k0_4, k3_4, k4_4)
        k5_2 = stage5(h, y5, k0_5, k3_5, k4_5)
        k5_3, k5_4, k5_5 = coast_rates(p0, p1, p2, k5_0, k5_1, k5_2, j2_term, area)
        p0 = stage6(h, y0, k0_0, k3_0, k4_0, k5_0)
        p1 = stage6(h, y1, k0_1, k3_1, k4_1, k5_1)
        p2 = stage6(h, y2, k0_2, k3_2, k4_2, k5_2)
        k6_0 = stage6(h, y3, k0_3, k3_3, k4_3, k5_3)
        k6_1 = stage6(h, y4, k0_4, k3_4, k4_4, k5_4)
        k6_2 = stage6(h, y5, k0_5, k3_5, k4_5, k5_5)
        k6_3, k6_4, k6_5 = coast_rates(p0, p1, p2, k6_0, k6_1, k6_2, j2_term, area)
        p0 = stage7(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0)
        p1 = stage7(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1)
        p2 = stage7(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2)
        k7_0 = stage7(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3)
        k7_1 = stage7(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4)
        k7_2 = stage7(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5)
        k7_3, k7_4, k7_5 = coast_rates(p0, p1, p2, k7_0, k7_1, k7_2, j2_term, area)
        p0 = stage8(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0)
        p1 = stage8(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1)
        p2 = stage8(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2)
        k8_0 = stage8(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3)
        k8_1 = stage8(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4)
        k8_2 = stage8(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5)
        k8_3, k8_4, k8_5 = coast_rates(p0, p1, p2, k8_0, k8_1, k8_2, j2_term, area)
        p0 = stage9(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0)
        p1 = stage9(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1)
        p2 = stage9(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2)
        k9_0 = stage9(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3)
        k9_1 = stage9(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4)
        k9_2 = stage9(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5)
        k9_3, k9_4, k9_5 = coast_rates(p0, p1, p2, k9_0, k9_1, k9_2, j2_term, area)
        p0 = stage10(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0, k9_0)
        p1 = stage10(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1, k9_1)
        p2 = stage10(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2, k9_2)
        k10_0 = stage10(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3, k9_3)
        k10_1 = stage10(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4, k9_4)
        k10_2 = stage10(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5, k9_5)
        k10_3, k10_4, k10_5 = coast_rates(p0, p1, p2, k10_0, k10_1, k10_2, j2_term, area)
        p0 = stage11(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0)
        p1 = stage11(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1)
        p2 = stage11(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2)
        k11_0 = stage11(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3)
        k11_1 = stage11(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4)
        k11_2 = stage11(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5)
        k11_3, k11_4, k11_5 = coast_rates(p0, p1, p2, k11_0, k11_1, k11_2, j2_term, area)
        n0 = stage12(h, y0, k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        n1 = stage12(h, y1, k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        n2 = stage12(h, y2, k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        k12_0 = stage12(h, y3, k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        k12_1 = stage12(h, y4, k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        k12_2 = stage12(h, y5, k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        k12_3, k12_4, k12_5, height, climb, pressure = coast_end(n0, n1, n2, k12_0, k12_1, k12_2, j2_term, area)
        e5 = 0.0
        e3 = 0.0
        e = PER_A * error5(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        e3 = fma(e, e, e3)
        e = PER_A * error5(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        e3 = fma(e, e, e3)
        e = PER_A * error5(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        e3 = fma(e, e, e3)
        error = h * e5 * inverse_sqrt(fma(0.06, e3, 6.0 * e5) + 1e-280)
        root2 = inverse_sqrt(error + 1e-25)
        root4 = root2 * inverse_sqrt(root2)
        root8 = root4 * inverse_sqrt(root4)
        z[30 * WIDTH + i] = error
        z[31 * WIDTH + i] = root8
        z[32 * WIDTH + i] = height
        z[33 * WIDTH + i] = climb
        z[34 * WIDTH + i] = pressure
        z[9 * WIDTH + i] = n0
        z[10 * WIDTH + i] = n1
        z[11 * WIDTH + i] = n2
        z[12 * WIDTH + i] = k12_0
        z[13 * WIDTH + i] = k12_1
        z[14 * WIDTH + i] = k12_2
        z[15 * WIDTH + i] = k12_3
        z[16 * WIDTH + i] = k12_4
        z[17 * WIDTH + i] = k12_5


@inlined
def boost_step(z: F8) -> None:
    """Try one step of every lane, with thrust."""
    for i in range(WIDTH):
        h = z[18 * WIDTH + i]
        j2_term = z[20 * WIDTH + i]
        area = z[21 * WIDTH + i]
        tl = z[19 * WIDTH + i] - z[25 * WIDTH + i]
        thrust = z[22 * WIDTH + i]
        flow = z[23 * WIDTH + i]
        mass = z[24 * WIDTH + i]
        ux = z[26 * WIDTH + i]
        uy = z[27 * WIDTH + i]
        uz = z[28 * WIDTH + i]
        turn = z[29 * WIDTH + i]
        y0 = z[0 * WIDTH + i]
        y1 = z[1 * WIDTH + i]
        y2 = z[2 * WIDTH + i]
        y3 = z[3 * WIDTH + i]
        y4 = z[4 * WIDTH + i]
        y5 = z[5 * WIDTH + i]
        k0_0 = y3
        k0_1 = y4
        k0_2 = y5
        k0_3 = z[6 * WIDTH + i]
        k0_4 = z[7 * WIDTH + i]
        k0_5 = z[8 * WIDTH + i]
        p0 = stage1(h, y0, k0_0)
        p1 = stage1(h, y1, k0_1)
        p2 = stage1(h, y2, k0_2)
        k1_0 = stage1(h, y3, k0_3)
        k1_1 = stage1(h, y4, k0_4)
        k1_2 = stage1(h, y5, k0_5)
        k1_3, k1_4, k1_5 = boost_rates(
            p0,
            p1,
            p2,
            k1_0,
            k1_1,
            k1_2,
            j2_term,
            area,
            fma(0.05260015195876773, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage2(h, y0, k0_0, k1_0)
        p1 = stage2(h, y1, k0_1, k1_1)
        p2 = stage2(h, y2, k0_2, k1_2)
        k2_0 = stage2(h, y3, k0_3, k1_3)
        k2_1 = stage2(h, y4, k0_4, k1_4)
        k2_2 = stage2(h, y5, k0_5, k1_5)
        k2_3, k2_4, k2_5 = boost_rates(
            p0,
            p1,
            p2,
            k2_0,
            k2_1,
            k2_2,
            j2_term,
            area,
            fma(0.0789002279381516, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage3(h, y0, k0_0, k2_0)
        p1 = stage3(h, y1, k0_1, k2_1)
        p2 = stage3(h, y2, k0_2, k2_2)
        k3_0 = stage3(h, y3, k0_3, k2_3)
        k3_1 = stage3(h, y4, k0_4, k2_4)
        k3_2 = stage3(h, y5, k0_5, k2_5)
        k3_3, k3_4, k3_5 = boost_rates(
            p0,
            p1,
            p2,
            k3_0,
            k3_1,
            k3_2,
            j2_term,
            area,
            fma(0.1183503419072274, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage4(h, y0, k0_0, k2_0, k3_0)
        p1 = stage4(h, y1, k0_1, k2_1, k3_1)
        p2 = stage4(h, y2, k0_2, k2_2, k3_2)
        k4_0 = stage4(h, y3, k0_3, k2_3, k3_3)
        k4_1 = stage4(h, y4, k0_4, k2_4, k3_4)
        k4_2 = stage4(h, y5, k0_5, k2_5, k3_5)
        k4_3, k4_4, k4_5 = boost_rates(
            p0,
            p1,
            p2,
            k4_0,
            k4_1,
            k4_2,
            j2_term,
            area,
            fma(0.2816496580927726, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage5(h, y0, k0_0, k3_0, k4_0)
        p1 = stage5(h, y1, k0_1, k3_1, k4_1)
        p2 = stage5(h, y2, k0_2, k3_2, k4_2)
        k5_0 = stage5(h, y3, k0_3, k3_3, k4_3)
        k5_1 = stage5(h, y4, k0_4, k3_4, k4_4)
        k5_2 = stage5(h, y5, k0_5, k3_5, k4_5)
        k5_3, k5_4, k5_5 = boost_rates(
            p0,
            p1,
            p2,
            k5_0,
            k5_1,
            k5_2,
            j2_term,
            area,
            fma(0.3333333333333333, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage6(h, y0, k0_0, k3_0, k4_0, k5_0)
        p1 = stage6(h, y1, k0_1, k3_1, k4_1, k5_1)
        p2 = stage6(h, y2, k0_2, k3_2, k4_2, k5_2)
        k6_0 = stage6(h, y3, k0_3, k3_3, k4_3, k5_3)
        k6_1 = stage6(h, y4, k0_4, k3_4, k4_4, k5_4)
        k6_2 = stage6(h, y5, k0_5, k3_5, k4_5, k5_5)
        k6_3, k6_4, k6_5 = boost_rates(
            p0, p1, p2, k6_0, k6_1, k6_2, j2_term, area, fma(0.25, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        p0 = stage7(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0)
        p1 = stage7(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1)
        p2 = stage7(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2)
        k7_0 = stage7(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3)
        k7_1 = stage7(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4)
        k7_2 = stage7(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5)
        k7_3, k7_4, k7_5 = boost_rates(
            p0,
            p1,
            p2,
            k7_0,
            k7_1,
            k7_2,
            j2_term,
            area,
            fma(0.3076923076923077, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage8(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0)
        p1 = stage8(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1)
        p2 = stage8(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2)
        k8_0 = stage8(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3)
        k8_1 = stage8(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4)
        k8_2 = stage8(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5)
        k8_3, k8_4, k8_5 = boost_rates(
            p0,
            p1,
            p2,
            k8_0,
            k8_1,
            k8_2,
            j2_term,
            area,
            fma(0.6512820512820513, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage9(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0)
        p1 = stage9(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1)
        p2 = stage9(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2)
        k9_0 = stage9(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3)
        k9_1 = stage9(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4)
        k9_2 = stage9(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5)
        k9_3, k9_4, k9_5 = boost_rates(
            p0, p1, p2, k9_0, k9_1, k9_2, j2_term, area, fma(0.6, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        p0 = stage10(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0, k9_0)
        p1 = stage10(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1, k9_1)
        p2 = stage10(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2, k9_2)
        k10_0 = stage10(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3, k9_3)
        k10_1 = stage10(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4, k9_4)
        k10_2 = stage10(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5, k9_5)
        k10_3, k10_4, k10_5 = boost_rates(
            p0,
            p1,
            p2,
            k10_0,
            k10_1,
            k10_2,
            j2_term,
            area,
            fma(0.8571428571428571, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage11(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0)
        p1 = stage11(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1)
        p2 = stage11(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2)
        k11_0 = stage11(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3)
        k11_1 = stage11(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4)
        k11_2 = stage11(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5)
        k11_3, k11_4, k11_5 = boost_rates(
            p0, p1, p2, k11_0, k11_1, k11_2, j2_term, area, fma(1.0, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        n0 = stage12(h, y0, k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        n1 = stage12(h, y1, k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        n2 = stage12(h, y2, k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        k12_0 = stage12(h, y3, k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        k12_1 = stage12(h, y4, k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        k12_2 = stage12(h, y5, k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        k12_3, k12_4, k12_5, height, climb, pressure = boost_end(
            n0, n1, n2, k12_0, k12_1, k12_2, j2_term, area, fma(1.0, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        e5 = 0.0
        e3 = 0.0
        e = PER_A * error5(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        e3 = fma(e, e, e3)
        e = PER_A * error5(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        e3 = fma(e, e, e3)
        e = PER_A * error5(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        e3 = fma(e, e, e3)
        error = h * e5 * inverse_sqrt(fma(0.06, e3, 6.0 * e5) + 1e-280)
        root2 = inverse_sqrt(error + 1e-25)
        root4 = root2 * inverse_sqrt(root2)
        root8 = root4 * inverse_sqrt(root4)
        z[30 * WIDTH + i] = error
        z[31 * WIDTH + i] = root8
        z[32 * WIDTH + i] = height
        z[33 * WIDTH + i] = climb
        z[34 * WIDTH + i] = pressure
        z[9 * WIDTH + i] = n0
        z[10 * WIDTH + i] = n1
        z[11 * WIDTH + i] = n2
        z[12 * WIDTH + i] = k12_0
        z[13 * WIDTH + i] = k12_1
        z[14 * WIDTH + i] = k12_2
        z[15 * WIDTH + i] = k12_3
        z[16 * WIDTH + i] = k12_4
        z[17 * WIDTH + i] = k12_5


@inlined
def dense_step(z: F8) -> None:
    """Try one step of every lane, with thrust, and write the polynomial inside it."""
    for i in range(WIDTH):
        h = z[18 * WIDTH + i]
        j2_term = z[20 * WIDTH + i]
        area = z[21 * WIDTH + i]
        tl = z[19 * WIDTH + i] - z[25 * WIDTH + i]
        thrust = z[22 * WIDTH + i]
        flow = z[23 * WIDTH + i]
        mass = z[24 * WIDTH + i]
        ux = z[26 * WIDTH + i]
        uy = z[27 * WIDTH + i]
        uz = z[28 * WIDTH + i]
        turn = z[29 * WIDTH + i]
        y0 = z[0 * WIDTH + i]
        y1 = z[1 * WIDTH + i]
        y2 = z[2 * WIDTH + i]
        y3 = z[3 * WIDTH + i]
        y4 = z[4 * WIDTH + i]
        y5 = z[5 * WIDTH + i]
        k0_0 = y3
        k0_1 = y4
        k0_2 = y5
        k0_3 = z[6 * WIDTH + i]
        k0_4 = z[7 * WIDTH + i]
        k0_5 = z[8 * WIDTH + i]
        p0 = stage1(h, y0, k0_0)
        p1 = stage1(h, y1, k0_1)
        p2 = stage1(h, y2, k0_2)
        k1_0 = stage1(h, y3, k0_3)
        k1_1 = stage1(h, y4, k0_4)
        k1_2 = stage1(h, y5, k0_5)
        k1_3, k1_4, k1_5 = boost_rates(
            p0,
            p1,
            p2,
            k1_0,
            k1_1,
            k1_2,
            j2_term,
            area,
            fma(0.05260015195876773, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage2(h, y0, k0_0, k1_0)
        p1 = stage2(h, y1, k0_1, k1_1)
        p2 = stage2(h, y2, k0_2, k1_2)
        k2_0 = stage2(h, y3, k0_3, k1_3)
        k2_1 = stage2(h, y4, k0_4, k1_4)
        k2_2 = stage2(h, y5, k0_5, k1_5)
        k2_3, k2_4, k2_5 = boost_rates(
            p0,
            p1,
            p2,
            k2_0,
            k2_1,
            k2_2,
            j2_term,
            area,
            fma(0.0789002279381516, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage3(h, y0, k0_0, k2_0)
        p1 = stage3(h, y1, k0_1, k2_1)
        p2 = stage3(h, y2, k0_2, k2_2)
        k3_0 = stage3(h, y3, k0_3, k2_3)
        k3_1 = stage3(h, y4, k0_4, k2_4)
        k3_2 = stage3(h, y5, k0_5, k2_5)
        k3_3, k3_4, k3_5 = boost_rates(
            p0,
            p1,
            p2,
            k3_0,
            k3_1,
            k3_2,
            j2_term,
            area,
            fma(0.1183503419072274, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage4(h, y0, k0_0, k2_0, k3_0)
        p1 = stage4(h, y1, k0_1, k2_1, k3_1)
        p2 = stage4(h, y2, k0_2, k2_2, k3_2)
        k4_0 = stage4(h, y3, k0_3, k2_3, k3_3)
        k4_1 = stage4(h, y4, k0_4, k2_4, k3_4)
        k4_2 = stage4(h, y5, k0_5, k2_5, k3_5)
        k4_3, k4_4, k4_5 = boost_rates(
            p0,
            p1,
            p2,
            k4_0,
            k4_1,
            k4_2,
            j2_term,
            area,
            fma(0.2816496580927726, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage5(h, y0, k0_0, k3_0, k4_0)
        p1 = stage5(h, y1, k0_1, k3_1, k4_1)
        p2 = stage5(h, y2, k0_2, k3_2, k4_2)
        k5_0 = stage5(h, y3, k0_3, k3_3, k4_3)
        k5_1 = stage5(h, y4, k0_4, k3_4, k4_4)
        k5_2 = stage5(h, y5, k0_5, k3_5, k4_5)
        k5_3, k5_4, k5_5 = boost_rates(
            p0,
            p1,
            p2,
            k5_0,
            k5_1,
            k5_2,
            j2_term,
            area,
            fma(0.3333333333333333, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage6(h, y0, k0_0, k3_0, k4_0, k5_0)
        p1 = stage6(h, y1, k0_1, k3_1, k4_1, k5_1)
        p2 = stage6(h, y2, k0_2, k3_2, k4_2, k5_2)
        k6_0 = stage6(h, y3, k0_3, k3_3, k4_3, k5_3)
        k6_1 = stage6(h, y4, k0_4, k3_4, k4_4, k5_4)
        k6_2 = stage6(h, y5, k0_5, k3_5, k4_5, k5_5)
        k6_3, k6_4, k6_5 = boost_rates(
            p0, p1, p2, k6_0, k6_1, k6_2, j2_term, area, fma(0.25, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        p0 = stage7(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0)
        p1 = stage7(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1)
        p2 = stage7(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2)
        k7_0 = stage7(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3)
        k7_1 = stage7(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4)
        k7_2 = stage7(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5)
        k7_3, k7_4, k7_5 = boost_rates(
            p0,
            p1,
            p2,
            k7_0,
            k7_1,
            k7_2,
            j2_term,
            area,
            fma(0.3076923076923077, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage8(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0)
        p1 = stage8(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1)
        p2 = stage8(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2)
        k8_0 = stage8(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3)
        k8_1 = stage8(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4)
        k8_2 = stage8(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5)
        k8_3, k8_4, k8_5 = boost_rates(
            p0,
            p1,
            p2,
            k8_0,
            k8_1,
            k8_2,
            j2_term,
            area,
            fma(0.6512820512820513, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage9(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0)
        p1 = stage9(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1)
        p2 = stage9(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2)
        k9_0 = stage9(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3)
        k9_1 = stage9(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4)
        k9_2 = stage9(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5)
        k9_3, k9_4, k9_5 = boost_rates(
            p0, p1, p2, k9_0, k9_1, k9_2, j2_term, area, fma(0.6, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        p0 = stage10(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0, k9_0)
        p1 = stage10(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1, k9_1)
        p2 = stage10(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2, k9_2)
        k10_0 = stage10(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3, k9_3)
        k10_1 = stage10(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4, k9_4)
        k10_2 = stage10(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5, k9_5)
        k10_3, k10_4, k10_5 = boost_rates(
            p0,
            p1,
            p2,
            k10_0,
            k10_1,
            k10_2,
            j2_term,
            area,
            fma(0.8571428571428571, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        p0 = stage11(h, y0, k0_0, k3_0, k4_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0)
        p1 = stage11(h, y1, k0_1, k3_1, k4_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1)
        p2 = stage11(h, y2, k0_2, k3_2, k4_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2)
        k11_0 = stage11(h, y3, k0_3, k3_3, k4_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3)
        k11_1 = stage11(h, y4, k0_4, k3_4, k4_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4)
        k11_2 = stage11(h, y5, k0_5, k3_5, k4_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5)
        k11_3, k11_4, k11_5 = boost_rates(
            p0, p1, p2, k11_0, k11_1, k11_2, j2_term, area, fma(1.0, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        n0 = stage12(h, y0, k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        n1 = stage12(h, y1, k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        n2 = stage12(h, y2, k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        k12_0 = stage12(h, y3, k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        k12_1 = stage12(h, y4, k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        k12_2 = stage12(h, y5, k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        k12_3, k12_4, k12_5, height, climb, pressure = boost_end(
            n0, n1, n2, k12_0, k12_1, k12_2, j2_term, area, fma(1.0, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        e5 = 0.0
        e3 = 0.0
        e = PER_A * error5(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0)
        e3 = fma(e, e, e3)
        e = PER_A * error5(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1)
        e3 = fma(e, e, e3)
        e = PER_A * error5(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        e5 = fma(e, e, e5)
        e = PER_A * error3(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4)
        e3 = fma(e, e, e3)
        e = PER_SPEED * error5(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        e5 = fma(e, e, e5)
        e = PER_SPEED * error3(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5)
        e3 = fma(e, e, e3)
        error = h * e5 * inverse_sqrt(fma(0.06, e3, 6.0 * e5) + 1e-280)
        root2 = inverse_sqrt(error + 1e-25)
        root4 = root2 * inverse_sqrt(root2)
        root8 = root4 * inverse_sqrt(root4)
        z[30 * WIDTH + i] = error
        z[31 * WIDTH + i] = root8
        z[32 * WIDTH + i] = height
        z[33 * WIDTH + i] = climb
        z[34 * WIDTH + i] = pressure
        z[9 * WIDTH + i] = n0
        z[10 * WIDTH + i] = n1
        z[11 * WIDTH + i] = n2
        z[12 * WIDTH + i] = k12_0
        z[13 * WIDTH + i] = k12_1
        z[14 * WIDTH + i] = k12_2
        z[15 * WIDTH + i] = k12_3
        z[16 * WIDTH + i] = k12_4
        z[17 * WIDTH + i] = k12_5
        p0 = stage13(h, y0, k0_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0, k12_0)
        p1 = stage13(h, y1, k0_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1, k12_1)
        p2 = stage13(h, y2, k0_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2, k12_2)
        k13_0 = stage13(h, y3, k0_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3, k12_3)
        k13_1 = stage13(h, y4, k0_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4, k12_4)
        k13_2 = stage13(h, y5, k0_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5, k12_5)
        k13_3, k13_4, k13_5 = boost_rates(
            p0, p1, p2, k13_0, k13_1, k13_2, j2_term, area, fma(0.1, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        p0 = stage14(h, y0, k0_0, k5_0, k6_0, k7_0, k10_0, k11_0, k12_0, k13_0)
        p1 = stage14(h, y1, k0_1, k5_1, k6_1, k7_1, k10_1, k11_1, k12_1, k13_1)
        p2 = stage14(h, y2, k0_2, k5_2, k6_2, k7_2, k10_2, k11_2, k12_2, k13_2)
        k14_0 = stage14(h, y3, k0_3, k5_3, k6_3, k7_3, k10_3, k11_3, k12_3, k13_3)
        k14_1 = stage14(h, y4, k0_4, k5_4, k6_4, k7_4, k10_4, k11_4, k12_4, k13_4)
        k14_2 = stage14(h, y5, k0_5, k5_5, k6_5, k7_5, k10_5, k11_5, k12_5, k13_5)
        k14_3, k14_4, k14_5 = boost_rates(
            p0, p1, p2, k14_0, k14_1, k14_2, j2_term, area, fma(0.2, h, tl), thrust, flow, mass, ux, uy, uz, turn
        )
        p0 = stage15(h, y0, k0_0, k5_0, k6_0, k7_0, k8_0, k12_0, k13_0, k14_0)
        p1 = stage15(h, y1, k0_1, k5_1, k6_1, k7_1, k8_1, k12_1, k13_1, k14_1)
        p2 = stage15(h, y2, k0_2, k5_2, k6_2, k7_2, k8_2, k12_2, k13_2, k14_2)
        k15_0 = stage15(h, y3, k0_3, k5_3, k6_3, k7_3, k8_3, k12_3, k13_3, k14_3)
        k15_1 = stage15(h, y4, k0_4, k5_4, k6_4, k7_4, k8_4, k12_4, k13_4, k14_4)
        k15_2 = stage15(h, y5, k0_5, k5_5, k6_5, k7_5, k8_5, k12_5, k13_5, k14_5)
        k15_3, k15_4, k15_5 = boost_rates(
            p0,
            p1,
            p2,
            k15_0,
            k15_1,
            k15_2,
            j2_term,
            area,
            fma(0.7777777777777778, h, tl),
            thrust,
            flow,
            mass,
            ux,
            uy,
            uz,
            turn,
        )
        f0 = n0 - y0
        f1 = fma(h, k0_0, -f0)
        z[35 * WIDTH + i] = f0
        z[41 * WIDTH + i] = f1
        z[47 * WIDTH + i] = fma(-h, k12_0 + k0_0, 2.0 * f0)
        z[53 * WIDTH + i] = h * dense0(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0, k12_0, k13_0, k14_0, k15_0)
        z[59 * WIDTH + i] = h * dense1(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0, k12_0, k13_0, k14_0, k15_0)
        z[65 * WIDTH + i] = h * dense2(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0, k12_0, k13_0, k14_0, k15_0)
        z[71 * WIDTH + i] = h * dense3(k0_0, k5_0, k6_0, k7_0, k8_0, k9_0, k10_0, k11_0, k12_0, k13_0, k14_0, k15_0)
        f0 = n1 - y1
        f1 = fma(h, k0_1, -f0)
        z[36 * WIDTH + i] = f0
        z[42 * WIDTH + i] = f1
        z[48 * WIDTH + i] = fma(-h, k12_1 + k0_1, 2.0 * f0)
        z[54 * WIDTH + i] = h * dense0(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1, k12_1, k13_1, k14_1, k15_1)
        z[60 * WIDTH + i] = h * dense1(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1, k12_1, k13_1, k14_1, k15_1)
        z[66 * WIDTH + i] = h * dense2(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1, k12_1, k13_1, k14_1, k15_1)
        z[72 * WIDTH + i] = h * dense3(k0_1, k5_1, k6_1, k7_1, k8_1, k9_1, k10_1, k11_1, k12_1, k13_1, k14_1, k15_1)
        f0 = n2 - y2
        f1 = fma(h, k0_2, -f0)
        z[37 * WIDTH + i] = f0
        z[43 * WIDTH + i] = f1
        z[49 * WIDTH + i] = fma(-h, k12_2 + k0_2, 2.0 * f0)
        z[55 * WIDTH + i] = h * dense0(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2, k12_2, k13_2, k14_2, k15_2)
        z[61 * WIDTH + i] = h * dense1(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2, k12_2, k13_2, k14_2, k15_2)
        z[67 * WIDTH + i] = h * dense2(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2, k12_2, k13_2, k14_2, k15_2)
        z[73 * WIDTH + i] = h * dense3(k0_2, k5_2, k6_2, k7_2, k8_2, k9_2, k10_2, k11_2, k12_2, k13_2, k14_2, k15_2)
        f0 = k12_0 - y3
        f1 = fma(h, k0_3, -f0)
        z[38 * WIDTH + i] = f0
        z[44 * WIDTH + i] = f1
        z[50 * WIDTH + i] = fma(-h, k12_3 + k0_3, 2.0 * f0)
        z[56 * WIDTH + i] = h * dense0(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3, k12_3, k13_3, k14_3, k15_3)
        z[62 * WIDTH + i] = h * dense1(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3, k12_3, k13_3, k14_3, k15_3)
        z[68 * WIDTH + i] = h * dense2(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3, k12_3, k13_3, k14_3, k15_3)
        z[74 * WIDTH + i] = h * dense3(k0_3, k5_3, k6_3, k7_3, k8_3, k9_3, k10_3, k11_3, k12_3, k13_3, k14_3, k15_3)
        f0 = k12_1 - y4
        f1 = fma(h, k0_4, -f0)
        z[39 * WIDTH + i] = f0
        z[45 * WIDTH + i] = f1
        z[51 * WIDTH + i] = fma(-h, k12_4 + k0_4, 2.0 * f0)
        z[57 * WIDTH + i] = h * dense0(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4, k12_4, k13_4, k14_4, k15_4)
        z[63 * WIDTH + i] = h * dense1(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4, k12_4, k13_4, k14_4, k15_4)
        z[69 * WIDTH + i] = h * dense2(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4, k12_4, k13_4, k14_4, k15_4)
        z[75 * WIDTH + i] = h * dense3(k0_4, k5_4, k6_4, k7_4, k8_4, k9_4, k10_4, k11_4, k12_4, k13_4, k14_4, k15_4)
        f0 = k12_2 - y5
        f1 = fma(h, k0_5, -f0)
        z[40 * WIDTH + i] = f0
        z[46 * WIDTH + i] = f1
        z[52 * WIDTH + i] = fma(-h, k12_5 + k0_5, 2.0 * f0)
        z[58 * WIDTH + i] = h * dense0(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5, k12_5, k13_5, k14_5, k15_5)
        z[64 * WIDTH + i] = h * dense1(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5, k12_5, k13_5, k14_5, k15_5)
        z[70 * WIDTH + i] = h * dense2(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5, k12_5, k13_5, k14_5, k15_5)
        z[76 * WIDTH + i] = h * dense3(k0_5, k5_5, k6_5, k7_5, k8_5, k9_5, k10_5, k11_5, k12_5, k13_5, k14_5, k15_5)


@inlined
def slope(z: F8, i: int) -> None:
    """Write acceleration, height and climb rate of lane i at its state NEW and time NEW_T into K12 and the like."""
    ax, ay, az, height, climb, _ = boost_end(
        z[9 * WIDTH + i],
        z[10 * WIDTH + i],
        z[11 * WIDTH + i],
        z[12 * WIDTH + i],
        z[13 * WIDTH + i],
        z[14 * WIDTH + i],
        z[20 * WIDTH + i],
        z[21 * WIDTH + i],
        z[87 * WIDTH + i] - z[25 * WIDTH + i],
        z[22 * WIDTH + i],
        z[23 * WIDTH + i],
        z[24 * WIDTH + i],
        z[26 * WIDTH + i],
        z[27 * WIDTH + i],
        z[28 * WIDTH + i],
        z[29 * WIDTH + i],
    )
    z[15 * WIDTH + i] = ax
    z[16 * WIDTH + i] = ay
    z[17 * WIDTH + i] = az
    z[32 * WIDTH + i] = height
    z[33 * WIDTH + i] = climb
