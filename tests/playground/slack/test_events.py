"""Events API deliveries and their retries, and removing the bot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack, NotPossibleError

from .bolt import Bot
from .test_web_api import refusal


def test_an_event_comes_in_its_envelope(slack: LocalSlack, bot: Bot) -> None:
    """Signed JSON, with the one authorization it is for."""
    outcome = slack.send_event({"type": "user_change", "user": {"id": "UANA"}}, event_id="Ev1")
    assert outcome.ok
    body = bot.last
    assert (body["type"], body["event_id"], body["event_time"]) == ("event_callback", "Ev1", 1_790_000_000)
    assert body["event"]["user"]["id"] == "UANA"
    assert body["authorizations"][0]["team_id"] == "TDEMO"
    headers, _ = bot.requests[-1]
    assert headers["content-type"] == "application/json"
    assert "x-slack-retry-num" not in headers


def test_a_retry_says_which_and_why(slack: LocalSlack, bot: Bot) -> None:
    """The same event_id again, with the retry headers."""
    slack.send_event({"type": "user_change"}, event_id="Ev1")
    slack.redeliver("Ev1")
    slack.redeliver("Ev1")
    headers, _ = bot.requests[-1]
    assert bot.last["event_id"] == "Ev1"
    assert (headers["x-slack-retry-num"], headers["x-slack-retry-reason"]) == ("2", "http_timeout")
    slack.send_event({"type": "user_change"}, retry_num=1, event_id="Ev2")
    assert bot.requests[-1][0]["x-slack-retry-num"] == "1"
    with pytest.raises(NotPossibleError):
        slack.redeliver("Ev0")


def test_failed_events_come_again_when_retries_are_on(slack: LocalSlack, bot: Bot) -> None:
    """Up to three times, until one is answered."""
    answers = iter([False, False, True])

    def listener(ack: Callable[..., None], **_: object) -> None:
        if next(answers):
            ack()
        else:
            raise RuntimeError("not today")

    bot.on["event"] = listener
    slack.retry_events = True
    assert slack.send_event({"type": "user_change"}).ok
    assert [headers.get("x-slack-retry-num") for headers, _ in bot.requests] == [None, "1", "2"]
    assert bot.requests[-1][0]["x-slack-retry-reason"] == "http_error"


def test_a_bot_can_decline_retries(slack: LocalSlack, bot: Bot) -> None:
    """x-slack-no-retry on the refusal ends it."""

    def refuse(**_: object) -> None:
        raise RuntimeError("never")

    bot.headers = {"x-slack-no-retry": "1"}
    bot.on["event"] = refuse
    slack.retry_events = True
    assert slack.send_event({"type": "user_change"}).error == "http_error"
    assert len(bot.requests) == 1


def test_without_retries_a_failed_event_is_reported(slack: LocalSlack) -> None:
    """Slack's word for a bot that isn't there."""
    slack.bot_url = "http://127.0.0.1:9"
    assert slack.send_event({"type": "user_change"}).error == "connection_failed"


def test_uninstalling_kills_the_token_and_is_told(slack: LocalSlack, client: WebClient, bot: Bot) -> None:
    """tokens_revoked and app_uninstalled, after the token has died."""
    slack.uninstall()
    assert [body["event"]["type"] for body in bot.seen] == ["tokens_revoked", "app_uninstalled"]
    assert refusal(client.auth_test)["error"] == "account_inactive"


def test_events_of_another_workspace_carry_its_id(slack: LocalSlack, bot: Bot) -> None:
    """Tenancy tests send events for either."""
    slack.add_workspace("TOTHER", "Other Agency", bot_token="xoxb-other")
    slack.send_event({"type": "user_change"}, team="TOTHER")
    assert (bot.last["team_id"], bot.last["authorizations"][0]["user_id"]) == ("TOTHER", "UHANDOFFOTHER")
