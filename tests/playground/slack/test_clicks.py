"""What happens when people click, choose and type commands: signatures, shapes, Slack's patience."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.playground.slack import LocalSlack, NotPossibleError

from .bolt import Bot
from .conftest import SIGNING_SECRET, Clock
from .pieces import actions, button, checkboxes, field, option, plain, section, select, typed
from .test_web_api import refusal

HERE = "CAPPLICANTS"


def test_requests_are_signed(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """The signature holds for the very bytes; with another secret the bot answers 401."""
    ts = post(actions(button()))
    assert slack.as_user("UANA").click(HERE, ts, "green").status == 200
    headers, body = bot.requests[-1]
    assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers)
    stranger = LocalSlack(signing_secret="another", bot_url=bot.url)
    outcome = stranger.as_user("UANA").command("/handoff-settings", channel=HERE)
    assert outcome.status == 401
    assert not outcome.ok


def test_a_click_on_a_message_has_slacks_shape(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """block_actions, field by field."""
    ts = post(section("Ana Novák"), actions(button(style="primary"), select("status", "new", "shortlist")))
    assert slack.as_user("UANA").click(HERE, ts, "green").ok
    body = bot.last
    assert body["type"] == "block_actions"
    assert body["user"] == {"id": "UANA", "username": "ana", "name": "ana", "team_id": "TDEMO"}
    assert body["team"] == {"id": "TDEMO", "domain": "brightdeskrecruitment"}
    assert body["channel"] == {"id": HERE, "name": "applicants"}
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": HERE,
        "is_ephemeral": False,
    }
    assert body["message"] == slack.message(HERE, ts)
    assert body["state"] == {
        "values": {"row": {"status": {"type": "static_select", "selected_option": None}}}
    }
    (action,) = body["actions"]
    assert {name: action[name] for name in ("type", "action_id", "block_id", "value", "style")} == {
        "type": "button",
        "action_id": "green",
        "block_id": "row",
        "value": "v1",
        "style": "primary",
    }
    assert action["text"] == {"type": "plain_text", "text": "Green", "emoji": True}
    assert action["action_ts"]
    assert (body["enterprise"], body["is_enterprise_install"], body["api_app_id"]) == (
        None,
        False,
        "AHANDOFF",
    )
    assert body["trigger_id"]
    assert body["response_url"].startswith(f"{slack.base_url}/actions/TDEMO/")


def test_what_is_not_there_cannot_be_clicked(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """No such button, no such message, a menu instead of a button: nothing is sent."""
    ts = post(actions(button(), select("status", "new")))
    ana = slack.as_user("UANA")
    with pytest.raises(NotPossibleError, match="no red here; there is green, status"):
        ana.click(HERE, ts, "red")
    with pytest.raises(NotPossibleError, match="sees no message"):
        ana.click(HERE, "1.000000", "green")
    with pytest.raises(NotPossibleError, match="static_select, not a button"):
        ana.click(HERE, ts, "status")
    with pytest.raises(NotPossibleError, match="no channel CENGINEERS"):
        slack.as_user("UGUEST").click("CENGINEERS", ts, "green")
    assert bot.seen == []


def test_an_action_id_twice_wants_its_block_named(
    slack: LocalSlack, bot: Bot, post: Callable[..., str]
) -> None:
    """Two rows may use one action_id; a person clicks one of them."""
    ts = post(actions(button(), block_id="one"), actions(button(value="v2"), block_id="two"))
    with pytest.raises(NotPossibleError, match="here 2 times"):
        slack.as_user("UANA").click(HERE, ts, "green")
    slack.as_user("UANA").click(HERE, ts, "green", "two")
    assert bot.last["actions"][0]["value"] == "v2"


def test_a_choice_is_one_of_the_options(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """The whole option travels, in the action and in the state; others are refused."""
    ts = post(actions(select("status", "new", "shortlist")))
    assert slack.as_user("UANA").choose(HERE, ts, "status", "shortlist").ok
    chosen = bot.last["actions"][0]["selected_option"]
    assert chosen == {
        "text": {"type": "plain_text", "text": "Shortlist", "emoji": True},
        "value": "shortlist",
    }
    assert bot.last["state"]["values"]["row"]["status"]["selected_option"] == chosen
    with pytest.raises(NotPossibleError, match="no option 'hired'; its options are new, shortlist"):
        slack.as_user("UANA").choose(HERE, ts, "status", "hired")


def test_choices_are_each_persons_own(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """What Ana picked on a message is not in Ben's state."""
    ts = post(actions(button(), select("status", "new")))
    slack.as_user("UANA").choose(HERE, ts, "status", "new")
    slack.as_user("UBEN").click(HERE, ts, "green")
    assert bot.last["state"]["values"]["row"]["status"]["selected_option"] is None


@pytest.mark.parametrize(
    ("element", "value", "field_name", "expected"),
    [
        (
            {"type": "overflow", "action_id": "x", "options": [option("undo")]},
            "undo",
            "selected_option",
            "undo",
        ),
        ({"type": "radio_buttons", "action_id": "x", "options": [option("a")]}, "a", "selected_option", "a"),
        (checkboxes("x", "a", "b"), ["b"], "selected_options", ["b"]),
        (checkboxes("x", "a", initial_options=[option("a")]), [], "selected_options", []),
        (select("x", "a"), "a", "selected_option", "a"),
        ({"type": "users_select", "action_id": "x"}, "UBEN", "selected_user", "UBEN"),
        ({"type": "multi_users_select", "action_id": "x"}, ["UBEN"], "selected_users", ["UBEN"]),
        ({"type": "channels_select", "action_id": "x"}, HERE, "selected_channel", HERE),
        ({"type": "conversations_select", "action_id": "x"}, HERE, "selected_conversation", HERE),
        ({"type": "datepicker", "action_id": "x"}, "2026-11-21", "selected_date", "2026-11-21"),
        ({"type": "timepicker", "action_id": "x"}, "09:30", "selected_time", "09:30"),
        ({"type": "datetimepicker", "action_id": "x"}, 1_790_000_000, "selected_date_time", 1_790_000_000),
    ],
)
def test_every_kind_of_choice_has_its_field(
    slack: LocalSlack,
    bot: Bot,
    post: Callable[..., str],
    element: dict[str, Any],
    value: object,
    field_name: str,
    expected: object,
) -> None:
    """Slack names the chosen value after the element's type."""
    ts = post(actions(element))
    assert slack.as_user("UANA").choose(HERE, ts, "x", value).ok
    got = bot.last["actions"][0][field_name]
    if isinstance(got, dict):
        got = got["value"]
    elif got and isinstance(got, list) and isinstance(got[0], dict):
        got = [each["value"] for each in got]
    assert got == expected


def test_menus_offer_known_people_and_channels(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """Nobody who left or never was, no channel that this person can't see."""
    who, where = (
        {"type": "users_select", "action_id": "who"},
        {"type": "conversations_select", "action_id": "where"},
    )
    ts = post(actions(who, where))
    slack.change_user("UBEN", deleted=True)
    for user, action_id, value in (
        ("UANA", "who", "UNOBODY"),
        ("UANA", "who", "UBEN"),
        ("UGUEST", "where", "CENGINEERS"),
    ):
        with pytest.raises(NotPossibleError, match=f"has no {value}"):
            slack.as_user(user).choose(HERE, ts, action_id, value)


def test_a_menu_can_be_emptied(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """Deselecting sends null."""
    ts = post(actions({"type": "users_select", "action_id": "who", "initial_user": "UANA"}))
    slack.as_user("UANA").choose(HERE, ts, "who", None)
    assert bot.last["actions"][0]["selected_user"] is None


def test_inputs_on_messages_wait_for_a_button(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """An input block dispatches nothing; its value is in the state of the next click."""
    ts = post(field("why", typed("reason")), actions(button()))
    assert slack.as_user("UANA").choose(HERE, ts, "reason", "Too far").status is None
    assert bot.seen == []
    slack.as_user("UANA").click(HERE, ts, "green")
    values = bot.last["state"]["values"]
    assert values["why"]["reason"] == {"type": "plain_text_input", "value": "Too far"}


def test_ephemeral_clicks_come_without_the_message(slack: LocalSlack, client: WebClient, bot: Bot) -> None:
    """Slack leaves it out; only the container says which it was. Nobody else can click it."""
    ts = client.chat_postEphemeral(channel=HERE, user="UANA", text="x", blocks=[actions(button()).copy()])[
        "message_ts"
    ]
    slack.as_user("UANA").click(HERE, ts, "green")
    assert bot.last["container"]["is_ephemeral"] is True
    assert "message" not in bot.last
    with pytest.raises(NotPossibleError):
        slack.as_user("UBEN").click(HERE, ts, "green")


def test_a_button_for_some_is_not_for_others(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """visible_to_user_ids hides a button from everybody else."""
    ts = post(actions(button(visible_to_user_ids=["UANA"])))
    with pytest.raises(NotPossibleError, match="doesn't see"):
        slack.as_user("UBEN").click(HERE, ts, "green")
    assert slack.as_user("UANA").click(HERE, ts, "green").ok


def test_an_unanswered_click_shows_slacks_error(
    slack: LocalSlack, bot: Bot, post: Callable[..., str]
) -> None:
    """No ack in time: the person reads so at the message until their next click works."""
    ts = post(actions(button()))
    done = threading.Event()

    def hang(ack: Callable[..., None], **_: object) -> None:
        done.wait(30)
        ack()

    bot.on["action"] = hang
    slack.ack_seconds = 0.2
    outcome = slack.as_user("UANA").click(HERE, ts, "green")
    done.set()
    assert (outcome.status, outcome.ok) == (None, False)
    assert slack.as_user("UANA").sees(HERE)[0]["error"].startswith("We had some trouble connecting")
    assert "error" not in slack.as_user("UBEN").sees(HERE)[0]
    del bot.on["action"]
    slack.ack_seconds = 20.0
    assert slack.as_user("UANA").click(HERE, ts, "green").ok
    assert "error" not in slack.as_user("UANA").sees(HERE)[0]


def test_a_failing_bot_shows_the_same(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """An answer outside 2xx is no ack, and neither is a bot that isn't there."""
    ts = post(actions(button()))
    bot.on["action"] = lambda **_: None
    failed = slack.as_user("UANA").click(HERE, ts, "green")
    assert failed.status == 404
    assert failed.error == "We had some trouble connecting. Try again?"
    slack.bot_url = "http://127.0.0.1:9"
    assert slack.as_user("UANA").click(HERE, ts, "green").error == failed.error


def test_what_is_under_way_is_shown(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """`pending` names the action while the bot works on it, and the bot can call back meanwhile."""
    ts = post(actions(button()))
    seen: list[Any] = []

    def look(ack: Callable[..., None], **_: object) -> None:
        seen.append(slack.as_user("UANA").sees(HERE)[0].get("pending"))
        bot.client.chat_update(channel=HERE, ts=ts, text="Decided")
        ack()

    bot.on["action"] = look
    assert slack.as_user("UANA").click(HERE, ts, "green").ok
    assert seen == [["green"]]
    assert "pending" not in slack.as_user("UANA").sees(HERE)[0]
    assert slack.message(HERE, ts)["text"] == "Decided"


def test_two_people_click_at_once(slack: LocalSlack, bot: Bot, post: Callable[..., str]) -> None:
    """Both clicks are with the bot at the same time; neither waits for the other."""
    ts = post(actions(button()))
    together = threading.Barrier(2)

    def meet(ack: Callable[..., None], **_: object) -> None:
        together.wait(30)
        ack()

    bot.on["action"] = meet
    outcomes: list[bool] = []
    people = [
        threading.Thread(
            target=lambda who=who: outcomes.append(slack.as_user(who).click(HERE, ts, "green").ok)
        )
        for who in ("UANA", "UBEN")
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert outcomes == [True, True]


def test_a_slash_command_has_slacks_form(slack: LocalSlack, bot: Bot) -> None:
    """Form fields, with a trigger and a response_url; the answer's text is for the person alone."""
    bot.on["command"] = lambda ack, **_: ack("Here is help.")
    outcome = slack.as_user("UADMIN").command("/handoff-settings", "help", channel=HERE)
    assert outcome.ok
    assert {name: bot.last[name] for name in ("command", "text", "channel_name", "user_name", "team_id")} == {
        "command": "/handoff-settings",
        "text": "help",
        "channel_name": "applicants",
        "user_name": "maya",
        "team_id": "TDEMO",
    }
    assert bot.last["trigger_id"]
    (said,) = slack.as_user("UADMIN").sees(HERE)
    assert (said["text"], said["ephemeral"]) == ("Here is help.", True)
    assert slack.as_user("UANA").sees(HERE) == []


def test_a_commands_answer_can_be_for_all(slack: LocalSlack, bot: Bot) -> None:
    """response_type in_channel posts it for everybody."""
    bot.on["command"] = lambda ack, **_: ack(text="For all", response_type="in_channel")
    slack.as_user("UADMIN").command("/handoff-settings", channel=HERE)
    assert slack.as_user("UANA").sees(HERE)[0]["text"] == "For all"


def test_an_answer_slack_cannot_show_is_reported(slack: LocalSlack, bot: Bot) -> None:
    """Bad blocks in a command's answer don't pass in silence."""
    bot.on["command"] = lambda ack, **_: ack(text="x", blocks=[section("")])
    outcome = slack.as_user("UADMIN").command("/handoff-settings", channel=HERE)
    assert outcome.error is not None
    assert "invalid_blocks" in outcome.error


def test_commands_are_refused_where_slack_refuses_them(slack: LocalSlack, bot: Bot) -> None:
    """Unknown ones, and any in a thread."""
    maya = slack.as_user("UADMIN")
    with pytest.raises(NotPossibleError, match="not a valid command"):
        maya.command("/handoff-setings", channel=HERE)
    with pytest.raises(NotPossibleError, match="not supported in threads"):
        maya.command("/handoff-settings", channel=HERE, thread_ts="1.0")
    assert bot.seen == []


def test_a_failed_command_is_a_notice(slack: LocalSlack) -> None:
    """Slack's own sentence for a bot that can't be reached."""
    slack.bot_url = "http://127.0.0.1:9"
    outcome = slack.as_user("UANA").command("/handoff-settings", channel=HERE)
    assert outcome.error == '/handoff-settings failed with the error "dispatch_failed".'
    assert slack.as_user("UANA").notice() == outcome.error


def test_a_trigger_lives_three_seconds_and_once(
    slack: LocalSlack, client: WebClient, bot: Bot, clock: Clock
) -> None:
    """Expired after 3 s, exchanged the second time, invalid if it was never given."""
    view = {"type": "modal", "title": plain("x"), "blocks": []}
    for _ in range(2):
        slack.as_user("UANA").command("/handoff-settings", channel=HERE)
    first, second = (seen["trigger_id"] for seen in bot.seen)
    assert client.views_open(trigger_id=first, view=view)["ok"]
    assert refusal(client.views_open, trigger_id=first, view=view)["error"] == "exchanged_trigger_id"
    clock.now += 3.1
    assert refusal(client.views_open, trigger_id=second, view=view)["error"] == "expired_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.3", view=view)["error"] == "invalid_trigger_id"


def answer(bot: Bot, **said: object) -> requests.Response:
    """Post to the last response_url."""
    return requests.post(bot.last["response_url"], json=said, timeout=30)


def test_a_response_url_answers_privately_or_for_all(
    slack: LocalSlack, bot: Bot, post: Callable[..., str]
) -> None:
    """Ephemeral unless in_channel; it works where the bot is not a member."""
    slack.as_user("UANA").click(HERE, post(actions(button())), "green")
    slack.kick("UHANDOFF", HERE)
    assert answer(bot, text="Only you").status_code == 200
    assert answer(bot, text="All", response_type="in_channel").status_code == 200
    assert [message["text"] for message in slack.as_user("UANA").sees(HERE)] == ["A card", "Only you", "All"]
    assert [message["text"] for message in slack.as_user("UBEN").sees(HERE)] == ["A card", "All"]


def test_a_response_url_replaces_and_deletes_the_original(
    slack: LocalSlack, client: WebClient, bot: Bot, post: Callable[..., str]
) -> None:
    """Even an ephemeral original, which chat.update can't reach."""
    ts = client.chat_postEphemeral(channel=HERE, user="UANA", text="Sure?", blocks=[actions(button("yes"))])[
        "message_ts"
    ]
    slack.as_user("UANA").click(HERE, ts, "yes")
    answer(bot, replace_original=True, text="Done")
    (left,) = slack.as_user("UANA").sees(HERE)
    assert (left["text"], left["ts"], "blocks" in left) == ("Done", ts, False)
    answer(bot, delete_original=True)
    assert slack.as_user("UANA").sees(HERE) == []
    assert answer(bot, replace_original=True, text="Gone").json()["error"] == "message_not_found"
    assert answer(bot, text="Still heard").status_code == 200


def test_a_response_url_wears_out(
    slack: LocalSlack, bot: Bot, post: Callable[..., str], clock: Clock
) -> None:
    """Five uses, thirty minutes, and the same checks as any message."""
    ts = post(actions(button()))
    slack.as_user("UANA").click(HERE, ts, "green")
    assert answer(bot, text="x", blocks=[section("")]).json()["error"] == "invalid_blocks"
    for _ in range(4):
        assert answer(bot, text="x").status_code == 200
    worn = answer(bot, text="x")
    assert (worn.status_code, worn.json()["error"]) == (404, "used_url")
    slack.as_user("UANA").click(HERE, ts, "green")
    clock.now += 30 * 60 + 1
    assert answer(bot, text="x").json()["error"] == "expired_url"
    assert slack.calls[-1].method == "response_url"


def test_ordinary_messages_reach_a_bot_that_listens(slack: LocalSlack, bot: Bot) -> None:
    """message.channels only when subscribed to."""
    slack.as_user("UANA").say(HERE, "not for bots")
    assert bot.seen == []
    slack.subscriptions.add("message.channels")
    slack.as_user("UANA").say(HERE, "hello")
    assert bot.last["event"]["text"] == "hello"
