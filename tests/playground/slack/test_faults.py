"""Faults on order: each kind does what it says, as often as it was ordered, to the method it names."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import LocalSlack

from .bolt import Bot
from .pieces import actions, button
from .test_web_api import refusal

HERE = "CAPPLICANTS"


def texts(slack: LocalSlack) -> list[str]:
    return [message["text"] for message in slack.messages(HERE)]


@pytest.fixture
def hasty(slack: LocalSlack) -> WebClient:
    """A client that gives up soon and tries nothing twice."""
    return WebClient(token="xoxb-local", base_url=slack.api_url, timeout=1, retry_handlers=[])


def test_reset_before_leaves_it_undone(slack: LocalSlack, hasty: WebClient) -> None:
    """The connection breaks and there is no message; the next call works."""
    slack.faults.add("chat.postMessage", "reset_before")
    with pytest.raises(OSError, match=r"closed connection|reset by peer"):
        hasty.chat_postMessage(channel=HERE, text="one")
    assert texts(slack) == []
    assert hasty.chat_postMessage(channel=HERE, text="two")["ok"]
    assert [call.method for call in slack.calls] == ["chat.postMessage"] * 2


def test_reset_after_does_it_without_saying_so(slack: LocalSlack, hasty: WebClient) -> None:
    """The message is there although the caller never heard."""
    slack.faults.add("chat.postMessage", "reset_after")
    with pytest.raises(OSError, match=r"closed connection|reset by peer"):
        hasty.chat_postMessage(channel=HERE, text="one")
    assert texts(slack) == ["one"]


def test_the_sdks_own_retry_meets_the_next_fault(slack: LocalSlack, client: WebClient) -> None:
    """Two resets defeat its one retry, which is how a doubled message comes about."""
    slack.faults.add("chat.postMessage", "reset_after")
    client.chat_postMessage(channel=HERE, text="twice")
    assert texts(slack) == ["twice", "twice"]


def test_a_hang_answers_late(slack: LocalSlack, hasty: WebClient) -> None:
    """The caller's patience ends first; what was asked is done. Stopping doesn't wait for it."""
    slack.faults.add("chat.postMessage", "hang", seconds=60)
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{slack.api_url}chat.postMessage",
            json={"channel": HERE, "text": "one"},
            headers={"Authorization": "Bearer xoxb-local"},
            timeout=0.2,
        )
    assert slack.wait_until(lambda: texts(slack) == ["one"])
    slack.faults.add("auth.test", "hang", seconds=0.01)
    assert hasty.auth_test()["ok"]


def test_a_status_comes_with_html(slack: LocalSlack, hasty: WebClient) -> None:
    """Not JSON at all, as when something stands in front of Slack."""
    slack.faults.add("chat.postMessage", "status", status=503)
    with pytest.raises(SlackApiError) as caught:
        hasty.chat_postMessage(channel=HERE, text="one")
    assert caught.value.response.status_code == 503
    assert texts(slack) == []


def test_ratelimited_says_when_to_come_back(slack: LocalSlack, hasty: WebClient) -> None:
    """429 with Retry-After, as often as ordered."""
    slack.faults.add("chat.postMessage", "ratelimited", 2, retry_after=7)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            hasty.chat_postMessage(channel=HERE, text="one")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "7"
    assert hasty.chat_postMessage(channel=HERE, text="one")["ok"]


def test_an_error_has_the_ordered_code(slack: LocalSlack, hasty: WebClient) -> None:
    """ok: false with any code that Slack could give; other methods are not touched."""
    fault = slack.faults.add("chat.postMessage", "error", code="fatal_error")
    assert hasty.auth_test()["ok"]
    assert fault.met == 0
    assert refusal(hasty.chat_postMessage, channel=HERE, text="one")["error"] == "fatal_error"
    assert fault.met == 1


def test_a_star_means_any_method_and_clear_ends_it(slack: LocalSlack, hasty: WebClient) -> None:
    """For when all of Slack is down."""
    slack.faults.add("*", "error", None, code="service_unavailable")
    assert refusal(hasty.auth_test)["error"] == "service_unavailable"
    assert refusal(hasty.team_info)["error"] == "service_unavailable"
    slack.faults.clear()
    assert hasty.auth_test()["ok"]


def test_response_urls_uploads_and_downloads_fail_too(
    slack: LocalSlack, client: WebClient, bot: Bot, post: Callable[..., str]
) -> None:
    """Under the names response_url, upload and file."""
    slack.as_user("UANA").click(HERE, post(actions(button())), "green")
    slack.faults.add("response_url", "status", status=500)
    assert requests.post(bot.last["response_url"], json={"text": "x"}, timeout=30).status_code == 500
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=1)
    slack.faults.add("upload", "reset_after")
    with pytest.raises(requests.ConnectionError):
        requests.post(ticket["upload_url"], data=b"x", timeout=30)
    done = client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])
    slack.faults.add("file", "reset_before")
    with pytest.raises(requests.ConnectionError):
        requests.get(done["files"][0]["url_private"], timeout=30)


def test_unknown_kinds_are_refused(slack: LocalSlack) -> None:
    """A misspelt fault would make a test pass for nothing."""
    with pytest.raises(ValueError, match="No fault kind"):
        slack.faults.add("auth.test", "explode")  # type: ignore[arg-type]  # that is the point
