"""A real browser on the playground; what it sees at the turning points is kept in `artifacts/`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.playground.stage import Stage, stage
from tests.doubles.bullhorn import BullhornDouble
from tests.doubles.jobadder import JobAdderDouble
from tests.support import forget_environment

ARTIFACTS = Path(__file__).parents[2] / "artifacts"
_PATIENCE_MS = 60_000
"""Long enough for a machine that has a lot else to do; nothing here ever takes it all."""

Keep = Callable[[Page, str], None]


@pytest.fixture(scope="session", autouse=True)
def _patience() -> None:
    expect.set_options(timeout=_PATIENCE_MS)


@pytest.fixture
def undo_seconds() -> int:
    """The time to undo, none unless a test sets it; who sees something come and go needs a long one."""
    return 0


@pytest.fixture
def bullhorn(monkeypatch: pytest.MonkeyPatch) -> Iterator[BullhornDouble]:
    """A Bullhorn that the bot is registered with; where a user signs in, only the user name tells."""
    with BullhornDouble(time.time, "") as double:
        sign_in = double.site.sign_in
        app = {"client_id": sign_in.client_id, "client_secret": sign_in.client_secret}
        _register(monkeypatch, "BULLHORN", app | {"api_url": double.api_url})
        yield double


@pytest.fixture
def jobadder(monkeypatch: pytest.MonkeyPatch) -> Iterator[JobAdderDouble]:
    """A JobAdder that the bot is registered with."""
    with JobAdderDouble(time.time, "") as double:
        double.reset()
        sign_in = double.site.sign_in
        app = {"client_id": sign_in.client_id, "client_secret": sign_in.client_secret}
        urls = {"authorize_url": double.authorize_url, "token_url": double.token_url}
        _register(monkeypatch, "JOBADDER", app | urls | {"api_url": double.api_url})
        yield double


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch, undo_seconds: int) -> Iterator[Stage]:
    """The demo's stage."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with stage(0, undo_seconds=undo_seconds) as running:
        running.slack.be_patient()
        yield running


@contextmanager
def stage_beside(double: BullhornDouble | JobAdderDouble, undo_seconds: int) -> Iterator[Stage]:
    """The demo's stage, without the demo CRM's page, beside another CRM that knows where the bot is."""
    with stage(0, undo_seconds=undo_seconds) as running:
        double.site.sign_in.redirect_uri = f"{running.bot_url}/crm/callback"
        running.slack.crm_url = None
        running.slack.be_patient()
        yield running


@pytest.fixture
def page(browser: Browser, running: Stage) -> Iterator[Page]:
    """The admin's page on a desktop screen; a fault in its scripts fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
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


def _register(monkeypatch: pytest.MonkeyPatch, key: str, app: dict[str, Any]) -> None:
    """As an operator does: the app's client and the CRM's addresses in the environment."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    for name, value in app.items():
        monkeypatch.setenv(f"CRM__{key}__{name.upper()}", value)
