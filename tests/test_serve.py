"""`handoff serve` as it runs: starts, is ready, delivers in one role or two, stops cleanly, waits for
Slack.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests

from bot.blocks import ids
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack

from .databases import PostgresqlTemplate
from .processes import Serving, free_port, serving, settings_for
from .world import ADMIN, ANA, CHANNEL, INTAKE_TOKEN, an_application, login_link

_PATIENCE = 30.0


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """A Slack of the test's own."""
    with LocalSlack() as slack:
        slack.be_patient()
        yield slack


@pytest.fixture
def crm() -> Iterator[DemoCrm]:
    """A CRM of the test's own."""
    with DemoCrm() as crm:
        yield crm


def _until(holds: Callable[[], Any], seconds: float = _PATIENCE) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)
    return found


def _arrive(bot: Serving, number: int = 1) -> str:
    answer = requests.post(
        f"{bot.url}/api/v1/applications",
        json=an_application(number),
        headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _handoff(bot: Serving, id_: str) -> dict[str, Any]:
    answer = requests.get(
        f"{bot.url}/api/v1/applications/{id_}",
        headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
        timeout=30,
    )
    handoff: dict[str, Any] = answer.json()["handoff"]
    return handoff


def _cards(slack: LocalSlack) -> list[dict[str, Any]]:
    return [message for message in slack.messages(CHANNEL) if message.get("metadata")]


def _set_up(slack: LocalSlack, crm: DemoCrm) -> None:
    """An admin connects the demo CRM, ticks Green and saves."""
    admin = slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel=CHANNEL)
    _until(admin.view)
    admin.act_in_view(ids.SETTINGS_CRM, "DEMO")
    link = _until(lambda: login_link(admin.view()))
    consent = requests.get(link, allow_redirects=False, timeout=30).headers["Location"]
    assert requests.get(crm.approve(consent), timeout=30).status_code == 200
    _until(lambda: "Connected as" in str(admin.view()))
    before = admin.view()
    admin.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN])
    _until(lambda: (admin.view() or {}).get("hash") != (before or {}).get("hash"))
    assert admin.submit().ok


def test_it_serves_and_stops_cleanly(slack: LocalSlack, tmp_path: Path) -> None:
    """Ready once started, an applicant becomes a card, and SIGTERM ends it with exit status 0 within
    seconds.
    """
    url = f"sqlite:///{tmp_path / 'handoff.db'}"
    with serving(tmp_path, settings_for(slack, url)) as bot:
        bot.until_ready()
        slack.bot_url = bot.url
        assert requests.get(f"{bot.url}/healthz", timeout=30).status_code == 200
        _arrive(bot)
        _until(lambda: _cards(slack))
        status, seconds = bot.terminate()
        assert (status, seconds < 25) == (0, True), bot.log
        assert "Traceback" not in bot.log
        assert "ines.marsh" not in bot.log


def test_what_is_under_way_is_finished_before_the_end(
    slack: LocalSlack, crm: DemoCrm, tmp_path: Path
) -> None:
    """SIGTERM while a slow CRM is being called: that call is finished, its result kept, and nothing is
    sent twice.
    """
    url = f"sqlite:///{tmp_path / 'handoff.db'}"
    settings = settings_for(slack, url, crm)
    with serving(tmp_path, settings) as bot:
        bot.until_ready()
        slack.bot_url = bot.url
        _set_up(slack, crm)
        id_ = _arrive(bot)
        (card,) = _until(lambda: _cards(slack))
        fault = crm.faults.add(kind="hang", method="POST", path="/api/v1/people", seconds=2)
        slack.as_user(ANA).click(CHANNEL, card["ts"], ids.DECIDE_GREEN)
        _until(lambda: fault.hits)
        status, seconds = bot.terminate()
        assert (status, seconds < 30) == (0, True), bot.log
    with serving(tmp_path, settings) as bot:
        bot.until_ready()
        _until(lambda: _handoff(bot, id_)["state"] == "sent")
    assert len([person for person in crm.people() if person.email == "ines.marsh1@example.com"]) == 1


def test_a_crm_that_never_answers_does_not_keep_it_from_stopping(
    slack: LocalSlack, crm: DemoCrm, tmp_path: Path
) -> None:
    """With a call hanging for a minute it still ends, exit status 0, within the time a service manager
    gives.
    """
    url = f"sqlite:///{tmp_path / 'handoff.db'}"
    with serving(tmp_path, settings_for(slack, url, crm)) as bot:
        bot.until_ready()
        slack.bot_url = bot.url
        _set_up(slack, crm)
        _arrive(bot)
        (card,) = _until(lambda: _cards(slack))
        fault = crm.faults.add(kind="hang", path="/api/v1/people", seconds=60, times=None)
        slack.as_user(ANA).click(CHANNEL, card["ts"], ids.DECIDE_GREEN)
        _until(lambda: fault.hits)
        status, seconds = bot.terminate()
        assert (status, seconds < 50) == (0, True), bot.log


def test_web_and_worker_share_one_postgresql(
    slack: LocalSlack, crm: DemoCrm, postgresql: PostgresqlTemplate, tmp_path: Path
) -> None:
    """Two processes, one answering and one delivering, tell the story together."""
    name = f"serve_{uuid4().hex}"
    settings = settings_for(slack, postgresql.clone(name), crm)
    port = free_port()
    public = settings | {"PUBLIC_URL": f"http://127.0.0.1:{port}"}
    try:
        with (
            serving(tmp_path, public, "--role", "web", port=port) as web,
            serving(tmp_path, public, "--role", "worker") as worker,
        ):
            web.until_ready()
            worker.until_ready()
            slack.bot_url = web.url
            _set_up(slack, crm)
            id_ = _arrive(web)
            (card,) = _until(lambda: _cards(slack))
            assert slack.as_user(ANA).click(CHANNEL, card["ts"], ids.DECIDE_GREEN).status == 200
            _until(lambda: _handoff(web, id_)["state"] == "sent")
            assert requests.post(f"{worker.url}/slack/events", timeout=30).status_code == 404
            assert [bot.terminate()[0] for bot in (web, worker)] == [0, 0]
    finally:
        postgresql.drop(name)


def test_slack_unreachable_at_the_start_is_waited_for(tmp_path: Path) -> None:
    """It starts all the same, says so in the log, and takes applicants as soon as Slack is there."""
    slack = LocalSlack()
    slack.start()
    slack.stop()
    with serving(tmp_path, settings_for(slack, f"sqlite:///{tmp_path / 'handoff.db'}")) as bot:
        bot.until_ready()
        assert "slack_not_reached_at_start" in bot.log
        slack.start()
        try:
            _until(lambda: "slack_reached" in bot.log)
            _arrive(bot)
            _until(lambda: _cards(slack))
            assert bot.terminate()[0] == 0
        finally:
            slack.stop()
