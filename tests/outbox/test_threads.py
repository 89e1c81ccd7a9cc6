"""Workers in threads: woken at once, stopped gracefully, and going on by themselves after an outage."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

import pytest
from sqlalchemy import text

from bot.outbox import LEASE, Outbox, TryLater
from bot.pools import Pool
from bot.store.database import Database
from bot.store.job_rows import Job

from ..databases import SqliteTemplate
from ..support import Clock
from .post import LETTER, Logged, Post, eventually
from .test_outcomes import rename

POLL_SECONDS = 1.0


class RealClock(Clock):
    """The time as it is."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


class Gate:
    """A delivery that stands still until it is let on."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.open = threading.Event()
        self.passed: list[str] = []

    def deliver(self, job: Job) -> None:
        """Wait at the gate."""
        self.entered.set()
        assert self.open.wait(30)
        self.passed.append(job.lane)


@pytest.fixture
def gate() -> Iterator[Gate]:
    """Opened at the end, whatever happened."""
    gate = Gate()
    yield gate
    gate.open.set()


def _start(post: Post, pool: Pool | None = None) -> Outbox:
    worker = post.worker(pool)
    worker.start()
    return worker


def _has_delivered(post: Post, lane: str) -> bool:
    return lane in post.lanes


def _took(post: Post, due: float) -> float:
    """What one of several deliveries took; a machine that stood still during some of them shows in others."""
    took = []
    for number in range(9):
        began = time.monotonic()
        post.put(f"a{number}", due=due)
        assert eventually(partial(_has_delivered, post, f"a{number}"))
        took.append(time.monotonic() - began)
    return median(took)


@pytest.mark.parametrize("due", [0, 0.1])
def test_delivered_when_it_is_due_rather_than_at_the_next_look(database: Database, due: float) -> None:
    """Jobs, one after the other, are out long before as many looks would have found them."""
    post = Post(database, RealClock())
    worker = _start(post)
    try:
        assert _took(post, due) < POLL_SECONDS * 0.6
    finally:
        worker.stop()


def test_found_even_when_nobody_woke_it(post: Post) -> None:
    """Another process put it in: the worker looks every second."""
    other = Post(Database(str(post.database.url.render_as_string(hide_password=False))), post.clock)
    worker = _start(post)
    try:
        other.put("a")
        assert eventually(lambda: post.lanes == ["a"])
    finally:
        worker.stop()
        other.database.close()


def test_as_many_at_once_as_there_are_threads(post: Post) -> None:
    """And the next one when one of them is done."""
    meeting = threading.Barrier(3)

    def deliver(job: Job) -> None:
        meeting.wait(30)
        post.deliver(job)

    worker = _start(post, post.pool(deliver, threads=3))
    try:
        for number in range(6):
            post.put(f"a{number}")
        assert eventually(lambda: len(post.delivered) == 6)
    finally:
        worker.stop()


def test_a_slow_pool_holds_up_no_other(post: Post, gate: Gate) -> None:
    """While one pool's deliveries hang, the other's go out."""
    slow = Pool("slow", {"parcel": gate.deliver}, threads=1, per_team=1)
    worker = Outbox(post.database, [slow, post.pool()], post.clock)
    worker.start()
    try:
        post.put("p", kind="parcel")
        assert gate.entered.wait(30)
        post.put("a")
        assert eventually(lambda: post.lanes == ["a"])
    finally:
        gate.open.set()
        worker.stop()


def test_stopping_finishes_what_is_under_way_and_takes_nothing_new(post: Post, gate: Gate) -> None:
    """What is under way is done and gone; what waits stays for others."""
    worker = _start(post, post.pool(gate.deliver, threads=1))
    post.put("under way")
    assert gate.entered.wait(30)
    stopping = threading.Thread(target=worker.stop)
    stopping.start()
    assert eventually(lambda: "outbox-post" not in {thread.name for thread in threading.enumerate()})
    post.put("waits")
    gate.open.set()
    stopping.join(30)
    assert gate.passed == ["under way"]
    (left,) = post.rows()
    assert (left.lane, left.state) == ("waits", "ready")
    assert post.worker().drain() == 1


def test_stopping_waits_no_longer_than_it_may(post: Post, gate: Gate) -> None:
    """What hangs is left to others at once, and its late end changes nothing."""
    pools = [Pool(name, {name: gate.deliver}, threads=1, per_team=1) for name in ("one", "two", "three")]
    worker = Outbox(post.database, pools, post.clock)
    worker.start()
    for pool in pools:
        post.put(pool.name, kind=pool.name)
    assert eventually(lambda: [row.state for row in post.rows()] == ["leased"] * 3)
    began = time.monotonic()
    worker.stop(grace_seconds=0.2)
    assert time.monotonic() - began < 15  # they would hang twice as long
    other = Outbox(post.database, pools, post.clock)
    taken = [job for pool in pools for job in other.claim(pool, 1)]
    assert [job.attempts for job in taken] == [2, 2, 2]
    gate.open.set()
    assert eventually(lambda: len(gate.passed) == 3)
    assert [row.leased_by for row in post.rows()] == [other.worker] * 3


def test_leases_are_kept_while_work_is_under_way(post: Post, gate: Gate) -> None:
    """A delivery that takes longer than a lease is not taken from the worker that lives."""
    worker = _start(post, post.pool(gate.deliver, threads=1))
    try:
        post.put("long")
        assert gate.entered.wait(30)
        now = post.clock.advance(seconds=LEASE.total_seconds() * 0.9)
        assert eventually(lambda: post.rows()[0].leased_until == now + LEASE)
    finally:
        gate.open.set()
        worker.stop()


def test_started_again_after_a_stop(post: Post) -> None:
    """The same worker can be stopped and started."""
    worker = post.worker()
    for lane in ("a", "b"):
        worker.start()
        post.put(lane)
        assert eventually(partial(_has_delivered, post, lane))
        worker.stop()
    assert post.lanes == ["a", "b"]


def test_goes_on_after_the_database_was_gone(post: Post, logged: Logged) -> None:
    """Nobody has to restart anything: a second after it is back, work goes on."""
    worker = _start(post)
    try:
        post.put("before")
        assert eventually(lambda: post.lanes == ["before"])
        rename(post.database, "outbox", "outbox_gone")
        worker.wake()
        assert eventually(lambda: logged.has("outbox_not_read"))
        rename(post.database, "outbox_gone", "outbox")
        post.put("after")
        assert eventually(lambda: post.lanes == ["before", "after"])
    finally:
        worker.stop()


def test_goes_on_after_all_connections_were_cut(post: Post) -> None:
    """A restart of the server under work: it is done, or done again, and what follows goes out too."""
    cut = threading.Event()

    def deliver(job: Job) -> None:
        if job.lane == "cut" and not cut.is_set():
            _cut_connections(post.database)
            cut.set()
        post.deliver(job)

    worker = _start(post, post.pool(deliver))
    try:
        post.put("cut")
        assert eventually(cut.is_set)
        assert eventually(lambda: "cut" in post.lanes)
        post.clock.now += LEASE * 2
        assert eventually(lambda: _put(post, "after"))
        assert eventually(lambda: "after" in post.lanes)
        assert eventually(lambda: post.rows() == [])
    finally:
        worker.stop()


def _cut_connections(database: Database) -> None:
    if database.is_sqlite:
        database.engine.dispose()
        return
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    with database.engine.connect() as connection:
        connection.execute(text(f"{others} AND pid <> pg_backend_pid()"))


def _put(post: Post, lane: str) -> bool:
    post.put(lane)
    return True


def test_a_row_nobody_can_read_does_not_end_the_worker(
    sqlite: SqliteTemplate, tmp_path: Path, logged: Logged
) -> None:
    """Text that is no JSON, which only SQLite stores: it is said, and once it is mended all goes out."""
    database = Database(sqlite.clone(tmp_path / "damaged.db"))
    post = Post(database, Clock())
    worker = _start(post)
    with database.transaction() as connection:
        post.put("a", connection=connection)
        connection.execute(text("UPDATE outbox SET payload = :damaged"), {"damaged": '{"a": '})
    assert eventually(lambda: logged.has("outbox_not_read"))
    with database.transaction() as connection:
        connection.execute(text("UPDATE outbox SET payload = '{}'"))
    worker.wake()
    assert eventually(lambda: post.lanes == ["a"])
    worker.stop()
    database.close()


def test_stopping_while_the_database_is_gone(post: Post, logged: Logged) -> None:
    """It stops all the same; leases run out by themselves."""
    worker = _start(post)
    rename(post.database, "outbox", "outbox_gone")
    worker.stop(grace_seconds=5)
    assert logged.has("leases_not_released")
    rename(post.database, "outbox_gone", "outbox")
    post.put("a")
    assert post.worker().drain() == 1


def test_trouble_is_repeated_without_anybody_asking(database: Database) -> None:
    """In real time: the first repeat comes within seconds."""
    post = Post(database, RealClock())
    post.troubles.append(TryLater("No answer."))
    worker = _start(post)
    try:
        post.put("a", kind=LETTER)
        assert eventually(lambda: post.lanes == ["a"])
        assert post.delivered[0].attempts == 2
    finally:
        worker.stop()
