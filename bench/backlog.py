"""A claim from the outbox while little and while much waits there."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import insert

from bench.figures import Figure, Times, in_turns, times_of
from bench.names import TEAM
from bench.options import Options
from bench.world import World, world
from bot.outbox import LEASE
from bot.store import job_claims, paces
from bot.store.outbox_tables import outbox
from bot.usecases import queue

_LITTLE, _MUCH, _ASKED = 100, 10_000, 50
_UPDATES, _POSTS = "cards to be redrawn", "cards for one channel, which has just had one"


def measure(options: Options) -> Iterator[Figure]:
    """Work that may go at once, and work that waits for its channel's pace."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        for name in ("SQLite", "PostgreSQL"):
            for what in (_UPDATES, _POSTS):
                runs = {}
                for count in (_LITTLE, _MUCH):
                    address = None if name == "SQLite" else server.new_database()
                    here = stack.enter_context(world(address))
                    _fill(here, count, what)
                    runs[str(count)] = partial(_claims, here)
                times = in_turns(options.rounds, runs)
                little, much = (times[str(count)].median for count in (_LITTLE, _MUCH))
                yield Figure(
                    f"a claim, {name}, {what}",
                    f"{much:.1f} ms with {_MUCH:,} waiting",
                    f"{little:.1f} ms with {_LITTLE}",
                    much / little,
                )


def _fill(here: World, count: int, what: str) -> None:
    now = datetime.now(UTC)
    pace, gap = (f"update:{TEAM}", 0.0) if what == _UPDATES else (f"post:{TEAM}:C1", queue.POST_GAP)
    rows = [
        {
            "team_id": TEAM,
            "kind": queue.CARD,
            "lane": f"card:{number}",
            "payload": {"application_id": str(number)},
            "state": "ready",
            "due_at": now,
            "attempts": 0,
            "created_at": now,
            "pace": pace,
            "gap": gap,
        }
        for number in range(count)
    ]
    with here.house.database.transaction() as connection:
        connection.execute(insert(outbox), rows)
        if what == _POSTS:
            paces.hold(connection, pace, now + timedelta(hours=1))
    with here.house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _claims(here: World) -> Times:
    taken = []
    with here.house.database.engine.connect() as connection:
        for _ in range(_ASKED):
            began = time.perf_counter()
            job_claims.claim(
                connection,
                kinds=[queue.CARD, queue.CV],
                worker="bench",
                limit=8,
                per_team=6,
                now=datetime.now(UTC),
                lease=LEASE,
            )
            taken.append(time.perf_counter() - began)
            connection.rollback()
    return times_of(taken, sum(taken))
