"""A CRM that fails: breaks, one trial at a time, and how soon everything arrives once it is back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.crm._http import TIMEOUT
from bot.outbox import LEASE, Outbox, TryLater, pause
from bot.pools import Pool
from bot.store import paces
from bot.store.database import Database
from bot.store.job_rows import Job

from .post import Post
from .remote import CRM, OTHER_CRM, Remote, an_outage, names, one_by_one, put

FAILURES, BREAK, TRIAL = 5, 4.0, 15.0
"""How often in a row a remote fails until it gets a break, how long the first are, and a trial at most."""


@pytest.fixture
def remote(post: Post) -> Remote:
    """It works."""
    return Remote(post)


def fail_often(remote: Remote, pace: str = CRM) -> None:
    """Fail until the remote gets its break."""
    remote.trouble, remote.troubled = an_outage, {pace}
    one_by_one(remote, FAILURES)


def test_five_failures_in_a_row_bring_a_break(post: Post, remote: Remote) -> None:
    """Of ten that wait five are tried; the others are spared until it is over. Others' CRMs go on."""
    put(post, names("a", 10), CRM)
    put(post, names("b", 3), OTHER_CRM, team="T2")
    fail_often(remote)
    one_by_one(remote, 10)
    assert len(remote.tries("a")) == FAILURES
    assert remote.went("b") == [0, 0, 0]


def test_a_success_between_failures_brings_no_break(post: Post, remote: Remote) -> None:
    """Four failures, one that works, four failures: nobody is held up."""
    for _ in range(2):
        put(post, names("a", FAILURES), CRM)
        remote.trouble, remote.troubled = an_outage, {CRM}
        one_by_one(remote, FAILURES - 1)
        remote.trouble = None
        one_by_one(remote, 1)
        post.clock.advance(seconds=60)
    remote.tried.clear()
    one_by_one(remote, 3)
    assert len(remote.tries("a")) > 0


def test_after_a_break_one_at_a_time_tries(post: Post, remote: Remote) -> None:
    """However many workers look, one job alone finds out whether the CRM is back; the next after a break."""
    put(post, names("a", 10), CRM)
    fail_often(remote)
    remote.tried.clear()
    workers = [remote.worker() for _ in range(3)]
    post.clock.advance(seconds=BREAK)
    (trial,) = [(worker, pool, job) for worker, pool in workers for job in worker.claim(pool, 4)]
    post.clock.advance(seconds=BREAK)
    assert [job for worker, pool in workers for job in worker.claim(pool, 4)] == []
    worker, pool, job = trial
    worker.run(pool, job)
    assert [job for worker, pool in workers for job in worker.claim(pool, 4)] == []
    post.clock.advance(seconds=BREAK)
    assert len([job for worker, pool in workers for job in worker.claim(pool, 4)]) == 1


def test_the_first_success_releases_everything(post: Post, remote: Remote) -> None:
    """Whatever pause each had still to wait, all of it goes at that moment."""
    put(post, names("a", 30), CRM)
    fail_often(remote)
    remote.trouble = None
    post.clock.advance(seconds=BREAK)
    worker, _ = remote.worker()
    worker.drain()
    assert remote.went("a") == [BREAK] * 30
    assert post.rows() == []


def test_a_trial_that_dies_is_followed_by_another(post: Post, remote: Remote) -> None:
    """Its worker is never seen again: within 20 seconds the next one tries."""
    put(post, names("a", 8), CRM)
    fail_often(remote)
    remote.trouble = None
    post.clock.advance(seconds=BREAK)
    dead, pool = remote.worker()
    assert len(dead.claim(pool, 4)) == 1
    post.clock.advance(seconds=TRIAL)
    worker, _ = remote.worker()
    worker.drain()
    assert len(remote.went("a")) == 8


def test_what_began_before_a_break_does_not_prolong_it(post: Post, remote: Remote) -> None:
    """Forty calls fail at once: the break is as short as after five."""
    put(post, names("a", 40), CRM)
    remote.trouble, remote.troubled = an_outage, {CRM}
    worker, pool = remote.worker()
    claimed = worker.claim(pool, 40)
    for job in claimed[:FAILURES]:
        worker.run(pool, job)
    post.clock.advance(seconds=BREAK)
    (trial,) = worker.claim(pool, 4)
    for job in claimed[FAILURES:]:
        worker.run(pool, job)
    assert worker.claim(pool, 4) == []
    with post.database.reading() as connection:
        free = paces.next_free(connection, post.clock())
    assert free == post.clock() + timedelta(seconds=TRIAL)
    worker.run(pool, trial)
    post.clock.advance(seconds=BREAK)
    assert len(worker.claim(pool, 4)) == 1


def test_a_trial_that_is_limited_waits_as_long_as_asked(post: Post, remote: Remote) -> None:
    """A CRM that asks for a pause is there: a second later, not a trial's whole time later, it is tried."""
    put(post, names("a", 8), CRM)
    fail_often(remote)
    post.clock.advance(seconds=BREAK)
    asked = post.clock() + timedelta(seconds=1)
    remote.trouble = lambda: TryLater("Slow down.", asked, holds=True)
    one_by_one(remote, 3)
    remote.trouble = None
    post.clock.advance(seconds=1)
    one_by_one(remote, 20)
    assert remote.went("a") == [BREAK + 1] * 8


def test_pauses_are_kept_by_workers_of_every_process(post: Post, remote: Remote, database_url: str) -> None:
    """What one process learnt of a CRM holds in another."""
    put(post, names("a", 10), CRM)
    fail_often(remote)
    other = Database(database_url)
    pool = post.pool(remote.deliver)
    assert post.worker(pool, other).claim(pool, 4) == []
    other.close()


# --- how soon after an outage -----------------------------------------------------------------------------


@dataclass
class Outage:
    """A simulated outage, moment by moment: calls fail at once, or hang until their time-out."""

    post: Post
    ends: datetime
    hang: timedelta
    calls: list[tuple[datetime, Outbox, Pool, Job]] = field(default_factory=list)
    arrived: dict[str, datetime] = field(default_factory=dict)

    def pass_time(self, workers: list[tuple[Outbox, Pool]], step: float) -> None:
        """Let a moment pass: what hung long enough ends, and who is free begins calls."""
        now = self.post.clock.advance(seconds=step)
        for call in [call for call in self.calls if call[0] <= now]:
            self.calls.remove(call)
            _, worker, pool, job = call
            worker.run(pool, job)
        for _, worker, _, job in self.calls:
            worker.extend([job.id])
        for worker, pool in workers:
            for job in worker.claim(pool, 4):
                self._call(worker, pool, job, now)

    def _call(self, worker: Outbox, pool: Pool, job: Job, now: datetime) -> None:
        if now < self.ends:
            self.calls.append((now + self.hang, worker, pool, job))
            return
        self.arrived[job.lane] = now
        worker.run(pool, job)

    def deliver(self, job: Job) -> None:
        """What did not begin after the end is given up, with the longest pause there is by chance."""
        if job.lane not in self.arrived:
            raise TryLater("No answer.", self.post.clock() + pause(job.attempts, lambda: 1.0), is_outage=True)


@pytest.mark.parametrize("waiting", [1, 4, 40])
@pytest.mark.parametrize("hang", [0.0, TIMEOUT[1]])
@pytest.mark.parametrize("lasts", [2.0, 12.5, 20.0])
def test_after_a_short_outage_all_arrives_within_20_seconds(
    post: Post, lasts: float, hang: float, waiting: int
) -> None:
    """Whether calls failed at once or hung until the time-out, decided before or up to the last moment."""
    outage = Outage(post, post.clock() + timedelta(seconds=lasts), timedelta(seconds=hang))
    pool = post.pool(outage.deliver, per_team=4)
    workers = [(post.worker(pool), pool) for _ in range(3)]
    step = 0.5
    moments = int(lasts / step)
    for moment in range(moments):
        put(post, [f"a{n}" for n in range(waiting) if ((n + 1) * moments - 1) // waiting == moment], CRM)
        outage.pass_time(workers, step if moment < moments - 1 else step - 0.1)
    while post.rows():
        outage.pass_time(workers, step)
    assert len(outage.arrived) == waiting
    assert max(outage.arrived.values()) - outage.ends < timedelta(seconds=20)


def test_a_lease_outlasts_a_heartbeat_and_ends_in_time() -> None:
    """What a dead worker held is free again with seconds to spare of the 20 that are promised."""
    assert timedelta(seconds=5) < LEASE <= timedelta(seconds=12)
