"""What becomes of an application's handoff as people decide, change their minds and undo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.models import Ground, HandoffState, Light, Target
from bot.workspace import Boxes

from .desk import ALL_BOXES, Desk

GREEN, AMBER, RED = Light.GREEN, Light.AMBER, Light.RED
NONE, CRM, VACANCY = Target.NONE, Target.CRM, Target.CRM_AND_VACANCY
GREEN_AND_AMBER = Boxes(send_green=True, send_amber=True)
ON_INTERVIEW = Boxes(send_status=True, trigger_status="interview")


def test_without_boxes_nothing_is_ever_wanted() -> None:
    """Decisions are kept; nothing is forwarded."""
    desk = Desk()
    for light in Light:
        assert desk.press(light)
        assert (desk.target, desk.state) == (NONE, HandoffState.NONE)


def test_arrival_waits_and_may_leave_at_once() -> None:
    """What "send all" forwards is no decision: there is nothing to undo, and it goes."""
    desk = Desk(Boxes(send_all=True))
    assert (desk.target, desk.state) == (VACANCY, HandoffState.WAITING)
    assert desk.application.version == 0
    assert desk.deliver()


def test_arrival_goes_though_a_decision_can_still_be_undone() -> None:
    """A decision made meanwhile does not hold up what the arrival asked for."""
    desk = Desk(ALL_BOXES)
    desk.press(RED)
    assert desk.deliver()
    assert desk.application.handoff.sent is VACANCY


def test_decision_leaves_only_when_undo_is_over() -> None:
    """While the window is open nothing of a decision may leave; the moment it closes, it may."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    assert not desk.deliver()
    desk.clock.advance(seconds=9.999)
    assert not desk.deliver()
    desk.clock.advance(seconds=0.001)
    assert desk.deliver()


def test_without_a_window_a_decision_leaves_at_once() -> None:
    """With `UNDO_SECONDS=0` there is nothing to wait for."""
    desk = Desk(GREEN_AND_AMBER, undo_window=timedelta(0))
    desk.press(GREEN)
    assert desk.application.undo_until is None
    assert desk.deliver()


def _sent(boxes: Boxes, *lights: Light) -> Desk:
    desk = Desk(boxes)
    for light in lights:
        desk.press(light)
        desk.clock.advance(seconds=10)
        desk.deliver()
    return desk


def test_never_forwarded_twice() -> None:
    """Once it went all the way, no later event sends it again."""
    desk = _sent(ALL_BOXES)
    assert desk.deliver()
    for light in (GREEN, AMBER, GREEN):
        desk.press(light)
        desk.clock.advance(seconds=10)
        assert not desk.deliver()
    desk.choose("interview")
    desk.clock.advance(seconds=10)
    assert not desk.deliver()


def test_amber_first_green_later_raises_only_the_link() -> None:
    """The person is there already: what is wanted grows, what was sent stays noted."""
    desk = _sent(GREEN_AND_AMBER, AMBER)
    assert (desk.application.handoff.sent, desk.target) == (CRM, CRM)
    desk.press(GREEN)
    handoff = desk.application.handoff
    assert (handoff.target, handoff.sent, handoff.state) == (VACANCY, CRM, HandoffState.WAITING)
    assert handoff.candidate_id == "7"


def test_green_first_amber_later_changes_nothing_outside() -> None:
    """What has left stays."""
    desk = _sent(GREEN_AND_AMBER, GREEN, AMBER)
    handoff = desk.application.handoff
    assert (handoff.target, handoff.sent, handoff.state) == (VACANCY, VACANCY, HandoffState.SENT)


def test_what_arrived_keeps_its_count_of_attempts() -> None:
    """A later decision that wants no more does not rewrite how the handoff went."""
    desk = _sent(GREEN_AND_AMBER, GREEN)
    desk.application = replace(desk.application, handoff=replace(desk.application.handoff, attempts=3))
    desk.press(RED)
    assert desk.application.handoff.attempts == 3


@pytest.mark.parametrize(
    ("first", "second", "wanted"),
    [
        (GREEN, AMBER, CRM),
        (GREEN, RED, NONE),
        (AMBER, GREEN, VACANCY),
        (AMBER, RED, NONE),
        (RED, GREEN, VACANCY),
        (RED, AMBER, CRM),
    ],
)
@pytest.mark.parametrize("later", [0, 5, 60])
def test_later_decision_replaces_what_still_waits(
    first: Light, second: Light, wanted: Target, later: int
) -> None:
    """Whether the first could still be undone or was kept waiting for a CRM: the second alone counts."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(first)
    desk.clock.advance(seconds=later)
    desk.press(second)
    assert desk.target is wanted


def test_moving_a_green_on_keeps_what_green_asked_for() -> None:
    """The light is still on, so what it asked for still waits."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.choose("interview")
    assert (desk.target, desk.application.handoff.ground) == (VACANCY, Ground.GREEN)


@pytest.mark.parametrize(("later", "wanted"), [(5, NONE), (60, VACANCY)])
def test_moving_on_from_the_trigger(later: int, wanted: Target) -> None:
    """Within its window another status replaces it; what only waits for its CRM outlives moving on."""
    desk = Desk(ON_INTERVIEW)
    desk.choose("interview")
    desk.clock.advance(seconds=later)
    desk.choose("offer")
    assert desk.target is wanted


@pytest.mark.parametrize("light", [AMBER, RED])
def test_amber_and_red_end_what_a_status_asked_for(light: Light) -> None:
    """However long it has waited: the person is not to be put forward any more."""
    desk = Desk(ON_INTERVIEW)
    desk.choose("interview")
    desk.clock.advance(seconds=60)
    desk.press(light)
    assert desk.target is NONE


def test_arrival_outlives_red() -> None:
    """Every new application was asked for, and it stays asked for."""
    desk = Desk(ALL_BOXES)
    desk.press(RED)
    assert (desk.target, desk.application.handoff.ground) == (VACANCY, Ground.NEW)


def test_a_record_begun_in_the_crm_is_finished_there() -> None:
    """Red after the person was created: the person stays, and gets their CV; the vacancy is not reached."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert desk.begin()
    desk.press(RED)
    assert desk.target is CRM
    assert desk.state is HandoffState.WAITING


def test_failed_handoff_is_given_up_by_red() -> None:
    """A failure that nobody wants repaired any more is no failure: the person is there, and that is all."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert desk.deliver(as_far_as=CRM)
    assert desk.state is HandoffState.FAILED
    desk.press(RED)
    assert (desk.target, desk.state) == (CRM, HandoffState.SENT)


def test_failure_stays_where_a_decision_does_not_concern_it() -> None:
    """Moving a green applicant on neither hides a failure nor tries again by itself."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert desk.deliver(as_far_as=CRM)
    failed = desk.application.handoff
    desk.choose("interview")
    assert desk.application.handoff == failed


def test_same_choice_again_changes_nothing() -> None:
    """No new version, no new line: the very same application."""
    desk = Desk(GREEN_AND_AMBER)
    assert desk.press(GREEN)
    assert not desk.press(GREEN)
    assert desk.application.version == 1


def test_green_again_uses_a_box_ticked_since() -> None:
    """It is a decision of its own, with its own window."""
    desk = Desk()
    desk.press(GREEN)
    desk.clock.advance(seconds=60)
    desk.boxes = GREEN_AND_AMBER
    assert desk.press(GREEN)
    assert desk.target is VACANCY
    assert not desk.deliver()


@pytest.mark.parametrize("light", list(Light))
@pytest.mark.parametrize("boxes", [Boxes(), GREEN_AND_AMBER, ALL_BOXES])
def test_undo_puts_all_back(light: Light, boxes: Boxes) -> None:
    """Light, status and handoff are as they were; only the version tells."""
    desk = Desk(boxes)
    before = desk.application
    desk.press(light)
    assert desk.undo()
    assert desk.application == replace(before, version=2)


def test_undo_restores_an_earlier_decision_that_waits() -> None:
    """Green waits for its CRM, Red by mistake, Undo: Green waits again, from when it began."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=60)
    waiting = desk.application.handoff
    desk.press(RED)
    assert desk.undo()
    assert desk.application.handoff == waiting


def test_undo_of_red_takes_up_what_was_under_way() -> None:
    """Red came while a worker was sending: after Undo it is wanted again, and goes on where it stopped."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert desk.begin()
    desk.press(RED)
    assert desk.undo()
    handoff = desk.application.handoff
    assert (handoff.target, handoff.ground, handoff.state) == (VACANCY, Ground.GREEN, HandoffState.WAITING)
    assert handoff.candidate_id == "7"


def test_undo_leaves_alone_what_the_decision_left_alone() -> None:
    """An arrival that was sent meanwhile stays sent."""
    desk = Desk(ALL_BOXES)
    desk.press(GREEN)
    assert desk.deliver()
    sent = desk.application.handoff
    assert desk.undo()
    assert desk.application.handoff == sent


def test_undo_keeps_what_has_got_further_since() -> None:
    """A person that was finished in the CRM meanwhile is not forgotten by putting the wish back."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert desk.begin()
    desk.application = replace(
        desk.application, handoff=replace(desk.application.handoff, state=HandoffState.WAITING)
    )
    desk.press(RED)
    desk.application = replace(desk.application, handoff=replace(desk.application.handoff, sent=CRM))
    assert desk.undo()
    assert (desk.application.handoff.sent, desk.target) == (CRM, VACANCY)


def test_nothing_to_undo_after_the_window() -> None:
    """At the very second it ends, it is over."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert not desk.undo()


def test_undo_does_not_interrupt_what_goes_on() -> None:
    """A status chosen while a worker sends changes nothing of that, and neither does taking it back."""
    desk = Desk(GREEN_AND_AMBER)
    desk.press(GREEN)
    desk.clock.advance(seconds=10)
    assert desk.begin()
    under_way = desk.application.handoff
    desk.choose("interview")
    assert desk.application.handoff == under_way
    desk.clock.advance(seconds=5)
    assert desk.undo()
    assert desk.application.handoff == under_way
