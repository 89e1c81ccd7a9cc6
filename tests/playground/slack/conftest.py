"""A local Slack and a real Bolt app that speak to each other over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack

from .bolt import Bot
from .pieces import Json

SIGNING_SECRET = "a-signing-secret-of-the-tests"


class Clock:
    """The local Slack's time, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with LocalSlack(signing_secret=SIGNING_SECRET, clock=clock) as running:
        running.ack_seconds = 20.0  # a busy machine may stand still for the three of Slack
        yield running


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    return WebClient(token="xoxb-local", base_url=slack.api_url)


@pytest.fixture
def bot(slack: LocalSlack) -> Iterator[Bot]:
    app = Bot(slack, SIGNING_SECRET)
    app.start()
    slack.bot_url = app.url
    yield app
    app.stop()


@pytest.fixture
def post(client: WebClient) -> Callable[..., str]:
    """Post a message of the bot's to #applicants; its ts."""

    def posted(*blocks: Json, text: str = "A card") -> str:
        return str(client.chat_postMessage(channel="CAPPLICANTS", text=text, blocks=list(blocks))["ts"])

    return posted


@pytest.fixture
def opened(bot: Bot, slack: LocalSlack) -> Callable[[Json], None]:
    """Open a modal for Ana by a slash command."""

    def open_(view: Json) -> None:
        def listener(ack: Callable[..., None], body: Json, **_: object) -> None:
            ack()
            bot.client.views_open(trigger_id=body["trigger_id"], view=view)

        bot.on["command"] = listener
        outcome = slack.as_user("UANA").command("/handoff-settings", channel="CAPPLICANTS")
        assert outcome.ok, outcome

    return open_
