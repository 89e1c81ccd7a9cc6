"""The durable queue's workers: claim what is due, deliver it, repeat what failed, give up with a reason.

Work is written by `bot.store.jobs.enqueue` in the transaction of its cause; see docs/decisions for why.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from ulid import ULID

from bot.errors import HandoffError
from bot.pools import POLL_SECONDS, Pool, Runner
from bot.store import job_claims, jobs, paces
from bot.store.database import Database
from bot.store.job_rows import Job
from bot.watch import Watch

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=10)
_POISONED_AFTER = 12
_SHORTEST_PAUSE = timedelta(milliseconds=100)

_Outcome = Callable[[Connection], None]


class TryLater(HandoffError):  # it says what is to be done, and is no fault
    """The delivery did not happen and is to be tried again: `at` a time, or with growing pauses (None).

    `reason` is for people. `counts=False` says that nothing was tried (a pace or a pause was respected).
    `holds=True`: the remote asked everything of this job's pace to wait until `at`. `is_outage=True`: the
    remote itself failed; after several of these in a row the whole pace takes a break.
    """

    def __init__(
        self,
        reason: str,
        at: datetime | None = None,
        *,
        counts: bool = True,
        holds: bool = False,
        is_outage: bool = False,
    ) -> None:
        super().__init__(reason)
        self.at = at
        self.counts = counts
        self.holds = holds
        self.is_outage = is_outage


class GiveUp(HandoffError):  # it says what is to be done
    """The delivery can never succeed; the row is set aside with this reason."""


def pause(attempts: int, jitter: Callable[[], float] = random.random) -> timedelta:
    """How long to wait after the nth failed attempt.

    Seconds at first, so that what a short outage held up goes out soon after it; then doubling to ten
    minutes. ± 20 %, so that many don't come back at the same moment.
    """
    seconds = min(2 ** (attempts - 1), 6) if attempts <= 10 else min(6 * 2 ** (attempts - 10), 600)
    return timedelta(seconds=seconds * (0.8 + 0.4 * jitter()))


class Outbox:
    """Runs the jobs of some pools, in threads of its own or, for tests, within a call of `drain`."""

    def __init__(
        self,
        database: Database,
        pools: list[Pool],
        clock: Callable[[], datetime],
        watch: Watch | None = None,
    ) -> None:
        self._database = database
        self._pools = pools
        self._clock = clock
        self._watch = watch or Watch()
        self._runners: list[Runner] = []
        self._stopped = threading.Event()
        self._ear: threading.Thread | None = None
        self.worker = str(ULID())
        database.on_work(self.wake)

    def start(self) -> None:
        """Deliver from now on, in threads."""
        self._runners = [Runner(self, pool) for pool in self._pools]
        for runner in self._runners:
            runner.start()
        self._stopped.clear()
        self._ear = threading.Thread(
            target=self._database.listen, args=(self.wake, self._stopped), name="outbox-ear", daemon=True
        )
        self._ear.start()

    def wake(self, kinds: Collection[str] | None = None) -> None:
        """Look for due jobs of these kinds, or of any, now instead of at the next look."""
        for runner in self._runners:
            runner.wake(kinds)

    def stop(self, grace_seconds: float = 10.0) -> None:
        """Take nothing new, wait for what is under way, and leave the rest to others."""
        for runner in self._runners:
            runner.stop()
        deadline = time.monotonic() + grace_seconds
        for runner in self._runners:
            runner.join(deadline)
        self._runners = []
        self._stopped.set()
        if self._ear is not None:
            self._ear.join(POLL_SECONDS)
        try:
            with self._database.transaction() as connection:
                jobs.release(connection, self.worker, self._clock())
        except SQLAlchemyError as error:
            log.warning("leases_not_released", error=type(error).__name__)  # they run out by themselves

    def now(self) -> datetime:
        """The time, as leases and due times are told by it."""
        return self._clock()

    def drain(self) -> int:
        """Run everything that is due at this moment, one after the other; how many jobs ran."""
        ran = 0
        while True:
            due = [pool for pool in self._pools if not self.seconds_to_first(pool)]
            claimed = [(pool, job) for pool in due for job in self.claim(pool, 100)]
            if not claimed:
                return ran
            for pool, job in claimed:
                self.run(pool, job)
            ran += len(claimed)

    def seconds_to_first(self, pool: Pool) -> float:
        """How long until a claim could find anything for a pool; at most the polling interval."""
        now = self._clock()
        with self._database.reading() as connection:
            if jobs.expired(connection, now):
                return 0.0
            due = jobs.first_due(connection, list(pool.deliverers))
        return _until(due, now)

    def claim(self, pool: Pool, limit: int) -> list[Job]:
        """Lease up to `limit` due jobs of a pool, those of workers that died included."""
        self._take_over()
        with self._database.transaction() as connection:
            return job_claims.claim(
                connection,
                kinds=list(pool.deliverers),
                worker=self.worker,
                limit=limit,
                per_team=pool.per_team,
                now=self._clock(),
                lease=LEASE,
            )

    def extend(self, job_ids: list[int]) -> None:
        """Keep the leases of jobs still under way."""
        with self._database.transaction() as connection:
            jobs.extend(connection, job_ids, self.worker, self._clock() + LEASE)

    def seconds_to_next(self, pool: Pool, after: datetime) -> float:
        """How long until a job of the pool is due that was not yet at `after`; at most the polling interval.

        What was due by then and not claimed waits for its lane or its team's turn, and so for a job's end.
        """
        with self._database.reading() as connection:
            due = jobs.next_due(connection, list(pool.deliverers), after)
        return max(_until(due, self._clock()), 0.005)

    def run(self, pool: Pool, job: Job) -> None:
        """Deliver one leased job and write down what came of it."""
        with structlog.contextvars.bound_contextvars(**_ids(job)):
            begun = time.monotonic()
            outcome, write = self._deliver(pool, job)
            self._close(job, write)
            self._watch.delivered(job.kind, job.pace, outcome, time.monotonic() - begun)

    def _deliver(self, pool: Pool, job: Job) -> tuple[str, _Outcome]:
        try:
            pool.deliverers[job.kind](job)
        except TryLater as later:
            if later.holds and job.pace is not None:
                self._watch.held(job.pace)
            return "again" if later.counts else "paused", self._again(job, later)
        except GiveUp as error:
            log.warning("job_given_up", reason=str(error))
            return "given_up", partial(jobs.set_aside, job=job, worker=self.worker, reason=str(error))
        except Exception as error:  # noqa: BLE001  # a fault in one delivery is that job's alone
            is_final = job.attempts >= _POISONED_AFTER
            return "given_up" if is_final else "fault", self._fault(job, error)
        return "done", partial(_finish, job=job, worker=self.worker, now=self._clock())

    def _again(self, job: Job, later: TryLater) -> _Outcome:
        now = self._clock()
        at = max(later.at, now + _SHORTEST_PAUSE) if later.at else now + pause(job.attempts)
        return partial(_try_again, job=job, worker=self.worker, later=later, at=at, now=now)

    def _fault(self, job: Job, error: Exception) -> _Outcome:
        # A fault of ours, or of the database: the message may quote people's data, so only its type is kept.
        reason = f"Unexpected {type(error).__name__}"
        log.error("job_failed", attempts=job.attempts, exc_info=error)
        if job.attempts >= _POISONED_AFTER:
            return partial(jobs.set_aside, job=job, worker=self.worker, reason=reason)
        return self._again(job, TryLater(reason))

    def _close(self, job: Job, write: _Outcome) -> None:
        try:
            with self._database.transaction() as connection:
                write(connection)
        except SQLAlchemyError as error:
            # The lease runs out and somebody delivers again: every delivery finds before it creates.
            log.warning("job_outcome_not_stored", error=type(error).__name__)

    def _take_over(self) -> None:
        with self._database.glance() as connection:
            expired = jobs.expired(connection, self._clock())
        for job_id in expired:  # a transaction each, so that two who do this can't block one another
            with self._database.transaction() as connection:
                jobs.take_over(connection, job_id, self._clock())


def _until(due: datetime | None, now: datetime) -> float:
    return POLL_SECONDS if due is None else min(max((due - now).total_seconds(), 0.0), POLL_SECONDS)


def _ids(job: Job) -> dict[str, object]:
    ids = {
        "job": job.id,
        "kind": job.kind,
        "team": job.team_id,
        "application": job.payload.get("application_id") if isinstance(job.payload, Mapping) else None,
        "request": job.request,
    }
    return {name: value for name, value in ids.items() if value is not None}


def _finish(connection: Connection, job: Job, worker: str, now: datetime) -> None:
    jobs.finish(connection, job, worker)
    if job.pace is not None:
        paces.succeed(connection, job.pace, now)


def _try_again(
    connection: Connection, job: Job, worker: str, later: TryLater, at: datetime, now: datetime
) -> None:
    jobs.retry(connection, job, worker, at, str(later), counts=later.counts)
    if job.pace is None:
        return
    if later.is_outage:
        paces.fail(connection, job.pace, now, was_trial=job.is_trial)
    elif later.holds or job.is_trial:
        paces.hold(connection, job.pace, at if later.holds else now, was_trial=job.is_trial)
