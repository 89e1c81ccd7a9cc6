"""Pools of worker threads: a dispatcher that claims for them, and a heart that keeps their leases."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from bot.store.job_rows import Job

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
"""A pool looks at least this often for what is due."""
_HEARTBEAT_SECONDS = 2.5
_GATHER_SECONDS = 0.02

Deliver = Callable[[Job], None]


@dataclass(frozen=True)
class Pool:
    """Kinds of jobs that share worker threads, so that slow ones can't hold up others.

    `per_team` is how many jobs of one workspace may be under way at a time.
    """

    name: str
    deliverers: Mapping[str, Deliver]
    threads: int
    per_team: int


class Work(Protocol):
    """Where a pool's jobs come from and go to."""

    def claim(self, pool: Pool, limit: int) -> list[Job]: ...

    def run(self, pool: Pool, job: Job) -> None: ...

    def extend(self, job_ids: list[int]) -> None: ...

    def now(self) -> datetime: ...

    def seconds_to_first(self, pool: Pool) -> float: ...

    def seconds_to_next(self, pool: Pool, after: datetime) -> float: ...


class Runner:
    """One pool's dispatcher thread with its worker threads."""

    def __init__(self, work: Work, pool: Pool) -> None:
        self._work = work
        self._pool = pool
        self._running: set[int] = set()
        self._signal = threading.Condition()
        self._woken = False
        self._stopping = threading.Event()
        self._executor = ThreadPoolExecutor(pool.threads, thread_name_prefix=f"outbox-{pool.name}")
        self._dispatcher = threading.Thread(target=self._dispatch, name=f"outbox-{pool.name}", daemon=True)
        self._heart = threading.Thread(target=self._beat, name=f"outbox-{pool.name}-heart", daemon=True)
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._dispatcher.start()
        self._heart.start()

    def wake(self, kinds: Collection[str] | None) -> None:
        """Look now, if jobs of these kinds are for this pool; None stands for any."""
        if kinds is not None and self._pool.deliverers.keys().isdisjoint(kinds):
            return
        with self._signal:
            self._woken = True
            self._signal.notify()

    def stop(self) -> None:
        """Take nothing new."""
        self._stopping.set()
        self.wake(None)

    def join(self, deadline: float) -> None:
        """Wait for what is under way, until `deadline` of the monotonic clock."""
        self._dispatcher.join(_seconds_until(deadline))
        with self._signal:
            self._signal.wait_for(lambda: not self._running, _seconds_until(deadline))
        self._stopped.set()
        self._heart.join(max(_seconds_until(deadline), POLL_SECONDS))
        self._executor.shutdown(wait=not self._running, cancel_futures=True)

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            try:
                wait = self._claim_and_submit()
            except Exception as error:  # noqa: BLE001  # whatever it was, the other jobs still have to leave
                log.warning("outbox_not_read", pool=self._pool.name, error=type(error).__name__)
                wait = POLL_SECONDS
            with self._signal:
                is_woken = self._signal.wait_for(lambda: self._woken, wait)
            if is_woken:
                # What woke it is answered first, and what comes right behind is claimed together with it.
                self._stopping.wait(_GATHER_SECONDS)
            with self._signal:
                self._woken = False

    def _claim_and_submit(self) -> float:
        free = self._pool.threads - len(self._running)
        if free <= 0:
            return POLL_SECONDS
        looked_at = self._work.now()
        wait = self._work.seconds_to_first(self._pool)
        if wait > 0:  # as mostly: a look alone keeps nobody from writing
            return wait
        claimed = self._work.claim(self._pool, free)
        for job in claimed:
            with self._signal:
                self._running.add(job.id)
            self._executor.submit(self._run, job)
        return POLL_SECONDS if len(claimed) == free else self._work.seconds_to_next(self._pool, looked_at)

    def _run(self, job: Job) -> None:
        try:
            self._work.run(self._pool, job)
        finally:
            with self._signal:
                self._running.discard(job.id)
                self._woken = True
                self._signal.notify_all()

    def _beat(self) -> None:
        while not self._stopped.wait(_HEARTBEAT_SECONDS):
            with self._signal:
                running = list(self._running)
            if not running:
                continue
            try:
                self._work.extend(running)
            except Exception as error:  # noqa: BLE001  # it has to beat on as long as there is work under way
                log.warning("leases_not_extended", pool=self._pool.name, error=type(error).__name__)


def _seconds_until(deadline: float) -> float:
    return max(deadline - time.monotonic(), 0.0)
