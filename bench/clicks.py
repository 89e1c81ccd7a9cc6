"""Clicks: the product in its shapes and with a CRM that hangs, beside listeners that do nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from bench import load
from bench.figures import Figure, Times, in_turns
from bench.options import Options
from bench.postgresql import Server
from bench.processes import free_port, process
from bench.quiet import until_delivered
from bench.world import World, world
from bot.usecases import queue

_EMPTY, _STOCK = "empty listener, same server", "empty listener, Bolt's default app"
_NO_CRM, _CRM, _HANGS = "no CRM connected", "a CRM that answers", "a CRM that hangs for 30 s"
_LATER = 3600  # seconds to undo: no handoff falls into the run


@dataclass(frozen=True)
class Manner:
    """How clicks come: over so many connections, begun at least so many seconds apart."""

    name: str
    connections: int
    gap: float
    most: int


_MANNERS = (
    Manner("four a second", 1, 0.25, 60),
    Manner("one after the other", 1, 0, 10_000),
    Manner("16 at a time", 16, 0, 10_000),
)

Click = Callable[[Manner], Times]


def measure(options: Options) -> Iterator[Figure]:
    """Every shape in turns, as a team clicks and as fast as it takes them."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        shapes = _shapes(stack, server, options.clicks)
        empty: dict[str, Click] = {
            _EMPTY: _listener(stack, "empty", options.clicks),
            _STOCK: _listener(stack, "stock", options.clicks),
        }
        for manner in _MANNERS:
            runs = {name: partial(click, manner) for name, click in (empty | shapes).items()}
            times = in_turns(options.rounds, runs)
            for name, taken in times.items():
                ratio = taken.median / times[_EMPTY].median
                yield Figure(f"{manner.name}: {name}", str(taken), _EMPTY, ratio)


def measure_hanging(options: Options) -> Iterator[Figure]:
    """The same clicks with handoffs that leave at once, to a CRM that answers, to one that hangs, to none."""
    with ExitStack() as stack:
        clicks: dict[str, Click] = {}
        for name in (_NO_CRM, _CRM, _HANGS):
            here = stack.enter_context(world(undo_seconds=0))
            if name != _NO_CRM:
                here.connect()
            if name == _HANGS:
                here.crm.faults.add(kind="hang", times=None, seconds=30)
            base_url = stack.enter_context(here.serving()).base_url
            # What hangs is not waited for.
            kinds = (queue.CARD,) if name == _HANGS else (queue.CARD, queue.HANDOFF)
            clicks[name] = partial(_click, here, base_url, here.a_card(), options.clicks, kinds=kinds)
        for manner in _MANNERS:
            times = in_turns(options.rounds, {name: partial(click, manner) for name, click in clicks.items()})
            for name, taken in times.items():
                ratio, aim = taken.median / times[_CRM].median, "1" if name == _HANGS else ""
                yield Figure(f"{manner.name}: {name}", str(taken), _CRM, ratio, aim)


def _shapes(stack: ExitStack, server: Server, count: int) -> dict[str, Click]:
    whole = stack.enter_context(world(undo_seconds=_LATER))
    web_alone = stack.enter_context(world(undo_seconds=_LATER))
    split = stack.enter_context(world(server.new_database(), undo_seconds=_LATER))
    web, _worker = stack.enter_context(split.split())
    return {
        "SQLite, one process": partial(
            _click, whole, stack.enter_context(whole.serving()).base_url, whole.a_card(), count
        ),
        "SQLite, a web process that delivers nothing": partial(
            _click, web_alone, stack.enter_context(web_alone.serving("web")).base_url, None, count
        ),
        "PostgreSQL, web and worker": partial(_click, split, web.base_url, split.a_card(), count),
    }


def _click(
    here: World,
    base_url: str,
    card: str | None,
    count: int,
    manner: Manner,
    *,
    kinds: Sequence[str] = (queue.CARD,),
) -> Times:
    load.clicks(base_url, here.fill(5, card=card or "1.1"), 1)
    ids = here.fill(min(count, manner.most), card=card or "1.1")
    if card is not None:
        until_delivered(here.house.database, *kinds)
    times = load.clicks(base_url, ids, manner.connections, gap=manner.gap)
    if card is not None:
        until_delivered(here.house.database, *kinds)
    return times


def _listener(stack: ExitStack, kind: str, count: int) -> Click:
    port = free_port()
    running = stack.enter_context(process(["bench.listeners", kind, str(port)], port))
    load.clicks(running.base_url, ["x"] * 20, 1)

    def click(manner: Manner) -> Times:
        items = [str(number) for number in range(min(count, manner.most))]
        # Bolt's own server refuses connections when many come at once.
        return load.clicks(running.base_url, items, manner.connections, tries=50, gap=manner.gap)

    return click
