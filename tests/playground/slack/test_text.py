"""Which text pings and links: raw markup in mrkdwn does, escaped or plain text never."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack

from .pieces import actions, button, plain, section


@pytest.mark.parametrize(
    ("text", "kind", "target"),
    [
        ("<!channel>", "channel", "channel"),
        ("hey <!here|here>", "here", "here"),
        ("<!everyone>", "everyone", "everyone"),
        ("<@UANA> decided", "user", "UANA"),
        ("<@UANA|ana>", "user", "UANA"),
        ("<!subteam^S12|team>", "usergroup", "S12"),
    ],
)
def test_raw_mentions_ping(
    slack: LocalSlack, post: Callable[..., str], text: str, kind: str, target: str
) -> None:
    """Each kind of mention in a mrkdwn field is collected with where it stood."""
    ts = post(section(text))
    (ping,) = slack.pings
    assert (ping.channel, ping.ts, ping.kind, ping.target) == ("CAPPLICANTS", ts, kind, target)
    assert ping.where == "/blocks/0/text/text"


@pytest.mark.parametrize(
    "text", ["&lt;!channel&gt;", "&lt;@UANA&gt;", "@channel", "a < b > c", "< @UANA>", "<>"]
)
def test_escaped_text_pings_nobody(slack: LocalSlack, post: Callable[..., str], text: str) -> None:
    """What is shown as typed stays as typed, and is stored as it was sent."""
    ts = post(section(text))
    assert slack.pings == []
    assert slack.message("CAPPLICANTS", ts)["blocks"][0]["text"]["text"] == text


def test_plain_text_never_pings(slack: LocalSlack, post: Callable[..., str]) -> None:
    """A button or header may be called <!channel>."""
    header = {"type": "header", "text": plain("<!channel>")}
    post(header, actions(button("a", text=plain("<@UANA>"))))
    assert slack.pings == []


def test_the_fallback_text_and_updates_ping_too(slack: LocalSlack, client: WebClient) -> None:
    """Top-level text is mrkdwn, and an update is read like a post."""
    ts = client.chat_postMessage(channel="CAPPLICANTS", text="<!here>")["ts"]
    client.chat_update(channel="CAPPLICANTS", ts=ts, text="<!channel>")
    assert [(ping.kind, ping.where) for ping in slack.pings] == [("here", "/text"), ("channel", "/text")]


def test_rich_text_mentions_ping(slack: LocalSlack, post: Callable[..., str]) -> None:
    """Rich text spells a mention as an element of its own."""
    inside = [{"type": "user", "user_id": "UBEN"}, {"type": "broadcast", "range": "here"}]
    post({"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": inside}]})
    assert [ping.kind for ping in slack.pings] == ["user", "here"]


def test_raw_links_are_collected_apart(slack: LocalSlack, post: Callable[..., str]) -> None:
    """<https://…|…> is a link, not a ping."""
    post(section("<https://evil.example|Click me> and &lt;https://fine.example&gt;"))
    assert slack.pings == []
    assert [link.target for link in slack.links] == ["https://evil.example|Click me"]
