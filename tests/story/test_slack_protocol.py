"""What Slack sends: verified, acknowledged in time, acted upon once; whatever else arrives does no harm."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlencode

import requests
from sqlalchemy import text

from bot.blocks import ids
from tests.story.acts import HANGS
from tests.story.logbook import logged
from tests.story.settings_modal import COMMAND, Modal
from tests.story.signed import FORM, JSON, headers_for, send, send_event, send_payload
from tests.world import ADMIN, ANA, CHANNEL, GUEST, World

_PERSONAL = "ines.marsh@example.com"


def test_nothing_unsigned_stale_or_forged_is_let_in(world: World) -> None:
    """Missing, wrong and old signatures get 401; the log holds the fact and nothing of what was sent."""
    body = json.dumps({"type": "event_callback", "text": _PERSONAL}).encode()
    good = headers_for(body, JSON)
    unsigned = {name: value for name, value in good.items() if name != "X-Slack-Signature"}
    wrong = good | {"X-Slack-Signature": "v0=" + "0" * 64}
    other_body = headers_for(b"{}", JSON)
    stale = headers_for(body, JSON, at=time.time() - 301)
    future = headers_for(body, JSON, at=time.time() + 400)
    with logged() as log:
        for headers in ({}, unsigned, wrong, other_body, stale, future):
            answer = requests.post(f"{world.bot_url}/slack/events", data=body, headers=headers, timeout=30)
            assert answer.status_code == 401
            assert _PERSONAL not in answer.text
    assert _PERSONAL not in log.getvalue()
    assert good["X-Slack-Signature"] not in log.getvalue()
    assert log.getvalue().count("slack_delivery_") == 6


def test_malformed_deliveries_are_refused_and_not_logged(world: World) -> None:
    """Signed, but nothing that Slack sends: 400 each, nothing personal in the log, no traceback."""
    bodies = [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b"\xff\xfe" + _PERSONAL.encode(), JSON),
        (b"[" * 100_000, JSON),
        (f"payload={_PERSONAL}".encode(), FORM),
        (b"payload=%5B%5D", FORM),
        (b"payload=", FORM),
        (b'{"type": "event_callback", "enterprise": 5, "event": "x"}', JSON),
    ]
    with logged() as log:
        for body, kind in bodies:
            assert send(world, body, kind).status_code == 400, body[:60]
        bad_time = send(world, b"{}", X_Slack_Request_Timestamp="noon")
    assert bad_time.status_code == 400
    assert _PERSONAL not in log.getvalue()
    assert "Traceback" not in log.getvalue()


def test_a_body_past_the_limit_is_refused(world: World) -> None:
    """Three megabytes are more than Slack ever sends."""
    assert send(world, b"x" * 3_000_000).status_code == 413


def test_strange_but_signed_shapes_do_no_harm(world: World) -> None:
    """Payloads without what every payload has: never a 5xx, nothing done."""
    shapes: list[dict[str, Any]] = [
        {"type": "block_actions"},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [{"action_id": ids.DECIDE_GREEN}], "user": None},
        {"type": "block_actions", "actions": [{"action_id": ids.DECIDE_GREEN, "block_id": "card:x:y:z"}]},
        {"type": "view_submission", "view": {"callback_id": ids.SETTINGS}},
        {
            "type": "view_submission",
            "view": {"callback_id": ids.SETTINGS, "state": {"values": 5}, "id": "V1"},
        },
        {"type": "nobody_knows"},
    ]
    with logged():
        for shape in shapes:
            assert send_payload(world, **shape).status_code < 500, shape


def test_the_address_is_verified(world: World) -> None:
    """Slack's url_verification gets its challenge back, if it is signed."""
    answer = send(world, json.dumps({"type": "url_verification", "challenge": "abc123"}))
    assert answer.status_code == 200
    assert answer.json()["challenge"] == "abc123"


def test_what_this_version_does_not_know_is_acknowledged(world: World) -> None:
    """Buttons of an older card, modals, shortcuts, events and option lists nobody knows: 200 and no
    effect.
    """
    calls = len(world.slack.calls)
    unknown: list[dict[str, Any]] = [
        {"type": "block_actions", "actions": [{"type": "button", "action_id": "gone", "block_id": "b"}]},
        {"type": "view_submission", "view": {"id": "V1", "type": "modal", "callback_id": "gone"}},
        {"type": "view_closed", "view": {"id": "V1", "type": "modal", "callback_id": "gone"}},
        {"type": "shortcut", "callback_id": "gone"},
        {"type": "message_action", "callback_id": "gone"},
        {"type": "block_suggestion", "action_id": "gone", "block_id": "b", "value": ""},
    ]
    for payload in unknown:
        assert send_payload(world, **payload).status_code == 200, payload
    assert send_event(world, {"type": "team_join"}).status_code == 200
    assert send_event(world, {"type": "message", "text": "hello", "user": ANA}).status_code == 200
    world.deliver(seconds=1)
    assert len(world.slack.calls) == calls


def test_buttons_with_links_are_acknowledged(world: World) -> None:
    """A button that opens a page still sends a click, which wants its answer."""
    for action_id in (ids.OPEN_CV, ids.OPEN_IN_CRM, ids.SETTINGS_LOGIN):
        action = {"type": "button", "action_id": action_id, "block_id": "b"}
        assert send_payload(world, type="block_actions", actions=[action]).status_code == 200


def test_a_repeated_event_has_one_effect(world: World) -> None:
    """Slack sends an event again when it heard no answer: the Home tab is published once."""
    event = {"type": "app_home_opened", "user": ANA, "tab": "home", "channel": "D1"}
    for number in range(3):
        outcome = world.slack.send_event(event, retry_num=number or None, event_id="Ev0001")
        assert outcome.status == 200
    assert world.slack.wait_until(lambda: world.slack.as_user(ANA).home() is not None)
    world.slack.send_event(event, event_id="Ev0002")

    def published() -> int:
        return sum(call.method == "views.publish" for call in world.slack.calls)

    assert world.slack.wait_until(lambda: published() == 2)


def test_a_repeated_click_has_one_effect(world: World) -> None:
    """The same click delivered twice decides once."""
    id_ = world.arrive()
    first = world.click(ANA, id_, ids.DECIDE_GREEN)
    second = world.click(ANA, id_, ids.DECIDE_GREEN)
    assert (first.status, second.status) == (200, 200)
    assert world.application(id_).version == 1


def test_a_fault_of_ours_ends_in_a_private_word(world: World) -> None:
    """The history of decisions can't be written: 200 all the same, nothing decided, a reference for the
    person.
    """
    id_ = world.arrive()
    with world.house.database.transaction() as connection:
        connection.execute(text("DROP TABLE decisions"))
    with logged() as log:
        outcome = world.click(ANA, id_, ids.DECIDE_RED)
        assert outcome.status == 200
        world.outbox.drain()
    word = world.private(ANA)[-1]
    assert "Something went wrong on our side" in word
    assert word.split("`")[1] in log.getvalue()
    assert _PERSONAL.partition("@")[0] not in log.getvalue()
    assert world.application(id_).light is None


def test_an_event_that_failed_is_asked_for_again(world: World) -> None:
    """The database can't take the uninstall: Slack is told so and sends it again, and then it counts."""
    with world.house.database.transaction() as connection:
        connection.execute(text("ALTER TABLE outbox RENAME TO outbox_away"))
    with logged():
        assert send_event(world, {"type": "app_uninstalled"}).status_code == 503
    with world.house.database.transaction() as connection:
        connection.execute(text("ALTER TABLE outbox_away RENAME TO outbox"))
    assert send_event(world, {"type": "app_uninstalled"}).status_code == 200


def test_everything_is_acknowledged_fast_while_crm_and_slack_hang(world: World) -> None:
    """With every call to Slack and to the CRM hanging, a command, clicks and ticks are answered without
    waiting for any.
    """
    world.connect()
    world.tick(send_green=True)
    id_ = world.arrive()
    modal = Modal(world).open()
    world.slack.faults.add("*", "hang", times=None, seconds=HANGS)
    world.crm.faults.add(kind="hang", path="/**", times=None, seconds=HANGS)
    world.clock.advance(seconds=30)
    outcomes = [
        world.click(ADMIN, id_, ids.DECIDE_GREEN),
        modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN, ids.BOX_ALL]),
        world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL),
        world.slack.as_user(ADMIN).open_home(),
        world.slack.as_user(GUEST).command(COMMAND, "help", channel=CHANNEL),
    ]
    assert [outcome.status for outcome in outcomes] == [200] * 5
    assert max(outcome.elapsed for outcome in outcomes) < HANGS / 2
    world.slack.faults.clear()
    world.crm.faults.clear()


def test_a_workspace_that_is_not_installed_is_told_so(world: World) -> None:
    """A command from a workspace that the bot does not know is answered calmly."""
    fields = {"command": COMMAND, "team_id": "TNOBODY", "user_id": "U1", "trigger_id": "1", "text": ""}
    answer = send(world, urlencode(fields), FORM)
    assert answer.status_code == 200
    assert "no longer installed" in answer.text
