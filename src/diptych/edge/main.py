"""Start the command line: nothing heavy is imported before the verb is known."""

from __future__ import annotations

import sys


def main() -> int:
    """Print the version for `diptych --version`; every other call says that no verb exists yet."""
    from diptych import __version__

    if sys.argv[1:] == ["--version"]:
        print(f"diptych {__version__}")
        return 0
    print("diptych: expected --version, no verb is built in yet", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
