"""What becomes of a job: done, tried again later, given up, or taken over from a worker that died."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.outbox import LEASE, GiveUp, TryLater, pause
from bot.store.database import Database
from bot.store.job_rows import Job

from .post import Logged, Post, eventually

SECOND = timedelta(seconds=1)


def test_tried_again_with_growing_pauses(post: Post) -> None:
    """Each failed try counts; the reason stands in the row meanwhile."""
    post.put("a")
    worker = post.worker()
    for attempt in (1, 2, 3):
        post.troubles.append(TryLater(f"No answer, try {attempt}."))
        assert worker.drain() == 1
        (row,) = post.rows()
        wait = row.due_at - post.clock()
        assert (row.state, row.attempts, row.reason) == ("ready", attempt, f"No answer, try {attempt}.")
        assert pause(attempt, lambda: 0.0) <= wait <= pause(attempt, lambda: 1.0)
        post.clock.now = row.due_at
    worker.drain()
    assert [job.attempts for job in post.delivered] == [4]


def test_a_pause_that_was_asked_for_is_kept(post: Post) -> None:
    """Until then nothing is tried, and what was not tried does not count."""
    post.put("a")
    worker = post.worker()
    post.troubles.append(TryLater("Asked to pause.", post.clock() + 30 * SECOND, counts=False))
    worker.drain()
    post.clock.advance(seconds=29.9)
    assert worker.drain() == 0
    post.clock.advance(seconds=0.1)
    worker.drain()
    assert [job.attempts for job in post.delivered] == [1]


def test_a_pause_that_is_over_is_no_reason_to_spin(post: Post) -> None:
    """However often it is told to try at once, a worker breathes in between."""
    post.put("a")
    post.troubles += [TryLater("Try now.", post.clock() - SECOND, counts=False)] * 3
    worker = post.worker()
    for _ in range(3):
        assert worker.drain() == 1
        assert worker.drain() == 0
        post.clock.advance(seconds=1)
    assert worker.drain() == 1
    assert post.lanes == ["a"]


def test_given_up_is_set_aside_with_its_reason(post: Post) -> None:
    """It is never tried again, and its lane is free for the next."""
    post.put("a")
    post.put("b")
    post.troubles.append(GiveUp("The channel is gone."))
    worker = post.worker()
    assert worker.drain() == 2
    (row,) = post.rows()
    assert (row.lane, row.state, row.reason) == ("a", "dead", "The channel is gone.")
    post.clock.advance(days=30)
    assert worker.drain() == 0
    post.put("a")
    assert worker.drain() == 1
    assert post.lanes == ["b", "a"]


def test_poisoned_job_is_set_aside_and_blocks_nobody(post: Post, logged: Logged) -> None:
    """A job whose delivery always breaks is tried a dozen times; all others go out meanwhile."""
    tries = 0

    def deliver(job: Job) -> None:
        nonlocal tries
        if job.lane == "poison":
            tries += 1
            raise ValueError("ana@example.com")
        post.deliver(job)

    worker = post.worker(post.pool(deliver))
    post.put("poison")
    for number in range(20):
        post.put(f"good {number}")
        worker.drain()
        post.clock.advance(hours=1)
    (row,) = post.rows()
    assert (row.lane, row.state, row.reason, tries) == ("poison", "dead", "Unexpected ValueError", 12)
    assert len(post.delivered) == 20
    assert logged.has("job_failed")


def test_a_failed_job_with_a_successor_is_dropped(post: Post) -> None:
    """The newer one says it all; it knows that there was a try, whose effect may have been had unheard."""
    worker, pool = post.worker(), post.pool()
    post.put("a", text="old")
    (under_way,) = worker.claim(pool, 1)
    post.put("a", text="new")
    post.troubles.append(TryLater("No answer."))
    worker.run(pool, under_way)
    assert len(post.rows()) == 1
    worker.drain()
    assert [(job.payload, job.attempts) for job in post.delivered] == [({"text": "new"}, 2)]


def test_a_job_that_replaces_a_tried_one_knows_it(post: Post) -> None:
    """While the old one waited for its next try: it may have had its effect unheard."""
    post.put("a", text="old")
    post.troubles.append(TryLater("No answer."))
    worker = post.worker()
    worker.drain()
    post.put("a", text="new")
    worker.drain()
    assert [(job.payload, job.attempts) for job in post.delivered] == [({"text": "new"}, 2)]


def test_after_a_success_counting_begins_anew(post: Post) -> None:
    """The successor of a job that was done has not been tried."""
    worker, pool = post.worker(), post.pool()
    post.put("a")
    (under_way,) = worker.claim(pool, 1)
    post.put("a")
    worker.run(pool, under_way)
    worker.drain()
    assert [job.attempts for job in post.delivered] == [1, 1]


def test_a_successor_that_comes_at_that_very_moment(post: Post) -> None:
    """The job is put back just as its successor is being committed: one of them waits, nothing is stuck."""
    worker, pool = post.worker(), post.pool()
    post.put("a", text="old")
    (under_way,) = worker.claim(pool, 1)
    post.troubles.append(TryLater("No answer."))
    with post.database.transaction() as connection:
        post.put("a", text="new", connection=connection)
        failing = threading.Thread(target=worker.run, args=[pool, under_way])
        failing.start()
        if not post.database.is_sqlite:
            assert eventually(lambda: _somebody_waits(post.database))
    failing.join()
    (row,) = post.rows()
    assert (row.state, row.payload, row.attempts) == ("ready", {"text": "new"}, 1)


def _somebody_waits(database: Database) -> bool:
    with database.reading() as connection:
        waiting = connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return bool(waiting.scalar_one())


def test_work_of_a_dead_worker_is_taken_over(post: Post) -> None:
    """Once its lease has run out, and not a moment before."""
    dead, living = post.worker(), post.worker()
    pool = post.pool()
    post.put("a")
    (lost,) = dead.claim(pool, 1)
    post.clock.now += LEASE
    assert living.claim(pool, 1) == []
    post.clock.advance(seconds=0.001)
    (taken,) = living.claim(pool, 1)
    assert (taken.id, taken.attempts) == (lost.id, 2)


def test_who_comes_back_from_the_dead_changes_nothing(post: Post) -> None:
    """Whatever it makes of the job now: that is another's."""
    for trouble in (None, TryLater("No answer."), GiveUp("Gone."), ValueError()):
        post.delivered.clear()
        dead, living = post.worker(), post.worker()
        pool = post.pool()
        post.put("a")
        (lost,) = dead.claim(pool, 1)
        post.clock.now += 2 * LEASE
        (taken,) = living.claim(pool, 1)
        post.troubles += [trouble] if trouble else []
        dead.run(pool, lost)
        (row,) = post.rows()
        assert (row.state, row.leased_by) == ("leased", living.worker)
        living.run(pool, taken)
        assert post.rows() == []


def test_a_lease_is_kept_as_long_as_work_is_under_way(post: Post) -> None:
    """Extended in time, it is not taken; somebody else's lease can't be extended."""
    one, two = post.worker(), post.worker()
    pool = post.pool()
    post.put("a")
    (job,) = one.claim(pool, 1)
    for _ in range(5):
        post.clock.now += LEASE
        one.extend([job.id])
        assert two.claim(pool, 1) == []
    two.extend([job.id])
    post.clock.now += LEASE + SECOND
    assert [taken.id for taken in two.claim(pool, 1)] == [job.id]


def test_dead_workers_job_with_a_successor_is_superfluous(post: Post) -> None:
    """The newer one is delivered alone, and looks first whether the old one had its effect."""
    dead, living = post.worker(), post.worker()
    post.put("a", text="old")
    dead.claim(post.pool(), 1)
    post.put("a", text="new")
    post.clock.now += LEASE + SECOND
    living.drain()
    assert [(job.payload, job.attempts) for job in post.delivered] == [({"text": "new"}, 2)]
    assert post.rows() == []


def test_a_stopped_worker_leaves_its_work_to_others_at_once(post: Post) -> None:
    """Nobody waits for leases to run out."""
    stopping, staying = post.worker(), post.worker()
    post.put("a")
    stopping.claim(post.pool(), 1)
    stopping.stop()
    assert staying.drain() == 1


def test_an_outcome_that_cannot_be_stored_is_repeated(post: Post, logged: Logged) -> None:
    """The database was gone when the job was done: it is delivered again, once that is back."""

    def deliver(job: Job) -> None:
        post.delivered.append(job)
        if job.attempts == 1:
            rename(post.database, "outbox", "outbox_gone")

    worker = post.worker(pool := post.pool(deliver))
    post.put("a")
    (job,) = worker.claim(pool, 1)
    worker.run(pool, job)
    assert logged.has("job_outcome_not_stored")
    rename(post.database, "outbox_gone", "outbox")
    post.clock.now += LEASE + SECOND
    assert worker.drain() == 1
    assert [job.attempts for job in post.delivered] == [1, 2]
    assert post.rows() == []


def rename(database: Database, old: str, new: str) -> None:
    """Take a table away, or put it back."""
    with database.transaction() as connection:
        connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))


def test_pauses_grow_to_ten_minutes() -> None:
    """Seconds at first, then doubling, and never more."""
    seconds = [pause(attempt, lambda: 0.5).total_seconds() for attempt in range(1, 20)]
    assert seconds[:3] == [1, 2, 4]
    assert seconds == sorted(seconds)
    assert seconds[-1] == 600
    assert pause(10_000, lambda: 0.5).total_seconds() == 600


@pytest.mark.parametrize("attempt", [1, 5, 9, 30])
def test_pauses_vary_by_a_fifth(attempt: int) -> None:
    """So that many who failed together don't come back together."""
    middle = pause(attempt, lambda: 0.5)
    assert pause(attempt, lambda: 0.0) == middle * 0.8
    assert pause(attempt, lambda: 1.0) == middle * 1.2
    assert len({pause(attempt) for _ in range(20)}) > 1


@settings(deadline=None, database=None, derandomize=True)
@given(st.floats(0, 20), st.lists(st.floats(0, 1), min_size=20, max_size=20))
def test_after_a_short_outage_it_goes_out_soon(outage: float, chances: list[float]) -> None:
    """Whatever the chances: what failed during up to 20 seconds is tried within 20 seconds of the end."""
    tried_at, attempt = 0.0, 1
    while tried_at < outage:
        tried_at += pause(attempt, chances.pop).total_seconds()
        attempt += 1
    assert tried_at - outage <= 20
