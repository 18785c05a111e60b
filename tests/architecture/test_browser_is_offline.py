"""The browser that tests use has no network, and says so when a page asks for one all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_a_page_that_asks_for_the_network_is_caught(offline_context: Any, tmp_path: Path) -> None:
    page_file = tmp_path / "page.html"
    page_file.write_text('<title>asks</title><script src="http://outside.invalid/a.js"></script>')
    page = offline_context.new_page()
    page.goto(page_file.as_uri())
    assert page.title() == "asks"
    assert offline_context.asked == [page_file.as_uri(), "http://outside.invalid/a.js"]
    assert page.evaluate("navigator.onLine") is False


def test_a_page_that_stands_alone_asks_for_itself_only(offline_context: Any, tmp_path: Path) -> None:
    page_file = tmp_path / "page.html"
    page_file.write_text("<title>alone</title><script>document.title = 'ran'</script>")
    page = offline_context.new_page()
    page.goto(page_file.as_uri())
    assert page.title() == "ran"
    assert offline_context.asked == [page_file.as_uri()]
