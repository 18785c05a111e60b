"""Compare ways of commanding two missile-defence complexes together.

`import diptych` is quick: it brings in nothing but this file. The names that most people need are loaded when they
are first asked for.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
