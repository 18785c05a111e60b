"""The one list of what a kernel's status means.

Kernels never raise: they return `(values, status)`.  `OK` is zero.  A status is data in bulk work; a function for
people raises with the sentence of `meaning`.
"""

OK = 0
NOT_CONVERGED = 1
DEGENERATE = 2
NO_IMPACT = 3
NO_LIFT_OFF = 4
FELL_DURING_BOOST = 5
BELOW_SURFACE = 6
TOO_MANY_STEPS = 7
TOO_FAR = 8
TOO_CLOSE = 9
BAD_INPUT = 10
NOT_POSITIVE = 11

MEANINGS: dict[int, str] = {
    OK: "done",
    NOT_CONVERGED: "the iteration did not converge (nearly antipodal points, or no root in the bracket)",
    DEGENERATE: "the geometry has no unique answer (coincident or opposite directions)",
    NO_IMPACT: "the object did not come down within the time allowed (escape or orbit)",
    NO_LIFT_OFF: "thrust does not exceed weight at launch",
    FELL_DURING_BOOST: "the vehicle came down before its last cut-off",
    BELOW_SURFACE: "the starting point lies below the ellipsoid",
    TOO_MANY_STEPS: "the integrator needed more steps than allowed",
    TOO_FAR: "the aim point is beyond the reach of the vehicle",
    TOO_CLOSE: "the aim point is nearer than the vehicle can be made to fall",
    BAD_INPUT: "an input is not finite or has the wrong sign",
    NOT_POSITIVE: "a covariance is not positive definite",
}


def meaning(status: int) -> str:
    """Return the sentence for a status; an unknown code says so."""
    return MEANINGS.get(status, f"unknown kernel status {status}")
