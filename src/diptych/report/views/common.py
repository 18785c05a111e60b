"""What every section of a report asks for: names of arrangements and parties, and the type of a view."""

from diptych.report.page import ComparisonPage
from diptych.report.phrases import spoken

View = dict[str, object]


def titles_of(page: ComparisonPage) -> dict[str, str]:
    """Return the spoken name of every arrangement."""
    return {a: spoken(a) for a in page.comparison.arrangements}


def party_titles(page: ComparisonPage) -> dict[str, str]:
    """Return the title of every party, by id."""
    return {p.id: p.title for p in page.scenario.parties}
