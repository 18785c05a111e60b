"""What every test may use: fixed hypothesis profiles, honest skips, and a browser without a network.

Skips: a test that lacks a system program calls `tests.helpers.need.need_program`, which names the program and the way
to get it.  Where `DIPTYCH_REQUIRE_ALL=1` (as in .ci/run) such a skip is a failure.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.helpers.need import SKIP_PREFIX, need_program

# The same examples on every run: a failure found once is found again.  `search` is for a person hunting for new ones.
_COMMON: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fixed", derandomize=True, max_examples=60, database=None, **_COMMON)
settings.register_profile("search", derandomize=False, max_examples=2000, **_COMMON)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def _fail_instead_of_skip(report: Any) -> None:
    """Turn a skip for a missing system program into a failure where everything is required."""
    if os.environ.get("DIPTYCH_REQUIRE_ALL") != "1" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if SKIP_PREFIX in reason:
        report.outcome = "failed"
        report.longrepr = f"DIPTYCH_REQUIRE_ALL=1 forbids this skip: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    _fail_instead_of_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Any:
    report = yield
    _fail_instead_of_skip(report)
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Debian chromium driven by playwright; one per worker."""
    chromium = need_program("chromium")
    from playwright.sync_api import sync_playwright

    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=quiet)
        yield started
        started.close()


@pytest.fixture
def offline_context(browser: Any) -> Iterator[Any]:
    """A browser context with the network off; `.asked` lists every address that the page asked for all the same."""
    context = browser.new_context(offline=True)
    context.asked = []
    context.on("request", lambda request: context.asked.append(request.url))
    yield context
    context.close()
