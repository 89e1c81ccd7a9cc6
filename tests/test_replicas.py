"""Real processes side by side: a dead one's work is taken over, a channel's pace is kept, an old refusal
harms no new sign-in.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import requests

from bot.blocks import ids
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store.database import Database
from bot.usecases.connect import login_link
from tests.databases import PostgresqlTemplate
from tests.kill.replicas import Replicas, running
from tests.kill.rounds import connect_and_tick
from tests.kill.story import until
from tests.processes import settings_for
from tests.story import acts
from tests.support import Clock, forget_environment
from tests.world import (
    ADMIN,
    ANA,
    BEN,
    CHANNEL,
    INTAKE_TOKEN,
    TEAM,
    World,
    a_world,
    a_world_config,
    an_application,
)

TAKEN_OVER_WITHIN = 20.0
BURST = 8


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


def _arrive(url: str, number: int) -> str:
    answer = requests.post(
        f"{url}/api/v1/applications",
        json=an_application(number),
        headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _state(url: str, id_: str) -> str:
    headers = {"Authorization": f"Bearer {INTAKE_TOKEN}"}
    answer = requests.get(f"{url}/api/v1/applications/{id_}", headers=headers, timeout=30)
    return str(answer.json()["handoff"]["state"])


def _cards(slack: LocalSlack) -> list[str]:
    return [message["ts"] for message in slack.messages(CHANNEL) if message.get("metadata")]


def _set_up(bots: Replicas, slack: LocalSlack, crm: DemoCrm) -> str:
    """Connected, Green sends; where applications go."""
    slack.bot_url = bots.webs[0].url
    connect_and_tick(slack, crm)
    return slack.bot_url


def test_the_work_of_a_killed_process_is_taken_over_within_20_seconds(
    slack: LocalSlack, crm: DemoCrm, postgresql: PostgresqlTemplate, tmp_path: Path
) -> None:
    """Killed in the middle of a call that had its effect: another worker finds it done, and finishes."""
    name = f"taken_over_{uuid4().hex}"
    settings = settings_for(slack, postgresql.clone(name), crm)
    with running(tmp_path, settings, "split", 1) as bots:
        url = _set_up(bots, slack, crm)
        id_ = _arrive(url, 1)
        until(lambda: _cards(slack), "no card")
        fault = crm.faults.add(kind="hang", method="POST", path="/api/v1/people", seconds=9)
        slack.as_user(ANA).click(CHANNEL, _cards(slack)[0], ids.DECIDE_GREEN)
        until(lambda: fault.hits, "the CRM was not called")
        (worker,) = bots.workers
        worker.kill()
        worker.start()
        worker.until_ready()
        began = time.monotonic()
        until(lambda: _state(url, id_) == "sent", "it was not taken over")
        assert time.monotonic() - began < TAKEN_OVER_WITHIN
    assert len([person for person in crm.people() if person.email == "ines.marsh1@example.com"]) == 1
    postgresql.drop(name)


def test_a_burst_into_one_channel_keeps_slacks_pace(slack: LocalSlack, tmp_path: Path) -> None:
    """Eight at once become eight cards at a second each, and Slack has hardly ever to say no."""
    slack.pace = 1.0
    with running(tmp_path, settings_for(slack, f"sqlite:///{tmp_path / 'handoff.db'}"), "all", 1) as bots:
        begun = time.monotonic()
        for number in range(1, BURST + 1):
            _arrive(bots.webs[0].url, number)
        until(lambda: len(_cards(slack)) == BURST, "not all cards came", BURST * 4)
        took = time.monotonic() - begun
    posts = [call for call in slack.calls if call.method == "chat.postMessage"]
    assert len(posts) - BURST <= BURST // 2
    assert took >= BURST - 1


@pytest.fixture
def world(
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    crm: DemoCrm,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The product between that Slack and that CRM, on each kind of database."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with a_world(a_world_config(database_url, slack, crm), database, clock, slack, crm) as world:
        yield world


def test_a_late_refusal_of_an_old_sign_in_leaves_the_new_one_alone(world: World) -> None:
    """The old one's refusal arrives after somebody signed in anew: nothing is broken, all is sent."""
    acts.connect(world)
    world.tick(send_green=True)
    acts.undo_window(world, 0)
    id_ = world.arrive()
    link = login_link(world.house, TEAM, ADMIN, "DEMO", answers={}, view_id=None, draft={})
    world.crm.revoke_all()
    late = world.crm.faults.add(kind="hang", method="POST", path="/oauth/token", seconds=6)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    refused = threading.Thread(target=world.outbox.drain)
    refused.start()
    assert world.slack.wait_until(lambda: late.hits > 0)
    consent = requests.get(link, allow_redirects=False, timeout=30).headers["Location"]
    assert "is connected" in requests.get(world.crm.approve(consent), timeout=30).text
    assert refused.is_alive()
    refused.join(20)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert not any("no longer accepts" in told for told in world.direct(ADMIN))
