"""The pieces of docs/how-to/write-a-scenario.md, put together, are a scenario without errors."""

import pytest

from diptych.edge.files import data_path
from diptych.edge.lint import lint

GUIDE = (data_path().parents[2] / "docs" / "how-to" / "write-a-scenario.md").read_text()
HEAD = "schema: diptych/scenario/1\nextends: europe-2012\nid: spring\ntitle: Spring\narrangements: [separate]\n"


def pieces() -> list[str]:
    blocks = [part.split("```")[0] for part in GUIDE.split("```yaml\n")[1:]]
    return ["\n".join(line.removeprefix("    ") for line in block.splitlines()) for block in blocks]


def test_the_pieces_of_the_page_make_a_scenario_without_errors(tmp_path):
    path = tmp_path / "spring.yaml"
    path.write_text(HEAD + "\n".join(pieces()))
    assert [str(f.text) for f in lint(str(path)) if f.severity == "error"] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", start_s: 130", "", "expected this key, found none; add `start_s: ...`"),
        ("ready_count: {value: 24, source: mine}", "ready_count: 24", "write {value: 24, source: ID}"),
        ("volgograd: null", "volgogrd: null", "did you mean 'volgograd'?"),
    ],
)
def test_what_the_page_warns_of_is_an_error(old, new, said, tmp_path):
    text = HEAD + "\n".join(pieces())
    assert old in text
    path = tmp_path / "spring.yaml"
    path.write_text(text.replace(old, new))
    assert [said in f.text for f in lint(str(path)) if f.severity == "error"] == [True]
