"""Write src/diptych/data/trees.json, the parsed copies of shipped files (see edge/parsed_copies.py)."""

import msgspec

from diptych.edge.files import data_path
from diptych.edge.parsed_copies import TREES, parsed_copies


def main() -> None:
    """Parse and write; the same files give the same bytes."""
    trees = parsed_copies()
    target = data_path(TREES)
    target.write_bytes(msgspec.json.encode(trees) + b"\n")
    print(f"{target.name}: {target.stat().st_size} bytes, {len(trees)} files")


if __name__ == "__main__":
    main()
