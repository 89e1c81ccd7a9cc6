"""The undo window: what waits in it, what Undo puts back, and what a later decision replaces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Semaphore

import pytest

from bot.blocks import ids
from bot.errors import Refused
from bot.store import applications
from bot.usecases import triage
from tests.story.acts import connect, crm_calls, handoff_line, standing, together, undo_window, writes
from tests.support import Clock
from tests.world import ANA, BEN, TEAM, World

GREEN, AMBER, RED, UNDO = ids.DECIDE_GREEN, ids.DECIDE_AMBER, ids.DECIDE_RED, ids.UNDO


def test_undo_puts_everything_back(world: World) -> None:
    """In the window: no light, the status as before, nothing to send, the CRM not called, no Undo left."""
    connect(world)
    world.tick(send_green=True)
    id_ = world.arrive()
    world.choose_status(ANA, id_, "phone_screen")
    world.deliver(minutes=1)
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=9)
    world.click(BEN, id_, UNDO)
    world.deliver()
    world.deliver(minutes=1)

    state = world.state(id_)
    assert (state["light"], state["status"]) == (None, "Phone screen")
    assert (state["handoff"]["state"], state["handoff"]["target"]) == ("none", "none")
    assert crm_calls(world) == []
    assert "Undo" not in standing(world, id_)
    assert "<@UANA>" in standing(world, id_)
    assert handoff_line(world, id_) == ""


def test_undo_that_had_to_wait_counts_from_when_it_can_act(world: World) -> None:
    """Somebody else holds the application until its window is over: what may leave then is not taken back."""
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    clock = _WatchedClock(world.clock)
    house = replace(world.house, clock=clock)
    with ThreadPoolExecutor(1) as other:
        with world.house.database.transaction() as connection:
            applications.find(connection, TEAM, id_, lock=True)
            undone = other.submit(triage.undo, house, TEAM, ANA, id_, 1)
            assert clock.asked.acquire(timeout=30)  # for who Ana is
            clock.asked.acquire(timeout=0.3)  # for the window, if that were looked at before the wait
            world.clock.advance(seconds=11)
        with pytest.raises(Refused, match="too late to undo"):
            undone.result(30)
    assert world.state(id_)["light"] == "green"


class _WatchedClock:
    """Tells how often it was asked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.asked = Semaphore(0)

    def __call__(self) -> datetime:
        now = self._clock()
        self.asked.release()
        return now


def test_undo_is_gone_when_its_time_is_over(world: World) -> None:
    """The card offers Undo to the last moment, and is redrawn without it though nothing else happened."""
    id_ = world.arrive()
    world.click(ANA, id_, AMBER)
    world.deliver(seconds=9.9)
    assert "Undo" in standing(world, id_)
    world.deliver(seconds=0.1)
    assert "Undo" not in standing(world, id_)


def test_undo_after_its_time_is_refused_privately(world: World) -> None:
    """A click that comes too late, on an Undo drawn in time, changes nothing and says so to who clicked."""
    id_ = world.arrive()
    world.click(ANA, id_, AMBER)
    world.deliver()
    world.clock.advance(seconds=11)
    world.click(BEN, id_, UNDO)
    world.deliver()

    assert world.state(id_)["light"] == "amber"
    (told,) = world.private(BEN)
    assert "too late to undo" in told
    assert world.private(ANA) == []


def test_a_double_click_on_undo_takes_back_one_decision_quietly(world: World) -> None:
    """Two clicks on one drawn Undo take back the last decision, not the one before; nobody is told off."""
    id_ = world.arrive()
    world.click(ANA, id_, AMBER)
    world.deliver()
    world.click(ANA, id_, RED)
    world.deliver()
    together(*[lambda: world.click(ANA, id_, UNDO)] * 2)
    world.deliver()

    assert (world.state(id_)["light"], world.state(id_)["status"]) == ("amber", "Keep on file")
    assert world.private(ANA) == []


def test_a_later_decision_replaces_what_waits(world: World) -> None:
    """Green, then Red within the window: the CRM never hears of the applicant."""
    connect(world)
    world.tick(send_green=True, send_amber=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=5)
    world.click(BEN, id_, RED)
    world.deliver(seconds=5)
    world.deliver(minutes=5)

    state = world.state(id_)
    assert (state["light"], state["handoff"]["state"], state["handoff"]["target"]) == ("red", "none", "none")
    assert crm_calls(world) == []


def test_green_then_amber_in_the_window_goes_to_the_crm_only(world: World) -> None:
    """What leaves after the window is what the last decision asks for: the person without the vacancy."""
    connect(world)
    world.tick(send_green=True, send_amber=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=5)
    world.click(ANA, id_, AMBER)
    world.deliver(seconds=9)
    assert crm_calls(world) == []
    world.deliver(seconds=1)

    handoff = world.state(id_)["handoff"]
    assert (handoff["state"], handoff["target"]) == ("sent", "crm")
    assert world.crm.applications(int(handoff["candidate_id"])) == []


def test_nothing_leaves_while_the_last_decision_can_be_undone(world: World) -> None:
    """Green, and five seconds later another status: what Green sends waits for the window of that one."""
    connect(world)
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=5)
    world.choose_status(ANA, id_, "interview")
    for _ in range(9):
        world.deliver(seconds=1)
    assert crm_calls(world) == []
    world.deliver(seconds=1)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_what_has_left_stays_and_the_card_says_so(world: World) -> None:
    """Green is sent, then comes Red: the CRM keeps its record, and the card tells that it does."""
    connect(world)
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=10)
    before = writes(world)
    world.click(BEN, id_, RED)
    world.deliver(seconds=10)

    state = world.state(id_)
    assert (state["light"], state["status"], state["handoff"]["state"]) == ("red", "Rejected", "sent")
    assert "was already sent" in handoff_line(world, id_)
    assert "stays there" in handoff_line(world, id_)
    assert writes(world) == before


def test_undoing_a_change_of_mind_brings_the_first_decision_back(world: World) -> None:
    """Green, Red, Undo within one window: Green stands again, undoable for the rest of its time, and goes."""
    connect(world)
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=6)
    world.click(ANA, id_, RED)
    world.deliver(seconds=2)
    world.click(ANA, id_, UNDO)
    world.deliver()
    assert world.state(id_)["light"] == "green"
    assert "Undo" in standing(world, id_)
    assert crm_calls(world) == []

    world.deliver(seconds=2)
    assert "Undo" not in standing(world, id_)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_undo_of_a_decision_after_sending_keeps_the_one_record(world: World) -> None:
    """Green is sent, Amber is pressed and undone: green as before, and the CRM was not asked twice."""
    connect(world)
    world.tick(send_green=True, send_amber=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=10)
    sent, before = world.state(id_)["handoff"], writes(world)
    world.click(ANA, id_, AMBER)
    world.deliver(seconds=5)
    world.click(ANA, id_, UNDO)
    world.deliver(minutes=1)

    assert (world.state(id_)["light"], world.state(id_)["handoff"]) == ("green", sent)
    assert writes(world) == before


def test_without_a_window_a_decision_leaves_at_once(world: World) -> None:
    """With `UNDO_SECONDS=0` the CRM has the applicant once the click is delivered, and no Undo is shown."""
    object.__setattr__(world.house.config, "undo_seconds", 0)
    connect(world)
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert "Undo" not in standing(world, id_)


def test_a_workspace_can_have_its_own_window(world: World) -> None:
    """Where an admin chose 45 seconds, nothing leaves before, and Undo works until then."""
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 45)
    kept, undone = world.arrive(), world.arrive()
    world.click(ANA, kept, GREEN)
    world.click(ANA, undone, GREEN)
    world.deliver(seconds=44)
    assert crm_calls(world) == []
    world.click(ANA, undone, UNDO)
    world.deliver(seconds=1)
    assert world.state(kept)["handoff"]["state"] == "sent"
    assert (world.state(undone)["light"], world.state(undone)["handoff"]["state"]) == (None, "none")


def test_a_new_application_that_send_all_forwards_goes_at_once(world: World) -> None:
    """It is no decision: no window, no Undo; and a later Green does not send it again."""
    connect(world)
    world.tick(send_all=True, send_green=True)
    id_ = world.arrive()
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert "Undo" not in standing(world, id_)
    before = writes(world)
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=10)
    assert writes(world) == before
