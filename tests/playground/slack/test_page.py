"""The page's protocol: snapshots as they change, and every button through the same code as `as_user`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack

from .bolt import Bot
from .pieces import Json, actions, button, field, modal, option, section, select, typed

HERE = "CAPPLICANTS"


def press(slack: LocalSlack, name: str, **body: Any) -> Json:
    """What the page gets for a POST, as Ana."""
    answer = requests.post(f"{slack.base_url}/page/{name}", json={"user": "UANA"} | body, timeout=30)
    return dict(answer.json())


@contextmanager
def stream(slack: LocalSlack, user: str) -> Iterator[Iterator[Json]]:
    """The snapshots that this person's page gets."""
    url = f"{slack.base_url}/page/events?user={user}"
    with requests.get(url, stream=True, timeout=30) as answer:
        lines = answer.iter_lines()
        yield (json.loads(line[6:]) for line in lines if line.startswith(b"data: "))


def test_the_page_and_its_files_are_served(slack: LocalSlack) -> None:
    """index.html and what it refers to."""
    page = requests.get(slack.base_url, timeout=30)
    assert page.headers["content-type"].startswith("text/html")
    assert requests.get(f"{slack.base_url}/static/js/main.js", timeout=30).status_code == 200


def test_a_snapshot_holds_all_that_is_shown(slack: LocalSlack, post: Callable[..., str]) -> None:
    """The fields that the page is built on."""
    slack.crm_url = "http://127.0.0.1:3002"
    slack.hints = [{"id": "connect", "text": "Connect a CRM", "done": False}]
    ts = post(section("Ana Novák"))
    shown = slack.snapshot("UANA")
    assert shown["team"] == {"id": "TDEMO", "name": "Bright Desk Recruitment"}
    assert (shown["me"]["name"], shown["me"]["is_admin"]) == ("Ana Lindqvist", False)
    assert {channel["id"]: channel["unread"] for channel in shown["channels"]} == {HERE: 1, "CENGINEERS": 0}
    assert [message["ts"] for message in shown["messages"][HERE]] == [ts]
    assert (shown["views"], shown["home"], shown["notice"]) == ([], None, None)
    assert (shown["crm_url"], shown["can_add_applicant"]) == ("http://127.0.0.1:3002", False)
    assert shown["hint"][0]["text"] == "Connect a CRM"
    assert shown["commands"][0]["command"] == "/handoff-settings"
    json.dumps(shown)


def test_a_guest_is_shown_their_channel_only(slack: LocalSlack) -> None:
    """Neither the other channel nor its messages."""
    shown = slack.snapshot("UGUEST")
    assert [channel["id"] for channel in shown["channels"]] == [HERE]
    assert list(shown["messages"]) == [HERE]


def test_every_change_is_streamed(slack: LocalSlack, post: Callable[..., str]) -> None:
    """One snapshot at once, another when something happens; unknown people get none."""
    with stream(slack, "UANA") as snapshots:
        assert next(snapshots)["messages"][HERE] == []
        post(section("x"))
        assert len(next(snapshots)["messages"][HERE]) == 1
    assert requests.get(f"{slack.base_url}/page/events?user=UNOBODY", timeout=30).status_code == 404


def test_the_composer_sends_messages_and_commands(slack: LocalSlack, bot: Bot) -> None:
    """A leading slash makes a command; a refused one says why."""
    bot.on["command"] = lambda ack, **_: ack("Help")
    assert press(slack, "command", channel=HERE, text="hello") == {"ok": True}
    assert press(slack, "command", channel=HERE, text="/handoff-settings help") == {"ok": True}
    assert (bot.last["text"], bot.last["user_id"]) == ("help", "UANA")
    shown = [message["text"] for message in slack.snapshot("UANA")["messages"][HERE]]
    assert shown == ["hello", "Help"]
    refused = press(slack, "command", channel=HERE, text="/nonsense")
    assert refused == {"ok": False, "error": "/nonsense is not a valid command."}


def test_a_failed_command_is_shown_as_a_notice(slack: LocalSlack) -> None:
    """Until the next one works."""
    slack.bot_url = "http://127.0.0.1:9"
    assert not press(slack, "command", channel=HERE, text="/handoff-settings")["ok"]
    assert "dispatch_failed" in slack.snapshot("UANA")["notice"]["text"]
    assert slack.snapshot("UBEN")["notice"] is None


def test_buttons_and_menus_on_messages(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """The page says what was used, with the state of the rest."""
    ts = post(actions(button(), select("status", "new", "hired")))
    where = {"container": {"type": "message", "channel": HERE, "ts": ts}, "block_id": "row"}
    picked = {"row": {"status": {"type": "static_select", "selected_option": option("hired")}}}
    answer = press(
        slack, "act", **where, action_id="green", element={"type": "button", "value": "v1"}, state=picked
    )
    assert answer == {"ok": True}
    state = bot.last["state"]["values"]["row"]["status"]
    assert state["selected_option"]["value"] == "hired"
    element = {"type": "static_select", "selected_option": option("new")}
    assert press(slack, "act", **where, action_id="status", element=element)["ok"]
    assert bot.last["actions"][0]["selected_option"]["value"] == "new"
    forged = {"type": "static_select", "selected_option": option("forged")}
    assert "no option 'forged'" in press(slack, "act", **where, action_id="status", element=forged)["error"]


def test_a_failed_click_is_shown_at_its_message(slack: LocalSlack, post: Callable[..., str]) -> None:
    """With Slack's sentence, for the person who clicked."""
    ts = post(actions(button()))
    slack.bot_url = "http://127.0.0.1:9"
    where = {"container": {"type": "message", "channel": HERE, "ts": ts}, "block_id": "row"}
    press(slack, "act", **where, action_id="green", element={"type": "button"})
    assert "trouble connecting" in slack.snapshot("UANA")["messages"][HERE][0]["error"]
    assert "error" not in slack.snapshot("UBEN")["messages"][HERE][0]


def test_a_modal_from_first_key_to_submit(
    slack: LocalSlack, bot: Bot, opened: Callable[[Json], None]
) -> None:
    """Typing is kept, errors travel in the snapshot, submitting sends the page's values."""
    opened(modal(field("name", typed("name"))))
    (view,) = slack.snapshot("UANA")["views"]

    def state(text: str | None) -> Json:
        return {"name": {"name": {"type": "plain_text_input", "value": text}}}

    assert press(slack, "input", view_id=view["id"], state=state("Ma"))["ok"]
    assert slack.snapshot("UANA")["views"][0]["state"]["values"] == state("Ma")
    press(slack, "submit", view_id=view["id"], state=state(None))
    assert "required" in slack.snapshot("UANA")["views"][0]["errors"]["name"]
    bot.on["view"] = lambda ack, **_: ack(response_action="errors", errors={"name": "Too short."})
    assert press(slack, "submit", view_id=view["id"], state=state("M"))["ok"]
    assert slack.snapshot("UANA")["views"][0]["errors"] == {"name": "Too short."}
    del bot.on["view"]
    assert press(slack, "submit", view_id=view["id"], state=state("Maya"))["ok"]
    assert bot.last["view"]["state"]["values"] == state("Maya")
    assert slack.snapshot("UANA")["views"] == []
    assert not press(slack, "close", view_id=view["id"])["ok"]


def test_home_and_option_lists(slack: LocalSlack, client: WebClient, bot: Bot) -> None:
    """Opening Home tells the bot; an external select there asks it."""
    menu = {"type": "external_select", "action_id": "crm", "min_query_length": 0}
    home = {"type": "home", "blocks": [actions(menu)]}
    client.views_publish(user_id="UANA", view=home)
    assert press(slack, "home")["ok"]
    assert bot.last["event"]["type"] == "app_home_opened"
    shown = slack.snapshot("UANA")["home"]
    bot.on["options"] = lambda ack, **_: ack(options=[option("odoo")])
    where = {"container": {"type": "view", "id": shown["id"]}, "block_id": "row", "action_id": "crm"}
    assert press(slack, "options", **where, value="") == {"options": [option("odoo")]}
    element = {"type": "external_select", "selected_option": option("odoo")}
    assert press(slack, "act", **where, element=element)["ok"]
    assert bot.last["actions"][0]["selected_option"] == option("odoo")


def test_the_applicants_button(slack: LocalSlack) -> None:
    """It calls what the demo put there, as does the one for many at once."""
    made: list[int] = []
    assert not press(slack, "applicant")["ok"]
    assert not press(slack, "burst")["ok"]
    slack.new_applicant = lambda: made.append(1)
    slack.burst = lambda: made.extend((2, 3))
    assert press(slack, "applicant") == {"ok": True}
    assert press(slack, "burst") == {"ok": True}
    assert made == [1, 2, 3]
    shown = slack.snapshot("UANA")
    assert (shown["can_add_applicant"], shown["can_add_burst"]) == (True, True)


def test_reading_a_channel_empties_its_count(slack: LocalSlack, post: Callable[..., str]) -> None:
    """For that person only."""
    post(section("x"))
    press(slack, "read", channel=HERE)
    assert slack.snapshot("UANA")["channels"][0]["unread"] == 0
    assert slack.snapshot("UBEN")["channels"][0]["unread"] == 1


def test_files_in_messages_lead_to_the_page(slack: LocalSlack, client: WebClient) -> None:
    """Not to the URL that needs the bot's token."""
    client.files_upload_v2(channel=HERE, filename="cv.pdf", content=b"%PDF")
    (file,) = slack.snapshot("UANA")["messages"][HERE][0]["files"]
    assert set(file) == {"id", "name", "title", "mimetype", "size", "url"}
    assert requests.get(slack.base_url + file["url"], timeout=30).content == b"%PDF"


@pytest.mark.parametrize(
    ("name", "kind", "data", "status"),
    [
        ("nonsense", "application/json", "{}", 404),
        ("command", "text/plain", "{}", 415),
        ("command", "application/json", "{", 400),
        ("command", "application/json", "[]", 400),
    ],
)
def test_what_the_page_would_not_send_is_refused(
    slack: LocalSlack, name: str, kind: str, data: str, status: int
) -> None:
    """A form on another site can't press buttons here."""
    headers = {"Content-Type": kind}
    answer = requests.post(f"{slack.base_url}/page/{name}", data=data, headers=headers, timeout=30)
    assert answer.status_code == status
    assert not answer.json()["ok"]


def test_a_body_with_gaps_is_answered(slack: LocalSlack) -> None:
    """With a sentence instead of a breakdown."""
    assert "can't read" in press(slack, "act")["error"]
    assert "Nobody here" in press(slack, "home", user="UNOBODY")["error"]
