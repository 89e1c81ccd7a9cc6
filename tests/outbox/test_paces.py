"""Paces: a gap between posts, and the pauses a remote asks for, with nobody else harmed."""

from __future__ import annotations

import random
import threading
import time
from datetime import timedelta

import pytest

from bot.outbox import Outbox, TryLater
from bot.store.database import Database
from bot.store.job_rows import Job

from .post import Logged, Post
from .remote import CRM, OTHER_CRM, Remote, an_outage, names, one_by_one, put
from .test_many_workers import RunningClock

GAP = 1.0
CHANNEL, OTHER_CHANNEL = "post:T1:C1", "post:T1:C2"


@pytest.fixture
def remote(post: Post) -> Remote:
    """It works."""
    return Remote(post)


# --- one post a second in a channel -----------------------------------------------------------------------


def test_one_post_a_second_in_a_channel(post: Post, remote: Remote) -> None:
    """However often somebody looks, two posts start a second apart, in their order."""
    put(post, names("a", 5), CHANNEL, GAP)
    workers = [remote.worker()[0] for _ in range(2)]
    for _ in range(50):
        for worker in workers:
            worker.drain()
        post.clock.advance(seconds=0.1)
    assert [lane for _, lane in remote.done] == names("a", 5)
    assert all(later - at >= GAP for at, later in zip(remote.went("a"), remote.went("a")[1:], strict=False))
    assert remote.went("a")[-1] < 5 * GAP


def test_a_long_queue_in_one_channel_harms_no_other(post: Post, remote: Remote) -> None:
    """Behind 300 posts for one channel, another channel's go at their own pace, and what has none at once."""
    put(post, names("a", 300), CHANNEL, GAP)
    put(post, names("b", 3), OTHER_CHANNEL, GAP)
    put(post, names("notice", 3), None)
    worker, _ = remote.worker()
    for _ in range(3):
        worker.drain()
        post.clock.advance(seconds=GAP)
    assert remote.went("notice") == [0, 0, 0]
    assert remote.went("b") == [0, 1, 2]
    assert remote.went("a") == [0, 1, 2]


def test_a_thousand_posts_drain_in_order_and_none_is_lost(post: Post, remote: Remote) -> None:
    """At the whole pace: as many seconds as there are posts, each once, oldest first."""
    count = 1000 if post.database.is_sqlite else 250  # as true, and quicker
    put(post, names("a", count), CHANNEL, GAP)
    worker, pool = remote.worker()
    for _ in range(count):
        for job in worker.claim(pool, 4):
            worker.run(pool, job)
        post.clock.advance(seconds=GAP)
    assert [lane for _, lane in remote.done] == names("a", count)
    assert post.rows() == []


def test_a_channel_that_slack_limits_waits_as_long_as_asked(post: Post, remote: Remote) -> None:
    """429 with Retry-After 5: nothing goes into that channel for 5 s, into the other all the while."""
    put(post, names("a", 3), CHANNEL, GAP)
    put(post, names("b", 6), OTHER_CHANNEL, GAP)
    asked = post.clock() + timedelta(seconds=5)
    remote.trouble = lambda: TryLater("Slack asked for a pause.", asked, counts=False, holds=True)
    remote.troubled = {CHANNEL}
    worker, _ = remote.worker()
    worker.drain()
    remote.trouble = None
    for _ in range(8):
        worker.drain()
        post.clock.advance(seconds=1)
    assert remote.tries("a") == [0, 5, 6, 7]
    assert remote.went("b") == [0, 1, 2, 3, 4, 5]


# --- a CRM that limits ------------------------------------------------------------------------------------


def test_a_crm_that_limits_holds_its_connection_alone(post: Post, remote: Remote) -> None:
    """After a 429 nothing of that workspace is tried before the time it named; others go on."""
    put(post, names("a", 5), CRM)
    put(post, names("b", 2), OTHER_CRM, team="T2")
    asked = post.clock() + timedelta(seconds=30)
    remote.trouble, remote.troubled = (lambda: TryLater("Slow down.", asked, holds=True)), {CRM}
    one_by_one(remote, 4)
    assert (len(remote.tries("a")), len(remote.went("b"))) == (1, 2)
    remote.trouble = None
    post.clock.advance(seconds=29)
    one_by_one(remote, 6)
    assert len(remote.tries("a")) == 1
    post.clock.advance(seconds=1)
    one_by_one(remote, 6)
    assert remote.went("a") == [30] * 5


# --- many at once -----------------------------------------------------------------------------------------

WORKERS, LANES, SECONDS, PATIENCE = 4, 12, 2.0, 30.0


class Hammer:
    """Workers that take places of the same paces, fail, are limited and succeed, all at random."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._chance = random.Random(20261121)  # noqa: S311  # chance that can be repeated, nothing secret
        self.errors: list[BaseException] = []
        self.delivered = 0

    def deliver(self, job: Job) -> None:
        """One delivery, with an outcome by chance."""
        outcome = self._chance.random()
        if outcome < 0.5:
            raise an_outage()
        if outcome < 0.6:
            raise TryLater("Slow down.", self._post.clock() + timedelta(milliseconds=20), holds=True)
        self.delivered += 1

    def fill(self) -> None:
        """Queue what is there already again, all lanes in one transaction as a new sign-in does."""
        for place in range(3):
            put(self._post, names(f"crm {place} ", LANES), f"crm:T{place}:DEMO", team=f"T{place}")
            put(self._post, names(f"post {place} ", LANES), f"post:T1:C{place}", gap=0.01)

    def work(self, worker: Outbox, until: float) -> None:
        """Take and deliver till then."""
        pool = self._post.pool(self.deliver)
        try:
            while time.monotonic() < until or (not self.delivered and time.monotonic() < until + PATIENCE):
                for job in worker.claim(pool, 4):
                    worker.run(pool, job)
                if self._chance.random() < 0.2:
                    self.fill()
        except BaseException as error:  # noqa: BLE001  # told by the test
            self.errors.append(error)


def test_workers_that_take_places_never_block_each_other(
    database: Database, database_url: str, logged: Logged
) -> None:
    """Four workers on the same paces, failing and succeeding at random: no deadlock, no outcome is lost."""
    post = Post(database, RunningClock())
    hammer = Hammer(post)
    opened = [Database(database_url, pool_size=4) for _ in range(WORKERS)]
    hammer.fill()
    until = time.monotonic() + SECONDS
    workers = [post.worker(post.pool(hammer.deliver), each) for each in opened]
    threads = [threading.Thread(target=hammer.work, args=[worker, until]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    for each in opened:
        each.close()
    assert hammer.errors == []
    assert not logged.has("job_outcome_not_stored")
    assert hammer.delivered > 0
    assert {row.state for row in post.rows()} <= {"ready"}
