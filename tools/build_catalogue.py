"""Write src/diptych/data/catalogue.json, the compiled copy of the catalogue's YAML files (see edge/catalogue.py)."""

import msgspec

from diptych.edge.catalogue import DATA, KINDS, compile_catalogue


def main() -> None:
    """Compile and write; the same YAML gives the same bytes."""
    catalogue = compile_catalogue()
    target = DATA / "catalogue.json"
    target.write_bytes(msgspec.json.encode(catalogue) + b"\n")
    counts = ", ".join(f"{len(getattr(catalogue, kind))} {kind}" for kind in KINDS)
    print(f"{target.name}: {target.stat().st_size} bytes, {counts}")


if __name__ == "__main__":
    main()
