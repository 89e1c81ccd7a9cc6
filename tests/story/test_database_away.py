"""The database goes away, or its disk is full: it is said calmly, nothing is half done, and it recovers."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests
from sqlalchemy import func, select

from bot.blocks import ids
from bot.store.outbox_tables import outbox
from bot.store.tables import applications, cvs, handoffs
from tests.outages import away, full
from tests.story.acts import connect, undo_window
from tests.story.signed import FORM, send, send_event, send_payload
from tests.world import BEN, CHANNEL, PDF, World

_CALM = "can't use its database"
_LARGE = {"filename": "ines.pdf", "content_type": "application/pdf"}


@pytest.fixture
def delivering(world: World) -> Iterator[World]:
    """The workers run in threads, as in a real process."""
    world.outbox.start()
    yield world
    world.outbox.stop()


def test_readiness_follows_the_database(world: World) -> None:
    """503 with the reason while it is away, and 200 again after; alive and counting all the time."""
    assert _status(world, "/readyz") == 200
    with away(world.house.database):
        answer = requests.get(f"{world.bot_url}/readyz", timeout=30)
        assert (answer.status_code, "database" in answer.json()["detail"]) == (503, True)
        assert _status(world, "/healthz") == 200
        assert "handoff_http_request_seconds" in requests.get(f"{world.bot_url}/metrics", timeout=30).text
    assert _status(world, "/readyz") == 200


def test_an_application_is_refused_for_a_moment_and_then_taken_once(world: World) -> None:
    """503 that says when to come back; the same application is new afterwards."""
    with away(world.house.database):
        refused = world.post(external_id="one")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert refused.headers["Content-Type"] == "application/problem+json"
    assert world.post(external_id="one").status_code == 201
    assert world.post(external_id="one").status_code == 200


def test_a_click_is_answered_in_private_and_changes_nothing(world: World) -> None:
    """Slack shows no error; the one who clicked reads why, and the same click works afterwards."""
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)
    id_ = world.arrive()
    with away(world.house.database):
        world.click(BEN, id_, ids.DECIDE_GREEN)
        assert world.slack.wait_until(lambda: any(_CALM in text for text in world.private(BEN)))
    assert world.state(id_)["light"] is None
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_commands_events_and_modals_without_a_database(world: World) -> None:
    """A command hears it at once; an event is to be sent again; a modal shows Slack's own word and stays."""
    with away(world.house.database):
        command = {"command": "/handoff-settings", "team_id": "TDEMO", "user_id": BEN, "channel_id": CHANNEL}
        answer = send(world, urlencode(command), FORM)
        assert (answer.status_code, answer.json()["response_type"]) == (200, "ephemeral")
        assert _CALM in answer.json()["text"]
        assert send_event(world, {"type": "app_home_opened", "user": BEN}).status_code == 503
        view = {"id": "V1", "type": "modal", "callback_id": ids.SETTINGS, "state": {"values": {}}}
        assert send_payload(world, type="view_submission", view=view).status_code == 503
        modal = {"type": "button", "action_id": ids.SETTINGS_CRM, "block_id": "b"}
        assert send_payload(world, type="block_actions", actions=[modal]).status_code == 503


def test_what_was_queued_leaves_once_it_is_back(delivering: World) -> None:
    """Workers outlast the outage, and deliver by themselves what came before and after it."""
    world = delivering
    world.post()
    assert world.slack.wait_until(lambda: len(world.cards()) == 1, 15)
    world.clock.advance(seconds=5)
    with away(world.house.database):
        assert world.post().status_code == 503
        assert not world.slack.wait_until(lambda: len(world.cards()) > 1, 2.5)
    world.post()
    assert world.slack.wait_until(lambda: len(world.cards()) == 2, 15)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("spare_pages", [0, 1, 2, 5, 40])
def test_a_full_disk_stores_all_or_nothing(world: World, spare_pages: int) -> None:
    """The intake says that it can't, and no part of the application stays; with room again it is taken."""
    cv = _LARGE | {"content": base64.b64encode(PDF + b"%" * 300_000).decode()}
    with full(world.house.database, spare_pages):
        refused = world.post(external_id="one", cv=cv)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert "database" in json.dumps(refused.json())
    assert _rows(world) == {"applications": 0, "cvs": 0, "handoffs": 0, "outbox": 0}
    assert world.post(external_id="one", cv=cv).status_code == 201
    assert _rows(world) == {"applications": 1, "cvs": 1, "handoffs": 1, "outbox": 1}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_click_on_a_full_disk_is_answered_too(world: World) -> None:
    """Nothing can be noted any more, not even the answer; the person hears it all the same."""
    id_ = world.arrive()
    with full(world.house.database):
        for _ in range(30):  # the last page may have some room still
            world.click(BEN, id_, ids.DECIDE_GREEN)
            world.click(BEN, id_, ids.DECIDE_RED)
            if world.slack.wait_until(lambda: any(_CALM in text for text in world.private(BEN)), 0.2):
                break
        assert world.slack.wait_until(lambda: any(_CALM in text for text in world.private(BEN)))


def _status(world: World, path: str) -> int:
    return requests.get(f"{world.bot_url}{path}", timeout=30).status_code


def _rows(world: World) -> dict[str, int]:
    tables = (applications, cvs, handoffs, outbox)
    with world.house.database.reading() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        }
