"""Workers of other processes are woken by what is committed, and hear again after their line was cut."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from statistics import median
from uuid import uuid4

import pytest
from sqlalchemy import text

from bot.store.database import Database

from ..databases import PostgresqlTemplate
from .post import Post, eventually
from .test_threads import POLL_SECONDS, RealClock

_LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
TIMES = 9


@pytest.fixture
def database_url(postgresql: PostgresqlTemplate) -> Iterator[str]:
    """PostgreSQL alone: an SQLite database belongs to one process."""
    name = f"waking_{uuid4().hex}"
    yield postgresql.clone(name)
    postgresql.drop(name)


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Post]:
    """The queue as another process writes into it."""
    other = Database(database_url)
    yield Post(other, RealClock())
    other.close()


def _listening(post: Post) -> set[int]:
    with post.database.engine.connect() as connection:
        return set(connection.execute(text(_LISTENING)).scalars())


def _took(here: Post, elsewhere: Post, name: str) -> float:
    """What one of several took; a machine that stood still during some of them shows in the others."""
    took = []
    for number in range(TIMES):
        lane, began = f"{name}{number}", time.monotonic()
        elsewhere.put(lane)
        assert eventually(partial(lambda wanted: wanted in here.lanes, lane))
        took.append(time.monotonic() - began)
    return median(took)


def test_work_committed_elsewhere_wakes_at_once(database: Database, elsewhere: Post) -> None:
    """It is delivered within a fraction of the second after which every worker looks by itself."""
    here = Post(database, RealClock())
    worker = here.worker()
    worker.start()
    try:
        assert eventually(lambda: len(_listening(here)) == 1)
        assert _took(here, elsewhere, "a") < 0.3 * POLL_SECONDS
    finally:
        worker.stop()


def test_a_cut_line_is_made_anew(database: Database, elsewhere: Post) -> None:
    """The server ends the listening connection: soon there is another one, and it wakes as before."""
    here = Post(database, RealClock())
    worker = here.worker()
    worker.start()
    try:
        assert eventually(lambda: len(_listening(here)) == 1)
        (cut,) = _listening(here)
        with database.engine.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": cut})
        assert eventually(lambda: len(_listening(here) - {cut}) == 1)
        assert _took(here, elsewhere, "a") < 0.3 * POLL_SECONDS
    finally:
        worker.stop()
