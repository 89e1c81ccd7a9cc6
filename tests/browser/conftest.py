"""A real browser on the playground; what it sees at the turning points is kept in `artifacts/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.playground.stage import Stage, stage
from tests.support import forget_environment

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
_PATIENCE_MS = 15_000

Keep = Callable[[Page, str], None]


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The demo's stage, with a short time to undo."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with stage(0, undo_seconds=4) as running:
        yield running


@pytest.fixture
def page(browser: Browser, running: Stage) -> Iterator[Page]:
    """The admin's page on a desktop screen; a fault in its scripts fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    expect.set_options(timeout=_PATIENCE_MS)
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{running.slack.base_url}/?user=UADMIN")
    page.get_by_role("textbox", name="Message #applicants").wait_for()
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def browser_phone(browser: Browser, running: Stage) -> Iterator[Page]:
    """A recruiter's phone in the evening."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True)
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{running.slack.base_url}/?user=UBEN")
    page.get_by_role("textbox", name="Message #applicants").wait_for()
    yield page
    context.close()


@pytest.fixture(scope="session")
def keep() -> Keep:
    """Keep a picture of a page under a name."""
    ARTIFACTS.mkdir(exist_ok=True)

    def keep(page: Page, name: str) -> None:
        page.screenshot(path=ARTIFACTS / f"{name}.png")

    return keep
