"""From a click to the CRM by one id, in a log that holds nobody's name, address or token."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
import requests

from bot.blocks import ids
from bot.crm._trace import template
from tests.story.acts import connect, undo_window
from tests.story.logbook import logged
from tests.world import BEN, BOT_TOKEN, INTAKE_TOKEN, SIGNING_SECRET, World


def lines_of(text: str) -> list[dict[str, Any]]:
    """The log's lines, read as a log server does."""
    return [json.loads(line) for line in text.splitlines()]


def test_one_green_click_is_followed_to_the_crm_by_one_id(world: World) -> None:
    """The click and each call to the CRM that came of it share an id; lines name team, job, application."""
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)
    with logged(logging.INFO) as book:
        id_, other = world.arrive(), world.arrive()
        world.click(BEN, id_, ids.DECIDE_GREEN)
        world.deliver()
        world.click(BEN, other, ids.DECIDE_GREEN)
        world.deliver()
    lines = lines_of(book.getvalue())
    first, second = (line for line in lines if line.get("action") == ids.DECIDE_GREEN)
    assert (first["event"], first["delivery"], first["team"]) == ("slack_delivery", "block_actions", "TDEMO")
    assert first["request"] != second["request"]

    calls = [line for line in lines if line["event"] == "crm_call" and line["request"] == first["request"]]
    assert {line["application"] for line in calls} == {id_}
    assert {(line["kind"], line["team"], line["crm"]) for line in calls} == {("handoff", "TDEMO", "DEMO")}
    asked = [(line["method"], line["path"], line["status"]) for line in calls]
    assert ("POST", "/people", 201) in asked
    assert ("POST", "/people/{id}/files", 201) in asked
    assert ("POST", "/applications", 201) in asked
    assert all(line["milliseconds"] >= 0 and line["job"] for line in calls)


def test_the_whole_story_holds_nothing_about_anybody(world: World) -> None:
    """Signing in, settings, cards, a decision, an expired token, a revoked sign-in: no name and no secret."""
    with logged(logging.DEBUG) as book:
        connect(world)
        world.tick(send_green=True)
        undo_window(world, 0)
        id_, later = world.arrive(), world.arrive()
        world.click(BEN, id_, ids.OPEN_DETAILS)
        world.crm.expire_access_tokens()
        world.click(BEN, id_, ids.DECIDE_GREEN)
        world.deliver()
        world.crm.faults.add(kind="error", status=500)
        world.crm.revoke_all()
        world.click(BEN, later, ids.DECIDE_GREEN)
        for _ in range(3):
            world.deliver(seconds=30)
        spent = [call for call in world.crm.calls if call.path == "/oauth/token"]
    said = book.getvalue().casefold()
    candidate = world.application(id_).candidate
    people = [
        candidate.first_name,
        candidate.last_name,
        candidate.email,
        candidate.phone,
        "ines.pdf",
        "priya",
    ]
    secrets = [BOT_TOKEN, SIGNING_SECRET, INTAKE_TOKEN, world.crm.client_secret, "/nowhere", "?"]
    assert [word for word in [*people, *secrets] if str(word).casefold() in said] == []
    assert len(spent) > 1
    assert "crm_sign_in_renewed" in said
    assert "crm_sign_in_broken" in said
    for word in ("bearer", "access_token", "refresh_token", "code=", "state="):
        assert word not in said


@pytest.mark.parametrize("offered", ["f00dcafe-0001", "01J5XK4ZJ5"])
def test_a_proxys_id_is_taken_and_answered(world: World, offered: str) -> None:
    """Whoever has an id already finds it in the log, on the application's card as well."""
    with logged(logging.INFO) as book:
        headers = {"X-Request-Id": offered}
        answer = requests.get(f"{world.bot_url}/healthz", headers=headers, timeout=30)
        assert answer.headers["X-Request-Id"] == offered
        refused = requests.post(f"{world.bot_url}/slack/events", headers=headers, data=b"{}", timeout=30)
    assert refused.status_code == 401
    (line,) = lines_of(book.getvalue())
    assert (line["event"], line["request"]) == ("slack_delivery_unsigned", offered)


@pytest.mark.parametrize(
    "offered", ["", "short", "ines@example.com", "a b c d e f", "x" * 65, "Inés-Marsh-1"]
)
def test_an_id_that_may_say_something_is_replaced(world: World, offered: str) -> None:
    """What is no plain id is not taken into the log."""
    headers = {"X-Request-Id": offered.encode()}
    answer = requests.get(f"{world.bot_url}/healthz", headers=headers, timeout=30)
    assert len(answer.headers["X-Request-Id"]) == 26


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/people/17/files", "/people/{id}/files"),
        ("/crm/v3/objects/contacts/search", "/crm/v3/objects/contacts/search"),
        ("/query?q=SELECT+Id+FROM+Contact+WHERE+Email='a@b.c'", "/query"),
        ("/sobjects/Contact/Email/ana@example.com", "/sobjects/Contact/Email/{id}"),
        ("/services/data/v62.0/sobjects/003Ab", "/services/data/v62.0/sobjects/{id}"),
        ("/json/2/res.partner/search_read", "/json/{id}/res.partner/search_read"),
        ("https://hooks.example.com/T0/B0/secret", "(elsewhere)"),
        ("", "(elsewhere)"),
        ("/people/Ana%20Nov%C3%A1k", "/people/{id}"),
    ],
)
def test_a_calls_path_is_shown_without_ids(path: str, shown: str) -> None:
    """Only plain words and versions of a path stand in the log."""
    assert template(path) == shown
