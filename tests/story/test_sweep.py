"""Work whose job in the outbox was lost is found and done."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from bot.blocks import ids
from bot.store import job_counts, jobs
from bot.store.outbox_tables import outbox
from bot.usecases import housekeeping, queue, readings, sweep
from bot.usecases.checkup import check_up
from tests.story.acts import connect, undo_window
from tests.world import BEN, TEAM, World


@pytest.fixture(autouse=True)
def _connected(world: World) -> None:
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)


def test_a_card_without_its_job_is_posted(world: World) -> None:
    """The application is there, its job is not: the next sweep has it posted, once."""
    id_ = str(world.post().json()["id"])
    _lose_all(world)
    assert (sweep.sweep(world.house), sweep.sweep(world.house)) == (1, 0)
    world.deliver(seconds=1)
    assert len(world.cards()) == 1
    assert world.card(id_)["ts"]
    assert sweep.sweep(world.house) == 0


def test_a_handoff_without_its_job_is_sent(world: World) -> None:
    """Decided and forgotten: the next sweep has it sent."""
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    _lose_all(world)
    assert sweep.sweep(world.house) == 1
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_what_can_be_undone_still_waits_for_that(world: World) -> None:
    """A sweep sends nothing earlier than it was to go."""
    undo_window(world, 60)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    _lose_all(world)
    sweep.sweep(world.house)
    world.deliver(seconds=59)
    assert world.state(id_)["handoff"]["state"] == "waiting"
    world.deliver(seconds=1)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_what_waits_for_a_sign_in_is_left_waiting(world: World) -> None:
    """Nothing was lost there: signing in again sends it."""
    id_ = world.arrive()
    world.crm.revoke_all()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "waiting"
    assert sweep.sweep(world.house) == 0


def test_a_handoff_that_was_given_up_can_be_retried(world: World) -> None:
    """Its job was set aside: the card says so, and Retry sends it."""
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    with world.house.database.transaction() as connection:
        connection.execute(update(outbox).where(outbox.c.kind == queue.HANDOFF).values(state="dead"))
    assert sweep.sweep(world.house) == 1
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "failed"
    assert sweep.sweep(world.house) == 0
    world.click(BEN, id_, ids.RETRY_HANDOFF)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_a_card_that_was_given_up_is_not_tried_for_ever(world: World) -> None:
    """A poisoned card stays set aside."""
    world.post()
    with world.house.database.transaction() as connection:
        connection.execute(update(outbox).where(outbox.c.kind == queue.CARD).values(state="dead"))
    assert sweep.sweep(world.house) == 0


def test_given_up_jobs_are_kept_thirty_days(world: World) -> None:
    """They are counted by reason for so long, and then forgotten."""
    world.post()
    with world.house.database.transaction() as connection:
        values = {"state": "dead", "reason": "Slack refused this.", "leased_until": world.clock()}
        connection.execute(update(outbox).where(outbox.c.kind == queue.CARD).values(**values))
    world.clock.advance(days=30)
    housekeeping.tidy(world.house)
    with world.house.database.reading() as connection:
        assert job_counts.given_up(connection) == {(queue.CARD, "Slack refused this."): 1}
    world.clock.advance(seconds=1)
    housekeeping.tidy(world.house)
    with world.house.database.reading() as connection:
        assert job_counts.given_up(connection) == {}


def test_a_job_of_an_unknown_kind_is_counted_and_left(world: World) -> None:
    """A newer version wrote it: nobody touches it, all others go out, and it is seen."""
    now = world.clock()
    with world.house.database.transaction() as connection:
        jobs.enqueue(
            connection, team_id=TEAM, kind="mail", lane="mail:1", payload={}, due_at=now, now=now
        )  # fmt: skip
    world.arrive()
    assert len(world.cards()) == 1
    assert readings.read(world.house).unknown == 1
    with world.house.database.reading() as connection:
        assert connection.execute(select(func.count()).where(outbox.c.kind == "mail")).scalar_one() == 1


def test_the_doctor_names_what_was_given_up(world: World) -> None:
    """A line for each kind and reason with how many and what to do, and one for unknown kinds."""
    assert any(finding.is_good and "nothing given up" in finding.text for finding in check_up(world.house))
    world.post()
    world.post()
    dead = {"state": "dead", "reason": "Slack refused this: msg_too_long."}
    with world.house.database.transaction() as connection:
        connection.execute(update(outbox).values(**dead))
    (given_up,) = (one.text for one in check_up(world.house) if not one.is_good)
    assert "2 × card given up: Slack refused this: msg_too_long. Remove the cause; Retry" in given_up
    with world.house.database.transaction() as connection:
        connection.execute(update(outbox).values(kind="mail", state="ready", lane=outbox.c.id))
    (unknown,) = (one.text for one in check_up(world.house) if not one.is_good)
    assert "2 jobs of a kind this version does not know" in unknown


def _lose_all(world: World) -> None:
    with world.house.database.transaction() as connection:
        connection.execute(delete(outbox))
