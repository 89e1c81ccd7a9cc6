"""The same questions to a small database and to a large one, on PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import requests

from bench import load
from bench.figures import Figure, Times, in_turns, times_of
from bench.names import INTAKE_TOKEN
from bench.options import Options
from bench.plans import plan_of
from bench.postgresql import Server
from bench.queries import QUERIES, Query, sample
from bench.rows import fill
from bench.world import World, world

_SMALL = 1_000
_ASKED = 200
_AIM = "≤ 1.3"


def measure(options: Options) -> Iterator[Figure]:
    """What people and programs ask of the product, then each query by itself."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        small, large = (_grown(stack, server, count) for count in (_SMALL, options.rows))
        yield from _through_the_product(stack, options, small, large)
        for query in QUERIES:
            yield _by_itself(query, options, small, large)


def _grown(stack: ExitStack, server: Server, count: int) -> World:
    here = stack.enter_context(world(server.new_database(), undo_seconds=3600))
    fill(here.house.database, count)
    return here


def _through_the_product(stack: ExitStack, options: Options, small: World, large: World) -> Iterator[Figure]:
    urls = [stack.enter_context(here.serving("web")).base_url for here in (small, large)]
    acts: dict[str, Callable[[World, str, int], Times]] = {
        "a click": _click,
        "an application read": _read,
        "an application sent": _send,
    }
    for name, act in acts.items():
        act(small, urls[0], _SMALL)
        act(large, urls[1], options.rows)
        runs = {
            "small": partial(act, small, urls[0], _SMALL),
            "large": partial(act, large, urls[1], options.rows),
        }
        times = in_turns(options.rounds, runs)
        yield _figure(name, times["small"].median, times["large"].median, options)


def _click(here: World, base_url: str, _count: int) -> Times:
    return load.clicks(base_url, here.fill(_ASKED, card="1.1"), 1)


def _send(_here: World, base_url: str, _count: int) -> Times:
    items = [f"grown-{time.time_ns()}-{number}" for number in range(_ASKED)]
    return load.send("application", base_url, items, 1)[1]


def _read(_here: World, base_url: str, count: int) -> Times:
    taken = []
    with requests.Session() as http:
        http.headers["Authorization"] = f"Bearer {INTAKE_TOKEN}"
        for place in range(_ASKED):
            began = time.perf_counter()
            answer = http.get(f"{base_url}/api/v1/applications/{sample(count, place)}", timeout=30)
            taken.append(time.perf_counter() - began)
            answer.raise_for_status()
    return times_of(taken, sum(taken))


def _by_itself(query: Query, options: Options, small: World, large: World) -> Figure:
    runs = {
        "small": partial(_ask, query, small, _SMALL),
        "large": partial(_ask, query, large, options.rows),
    }
    for run in runs.values():
        run()
    times = in_turns(options.rounds, runs)
    with large.house.database.engine.connect() as connection:
        plan = plan_of(connection, lambda connection: query.ask(connection, sample(options.rows, 3)))
        connection.rollback()
    used = ", ".join(sorted(plan.indexes | {f"all of {table}" for table in plan.scanned}))
    return _figure(f"{query.name} ({used})", times["small"].median, times["large"].median, options)


def _ask(query: Query, here: World, count: int) -> Times:
    taken = []
    with here.house.database.engine.connect() as connection:
        for place in range(_ASKED):
            id_ = sample(count, place)
            began = time.perf_counter()
            query.ask(connection, id_)
            taken.append(time.perf_counter() - began)
            connection.rollback()
    return times_of(taken, sum(taken))


def _figure(name: str, small: float, large: float, options: Options) -> Figure:
    beside = f"{small:.2f} ms with {_SMALL:,} applications"
    return Figure(name, f"{large:.2f} ms with {options.rows:,}", beside, large / small, _AIM)
