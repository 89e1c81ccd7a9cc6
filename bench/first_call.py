"""From a click to the first call that its delivery makes, to Slack and to the CRM."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from bench import load
from bench.figures import Figure
from bench.options import Options
from bench.quiet import until_delivered
from bench.world import World, world
from bot.usecases import queue

_GAP = 0.6  # seconds between clicks: each is delivered before the next
_AIM = 100.0


def measure(options: Options) -> Iterator[Figure]:
    """In the process that was clicked in, and in another that PostgreSQL wakes."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        whole = stack.enter_context(world(undo_seconds=0))
        split = stack.enter_context(world(server.new_database(), undo_seconds=0))
        web, _worker = stack.enter_context(split.split())
        shapes = {
            "SQLite, one process": (whole, stack.enter_context(whole.serving()).base_url),
            "PostgreSQL, web and worker": (split, web.base_url),
        }
        for name, (here, base_url) in shapes.items():
            here.connect()
            yield from _first_calls(name, here, base_url, options.clicks // 4)


def _first_calls(name: str, here: World, base_url: str, count: int) -> Iterator[Figure]:
    load.clicks(base_url, here.fill(3, card=here.a_card()), 1, gap=_GAP)
    ids = here.fill(count, card=here.a_card())
    until_delivered(here.house.database, queue.CARD, queue.HANDOFF)
    done, _ = load.send("click", base_url, ids, 1, gap=_GAP)
    until_delivered(here.house.database, queue.CARD, queue.HANDOFF)
    clicked = [one.at for one in done]
    to_slack = _waits(clicked, [call.at for call in here.slack.calls if call.method == "chat.update"])
    to_crm = _waits(clicked, [call.at for call in here.crm.calls])
    first = [min(pair) for pair in zip(to_slack, to_crm, strict=True)]
    for what, waits in (("either", first), ("the card", to_slack), ("the CRM", to_crm)):
        median, worst = statistics.median(waits), max(waits)
        figure = f"{median:.0f} ms (p90 {_p90(waits):.0f}, worst {worst:.0f})"
        aim = "≤ 1" if what == "either" else ""
        yield Figure(f"{name}: {what}", figure, f"{_AIM:.0f} ms", median / _AIM, aim)


def _waits(clicked: Sequence[float], calls: Sequence[float]) -> list[float]:
    ordered = sorted(calls)
    return [(ordered[bisect.bisect_left(ordered, at)] - at) * 1000 for at in clicked]


def _p90(waits: Sequence[float]) -> float:
    return sorted(waits)[int(len(waits) * 0.9)]
