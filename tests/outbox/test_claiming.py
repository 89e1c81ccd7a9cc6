"""Which job is taken when: with its cause, once due, one a lane, teams in turn."""

from __future__ import annotations

from uuid import uuid4

import pytest

from bot.outbox import LEASE
from bot.pools import Pool
from bot.store import job_claims, job_counts, jobs
from bot.store.database import Database

from ..databases import PostgresqlTemplate
from ..support import TEAM, Clock
from .post import LETTER, Post

OTHER = "T0002"


def _fail_after_putting(post: Post) -> None:
    with post.database.transaction() as connection:
        post.put("a", connection=connection)
        raise LookupError


def test_a_job_is_part_of_its_cause(post: Post) -> None:
    """When the cause is rolled back there is no job, and never was."""
    with pytest.raises(LookupError):
        _fail_after_putting(post)
    assert post.rows() == []
    assert post.worker().drain() == 0


def test_delivered_and_forgotten(post: Post) -> None:
    """A job is delivered with what it was given, and its row is gone."""
    post.put("a", application_id="01K", count=2)
    assert post.worker().drain() == 1
    (job,) = post.delivered
    assert (job.team_id, job.kind, job.lane, job.attempts) == (TEAM, LETTER, "a", 1)
    assert job.payload == {"application_id": "01K", "count": 2}
    assert post.rows() == []


def test_not_before_it_is_due(post: Post) -> None:
    """And at that very moment it is."""
    post.put("a", due=10)
    worker = post.worker()
    post.clock.advance(seconds=9.999)
    assert worker.drain() == 0
    post.clock.advance(seconds=0.001)
    assert worker.drain() == 1


def test_oldest_first(post: Post) -> None:
    """What was due first is delivered first, whatever was put in first."""
    post.put("late", due=2)
    post.put("early", due=1)
    post.put("late too", due=2)
    post.clock.advance(seconds=3)
    post.worker().drain()
    assert post.lanes == ["early", "late", "late too"]


def test_newer_job_replaces_the_one_that_waits(post: Post) -> None:
    """A lane holds one waiting job: the latest, due when that is."""
    post.put("a", due=5, text="old")
    post.put("a", due=1, text="new")
    post.clock.advance(seconds=1)
    post.worker().drain()
    assert [job.payload for job in post.delivered] == [{"text": "new"}]
    assert post.rows() == []


def test_a_lane_is_never_delivered_twice_at_once(post: Post) -> None:
    """The newer job waits for the one under way, whoever has that."""
    one, two = post.worker(), post.worker()
    pool = post.pool()
    post.put("a", text="first")
    (under_way,) = one.claim(pool, 10)
    post.put("a", text="second")
    post.put("b")
    assert [job.lane for job in two.claim(pool, 10)] == ["b"]
    one.run(pool, under_way)
    assert [job.payload for job in two.claim(pool, 10)] == [{"text": "second"}]


def test_cancelling_drops_what_waits_only(post: Post) -> None:
    """What is under way is not touched, and other lanes are not either."""
    worker, pool = post.worker(), post.pool()
    post.put("under way")
    worker.claim(pool, 1)
    post.put("a")
    post.put("b")
    with post.database.transaction() as connection:
        jobs.cancel(connection, "a")
        jobs.cancel(connection, "under way")
    assert [row.lane for row in post.rows()] == ["under way", "b"]


def test_teams_take_turns(post: Post) -> None:
    """A team with much to do does not hold up one with little, however long it has waited."""
    for number in range(6):
        post.put(f"busy {number}", OTHER)
    post.clock.advance(seconds=60)
    post.put("small 0")
    post.put("small 1")
    claimed = post.worker().claim(post.pool(), 4)
    assert [job.lane for job in claimed] == ["busy 0", "small 0", "busy 1", "small 1"]


def test_a_team_has_so_many_under_way_at_most(post: Post) -> None:
    """What it has under way counts, with whichever worker that is."""
    pool = post.pool(per_team=3)
    one, two = post.worker(), post.worker()
    for number in range(6):
        post.put(f"a{number}")
    first, *_ = one.claim(pool, 2)
    assert len(two.claim(pool, 10)) == 1
    assert two.claim(pool, 10) == []
    one.run(pool, first)
    assert len(two.claim(pool, 10)) == 1


def test_crowds_of_one_team_hide_nobody(post: Post) -> None:
    """With hundreds waiting for their turn, another team's single job is found."""
    pool = post.pool(per_team=1)
    with post.database.transaction() as connection:
        for number in range(250):
            post.put(f"busy {number}", OTHER, connection=connection)
    worker = post.worker()
    worker.claim(pool, 1)
    post.clock.advance(seconds=1)
    post.put("small")
    assert [job.lane for job in worker.claim(pool, 10)] == ["small"]


def test_a_pool_takes_its_own_kinds(post: Post) -> None:
    """What another pool is for does not count for this one's turns either."""
    parcels: list[str] = []
    parcel_pool = Pool("parcels", {"parcel": lambda job: parcels.append(job.lane)}, threads=1, per_team=1)
    worker = post.worker()
    post.put("letter 1")
    post.put("parcel 1", kind="parcel")
    assert len(worker.claim(post.pool(per_team=1), 10)) == 1
    assert [job.lane for job in worker.claim(parcel_pool, 10)] == ["parcel 1"]


def test_a_kind_of_another_version_is_left_alone(post: Post) -> None:
    """Nobody here can deliver it; it waits for who can, and is in nobody's way."""
    post.put("a", kind="telegram")
    post.put("b")
    worker = post.worker()
    assert worker.drain() == 1
    assert post.lanes == ["b"]
    (left,) = post.rows()
    assert (left.kind, left.state, left.attempts) == ("telegram", "ready", 0)
    assert worker.seconds_to_next(post.pool(), post.clock()) == 1


def test_removing_a_team_leaves_others_alone(post: Post) -> None:
    """A workspace that is gone gets nothing any more."""
    post.put("a")
    post.put("b", OTHER)
    with post.database.transaction() as connection:
        jobs.remove_team(connection, TEAM)
    assert [row.lane for row in post.rows()] == ["b"]


def test_depth_by_kind_and_state(post: Post) -> None:
    """What operators look at."""
    for number in range(3):
        post.put(f"a{number}")
    post.put("t", kind="telegram")
    post.worker().claim(post.pool(), 1)
    with post.database.reading() as connection:
        assert job_counts.depth(connection) == {
            (LETTER, "ready"): 2,
            (LETTER, "leased"): 1,
            ("telegram", "ready"): 1,
        }


@pytest.mark.parametrize(("due", "seconds"), [(0.25, 0.25), (3600, 1), (0.0001, 0.005)])
def test_how_long_to_sleep(post: Post, due: float, seconds: float) -> None:
    """Until the next job is due, at most a second, and never without a pause."""
    post.put("a", due=due)
    assert post.worker().seconds_to_next(post.pool(), post.clock()) == pytest.approx(seconds)


def test_what_is_blocked_is_no_reason_to_hurry(post: Post) -> None:
    """A job that is due and waits for its lane or its team is not asked for again and again."""
    pool = post.pool(per_team=1)
    worker = post.worker()
    post.put("a")
    worker.claim(pool, 1)
    post.put("a")
    post.put("b")
    assert worker.claim(pool, 1) == []
    assert worker.seconds_to_next(pool, post.clock()) == 1


def test_claiming_takes_nothing_from_other_workers(postgresql: PostgresqlTemplate, clock: Clock) -> None:
    """While one claim is under way, another worker gets the rest at once."""
    name = f"claims_{uuid4().hex}"
    database = Database(postgresql.clone(name), pool_size=4)
    post = Post(database, clock)
    for lane in "abc":
        post.put(lane)
    with database.transaction() as connection:
        taken = job_claims.claim(
            connection, kinds=[LETTER], worker="one", limit=1, per_team=9, now=clock(), lease=LEASE
        )
        rest = post.worker().claim(post.pool(), 10)
    assert [job.lane for job in taken] == ["a"]
    assert sorted(job.lane for job in rest) == ["b", "c"]
    database.close()
    postgresql.drop(name)
