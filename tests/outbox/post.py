"""A post office for tests: jobs are put in, workers deliver them, and what was delivered is noted."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.outbox import Outbox
from bot.pools import Deliver, Pool
from bot.store import jobs
from bot.store.database import Database
from bot.store.job_rows import Job
from bot.store.outbox_tables import outbox

from ..support import TEAM, Clock

LETTER = "letter"


@dataclass
class Post:
    """A database with jobs, and what came of them. `troubles` are raised by the next deliveries, one each."""

    database: Database
    clock: Clock
    delivered: list[Job] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    def put(
        self,
        lane: str,
        team: str = TEAM,
        *,
        kind: str = LETTER,
        due: float = 0,
        connection: Connection | None = None,
        **payload: Any,
    ) -> None:
        """Have a job delivered, due in so many seconds."""
        if connection is None:
            with self.database.transaction() as connection:
                self.put(lane, team, kind=kind, due=due, connection=connection, **payload)
            return
        now = self.clock()
        due_at = now + timedelta(seconds=due)
        jobs.enqueue(connection, team_id=team, kind=kind, lane=lane, payload=payload, due_at=due_at, now=now)

    def deliver(self, job: Job) -> None:
        """The delivery of every letter."""
        if self.troubles:
            raise self.troubles.pop(0)
        self.delivered.append(job)

    def pool(self, deliver: Deliver | None = None, *, threads: int = 4, per_team: int = 100) -> Pool:
        """The worker's pool for letters."""
        return Pool("post", {LETTER: deliver or self.deliver}, threads=threads, per_team=per_team)

    def worker(self, pool: Pool | None = None, database: Database | None = None) -> Outbox:
        """A worker of its own, as another process would run it."""
        return Outbox(database or self.database, [pool or self.pool()], self.clock)

    def rows(self) -> Sequence[Row[Any]]:
        """What stands in the queue, oldest first."""
        with self.database.reading() as connection:
            return connection.execute(select(outbox).order_by(outbox.c.id)).all()

    @property
    def lanes(self) -> list[str]:
        """The lanes of what was delivered, in that order."""
        return [job.lane for job in self.delivered]


@dataclass(frozen=True)
class Logged:
    """The log as it is being written."""

    entries: Sequence[Mapping[str, Any]]

    def has(self, event: str) -> bool:
        """Whether this was logged."""
        return any(entry["event"] == event for entry in self.entries)


def eventually(holds: Callable[[], bool], within: float = 30) -> bool:
    """Look again and again until it holds; whether it did in time."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.005)
    return False
