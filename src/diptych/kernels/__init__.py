"""Arrays in, arrays and a status out: the compiled arithmetic under everything else.

Flight, filters, assignment, fly-out tables and draws by key. This is the only package that imports numba. A kernel
takes float64 arrays and numbers in SI and radians, returns values and a status, raises nothing, prints nothing and
draws nothing of its own: random numbers are pure functions of a key (`draws`). Every kernel also runs as plain Python
under `NUMBA_DISABLE_JIT=1` and has a slow readable twin in `tests/oracles/`. Strangers to `model`.
"""
