"""Many workers on one database: every job once, no lane twice at a time, whatever fails in between."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.outbox import Outbox, TryLater
from bot.store.database import Database
from bot.store.job_rows import Job

from ..support import Clock
from .post import Post

SINGLES, LANES, TURNS = 60, 4, 8
WORKERS, THREADS = 4, 2


class Ledger:
    """Counts deliveries, notices two at once in a lane, and lets a third of all tries fail."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._lock = threading.Lock()
        self._chance = random.Random(20261121)  # noqa: S311  # chance that can be repeated, nothing secret
        self.inside: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.overlaps: list[str] = []

    def deliver(self, job: Job) -> None:
        """One delivery; those of a shared lane leave the lane's next job, as a card does."""
        with self._entered(job.lane) as fails:
            if fails:
                raise TryLater("No answer.", self._post.clock())
            with self._lock:
                self.done[job.lane] += 1
                goes_on = job.lane.startswith("shared") and self.done[job.lane] < TURNS
            if goes_on:
                self._post.put(job.lane)

    def is_complete(self) -> bool:
        """Whether everything that will ever be there has been delivered."""
        with self._lock:
            return len(self.done) == SINGLES + LANES and sum(self.done.values()) >= SINGLES + LANES * TURNS

    @contextmanager
    def _entered(self, lane: str) -> Iterator[bool]:
        with self._lock:
            self.inside[lane] += 1
            if self.inside[lane] > 1:
                self.overlaps.append(lane)
            fails = self._chance.random() < 1 / 3
        try:
            yield fails
        finally:
            with self._lock:
                self.inside[lane] -= 1


class RunningClock(Clock):
    """Time that moves on a little with every look at it, so that every repeat becomes due."""

    def __call__(self) -> datetime:
        return self.advance(milliseconds=2)


def _work(worker: Outbox, post: Post, ledger: Ledger, errors: list[BaseException]) -> None:
    pool = post.pool(ledger.deliver, per_team=20)
    try:
        while not ledger.is_complete():
            for job in worker.claim(pool, 3):
                worker.run(pool, job)
    except BaseException as error:  # noqa: BLE001  # told by the test
        errors.append(error)


def test_every_job_once_and_no_lane_twice_at_a_time(database: Database, database_url: str) -> None:
    """Eight threads of four workers, a third of all tries failing: each job is done exactly once."""
    post = Post(database, RunningClock())
    ledger = Ledger(post)
    errors: list[BaseException] = []
    opened = [Database(database_url, pool_size=4) for _ in range(WORKERS)]
    for number in range(SINGLES):
        post.put(f"single {number}", f"T{number % 3}")
    for number in range(LANES):
        post.put(f"shared {number}")
    workers = [post.worker(post.pool(ledger.deliver), each) for each in opened]
    threads = [
        threading.Thread(target=_work, args=[worker, post, ledger, errors])
        for worker in workers
        for _ in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for each in opened:
        each.close()
    assert errors == []
    assert ledger.overlaps == []
    assert {ledger.done[f"single {number}"] for number in range(SINGLES)} == {1}
    assert {ledger.done[f"shared {number}"] for number in range(LANES)} == {TURNS}
