"""What is at the other end of a pace: it fails, limits or works; and how tests put jobs into its queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.outbox import Outbox, TryLater
from bot.pools import Pool
from bot.store import jobs
from bot.store.job_rows import Job

from ..support import START
from .post import LETTER, Post

CRM, OTHER_CRM = "crm:T1:DEMO", "crm:T2:DEMO"


def put(post: Post, lanes: list[str], pace: str | None, gap: float = 0, team: str = "T1") -> None:
    """Have these delivered at once, one after the other in the order given."""
    now = post.clock()
    with post.database.transaction() as connection:
        for lane in lanes:
            jobs.enqueue(
                connection,
                team_id=team,
                kind=LETTER,
                lane=lane,
                payload={},
                due_at=now,
                now=now,
                pace=pace,
                gap=gap,
            )


def names(prefix: str, count: int) -> list[str]:
    """Lanes with numbers."""
    return [f"{prefix}{number}" for number in range(count)]


@dataclass
class Remote:
    """What is at the other end: it fails, limits or works, and counts who tries it."""

    post: Post
    trouble: Callable[[], Exception] | None = None
    troubled: set[str] = field(default_factory=set)
    tried: list[tuple[float, str]] = field(default_factory=list)
    done: list[tuple[float, str]] = field(default_factory=list)

    def deliver(self, job: Job) -> None:
        """One delivery; trouble is only with what goes at a troubled pace."""
        at = (self.post.clock() - START).total_seconds()
        self.tried.append((at, job.lane))
        if self.trouble is not None and job.pace in self.troubled:
            raise self.trouble()
        self.done.append((at, job.lane))

    def worker(self) -> tuple[Outbox, Pool]:
        """A worker of its own."""
        pool = self.post.pool(self.deliver)
        return self.post.worker(pool), pool

    def went(self, prefix: str) -> list[float]:
        """When those of that name were delivered."""
        return [at for at, lane in self.done if lane.startswith(prefix)]

    def tries(self, prefix: str) -> list[float]:
        """When those of that name were tried."""
        return [at for at, lane in self.tried if lane.startswith(prefix)]


def an_outage() -> Exception:
    """The remote itself failed."""
    return TryLater("No answer.", is_outage=True)


def one_by_one(remote: Remote, times: int) -> None:
    """Deliver one job after the other, as often as that."""
    worker, pool = remote.worker()
    for _ in range(times):
        for job in worker.claim(pool, 1):
            worker.run(pool, job)
