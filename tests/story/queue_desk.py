"""What stories of bursts and of the queue do and look at: many applicants, summaries, the modal."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.blocks import ids
from bot.models import Application, Candidate, CvFile, Vacancy
from bot.usecases import configure, queue, receive
from bot.usecases.configure import Wish
from tests.world import ADMIN, CHANNEL, PDF, TEAM, World


def limit(world: World, most: int) -> None:
    """An admin sets how many cards a burst gets; 0 for all."""
    configure.save(world.house, TEAM, ADMIN, Wish(most_cards=most))


def burst(world: World, count: int, first: int = 1, **changes: Any) -> list[str]:
    """So many applicants arrive, a millisecond after each other; their ids."""
    return [_receive(world, number, **changes) for number in range(first, first + count)]


def _receive(world: World, number: int, **changes: Any) -> str:
    world.clock.advance(milliseconds=1)
    plain = Application(
        id="",
        team_id=TEAM,
        source="Indeed",
        external_id=f"burst-{number}",
        received_at=world.clock(),
        applied_at=None,
        candidate=Candidate(f"Marsh{number}", "Ines", f"ines{number}@example.com"),
        vacancy=Vacancy("JOB-42", "Site Engineer", "Acme"),
        cv=CvFile("ines.pdf", "application/pdf", len(PDF)),
    )
    application = replace(plain, **changes)
    return receive.receive(world.house, application, PDF if application.cv else None)[0].id


def drain(world: World, seconds: int) -> None:
    """So many seconds pass, each as long as Slack wants between posts, and what is due is delivered."""
    for _ in range(seconds):
        world.deliver(seconds=queue.POST_GAP)


def summaries(world: World, channel: str = CHANNEL) -> list[str]:
    """The summaries in the channel, oldest first."""
    return [str(message["text"]) for message in summary_messages(world, channel)]


def summary_messages(world: World, channel: str = CHANNEL) -> list[dict[str, Any]]:
    """The same, as messages."""
    return [
        message
        for message in world.slack.messages(channel)
        if (message.get("metadata") or {}).get("event_type") == "handoff_summary"
    ]


def open_queue(world: World, user: str) -> None:
    """A person presses the button of the latest summary."""
    world.slack.as_user(user).click(CHANNEL, summary_messages(world)[-1]["ts"], ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: world.slack.as_user(user).view() is not None)


def press(world: World, user: str, action_id: str, value: str | None = None) -> None:
    """A person presses something in the open queue, and sees what follows."""
    person = world.slack.as_user(user)
    before = (person.view() or {})["hash"]
    person.act_in_view(action_id, value)
    assert world.slack.wait_until(lambda: (person.view() or {}).get("hash") != before)


def shown(world: World, user: str) -> str:
    """All the words of the open modal."""
    return json.dumps((world.slack.as_user(user).view() or {}).get("blocks"), ensure_ascii=False)


def heading(world: World, user: str) -> str:
    """Whom the queue shows; empty at its end."""
    blocks = (world.slack.as_user(user).view() or {}).get("blocks") or []
    return next((str(block["text"]["text"]) for block in blocks if block["type"] == "header"), "")
