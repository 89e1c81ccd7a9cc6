"""The processor time that a click takes, which a busy machine does not blur, and that of what it sets off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from bench import load
from bench.figures import Figure
from bench.names import TEAM
from bench.options import Options
from bench.processes import Running, free_port, process
from bench.quiet import until_delivered
from bench.world import World, world
from bot.usecases import queue

_LATER = 3600  # seconds to undo: no handoff falls into the run


def measure(options: Options) -> Iterator[Figure]:
    """Of processes that only answer, and of those that deliver as well."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        empty = _empty(stack, options.clicks)
        yield _figure("an empty listener, same server", empty, empty)
        for name, address in (("SQLite", None), ("PostgreSQL", server.new_database())):
            with world(address, undo_seconds=_LATER) as here:
                with here.serving("web") as web:
                    yield _figure(f"a click, {name}", _spent(here, options.clicks, web), empty)
                with here.serving("worker") as worker:
                    until_delivered(here.house.database, queue.CARD)
                    yield _figure(f"its card, {name}", _redrawn(here, options.clicks, worker), empty)


def _empty(stack: ExitStack, count: int) -> float:
    port = free_port()
    running = stack.enter_context(process(["bench.listeners", "empty", str(port)], port))
    load.clicks(running.base_url, ["x"] * 20, 1)
    before = running.cpu_seconds
    load.clicks(running.base_url, ["x"] * count, 1)
    return (running.cpu_seconds - before) / count


def _spent(here: World, count: int, web: Running) -> float:
    load.clicks(web.base_url, here.fill(20, card=here.a_card()), 1)
    ids = here.fill(count, card=here.a_card())
    before = web.cpu_seconds
    load.clicks(web.base_url, ids, 1)
    return (web.cpu_seconds - before) / count


def _redrawn(here: World, count: int, worker: Running) -> float:
    ids = here.fill(count, card=here.a_card())
    before = worker.cpu_seconds
    with here.house.database.transaction() as connection:
        for application_id in ids:
            queue.card(here.house, connection, TEAM, application_id)
    until_delivered(here.house.database, queue.CARD)
    return (worker.cpu_seconds - before) / count


def _figure(what: str, seconds: float, empty: float) -> Figure:
    return Figure(what, f"{seconds * 1000:.2f} ms", f"empty listener: {empty * 1000:.2f} ms", seconds / empty)
