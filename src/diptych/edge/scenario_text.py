"""What `diptych scenario list` prints: a line for each shipped scenario."""

import msgspec

from diptych.edge.build import SCENARIO, scenario_names
from diptych.edge.files import data_path
from diptych.edge.schema.extend import read_extended


def scenarios_text() -> str:
    """Return name, date and title of each shipped scenario, one line each."""
    return "".join(f"{row['id']:<24} {row['date']}  {row['title']}\n" for row in _rows())


def scenarios_json() -> str:
    """Return the same as one JSON document."""
    return msgspec.json.format(msgspec.json.encode({"scenarios": _rows()}), indent=2).decode() + "\n"


def _rows() -> list[dict[str, str]]:
    rows = []
    for name in scenario_names():
        tree = read_extended(data_path("scenarios", f"{name}.yaml"), SCENARIO, "scenarios")
        values = {key: tree.get(key) for key in ("date", "title")}
        rows.append({"id": name} | {key: str(found.value) for key, found in values.items() if found is not None})
    return rows
