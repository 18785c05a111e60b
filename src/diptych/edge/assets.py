"""Read the texts a report is set with (template, style, script) from the installed package."""

from importlib import resources

from diptych.report.page import Assets


def load_assets() -> Assets:
    """Return the template, style sheet and script that travel with the package.

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.
    """
    folder = resources.files("diptych.report") / "templates"
    return Assets(
        template=(folder / "comparison.html").read_text(encoding="utf-8"),
        style=(folder / "report.css").read_text(encoding="utf-8"),
        script=(folder / "report.js").read_text(encoding="utf-8"),
    )
