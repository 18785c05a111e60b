"""Take the front page's picture from a finished report: the swim lanes that it opens with.

    python tools/report_picture.py RUN_DIRECTORY [docs/pictures/report.png]

Needs Debian's chromium.  Run it again whenever results change.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright


def main(run_directory: str, picture: str = "docs/pictures/report.png") -> None:
    """Open the report of a run from disk and write the picture of its first story."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("tools/report_picture.py needs chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        page.goto((Path(run_directory) / "report.html").resolve().as_uri())
        page.add_style_tag(content=".marking{position:static!important}")
        page.add_style_tag(content=".story{padding:16px}.story details{display:none}")
        page.locator(".story:visible").screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
