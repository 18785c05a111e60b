"""Start the command line: nothing heavy is imported before the verb is known.

This is also the one place that turns what went wrong into an exit code: 0 done, 1 findings or failure, 2 usage,
3 invalid file, 4 run aborted, 130 Ctrl-C, 141 nobody reads the output any more (as a shell would say of SIGPIPE).
A user's mistake is a message and never a traceback.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TextIO

OK, FAILED, USAGE, INVALID, ABORTED, INTERRUPTED, NO_READER = 0, 1, 2, 3, 4, 130, 141


def main() -> int:
    """Run the command line and return its exit code."""
    if sys.argv[1:] == ["--version"]:
        from diptych import __version__

        print(f"diptych {__version__}")
        return OK
    gc.disable()  # imports make much that stays: looking through it again and again takes a tenth of the start
    from diptych.edge.cli import app

    output = sys.stdout
    try:
        try:
            app(prog_name="diptych")
        finally:
            output.flush()
    except SystemExit as stop:
        if sys.stdout is not output:  # what typer leaves behind when nobody reads the output
            _forget(output)
            return NO_READER
        return stop.code if isinstance(stop.code, int) else FAILED
    except KeyboardInterrupt:
        print("diptych: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        _forget(output)
        return NO_READER
    except Exception as error:
        code = _explained(error)
        if code is None:
            raise
        return code
    finally:
        gc.enable()
    return OK


def _forget(output: TextIO) -> None:
    """Send what is still to be written to nowhere, so that the interpreter does not complain when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, output.fileno())
    os.close(nowhere)


def _explained(error: Exception) -> int | None:
    """Print an error raised on purpose and return its exit code; None for any other, which is a bug of ours."""
    from diptych.model.errors import DiptychError, ScenarioError

    if isinstance(error, ScenarioError):
        print(str(error), file=sys.stderr)
        if len(error.problems) > 1:
            print(f"diptych: {len(error.problems)} problems; nothing was run", file=sys.stderr)
        return INVALID
    if isinstance(error, DiptychError):
        print(f"diptych: {error}", file=sys.stderr)
        return ABORTED
    return None


if __name__ == "__main__":
    sys.exit(main())
