"""Prepare what a result rests on: assumptions, sources, what treaty texts would say, and how to make the page again."""

from diptych.command.properties import fires_by_silence
from diptych.model.sources import Source
from diptych.report.page import ComparisonPage
from diptych.report.phrases import spoken
from diptych.report.views.common import View


def assumptions_view(page: ComparisonPage) -> list[View]:
    """Prepare every not-known number of the scenario."""
    return [
        {
            "key": a.key,
            "title": a.title,
            "unit": a.unit,
            "low": plain_number(a.said(a.low)),
            "mid": plain_number(a.said(a.mid)),
            "high": plain_number(a.said(a.high)),
            "used": plain_number(a.said(a.used)),
            "is_changed": a.is_changed,
            "grade": a.source.grade,
            "weak": a.source.weak,
            "source": a.source,
        }
        for a in sorted(
            page.scenario.assumptions, key=lambda a: (not a.is_changed, not a.key.startswith("stages"), a.key)
        )
    ]


def plain_number(value: float | str) -> str:
    """Return a value of a file as somebody wrote it: a word as it is, a number rounded to six digits at most."""
    return value if isinstance(value, str) else f"{value:.6g}".replace("-", "−")


def sources_of(page: ComparisonPage) -> list[Source]:
    """Return every source once: of the scenario, its arrangements and its assumptions."""
    seen: dict[tuple[str, str], Source] = {}
    every = [*page.scenario.sources, *(s for a in page.scenario.arrangements for s in (a.treaty_source, *a.sources))]
    every += [a.source for a in page.scenario.assumptions]
    for source in every:
        seen.setdefault((source.title, source.url), source)
    return list(seen.values())


def arrangements_view(page: ComparisonPage) -> list[View]:
    """Prepare what a treaty text of each arrangement would say."""
    return [
        {
            "name": spoken(a.id),
            "title": a.title,
            "treaty": a.treaty,
            "source": a.treaty_source,
            "silence": fires_by_silence(a),
        }
        for a in page.scenario.arrangements
        if a.id in page.comparison.arrangements
    ]


def foot_view(page: ComparisonPage) -> View:
    """Prepare provenance: enough to make the page again."""
    return {
        "digest": page.scenario.digest,
        "truth": page.comparison.truth_digest,
        "seed": page.comparison.seed,
        "replicates": page.comparison.replicates,
        "replicate": page.replicate,
        "version": page.version,
        "command": page.command,
        "attributions": page.attributions,
        "boundary": page.boundary_policy,
        "notes": page.scenario.notes,
        "conducts": page.scenario.conducts,
    }
