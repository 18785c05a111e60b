"""Written by tools/build_filter_lanes.py, do not edit: filter lanes above the air, and their update.

`predict_vacuum` is one step of `filters.predict` where no lane can meet air within it, `update_step` is
`filters.update`; both for WIDTH tracks at once. See `filter_lanes` for the rows and the callers.
"""

from math import sqrt

from diptych.kernels.ballistic import Floats
from diptych.kernels.earth import J2, MU_M3_S2, OMEGA_RAD_S, WGS84_A_M
from diptych.kernels.filters import COAST_NOISE_M2_S3, STEP_VACUUM_S
from diptych.kernels.fused import fma
from diptych.kernels.jit import kernel

WIDTH = 8
J2_TERM = 1.5 * J2 * WGS84_A_M * WGS84_A_M
SPIN2 = OMEGA_RAD_S * OMEGA_RAD_S
SPIN = 2.0 * OMEGA_RAD_S
SIXTH = 1.0 / 6.0
THIRD = 1.0 / 3.0


@kernel
def predict_vacuum(s: Floats) -> None:
    """Advance a block of lanes by one step each, all above the air."""
    for lane in range(WIDTH):
        x0 = s[0 + lane]
        x1 = s[8 + lane]
        x2 = s[16 + lane]
        x3 = s[24 + lane]
        x4 = s[32 + lane]
        x5 = s[40 + lane]
        p00 = s[48 + lane]
        p01 = s[56 + lane]
        p02 = s[64 + lane]
        p03 = s[72 + lane]
        p04 = s[80 + lane]
        p05 = s[88 + lane]
        p11 = s[96 + lane]
        p12 = s[104 + lane]
        p13 = s[112 + lane]
        p14 = s[120 + lane]
        p15 = s[128 + lane]
        p22 = s[136 + lane]
        p23 = s[144 + lane]
        p24 = s[152 + lane]
        p25 = s[160 + lane]
        p33 = s[168 + lane]
        p34 = s[176 + lane]
        p35 = s[184 + lane]
        p44 = s[192 + lane]
        p45 = s[200 + lane]
        p55 = s[208 + lane]
        left_s = s[216 + lane]
        q = fma(x1, x1, x0 * x0)
        zz = x2 * x2
        r2 = q + zz
        i2 = 1.0 / r2
        i1 = sqrt(i2)
        m = MU_M3_S2 * i2 * i1
        first2 = i2
        m1 = m
        m3 = 3.0 * m * i2
        mj = m * (J2_TERM * i2)
        t = 5.0 * zz * i2
        planar = SPIN2 - fma(mj, 1.0 - t, m)
        polar = -fma(mj, 3.0 - t, m)
        a1_0 = fma(planar, x0, SPIN * x4)
        a1_1 = fma(planar, x1, -SPIN * x3)
        a1_2 = polar * x2
        h = min(left_s, STEP_VACUUM_S)
        h = left_s if left_s - h < 1e-9 else h
        hh = 0.5 * h
        h2 = hh * h
        b0 = m3 * x0
        q2_0 = fma(hh, x3, x0)
        b1 = m3 * x1
        q2_1 = fma(hh, x4, x1)
        b2 = m3 * x2
        g00 = fma(b0, x0, (SPIN2 - m1))
        q2_2 = fma(hh, x5, x2)
        g01 = b0 * x1
        g02 = b0 * x2
        v2_0 = fma(hh, a1_0, x3)
        g11 = fma(b1, x1, (SPIN2 - m1))
        v2_1 = fma(hh, a1_1, x4)
        g12 = b1 * x2
        g22 = fma(b2, x2, -m1)
        v2_2 = fma(hh, a1_2, x5)
        f00 = fma(h2, g00, 1.0)
        q = fma(q2_1, q2_1, q2_0 * q2_0)
        cg = SPIN * g01
        f30 = fma(h2, cg, h * g00)
        zz = q2_2 * q2_2
        cc = fma(SPIN, -SPIN, g00)
        r2 = q + zz
        f33 = fma(h2, cc, 1.0)
        f01 = h2 * g01
        d = fma(r2, first2, -1.0)
        f04 = h2 * SPIN
        cg = SPIN * g11
        dd = d * d
        f31 = fma(h2, cg, h * g01)
        m = fma(2.9326171875, dd, fma(-2.70703125, d, 2.4609375))
        cc = g01
        f34 = fma(h2, cc, h * SPIN)
        m = fma(fma(m, dd, fma(-2.1875, d, 1.875)), dd, -1.5 * d)
        f02 = h2 * g02
        m = fma(m1, m, m1)
        cg = SPIN * g12
        f32 = fma(h2, cg, h * g02)
        i2 = fma(fma(fma(1.0 - d, dd, 1.0 - d), dd, -d), first2, first2)
        cc = g02
        mj = m * (J2_TERM * i2)
        f35 = h2 * cc
        f10 = h2 * g01
        t = 5.0 * zz * i2
        f13 = h2 * -SPIN
        cg = -SPIN * g00
        planar = SPIN2 - fma(mj, 1.0 - t, m)
        f40 = fma(h2, cg, h * g01)
        polar = -fma(mj, 3.0 - t, m)
        cc = g01
        f43 = fma(h2, cc, h * -SPIN)
        a2_0 = fma(planar, q2_0, SPIN * v2_1)
        f11 = fma(h2, g11, 1.0)
        a2_1 = fma(planar, q2_1, -SPIN * v2_0)
        cg = -SPIN * g01
        f41 = fma(h2, cg, h * g11)
        a2_2 = polar * q2_2
        cc = fma(-SPIN, SPIN, g11)
        q3_0 = fma(hh, v2_0, x0)
        f44 = fma(h2, cc, 1.0)
        f12 = h2 * g12
        q3_1 = fma(hh, v2_1, x1)
        cg = -SPIN * g02
        f42 = fma(h2, cg, h * g12)
        q3_2 = fma(hh, v2_2, x2)
        cc = g12
        v3_0 = fma(hh, a2_0, x3)
        f45 = h2 * cc
        f20 = h2 * g02
        v3_1 = fma(hh, a2_1, x4)
        f50 = h * g02
        v3_2 = fma(hh, a2_2, x5)
        cc = g02
        f53 = h2 * cc
        q = fma(q3_1, q3_1, q3_0 * q3_0)
        f21 = h2 * g12
        zz = q3_2 * q3_2
        f51 = h * g12
        cc = g12
        r2 = q + zz
        f54 = h2 * cc
        f22 = fma(h2, g22, 1.0)
        d = fma(r2, first2, -1.0)
        f52 = h * g22
        dd = d * d
        cc = g22
        f55 = fma(h2, cc, 1.0)
        m = fma(2.9326171875, dd, fma(-2.70703125, d, 2.4609375))
        n = COAST_NOISE_M2_S3
        m = fma(fma(m, dd, fma(-2.1875, d, 1.875)), dd, -1.5 * d)
        nv = n * h
        nc = nv * hh
        m = fma(m1, m, m1)
        np = nv * h * h * THIRD
        i2 = fma(fma(fma(1.0 - d, dd, 1.0 - d), dd, -d), first2, first2)
        t00 = fma(f04, p04, fma(h, p03, fma(f02, p02, fma(f01, p01, f00 * p00))))
        t01 = fma(f04, p14, fma(h, p13, fma(f02, p12, fma(f01, p11, f00 * p01))))
        mj = m * (J2_TERM * i2)
        t02 = fma(f04, p24, fma(h, p23, fma(f02, p22, fma(f01, p12, f00 * p02))))
        t03 = fma(f04, p34, fma(h, p33, fma(f02, p23, fma(f01, p13, f00 * p03))))
        t = 5.0 * zz * i2
        t04 = fma(f04, p44, fma(h, p34, fma(f02, p24, fma(f01, p14, f00 * p04))))
        planar = SPIN2 - fma(mj, 1.0 - t, m)
        t05 = fma(f04, p45, fma(h, p35, fma(f02, p25, fma(f01, p15, f00 * p05))))
        t10 = fma(h, p04, fma(f13, p03, fma(f12, p02, fma(f11, p01, f10 * p00))))
        polar = -fma(mj, 3.0 - t, m)
        t11 = fma(h, p14, fma(f13, p13, fma(f12, p12, fma(f11, p11, f10 * p01))))
        a3_0 = fma(planar, q3_0, SPIN * v3_1)
        t12 = fma(h, p24, fma(f13, p23, fma(f12, p22, fma(f11, p12, f10 * p02))))
        t13 = fma(h, p34, fma(f13, p33, fma(f12, p23, fma(f11, p13, f10 * p03))))
        a3_1 = fma(planar, q3_1, -SPIN * v3_0)
        t14 = fma(h, p44, fma(f13, p34, fma(f12, p24, fma(f11, p14, f10 * p04))))
        t15 = fma(h, p45, fma(f13, p35, fma(f12, p25, fma(f11, p15, f10 * p05))))
        a3_2 = polar * q3_2
        t20 = fma(h, p05, fma(f22, p02, fma(f21, p01, f20 * p00)))
        q4_0 = fma(h, v3_0, x0)
        t21 = fma(h, p15, fma(f22, p12, fma(f21, p11, f20 * p01)))
        t22 = fma(h, p25, fma(f22, p22, fma(f21, p12, f20 * p02)))
        q4_1 = fma(h, v3_1, x1)
        t23 = fma(h, p35, fma(f22, p23, fma(f21, p13, f20 * p03)))
        q4_2 = fma(h, v3_2, x2)
        t24 = fma(h, p45, fma(f22, p24, fma(f21, p14, f20 * p04)))
        t25 = fma(h, p55, fma(f22, p25, fma(f21, p15, f20 * p05)))
        v4_0 = fma(h, a3_0, x3)
        t30 = fma(f35, p05, fma(f34, p04, fma(f33, p03, fma(f32, p02, fma(f31, p01, f30 * p00)))))
        v4_1 = fma(h, a3_1, x4)
        t31 = fma(f35, p15, fma(f34, p14, fma(f33, p13, fma(f32, p12, fma(f31, p11, f30 * p01)))))
        t32 = fma(f35, p25, fma(f34, p24, fma(f33, p23, fma(f32, p22, fma(f31, p12, f30 * p02)))))
        v4_2 = fma(h, a3_2, x5)
        t33 = fma(f35, p35, fma(f34, p34, fma(f33, p33, fma(f32, p23, fma(f31, p13, f30 * p03)))))
        t34 = fma(f35, p45, fma(f34, p44, fma(f33, p34, fma(f32, p24, fma(f31, p14, f30 * p04)))))
        q = fma(q4_1, q4_1, q4_0 * q4_0)
        t35 = fma(f35, p55, fma(f34, p45, fma(f33, p35, fma(f32, p25, fma(f31, p15, f30 * p05)))))
        zz = q4_2 * q4_2
        t40 = fma(f45, p05, fma(f44, p04, fma(f43, p03, fma(f42, p02, fma(f41, p01, f40 * p00)))))
        t41 = fma(f45, p15, fma(f44, p14, fma(f43, p13, fma(f42, p12, fma(f41, p11, f40 * p01)))))
        r2 = q + zz
        t42 = fma(f45, p25, fma(f44, p24, fma(f43, p23, fma(f42, p22, fma(f41, p12, f40 * p02)))))
        d = fma(r2, first2, -1.0)
        t43 = fma(f45, p35, fma(f44, p34, fma(f43, p33, fma(f42, p23, fma(f41, p13, f40 * p03)))))
        t44 = fma(f45, p45, fma(f44, p44, fma(f43, p34, fma(f42, p24, fma(f41, p14, f40 * p04)))))
        dd = d * d
        t45 = fma(f45, p55, fma(f44, p45, fma(f43, p35, fma(f42, p25, fma(f41, p15, f40 * p05)))))
        m = fma(2.9326171875, dd, fma(-2.70703125, d, 2.4609375))
        t50 = fma(f55, p05, fma(f54, p04, fma(f53, p03, fma(f52, p02, fma(f51, p01, f50 * p00)))))
        t51 = fma(f55, p15, fma(f54, p14, fma(f53, p13, fma(f52, p12, fma(f51, p11, f50 * p01)))))
        m = fma(fma(m, dd, fma(-2.1875, d, 1.875)), dd, -1.5 * d)
        t52 = fma(f55, p25, fma(f54, p24, fma(f53, p23, fma(f52, p22, fma(f51, p12, f50 * p02)))))
        t53 = fma(f55, p35, fma(f54, p34, fma(f53, p33, fma(f52, p23, fma(f51, p13, f50 * p03)))))
        m = fma(m1, m, m1)
        t54 = fma(f55, p45, fma(f54, p44, fma(f53, p34, fma(f52, p24, fma(f51, p14, f50 * p04)))))
        i2 = fma(fma(fma(1.0 - d, dd, 1.0 - d), dd, -d), first2, first2)
        t55 = fma(f55, p55, fma(f54, p45, fma(f53, p35, fma(f52, p25, fma(f51, p15, f50 * p05)))))
        s[48 + lane] = fma(t04, f04, fma(t03, h, fma(t02, f02, fma(t01, f01, fma(t00, f00, np))))) + 0.0
        mj = m * (J2_TERM * i2)
        s[56 + lane] = fma(t04, h, fma(t03, f13, fma(t02, f12, fma(t01, f11, t00 * f10)))) + 0.0
        t = 5.0 * zz * i2
        s[64 + lane] = fma(t05, h, fma(t02, f22, fma(t01, f21, t00 * f20))) + 0.0
        s[72 + lane] = (
            fma(t05, f35, fma(t04, f34, fma(t03, f33, fma(t02, f32, fma(t01, f31, fma(t00, f30, nc)))))) + 0.0
        )
        planar = SPIN2 - fma(mj, 1.0 - t, m)
        s[80 + lane] = fma(t05, f45, fma(t04, f44, fma(t03, f43, fma(t02, f42, fma(t01, f41, t00 * f40))))) + 0.0
        polar = -fma(mj, 3.0 - t, m)
        s[88 + lane] = fma(t05, f55, fma(t04, f54, fma(t03, f53, fma(t02, f52, fma(t01, f51, t00 * f50))))) + 0.0
        s[96 + lane] = fma(t14, h, fma(t13, f13, fma(t12, f12, fma(t11, f11, fma(t10, f10, np))))) + 0.0
        a4_0 = fma(planar, q4_0, SPIN * v4_1)
        s[104 + lane] = fma(t15, h, fma(t12, f22, fma(t11, f21, t10 * f20))) + 0.0
        s[112 + lane] = fma(t15, f35, fma(t14, f34, fma(t13, f33, fma(t12, f32, fma(t11, f31, t10 * f30))))) + 0.0
        a4_1 = fma(planar, q4_1, -SPIN * v4_0)
        s[120 + lane] = (
            fma(t15, f45, fma(t14, f44, fma(t13, f43, fma(t12, f42, fma(t11, f41, fma(t10, f40, nc)))))) + 0.0
        )
        a4_2 = polar * q4_2
        s[128 + lane] = fma(t15, f55, fma(t14, f54, fma(t13, f53, fma(t12, f52, fma(t11, f51, t10 * f50))))) + 0.0
        s[136 + lane] = fma(t25, h, fma(t22, f22, fma(t21, f21, fma(t20, f20, np)))) + 0.0
        h6 = h * SIXTH
        s[144 + lane] = fma(t25, f35, fma(t24, f34, fma(t23, f33, fma(t22, f32, fma(t21, f31, t20 * f30))))) + 0.0
        s[0 + lane] = fma(h6, x3 + 2.0 * (v2_0 + v3_0) + v4_0, x0) + 0.0
        s[152 + lane] = fma(t25, f45, fma(t24, f44, fma(t23, f43, fma(t22, f42, fma(t21, f41, t20 * f40))))) + 0.0
        s[160 + lane] = (
            fma(t25, f55, fma(t24, f54, fma(t23, f53, fma(t22, f52, fma(t21, f51, fma(t20, f50, nc)))))) + 0.0
        )
        s[24 + lane] = fma(h6, a1_0 + 2.0 * (a2_0 + a3_0) + a4_0, x3) + 0.0
        s[168 + lane] = (
            fma(t35, f35, fma(t34, f34, fma(t33, f33, fma(t32, f32, fma(t31, f31, fma(t30, f30, nv)))))) + 0.0
        )
        s[8 + lane] = fma(h6, x4 + 2.0 * (v2_1 + v3_1) + v4_1, x1) + 0.0
        s[176 + lane] = fma(t35, f45, fma(t34, f44, fma(t33, f43, fma(t32, f42, fma(t31, f41, t30 * f40))))) + 0.0
        s[184 + lane] = fma(t35, f55, fma(t34, f54, fma(t33, f53, fma(t32, f52, fma(t31, f51, t30 * f50))))) + 0.0
        s[32 + lane] = fma(h6, a1_1 + 2.0 * (a2_1 + a3_1) + a4_1, x4) + 0.0
        s[192 + lane] = (
            fma(t45, f45, fma(t44, f44, fma(t43, f43, fma(t42, f42, fma(t41, f41, fma(t40, f40, nv)))))) + 0.0
        )
        s[200 + lane] = fma(t45, f55, fma(t44, f54, fma(t43, f53, fma(t42, f52, fma(t41, f51, t40 * f50))))) + 0.0
        s[16 + lane] = fma(h6, x5 + 2.0 * (v2_2 + v3_2) + v4_2, x2) + 0.0
        s[208 + lane] = (
            fma(t55, f55, fma(t54, f54, fma(t53, f53, fma(t52, f52, fma(t51, f51, fma(t50, f50, nv)))))) + 0.0
        )
        s[40 + lane] = fma(h6, a1_2 + 2.0 * (a2_2 + a3_2) + a4_2, x5) + 0.0
        s[216 + lane] = left_s - h


@kernel
def update_step(s: Floats) -> None:
    """Take each lane's position into it where `use` is 1."""
    for lane in range(WIDTH):
        x0 = s[0 + lane]
        x1 = s[8 + lane]
        x2 = s[16 + lane]
        x3 = s[24 + lane]
        x4 = s[32 + lane]
        x5 = s[40 + lane]
        p00 = s[48 + lane]
        p01 = s[56 + lane]
        p02 = s[64 + lane]
        p03 = s[72 + lane]
        p04 = s[80 + lane]
        p05 = s[88 + lane]
        p11 = s[96 + lane]
        p12 = s[104 + lane]
        p13 = s[112 + lane]
        p14 = s[120 + lane]
        p15 = s[128 + lane]
        p22 = s[136 + lane]
        p23 = s[144 + lane]
        p24 = s[152 + lane]
        p25 = s[160 + lane]
        p33 = s[168 + lane]
        p34 = s[176 + lane]
        p35 = s[184 + lane]
        p44 = s[192 + lane]
        p45 = s[200 + lane]
        p55 = s[208 + lane]
        use = s[232 + lane]
        y0 = s[240 + lane] - x0
        y1 = s[248 + lane] - x1
        y2 = s[256 + lane] - x2
        s00 = p00 + s[264 + lane]
        s01 = p01 + s[272 + lane]
        s02 = p02 + s[280 + lane]
        s11 = p11 + s[288 + lane]
        s12 = p12 + s[296 + lane]
        s22 = p22 + s[304 + lane]
        c00 = fma(s11, s22, -(s12 * s12))
        c01 = fma(s02, s12, -(s01 * s22))
        c02 = fma(s01, s12, -(s02 * s11))
        c22 = fma(s00, s11, -(s01 * s01))
        det = fma(s02, c02, fma(s01, c01, s00 * c00))
        is_positive = 1.0 if min(min(s00, c22), det) > 0.0 else 0.0
        inverse = use * is_positive / (det if is_positive > 0.0 else 1.0)
        i00 = c00 * inverse
        i01 = c01 * inverse
        i02 = c02 * inverse
        i22 = c22 * inverse
        i11 = fma(s00, s22, -(s02 * s02)) * inverse
        i12 = fma(s01, s02, -(s00 * s12)) * inverse
        w0 = fma(i02, y2, fma(i01, y1, i00 * y0))
        w1 = fma(i12, y2, fma(i11, y1, i01 * y0))
        w2 = fma(i22, y2, fma(i12, y1, i02 * y0))
        s[0 + lane] = fma(p02, w2, fma(p01, w1, fma(p00, w0, x0))) + 0.0
        k00 = -(fma(p02, i02, fma(p01, i01, p00 * i00)))
        k01 = -(fma(p02, i12, fma(p01, i11, p00 * i01)))
        k02 = -(fma(p02, i22, fma(p01, i12, p00 * i02)))
        s[8 + lane] = fma(p12, w2, fma(p11, w1, fma(p01, w0, x1))) + 0.0
        k10 = -(fma(p12, i02, fma(p11, i01, p01 * i00)))
        k11 = -(fma(p12, i12, fma(p11, i11, p01 * i01)))
        k12 = -(fma(p12, i22, fma(p11, i12, p01 * i02)))
        s[16 + lane] = fma(p22, w2, fma(p12, w1, fma(p02, w0, x2))) + 0.0
        k20 = -(fma(p22, i02, fma(p12, i01, p02 * i00)))
        k21 = -(fma(p22, i12, fma(p12, i11, p02 * i01)))
        k22 = -(fma(p22, i22, fma(p12, i12, p02 * i02)))
        s[24 + lane] = fma(p23, w2, fma(p13, w1, fma(p03, w0, x3))) + 0.0
        k30 = -(fma(p23, i02, fma(p13, i01, p03 * i00)))
        k31 = -(fma(p23, i12, fma(p13, i11, p03 * i01)))
        k32 = -(fma(p23, i22, fma(p13, i12, p03 * i02)))
        s[32 + lane] = fma(p24, w2, fma(p14, w1, fma(p04, w0, x4))) + 0.0
        k40 = -(fma(p24, i02, fma(p14, i01, p04 * i00)))
        k41 = -(fma(p24, i12, fma(p14, i11, p04 * i01)))
        k42 = -(fma(p24, i22, fma(p14, i12, p04 * i02)))
        s[40 + lane] = fma(p25, w2, fma(p15, w1, fma(p05, w0, x5))) + 0.0
        k50 = -(fma(p25, i02, fma(p15, i01, p05 * i00)))
        k51 = -(fma(p25, i12, fma(p15, i11, p05 * i01)))
        k52 = -(fma(p25, i22, fma(p15, i12, p05 * i02)))
        s[48 + lane] = fma(k02, p02, fma(k01, p01, fma(k00, p00, p00))) + 0.0
        s[56 + lane] = fma(k02, p12, fma(k01, p11, fma(k00, p01, p01))) + 0.0
        s[64 + lane] = fma(k02, p22, fma(k01, p12, fma(k00, p02, p02))) + 0.0
        s[72 + lane] = fma(k02, p23, fma(k01, p13, fma(k00, p03, p03))) + 0.0
        s[80 + lane] = fma(k02, p24, fma(k01, p14, fma(k00, p04, p04))) + 0.0
        s[88 + lane] = fma(k02, p25, fma(k01, p15, fma(k00, p05, p05))) + 0.0
        s[96 + lane] = fma(k12, p12, fma(k11, p11, fma(k10, p01, p11))) + 0.0
        s[104 + lane] = fma(k12, p22, fma(k11, p12, fma(k10, p02, p12))) + 0.0
        s[112 + lane] = fma(k12, p23, fma(k11, p13, fma(k10, p03, p13))) + 0.0
        s[120 + lane] = fma(k12, p24, fma(k11, p14, fma(k10, p04, p14))) + 0.0
        s[128 + lane] = fma(k12, p25, fma(k11, p15, fma(k10, p05, p15))) + 0.0
        s[136 + lane] = fma(k22, p22, fma(k21, p12, fma(k20, p02, p22))) + 0.0
        s[144 + lane] = fma(k22, p23, fma(k21, p13, fma(k20, p03, p23))) + 0.0
        s[152 + lane] = fma(k22, p24, fma(k21, p14, fma(k20, p04, p24))) + 0.0
        s[160 + lane] = fma(k22, p25, fma(k21, p15, fma(k20, p05, p25))) + 0.0
        s[168 + lane] = fma(k32, p23, fma(k31, p13, fma(k30, p03, p33))) + 0.0
        s[176 + lane] = fma(k32, p24, fma(k31, p14, fma(k30, p04, p34))) + 0.0
        s[184 + lane] = fma(k32, p25, fma(k31, p15, fma(k30, p05, p35))) + 0.0
        s[192 + lane] = fma(k42, p24, fma(k41, p14, fma(k40, p04, p44))) + 0.0
        s[200 + lane] = fma(k42, p25, fma(k41, p15, fma(k40, p05, p45))) + 0.0
        s[208 + lane] = fma(k52, p25, fma(k51, p15, fma(k50, p05, p55))) + 0.0
        s[312 + lane] = fma(y2, w2, fma(y1, w1, y0 * w0))
        s[320 + lane] = is_positive
