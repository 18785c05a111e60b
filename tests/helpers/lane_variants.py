"""The flight lanes built again: of another width, or with the exact atmosphere, which the product does not ship."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def load(name: str, path: Path) -> ModuleType:
    """Return the module of a file, known to others under `name`."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def builder() -> ModuleType:
    """Return tools/build_lanes.py as a module."""
    return load("build_lanes", ROOT / "tools" / "build_lanes.py")


def variant(folder: Path, *, width: int = 8, density: str = "us76_smooth", has_fixed_steps: bool = False) -> ModuleType:
    """Return `kernels.lanes` of another width, density (us76_smooth, us76), or with one step to each phase.

    The sources are written into the folder.
    """
    name = f"lane_step_{density}_{width}"
    path = folder / f"{name}.py"
    path.write_text(builder().source(width, density), encoding="utf-8")
    load(name, path)
    text = (ROOT / "src" / "diptych" / "kernels" / "lanes.py").read_text(encoding="utf-8")
    text = text.replace("from diptych.kernels import lane_step as ls", f"import {name} as ls")
    text = text.replace("from diptych.kernels.lane_step import", f"from {name} import")
    assert text.count(name) == 2
    if has_fixed_steps:
        first = "COAST_START_S, BOOST_START_S = 2.0, 1.0"
        assert text.count(first) == 1
        text = text.replace(first, "COAST_START_S, BOOST_START_S = 1e9, 1e9")
        name += "_fixed"
    path = folder / f"{name.replace('step', 'run')}.py"
    path.write_text(text, encoding="utf-8")
    return load(path.stem, path)
