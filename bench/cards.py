"""Cards, beside the one a second that Slack takes in a channel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from bench.figures import Figure
from bench.names import CHANNEL, TEAM
from bench.options import Options
from bench.quiet import until
from bench.world import World, world
from bot.usecases import queue

_MANY = 4


def measure(options: Options) -> Iterator[Figure]:
    """A burst into one channel, and one into several at a time; both at once, as each mostly waits."""
    with ExitStack() as stack:
        bursts = {channels: stack.enter_context(world()) for channels in (1, _MANY)}
        for here in bursts.values():
            here.slack.pace = queue.POST_GAP
            stack.enter_context(here.serving())
        posted = {channels: _begin(here, channels, options.cards) for channels, here in bursts.items()}
        for channels, here in bursts.items():
            yield _burst(here, posted[channels], options.cards)


def _begin(here: World, channels: int, count: int) -> list[str]:
    places = [(TEAM, CHANNEL), *(here.further_team(number) for number in range(channels - 1))]
    for team, _ in places:
        _queue(here, team, count)
    return [channel for _, channel in places]


def _burst(here: World, channels: Sequence[str], count: int) -> Figure:
    until(
        lambda: all(len(here.slack.messages(channel)) >= count for channel in channels),
        seconds=count * 4 + 30,
    )
    slowest = min(_rate(here, channel) for channel in channels)
    posts = sum(call.method == "chat.postMessage" for call in here.slack.calls)
    refused = posts - count * len(channels)
    return Figure(
        f"{count} cards into {'one channel' if len(channels) == 1 else f'each of {len(channels)} channels'}",
        f"{slowest:.3f}/s in the slowest, {refused} refused",
        "1/s",
        slowest * queue.POST_GAP,
        "≥ 0.95",
    )


def _queue(here: World, team: str, count: int) -> None:
    ids = here.fill(count, team=team)
    with here.house.database.transaction() as connection:
        for application_id in ids:
            queue.card(here.house, connection, team, application_id)


def _rate(here: World, channel: str) -> float:
    posted = [float(message["ts"]) for message in here.slack.messages(channel)]
    return (len(posted) - 1) / (posted[-1] - posted[0])
