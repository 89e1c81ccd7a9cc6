"""Applications with a CV, beside a bare endpoint that validates the same JSON and stores one row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from itertools import count

from bench import load
from bench.figures import Figure, Times, in_turns
from bench.names import CV_BYTES
from bench.options import Options
from bench.processes import free_port, process
from bench.world import world

_CONNECTIONS = (1, 8)
_numbers = count()


def measure(options: Options) -> Iterator[Figure]:
    """Both on SQLite, both on PostgreSQL, in turns."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        whole = stack.enter_context(world())
        split = stack.enter_context(world(server.new_database()))
        web, _worker = stack.enter_context(split.split())
        served = {
            "SQLite, one process": stack.enter_context(whole.serving()).base_url,
            "PostgreSQL, web and worker": web.base_url,
        }
        bare = {
            "SQLite, one process": _bare(stack, f"sqlite:///{whole.folder}/bare.db"),
            "PostgreSQL, web and worker": _bare(stack, server.new_database()),
        }
        for connections in _CONNECTIONS:
            for name in served:
                runs: dict[str, Callable[[], Times]] = {
                    "product": partial(_send, served[name], options.applications, connections),
                    "bare": partial(_send, bare[name], options.applications, connections),
                }
                times = in_turns(options.rounds, runs)
                yield Figure(
                    f"{name}, {connections} at a time, {CV_BYTES // 1000} kB",
                    str(times["product"]),
                    f"bare endpoint, same database: {times['bare']}",
                    times["product"].per_second / times["bare"].per_second,
                )


def _send(base_url: str, number: int, connections: int) -> Times:
    items = [f"bench-{next(_numbers)}" for _ in range(number)]
    return load.send("application", base_url, items, connections)[1]


def _bare(stack: ExitStack, database_url: str) -> str:
    port = free_port()
    words = ["bench.listeners", "storing", str(port), database_url]
    return stack.enter_context(process(words, port)).base_url
