"""What one core can do at most: fused multiply-adds in registers, and how many of them a lane step asks for."""

import ast
import inspect
import statistics
import time
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from diptych.kernels import lane_step
from diptych.kernels.fused import fma  # noqa: F401  # importing kernels asks for whole vectors

ROUNDS, REPEATS = 2_000_000, 5
CHAINS = 12  # independent sums, enough to hide the latency of one
# What a reader would count: one root and one division; a base-2 exponential as C libraries do it (performance.md).
OPERATIONS = {"fma": 2, "min": 1, "max": 1, "inverse_sqrt": 2, "power_of_two": 24}


def _loop(width: int) -> Callable[[int], float]:
    """Return a compiled loop of CHAINS multiply-adds on vectors of `width` numbers."""
    vector = ir.VectorType(ir.DoubleType(), width)

    @intrinsic
    def body(_typing: Any, _n: Any) -> Any:  # noqa: ANN401  # numba's own objects
        def generate(_context: Any, b: Any, _signature: Any, arguments: Any) -> Any:  # noqa: ANN401
            n = arguments[0]
            before = b.block
            loop, after = b.append_basic_block(), b.append_basic_block()
            b.branch(loop)
            b.position_at_end(loop)
            i = b.phi(n.type)
            i.add_incoming(ir.Constant(n.type, 0), before)
            x, y = ir.Constant(vector, [0.999999] * width), ir.Constant(vector, [1e-9] * width)
            sums = [b.phi(vector) for _ in range(CHAINS)]
            for k, s in enumerate(sums):
                s.add_incoming(ir.Constant(vector, [1.0 + k] * width), before)
            kind = ir.FunctionType(vector, [vector] * 3)
            fused = cgutils.get_or_insert_function(b.module, kind, f"llvm.fma.v{width}f64")
            new = [b.call(fused, [s, x, y]) for s in sums]
            j = b.add(i, ir.Constant(n.type, 1))
            i.add_incoming(j, loop)
            for s, value in zip(sums, new, strict=True):
                s.add_incoming(value, loop)
            b.cbranch(b.icmp_signed("<", j, n), loop, after)
            b.position_at_end(after)
            total = new[0]
            for value in new[1:]:
                total = b.fadd(total, value)
            return b.extract_element(total, ir.Constant(ir.IntType(32), 0))

        return types.float64(types.int64), generate

    @njit
    def run(n: int) -> float:
        return body(n)  # type: ignore[call-arg,no-any-return]

    return run


def fma_peak_gflops() -> float:
    """Return the greatest rate over vector widths of 2, 4 and 8 numbers, GFLOP/s of one core (processor time)."""
    best = 0.0
    for width in (2, 4, 8):
        run = _loop(width)
        run(10)
        rates = []
        for _ in range(REPEATS):
            begin = time.process_time()
            run(ROUNDS)
            rates.append(2 * width * CHAINS * ROUNDS / (time.process_time() - begin) / 1e9)
        best = max(best, statistics.median(rates))
    return best


def operations(name: str) -> int:
    """Return the floating point operations of one lane in a function of `lane_step`, counted in its source."""
    tree = ast.parse(inspect.getsource(lane_step))
    bodies = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    known = dict(OPERATIONS)

    def count(function: str) -> int:
        if function in known:
            return known[function]
        total = 0
        for node in ast.walk(bodies[function]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                total += count(node.func.id) if node.func.id in known or node.func.id in bodies else 0
            elif isinstance(node, ast.BinOp):
                inside = ast.unparse(node)
                total += 0 if "WIDTH" in inside and "[" not in inside else 1  # no indices of rows
        known[function] = total
        return total

    return count(name)
