"""The verb `new`: a commented file to start from, on standard output or in a file that does not exist yet."""

from __future__ import annotations

import sys
from pathlib import Path

from diptych.edge.schema.documents import new_text
from diptych.model.errors import LocalError


def new_verb(kind: str, name: str, out: Path | None) -> int:
    """Carry out `diptych new` and return its exit code."""
    text = new_text(kind, name)
    if out is None:
        sys.stdout.write(text)
        return 0
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise LocalError(f"writing {out}: expected a new file, got one that is there; choose another name") from None
    except OSError as error:
        raise LocalError(f"writing {out}: {error.strerror}; choose another place") from error
    return 0
