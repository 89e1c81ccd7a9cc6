"""A CRM that fails, hangs, limits, talks nonsense or forgets us: who is told of it, and that all arrives."""

from __future__ import annotations

from typing import Any

import pytest

from bot.blocks import ids
from bot.usecases import forward, queue, sessions
from bot.usecases.forward_steps import Steps
from tests.story.acts import (
    SOON,
    connect,
    crm_calls,
    handoff_line,
    people_called,
    person_of,
    undo_window,
    writes,
)
from tests.world import ADMIN, ANA, BEN, World


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "error", "status": 500}, "error 500"),
        ({"kind": "status", "status": 503}, "error 503"),
        ({"kind": "reset_before"}, "can't be reached"),
        ({"kind": "ratelimited"}, "slow down"),
        ({"kind": "html"}, "not JSON"),
        ({"kind": "nonsense", "body": [1]}, "Demo CRM answered"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_passing_trouble_is_tried_again_and_then_sent(
    world: World, fault: dict[str, Any], reason: str
) -> None:
    """The card says that it is tried again, and why; a few seconds later the CRM has the applicant once."""
    _ready(world)
    id_ = world.arrive()
    world.crm.faults.add(**fault)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "waiting"
    assert "trying again" in handoff_line(world, id_)
    assert reason in handoff_line(world, id_).replace("’", "'")

    world.deliver(seconds=5)
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert len(people_called(world, "ines.marsh1@example.com")) == 1
    assert world.direct(ADMIN) == []


def test_a_slow_answer_is_waited_for(world: World) -> None:
    """A CRM that takes its time is no trouble: the handoff goes through at the first try."""
    _ready(world)
    id_ = world.arrive()
    world.crm.faults.add(kind="hang", seconds=0.5)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert (world.state(id_)["handoff"]["state"], world.state(id_)["handoff"]["attempts"]) == ("sent", 1)


def test_retry_after_is_respected(world: World) -> None:
    """Asked to wait 30 seconds, the CRM is left alone for 30 seconds, and then gets the applicant."""
    _ready(world)
    id_ = world.arrive()
    world.crm.faults.add(kind="ratelimited", retry_after=30)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    before = len(crm_calls(world))
    world.deliver(seconds=29)
    assert len(crm_calls(world)) == before
    world.deliver(seconds=1)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_nonsense_for_ever_fails_that_one_handoff(world: World) -> None:
    """A record the CRM answers nonsense about fails with a reason; others go; Retry works once it talks."""
    _ready(world)
    broken, whole = world.arrive(), world.arrive()
    world.crm.faults.add(kind="nonsense", path="/api/v1/applications", times=None, body={"strange": True})
    world.click(BEN, broken, ids.DECIDE_GREEN)
    for _ in range(6):
        world.deliver(seconds=10)
    handoff = world.state(broken)["handoff"]
    assert (handoff["state"], "answered without" in handoff["reason"]) == ("failed", True)
    assert "failed" in handoff_line(world, broken)
    assert "Retry" in handoff_line(world, broken)

    world.crm.faults.clear()
    world.click(BEN, whole, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(whole)["handoff"]["state"] == "sent"
    world.click(BEN, broken, ids.RETRY_HANDOFF)
    world.deliver()
    assert world.state(broken)["handoff"]["state"] == "sent"
    assert len(world.crm.applications(person_of(world, broken).id)) == 1


def test_an_outage_that_ends_in_a_page_of_nonsense_is_tried_again(world: World) -> None:
    """Many failed tries before do not make one wrong answer final."""
    _ready(world)
    id_ = world.arrive()
    world.crm.faults.add(kind="status", times=5)
    world.crm.faults.add(kind="html", times=1)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    for _ in range(10):
        world.deliver(seconds=10)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_after_a_short_outage_it_arrives_within_20_seconds(world: World) -> None:
    """The CRM is away for 20 seconds: within 20 more each of several handoffs is there."""
    _ready(world)
    waiting = [world.arrive(cv=None) for _ in range(3)]
    world.crm.stop()
    for id_ in waiting:
        world.click(BEN, id_, ids.DECIDE_GREEN)
    for _ in range(20):
        world.deliver(seconds=1)
    assert [world.state(id_)["handoff"]["state"] for id_ in waiting] == ["waiting"] * 3
    assert world.direct(ADMIN) == []

    world.crm.start()
    for _ in range(20):
        world.deliver(seconds=1)
    assert [world.state(id_)["handoff"]["state"] for id_ in waiting] == ["sent"] * 3


def test_admins_are_told_once_when_trouble_lasts_15_minutes(world: World) -> None:
    """Nobody hears of it before a quarter of an hour is over; then the admin does, once for all of it."""
    _ready(world)
    first, second = world.arrive(cv=None), world.arrive(cv=None)
    world.crm.faults.add(kind="status", times=None)
    world.click(BEN, first, ids.DECIDE_GREEN)
    world.click(BEN, second, ids.DECIDE_GREEN)
    for _ in range(29):
        world.deliver(seconds=30)
    world.deliver(seconds=29)
    assert world.direct(ADMIN) == []
    for _ in range(20):
        world.deliver(seconds=30)
    (told,) = world.direct(ADMIN)
    assert "15 minutes" in told
    assert world.direct(BEN) == []

    world.crm.faults.clear()
    world.deliver(minutes=12)
    assert [world.state(id_)["handoff"]["state"] for id_ in (first, second)] == ["sent", "sent"]
    assert len(world.direct(ADMIN)) == 1


def test_a_long_wait_for_a_sign_in_is_no_trouble_of_the_crm(world: World) -> None:
    """Decided days before the sign-in, the first failed try after it alarms nobody."""
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(days=2)
    world.crm.faults.add(kind="status", path="/api/v1/people")
    connect(world)
    assert "trying again" in handoff_line(world, id_)
    world.deliver(seconds=SOON)
    assert (world.state(id_)["handoff"]["state"], world.direct(ADMIN)) == ("sent", [])


def test_a_revoked_sign_in_parks_everything_and_tells_the_admin_once(world: World) -> None:
    """Several handoffs are refused: all wait, cards say sign in, one message; after the sign-in all go."""
    _ready(world)
    waiting = [world.arrive(cv=None) for _ in range(3)]
    world.crm.revoke_all()
    for id_ in waiting:
        world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    late = world.arrive(cv=None)
    world.click(ANA, late, ids.DECIDE_GREEN)
    world.deliver(hours=1)
    waiting.append(late)
    assert [world.state(id_)["handoff"]["state"] for id_ in waiting] == ["waiting"] * 4
    assert all("sign in" in handoff_line(world, id_) for id_ in waiting)
    (told,) = world.direct(ADMIN)
    assert "no longer accepts" in told
    before = len(world.crm.calls)
    world.deliver(hours=5)
    assert len(world.crm.calls) == before

    connect(world)
    assert [world.state(id_)["handoff"]["state"] for id_ in waiting] == ["sent"] * 4
    _, back = world.direct(ADMIN)
    assert "connected again" in back
    assert (world.direct(ANA), world.direct(BEN)) == ([], [])


def test_an_expired_access_token_is_renewed_silently(world: World) -> None:
    """The CRM answers 401, the sign-in is renewed, and nobody notices: the first try sends."""
    _ready(world)
    id_ = world.arrive()
    world.crm.expire_access_tokens()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert (world.state(id_)["handoff"]["state"], world.state(id_)["handoff"]["attempts"]) == ("sent", 1)
    assert world.direct(ADMIN) == []
    assert [call.path for call in world.crm.calls].count("/oauth/token") == 2


def test_the_work_of_a_worker_that_died_is_taken_over(world: World) -> None:
    """A worker took the handoff and was never seen again: within 20 seconds another one has sent it, once."""
    _ready(world)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    crm_pool = next(pool for pool in world.outbox._pools if queue.HANDOFF in pool.deliverers)
    (job,) = world.outbox.claim(crm_pool, 10)
    crm_pool.deliverers[queue.HANDOFF](job)  # it did everything, but died before saying so
    before = writes(world)
    for _ in range(20):
        world.deliver(seconds=1)
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert writes(world) == before


def test_a_worker_that_died_at_its_last_step_leaves_no_card_under_way(world: World) -> None:
    """All is in the CRM but nobody noted that it is over: the next worker does, and the card says sent."""
    _ready(world)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    _die_after_the_link(world)
    assert world.state(id_)["handoff"]["state"] == "sending"
    world.deliver(seconds=20)
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert "Open in Demo CRM" in str(world.card(id_))


def _die_after_the_link(world: World) -> None:
    """Do what a worker does up to its last note on the handoff, and hold the job as it would."""
    crm_pool = next(pool for pool in world.outbox._pools if queue.HANDOFF in pool.deliverers)
    (job,) = world.outbox.claim(crm_pool, 10)
    application = forward._begin(world.house, job)
    assert application is not None
    with sessions.session(world.house, job.team_id, "DEMO") as api:
        Steps(world.house, api, application, job).take()


def _ready(world: World) -> None:
    """Connected, Green sends, and decisions leave without a window."""
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)
