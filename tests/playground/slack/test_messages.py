"""Posting, changing and finding messages, and what Slack refuses about them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import LocalSlack, NotPossibleError

from .conftest import Clock
from .pieces import section
from .test_web_api import refusal

HERE = "CAPPLICANTS"


def test_a_posted_message_looks_like_slacks(slack: LocalSlack, client: WebClient) -> None:
    """Author, ids and the flags that Slack fills in."""
    answer = client.chat_postMessage(channel=HERE, text="Hi", blocks=[section("*Ana*")])
    message = slack.message(HERE, answer["ts"])
    assert message == answer["message"]
    assert (message["user"], message["bot_id"], message["app_id"]) == ("UHANDOFF", "BHANDOFF", "AHANDOFF")
    assert message["blocks"][0]["block_id"]
    assert message["blocks"][0]["text"] == {"type": "mrkdwn", "text": "*Ana*", "verbatim": False}


def test_timestamps_rise_even_when_the_clock_stands(client: WebClient) -> None:
    """A ts names one message only."""
    stamps = [client.chat_postMessage(channel=HERE, text="x")["ts"] for _ in range(5)]
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"channel": "CNOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": "#applicants", "text": "x"}, "channel_not_found"),
        ({"channel": HERE}, "no_text"),
        ({"channel": HERE, "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": HERE, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": HERE, "text": "x", "blocks": "nonsense"}, "invalid_blocks_format"),
        ({"channel": HERE, "text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
        ({"channel": HERE, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ],
)
def test_what_cannot_be_posted(client: WebClient, args: dict[str, object], error: str) -> None:
    """Each with Slack's own word for it."""
    assert refusal(client.api_call, api_method="chat.postMessage", json=args)["error"] == error


def test_the_bot_posts_only_where_it_is(slack: LocalSlack, client: WebClient) -> None:
    """not_in_channel outside, is_archived in an archive; chat:write.public opens public channels."""
    slack.kick("UHANDOFF", HERE)
    assert refusal(client.chat_postMessage, channel=HERE, text="x")["error"] == "not_in_channel"
    slack.scopes = slack.scopes | {"chat:write.public"}
    assert client.chat_postMessage(channel=HERE, text="x")["ok"]
    slack.archive(HERE)
    assert refusal(client.chat_postMessage, channel=HERE, text="x")["error"] == "is_archived"


def test_invalid_blocks_say_where(client: WebClient) -> None:
    """The pointer and the limit, in the words tests of the bot's screens look for."""
    body = refusal(client.chat_postMessage, channel=HERE, text="x", blocks=[section("x" * 3001)])
    assert body["error"] == "invalid_blocks"
    assert body["response_metadata"] == {
        "messages": ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]
    }


def test_an_update_keeps_what_it_does_not_name(slack: LocalSlack, post: Callable[..., str]) -> None:
    """Text alone leaves the blocks; an empty list takes them away."""
    ts = post(section("one"))
    client = WebClient(token="xoxb-local", base_url=slack.api_url)
    client.chat_update(channel=HERE, ts=ts, text="new")
    kept = slack.message(HERE, ts)
    assert (kept["text"], kept["blocks"][0]["text"]["text"]) == ("new", "one")
    assert kept["edited"]["user"] == "UHANDOFF"
    client.chat_update(channel=HERE, ts=ts, text="bare", blocks=[])
    assert "blocks" not in slack.message(HERE, ts)


def test_only_own_messages_can_be_changed(slack: LocalSlack, client: WebClient) -> None:
    """cant_update_message for a person's, message_not_found for none; the same for deleting."""
    slack.as_user("UANA").say(HERE, "Hello all")
    theirs = slack.messages(HERE)[0]["ts"]
    assert refusal(client.chat_update, channel=HERE, ts=theirs, text="x")["error"] == "cant_update_message"
    assert refusal(client.chat_delete, channel=HERE, ts=theirs)["error"] == "cant_delete_message"
    assert refusal(client.chat_update, channel=HERE, ts="1.000000", text="x")["error"] == "message_not_found"


def test_a_deleted_message_is_gone(slack: LocalSlack, client: WebClient, post: Callable[..., str]) -> None:
    """Deleting twice finds nothing the second time."""
    ts = post()
    client.chat_delete(channel=HERE, ts=ts)
    assert slack.messages(HERE) == []
    assert refusal(client.chat_delete, channel=HERE, ts=ts)["error"] == "message_not_found"


def test_ephemeral_messages_are_for_one_person(slack: LocalSlack, client: WebClient) -> None:
    """Ben doesn't see what was for Ana; history doesn't have it; chat.update can't find it."""
    ts = client.chat_postEphemeral(channel=HERE, user="UANA", text="Only you")["message_ts"]
    assert [message["ephemeral"] for message in slack.as_user("UANA").sees(HERE)] == [True]
    assert slack.as_user("UBEN").sees(HERE) == []
    assert client.conversations_history(channel=HERE)["messages"] == []
    assert refusal(client.chat_update, channel=HERE, ts=ts, text="x")["error"] == "message_not_found"


def test_ephemeral_messages_need_the_person_in_the_channel(client: WebClient) -> None:
    """Gwen is not in #engineering-jobs."""
    body = refusal(client.chat_postEphemeral, channel="CENGINEERS", user="UGUEST", text="x")
    assert body["error"] == "user_not_in_channel"


def test_replies_hang_under_their_message(
    slack: LocalSlack, client: WebClient, post: Callable[..., str]
) -> None:
    """A thread is out of the channel's way, counted on its first message, and readable as replies."""
    ts = post()
    reply = client.chat_postMessage(channel=HERE, text="below", thread_ts=ts)["ts"]
    client.chat_postMessage(channel=HERE, text="also below", thread_ts=reply)
    assert [message["ts"] for message in slack.as_user("UANA").sees(HERE)] == [ts]
    assert slack.message(HERE, ts)["reply_count"] == 2
    replies = client.conversations_replies(channel=HERE, ts=ts)["messages"]
    assert [message["text"] for message in replies] == ["A card", "below", "also below"]
    assert len(slack.as_user("UANA").thread(HERE, ts)) == 3


def test_metadata_is_given_back_when_asked_for(client: WebClient) -> None:
    """include_all_metadata shows it; history without it doesn't."""
    metadata = {"event_type": "application", "event_payload": {"id": "A1"}}
    client.chat_postMessage(channel=HERE, text="x", metadata=metadata)
    with_it = client.conversations_history(channel=HERE, include_all_metadata=True)["messages"][0]
    without = client.conversations_history(channel=HERE)["messages"][0]
    assert with_it["metadata"] == metadata
    assert "metadata" not in without


def test_history_runs_backwards_and_within_limits(client: WebClient, clock: Clock) -> None:
    """Newest first; oldest and latest leave themselves out unless inclusive."""
    stamps = []
    for text in ("one", "two", "three"):
        stamps.append(client.chat_postMessage(channel=HERE, text=text)["ts"])
        clock.now += 60
    newest = client.conversations_history(channel=HERE, limit=2)
    assert [message["text"] for message in newest["messages"]] == ["three", "two"]
    assert newest["has_more"]
    after = client.conversations_history(channel=HERE, oldest=stamps[1])["messages"]
    upto = client.conversations_history(channel=HERE, latest=stamps[1], inclusive=True)["messages"]
    assert [message["text"] for message in after] == ["three"]
    assert [message["text"] for message in upto] == ["two", "one"]


def test_a_permalink_leads_back_to_the_local_slack(
    slack: LocalSlack, client: WebClient, post: Callable[..., str]
) -> None:
    """It opens the page, and only existing messages have one."""
    link = client.chat_getPermalink(channel=HERE, message_ts=post())["permalink"]
    assert link.startswith(f"{slack.base_url}/archives/{HERE}/p")
    assert requests.get(link, allow_redirects=False, timeout=30).headers["location"] == "/"
    body = refusal(client.chat_getPermalink, channel=HERE, message_ts="1.0")
    assert body["error"] == "message_not_found"


def test_a_reaction_counts_once(client: WebClient, post: Callable[..., str]) -> None:
    """already_reacted the second time, no_reaction when there is none to take back."""
    where: dict[str, Any] = {"channel": HERE, "timestamp": post()}
    client.reactions_add(name="eyes", **where)
    assert refusal(client.reactions_add, name="eyes", **where)["error"] == "already_reacted"
    assert client.reactions_get(**where)["message"]["reactions"] == [
        {"name": "eyes", "users": ["UHANDOFF"], "count": 1}
    ]
    client.reactions_remove(name="eyes", **where)
    assert refusal(client.reactions_remove, name="eyes", **where)["error"] == "no_reaction"


def test_pace_limits_messages_per_channel(slack: LocalSlack, client: WebClient, clock: Clock) -> None:
    """With pace on, the second message within a second is 429 with Retry-After; other channels go on."""
    slack.pace = 1.0
    client.chat_postMessage(channel=HERE, text="1")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=HERE, text="2")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert client.chat_postMessage(channel="CENGINEERS", text="3")["ok"]
    clock.now += 1
    assert client.chat_postMessage(channel=HERE, text="4")["ok"]


def test_guests_see_their_channel_only(slack: LocalSlack) -> None:
    """A member can look into any public channel, a guest can't."""
    slack.add_channel("COPEN", "open", ["UADMIN"])
    assert slack.as_user("UANA").sees("COPEN") == []
    with pytest.raises(NotPossibleError, match="no channel CENGINEERS"):
        slack.as_user("UGUEST").sees("CENGINEERS")
