"""Modals and the Home tab: what a person can do in them, and what the bot gets and may answer."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack, NoOptionsError, NotPossibleError

from .bolt import Bot
from .pieces import Json, actions, button, checkboxes, field, modal, option, plain, section, select, typed
from .test_web_api import refusal

Open = Callable[[Json], None]
HERE = "CAPPLICANTS"


def values(bot: Bot) -> Any:
    """The state that came with the last request."""
    return bot.last["view"]["state"]["values"]


def push(bot: Bot, slack: LocalSlack, view: Json) -> None:
    """Have the bot push a view when Ana presses `more`."""

    def listener(ack: Callable[..., None], body: Json, **_: object) -> None:
        ack()
        bot.client.views_push(trigger_id=body["trigger_id"], view=view)

    bot.on["action"] = listener
    assert slack.as_user("UANA").act_in_view("more").ok


def test_an_opened_view_looks_like_slacks(slack: LocalSlack, opened: Open) -> None:
    """Ids, hash and the flags that Slack fills in."""
    opened(modal(section("Hello"), private_metadata="m", callback_id="settings"))
    view = slack.as_user("UANA").view()
    assert view is not None
    assert view["id"] == view["root_view_id"]
    assert (view["previous_view_id"], view["close"], view["team_id"]) == (None, None, "TDEMO")
    assert (view["private_metadata"], view["callback_id"], view["external_id"]) == ("m", "settings", "")
    assert view["title"] == {"type": "plain_text", "text": "Settings", "emoji": True}
    assert view["hash"]
    assert slack.as_user("UBEN").view() is None


def test_a_submission_carries_every_value(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """Typed, chosen, initial and untouched elements, each in Slack's shape."""
    opened(
        modal(
            field("name", typed("name")),
            field("note", typed("note", initial_value="as before"), optional=True),
            field("empty", typed("empty"), optional=True),
            field("status", select("status", "new", "hired", initial_option=option("new"))),
            actions(
                checkboxes("boxes", "green", "amber", initial_options=[option("amber")]), block_id="ticks"
            ),
            section("Who", block_id="who", accessory={"type": "users_select", "action_id": "user"}),
            field("where", {"type": "conversations_select", "action_id": "c", "initial_conversation": HERE}),
            field(
                "kind", {"type": "radio_buttons", "action_id": "r", "options": [option("a")]}, optional=True
            ),
            actions(button()),
        )
    )
    ana = slack.as_user("UANA")
    ana.fill("name", "Maya")
    assert ana.submit().ok
    assert values(bot) == {
        "name": {"name": {"type": "plain_text_input", "value": "Maya"}},
        "note": {"note": {"type": "plain_text_input", "value": "as before"}},
        "empty": {"empty": {"type": "plain_text_input", "value": None}},
        "status": {"status": {"type": "static_select", "selected_option": stored("new")}},
        "ticks": {"boxes": {"type": "checkboxes", "selected_options": [stored("amber")]}},
        "who": {"user": {"type": "users_select", "selected_user": None}},
        "where": {"c": {"type": "conversations_select", "selected_conversation": HERE}},
        "kind": {"r": {"type": "radio_buttons", "selected_option": None}},
    }
    assert bot.last["type"] == "view_submission"
    assert bot.last["response_urls"] == []
    assert ana.view() is None


def stored(value: str) -> Json:
    """An option as Slack gives it back."""
    return {"text": {"type": "plain_text", "text": value.title(), "emoji": True}, "value": value}


@pytest.mark.parametrize(
    ("element", "value", "says"),
    [
        (typed("x"), None, "required"),
        (typed("x"), "   ", "required"),
        (select("x", "a"), None, "required"),
        (checkboxes("x", "a"), [], "required"),
        (typed("x", "email_text_input"), "ana@nowhere", "email"),
        (typed("x", "url_text_input"), "acme.example", "URL"),
        (typed("x", "number_input", is_decimal_allowed=False), "1.5", "whole number"),
        (typed("x", "number_input", is_decimal_allowed=True), "many", "number"),
        (typed("x", "number_input", is_decimal_allowed=False, max_value="60"), "61", "at most 60"),
        (typed("x", "number_input", is_decimal_allowed=False, min_value="0"), "-1", "at least 0"),
        (typed("x", min_length=3), "ab", "at least 3"),
        (typed("x", max_length=3), "abcd", "no more than 3"),
    ],
)
def test_slack_does_not_send_bad_fields(
    slack: LocalSlack, bot: Bot, opened: Open, element: Json, value: object, says: str
) -> None:
    """The sentence stands beside the field, the bot hears nothing, the modal stays."""
    opened(modal(field("it", element)))
    sent = len(bot.seen)
    ana = slack.as_user("UANA")
    ana.fill("it", value)
    outcome = ana.submit()
    assert says in outcome.errors["it"]
    assert (outcome.status, outcome.ok, len(bot.seen)) == (None, False, sent)
    assert ana.view_errors() == outcome.errors


@pytest.mark.parametrize(
    ("element", "value"),
    [
        (typed("x", "email_text_input"), "ana@acme.example"),
        (typed("x", "url_text_input"), "https://acme.example/x"),
        (typed("x", "number_input", is_decimal_allowed=True), "1.5"),
    ],
)
def test_good_fields_are_sent(
    slack: LocalSlack, bot: Bot, opened: Open, element: Json, value: object
) -> None:
    """The other side of the same checks."""
    opened(modal(field("it", element)))
    slack.as_user("UANA").fill("x", value)
    assert slack.as_user("UANA").submit().ok
    assert values(bot)["it"]["x"]["value"] == value


def test_errors_from_the_bot_stand_beside_fields(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """response_action errors keeps the modal; correcting the field takes the sentence away."""
    opened(modal(field("host", typed("host"))))
    bot.on["view"] = lambda ack, **_: ack(response_action="errors", errors={"host": "No such host."})
    ana = slack.as_user("UANA")
    ana.fill("host", "x")
    assert ana.submit().errors == {"host": "No such host."}
    assert ana.view_errors() == {"host": "No such host."}
    ana.fill("host", "y")
    assert ana.view_errors() == {}


def test_errors_for_no_input_block_are_trouble(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """Slack shows its own error when the keys are not input blocks."""
    opened(modal(section("Text", block_id="text"), field("host", typed("host"), optional=True)))
    bot.on["view"] = lambda ack, **_: ack(response_action="errors", errors={"text": "Wrong."})
    outcome = slack.as_user("UANA").submit()
    assert outcome.error is not None
    assert "trouble connecting" in outcome.error
    assert slack.as_user("UANA").view() is not None


def test_a_submission_can_update_push_and_clear(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """The three other response actions."""
    opened(modal(section("One")))
    ana = slack.as_user("UANA")
    bot.on["view"] = lambda ack, **_: ack(response_action="update", view=modal(section("Two")))
    assert ana.submit().ok
    assert ana.views()[0]["blocks"][0]["text"]["text"] == "Two"
    bot.on["view"] = lambda ack, **_: ack(response_action="push", view=modal(section("Three")))
    assert ana.submit().ok
    first, second = ana.views()
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])
    bot.on["view"] = lambda ack, **_: ack(response_action="clear")
    assert ana.submit().ok
    assert ana.views() == []


def test_a_submission_answered_with_a_bad_view_is_trouble(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """The person sees Slack's error; the test sees why."""
    opened(modal(section("One")))
    bot.on["view"] = lambda ack, **_: ack(response_action="update", view=modal(section("")))
    outcome = slack.as_user("UANA").submit()
    assert outcome.error is not None
    assert "json-pointer:/view/blocks/0/text/text" in outcome.error


def test_an_unanswered_submission_keeps_the_modal(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """What was typed is still there to be sent again."""
    opened(modal(field("name", typed("name"))))
    ana = slack.as_user("UANA")
    ana.fill("name", "Maya")
    bot.on["view"] = lambda **_: None
    assert ana.submit().error == "We had some trouble connecting. Try again?"
    del bot.on["view"]
    assert ana.submit().ok
    assert values(bot)["name"]["name"]["value"] == "Maya"


def test_a_view_without_submit_has_no_submit_button(slack: LocalSlack, opened: Open) -> None:
    """And nobody without a modal can press one."""
    opened({"type": "modal", "title": plain("Read only"), "blocks": [section("x")]})
    with pytest.raises(NotPossibleError, match="no submit button"):
        slack.as_user("UANA").submit()
    with pytest.raises(NotPossibleError, match="no modal open"):
        slack.as_user("UBEN").submit()


def test_elements_in_views_dispatch_where_slack_does(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """Actions and section blocks tell the bot at once, input blocks only with dispatch_action."""
    opened(
        modal(
            field("quiet", select("quiet", "a")),
            field("loud", select("loud", "b"), dispatch_action=True),
            actions(checkboxes("boxes", "c", "d"), block_id="ticks"),
        )
    )
    ana = slack.as_user("UANA")
    assert ana.act_in_view("quiet", "a").status is None
    assert ana.act_in_view("loud", "b").status == 200
    assert ana.act_in_view("boxes", values=["c", "d"]).status == 200
    body = bot.last
    assert body["container"] == {"type": "view", "view_id": ana.views()[0]["id"]}
    assert [each["value"] for each in body["actions"][0]["selected_options"]] == ["c", "d"]
    assert values(bot)["quiet"]["quiet"]["selected_option"]["value"] == "a"
    assert "response_url" not in body
    with pytest.raises(NotPossibleError, match="no option 'z'"):
        ana.act_in_view("boxes", values=["z"])


def test_what_was_typed_survives_updates(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """Same block_id and action_id keep their value, even against a new initial one; others start afresh."""
    opened(
        modal(field("name", typed("name")), field("gone", typed("gone")), field("pick", select("pick", "a")))
    )
    ana = slack.as_user("UANA")
    for each, value in (("name", "Maya"), ("gone", "x"), ("pick", "a")):
        ana.fill(each, value)
    new = modal(
        field("name", typed("name", initial_value="other")),
        field("gone", typed("gone2", initial_value="fresh")),
        field("pick", select("pick", "b"), optional=True),
    )
    bot.client.views_update(view_id=ana.views()[0]["id"], view=new)
    ana.submit()
    state = values(bot)
    assert state["name"]["name"]["value"] == "Maya"
    assert state["gone"]["gone2"]["value"] == "fresh"
    assert state["pick"]["pick"]["selected_option"] is None


def test_updates_with_a_stale_hash_are_refused(slack: LocalSlack, client: WebClient, opened: Open) -> None:
    """hash_conflict; and not_found once the view is closed."""
    opened(modal(section("One")))
    view = slack.as_user("UANA").views()[0]
    client.views_update(view_id=view["id"], hash=view["hash"], view=modal(section("Two")))
    again = {"view_id": view["id"], "hash": view["hash"], "view": modal(section("Three"))}
    assert refusal(client.views_update, **again)["error"] == "hash_conflict"
    slack.as_user("UANA").close()
    assert refusal(client.views_update, **again)["error"] == "not_found"


def test_external_ids_name_one_view(slack: LocalSlack, client: WebClient, opened: Open) -> None:
    """A view can be updated by it, and no second one may use it."""
    opened(modal(section("One"), external_id="settings-UANA"))
    client.views_update(external_id="settings-UANA", view=modal(section("Two"), external_id="settings-UANA"))
    assert slack.as_user("UANA").views()[0]["blocks"][0]["text"]["text"] == "Two"
    body = refusal(
        client.views_publish,
        user_id="UBEN",
        view={"type": "home", "blocks": [], "external_id": "settings-UANA"},
    )
    assert body["error"] == "duplicate_external_id"


@pytest.mark.parametrize(
    ("view", "error", "says"),
    [
        (
            modal(section("x"), title=plain("x" * 25)),
            "invalid_arguments",
            "less than 25 characters [json-pointer:/view/title",
        ),
        (modal(section("x"), private_metadata="x" * 3001), "invalid_arguments", "/view/private_metadata"),
        ({"type": "modal", "blocks": []}, "invalid_arguments", "missing required field: title"),
        ({"type": "home", "blocks": []}, "invalid_arguments", "unsupported type: home"),
        (modal(section("x"), id="V1"), "invalid_arguments", "invalid additional property: id"),
        (modal(field("a", typed("a")), submit=None), "invalid_arguments", "missing required field: submit"),
        (modal(*[section("x" * 2900)] * 90), "view_too_large", ""),
    ],
)
def test_views_that_slack_refuses(
    slack: LocalSlack, client: WebClient, bot: Bot, view: Json, error: str, says: str
) -> None:
    """Each with its reason; the trigger is not spent on it."""
    slack.as_user("UANA").command("/handoff-settings", channel=HERE)
    trigger = bot.last["trigger_id"]
    body = refusal(client.views_open, trigger_id=trigger, view=view)
    assert body["error"] == error
    assert says in str(body.get("response_metadata"))
    assert client.views_open(trigger_id=trigger, view=modal(section("fine")))["ok"]


def test_the_stack_is_three_deep(slack: LocalSlack, client: WebClient, bot: Bot, opened: Open) -> None:
    """A fourth view meets push_limit_reached; Cancel goes back one."""
    one = modal(actions(button("more")))
    opened(one)
    push(bot, slack, one)
    push(bot, slack, one)
    bot.on.pop("action")
    ana = slack.as_user("UANA")
    ana.act_in_view("more")
    body = refusal(client.views_push, trigger_id=bot.last["trigger_id"], view=one)
    assert body["error"] == "push_limit_reached"
    ana.close()
    assert len(ana.views()) == 2


def test_only_the_top_view_can_be_used(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """What lies below is covered."""
    opened(modal(actions(button("more"), button("below"))))
    push(bot, slack, modal(section("Top")))
    with pytest.raises(NotPossibleError, match="no below here"):
        slack.as_user("UANA").act_in_view("below")


def test_closing_is_told_when_asked_for(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """view_closed for Cancel; for the cross once, with the root view and is_cleared."""
    asking = modal(actions(button("more")), notify_on_close=True, callback_id="root")
    opened(asking)
    push(bot, slack, modal(section("x"), notify_on_close=True, callback_id="top"))
    ana = slack.as_user("UANA")
    ana.close()
    assert (bot.last["type"], bot.last["view"]["callback_id"], bot.last["is_cleared"]) == (
        "view_closed",
        "top",
        False,
    )
    push(bot, slack, modal(section("x")))
    ana.close(everything=True)
    assert (bot.last["view"]["callback_id"], bot.last["is_cleared"]) == ("root", True)
    assert ana.views() == []


def test_closing_is_not_told_otherwise(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """Without notify_on_close the bot hears nothing."""
    opened(modal(section("x")))
    sent = len(bot.seen)
    slack.as_user("UANA").close()
    assert len(bot.seen) == sent


def test_clear_on_close_closes_all(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """Cancel on such a view takes the views below with it."""
    opened(modal(actions(button("more"))))
    push(bot, slack, modal(section("x"), clear_on_close=True))
    slack.as_user("UANA").close()
    assert slack.as_user("UANA").views() == []


def test_response_urls_come_with_a_channel_chosen_for_it(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """A conversations_select with response_url_enabled in an input block; the current one is the default."""
    menu = {
        "type": "conversations_select",
        "action_id": "c",
        "response_url_enabled": True,
        "default_to_current_conversation": True,
    }
    opened(modal(field("where", menu)))
    assert slack.as_user("UANA").views()[0]["state"]["values"]["where"]["c"]["selected_conversation"] == HERE
    slack.as_user("UANA").fill("where", "CENGINEERS")
    slack.as_user("UANA").submit()
    (url,) = bot.last["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "c", "CENGINEERS")


def test_external_selects_ask_the_bot(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """block_suggestion past the minimum length; only what was offered can be chosen."""
    opened(modal(field("crm", {"type": "external_select", "action_id": "crm", "min_query_length": 2})))
    ana = slack.as_user("UANA")
    bot.on["options"] = lambda ack, body, **_: ack(options=[option(body["value"])])
    assert ana.options("crm", "b") == {"options": []}
    assert ana.options("crm", "bull") == {"options": [option("bull")]}
    assert (bot.last["type"], bot.last["value"], bot.last["block_id"]) == ("block_suggestion", "bull", "crm")
    with pytest.raises(NotPossibleError):
        ana.fill("crm", "odoo")
    ana.fill("crm", "bull")
    assert ana.submit().ok
    assert values(bot)["crm"]["crm"]["selected_option"] == option("bull")


def test_option_lists_slack_cannot_show_are_reported(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """More than 100, malformed ones, none at all, no answer."""
    opened(modal(field("crm", {"type": "external_select", "action_id": "crm", "min_query_length": 0})))
    ana = slack.as_user("UANA")
    bot.on["options"] = lambda ack, **_: ack(options=[option(f"o{n}") for n in range(101)])
    with pytest.raises(NoOptionsError, match="at most 100"):
        ana.options("crm")
    bot.on["options"] = lambda ack, **_: ack(options=[option("x" * 151)])
    with pytest.raises(NoOptionsError, match="less than 76"):
        ana.options("crm")
    bot.on["options"] = lambda **_: None
    with pytest.raises(NoOptionsError, match="trouble connecting"):
        ana.options("crm")


def test_files_go_into_file_inputs(slack: LocalSlack, bot: Bot, opened: Open) -> None:
    """A file put into a modal is in the submission as Slack describes files."""
    opened(modal(field("cv", {"type": "file_input", "action_id": "cv", "max_files": 1})))
    ana = slack.as_user("UANA")
    file = {"name": "cv.pdf", "content": base64.b64encode(b"%PDF").decode()}
    ana.fill("cv", [file])
    ana.fill("cv", [file])
    assert len(slack.files) == 1
    with pytest.raises(NotPossibleError, match="no more than 1"):
        ana.fill("cv", [file, file | {"name": "b.pdf"}])
    ana.submit()
    (sent,) = values(bot)["cv"]["cv"]["files"]
    assert (sent["name"], sent["size"], sent["mimetype"]) == ("cv.pdf", 4, "application/pdf")


def test_home_is_published_per_person(slack: LocalSlack, client: WebClient, bot: Bot) -> None:
    """Opening it tells the bot; what is published is that person's; a stale hash is refused."""
    ana = slack.as_user("UANA")
    assert ana.open_home().ok
    assert (bot.last["event"]["type"], bot.last["event"]["tab"]) == ("app_home_opened", "home")
    assert "view" not in bot.last["event"]
    assert bot.last["event"]["channel"] == client.conversations_open(users="UANA")["channel"]["id"]
    home = {"type": "home", "blocks": [section("Hello"), actions(button("start"))]}
    first = client.views_publish(user_id="UANA", view=home)["view"]["hash"]
    client.views_publish(user_id="UANA", view=home, hash=first)
    stale = refusal(client.views_publish, user_id="UANA", view=home, hash=first)
    assert stale["error"] == "hash_conflict"
    assert slack.as_user("UBEN").home() is None
    assert ana.act_in_view("start").ok
    assert bot.last["view"]["type"] == "home"
    ana.open_home()
    assert bot.last["event"]["view"]["type"] == "home"


def test_a_modal_can_be_opened_from_home(slack: LocalSlack, client: WebClient, bot: Bot) -> None:
    """The button's trigger opens it; until it closes, Home is covered."""
    home = {"type": "home", "blocks": [actions(button("settings"))]}
    client.views_publish(user_id="UANA", view=home)

    def listener(ack: Callable[..., None], body: Json, **_: object) -> None:
        ack()
        bot.client.views_open(trigger_id=body["trigger_id"], view=modal(section("x")))

    bot.on["action"] = listener
    ana = slack.as_user("UANA")
    ana.act_in_view("settings")
    with pytest.raises(NotPossibleError):
        ana.act_in_view("settings")
    ana.close()
    assert ana.act_in_view("settings").ok
