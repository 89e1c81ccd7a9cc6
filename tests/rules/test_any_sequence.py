"""What holds after any sequence of decisions, undos, deliveries, settings and time."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import KEEP_ON_FILE, REJECTED, Application, Ground, HandoffState, Light, Target
from bot.rules.statuses import DEFAULT_STATUSES
from bot.workspace import Boxes

from .desk import UNDO, Desk

Step = tuple[str, object]

BOXES = st.builds(
    Boxes,
    send_all=st.booleans(),
    send_green=st.booleans(),
    send_status=st.booleans(),
    trigger_status=st.sampled_from(["shortlist", "interview", "offer"]),
    send_amber=st.booleans(),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("press"), st.sampled_from(Light)),
        st.tuples(st.just("choose"), st.sampled_from([status.key for status in DEFAULT_STATUSES])),
        st.tuples(st.just("undo"), st.none()),
        st.tuples(st.just("wait"), st.sampled_from([1, 6, 11])),
        st.tuples(st.just("begin"), st.none()),
        st.tuples(st.just("deliver"), st.sampled_from([None, Target.CRM])),
        st.tuples(st.just("tick"), BOXES),
    ),
    max_size=14,
)
any_sequence = settings(max_examples=120, deadline=None, database=None, derandomize=True)


def _take(desk: Desk, step: Step) -> bool:
    name, what = step
    acts: dict[str, Callable[[], object]] = {
        "press": lambda: desk.press(what),  # type: ignore[arg-type]  # each step brings what it needs
        "choose": lambda: desk.choose(what),  # type: ignore[arg-type]  # as above
        "undo": desk.undo,
        "wait": lambda: desk.clock.advance(seconds=what),  # type: ignore[arg-type]  # as above
        "begin": desk.begin,
        "deliver": lambda: desk.deliver(what),  # type: ignore[arg-type]  # as above
        "tick": lambda: setattr(desk, "boxes", what),
    }
    return bool(acts[name]())


def _box_allows(desk: Desk, step: Step, before: Application) -> int:
    """How far the boxes, as ticked now, let this step go: the contract's table in its plainest words."""
    boxes, after = desk.boxes, desk.application
    pressed_green = step == ("press", Light.GREEN)
    entered = after.status if after.status != before.status else None
    if (pressed_green and boxes.send_green) or (boxes.send_status and entered == boxes.trigger_status):
        return 2
    pressed_amber = step in (("press", Light.AMBER), ("choose", KEEP_ON_FILE))
    return 1 if pressed_amber and boxes.send_amber else 0


@any_sequence
@given(BOXES, STEPS)
def test_what_was_sent_never_shrinks(boxes: Boxes, steps: list[Step]) -> None:
    """Nothing takes back what has left, and what is wanted never falls behind it."""
    desk = Desk(boxes)
    for step in steps:
        before = desk.application.handoff
        _take(desk, step)
        after = desk.application.handoff
        assert after.sent.reach >= before.sent.reach
        assert after.target.reach >= after.left.reach


@any_sequence
@given(BOXES, STEPS)
def test_nothing_is_wanted_that_no_box_asked_for(boxes: Boxes, steps: list[Step]) -> None:
    """What is wanted is at most what some event asked for while its box was ticked."""
    desk = Desk(boxes)
    asked = 2 if boxes.send_all else 0
    for step in steps:
        before = desk.application
        _take(desk, step)
        if step[0] in ("press", "choose"):
            asked = max(asked, _box_allows(desk, step, before))
        assert desk.target.reach <= asked


@any_sequence
@given(BOXES, STEPS)
def test_what_a_box_asks_for_is_wanted(boxes: Boxes, steps: list[Step]) -> None:
    """A press or a status that a ticked box names is heard, whatever came before."""
    desk = Desk(boxes)
    for step in steps:
        before = desk.application
        if _take(desk, step) and step[0] in ("press", "choose"):
            assert desk.target.reach >= _box_allows(desk, step, before)


@any_sequence
@given(BOXES, STEPS, st.one_of(st.sampled_from(Light), st.sampled_from(["interview", "offer", REJECTED])))
def test_undo_at_once_is_as_if_nothing_happened(boxes: Boxes, steps: list[Step], choice: Light | str) -> None:
    """Whatever came before, a decision and its Undo leave light, status and what is wanted as they were."""
    desk = Desk(boxes)
    for step in steps:
        _take(desk, step)
    before = desk.application
    decided = desk.press(choice) if isinstance(choice, Light) else desk.choose(choice)
    if not decided:
        return
    assert desk.undo()
    after = desk.application
    assert (after.light, after.status) == (before.light, before.status)
    assert (after.handoff.target, after.handoff.ground) == (before.handoff.target, before.handoff.ground)
    assert after.handoff.sent is before.handoff.sent
    if before.handoff.state is not HandoffState.SENDING:
        assert after.handoff == before.handoff


@any_sequence
@given(BOXES, STEPS)
def test_red_wants_nothing_but_what_has_left_or_came_in(boxes: Boxes, steps: list[Step]) -> None:
    """While Red is on, nothing of a decision is on its way."""
    desk = Desk(boxes)
    for step in steps:
        _take(desk, step)
        handoff = desk.application.handoff
        is_on_its_way = handoff.target.reach > handoff.left.reach
        if desk.application.light is Light.RED and is_on_its_way:
            assert handoff.ground is Ground.NEW


@any_sequence
@given(BOXES, STEPS)
def test_nothing_of_a_decision_leaves_in_its_window(boxes: Boxes, steps: list[Step]) -> None:
    """What leaves while a decision can be undone was asked for by the arrival."""
    desk = Desk(boxes)
    for step in steps:
        ground, decided_at = desk.application.handoff.ground, desk.application.decided_at
        if _take(desk, step) and step[0] in ("begin", "deliver"):
            assert ground is Ground.NEW or decided_at is None or desk.clock() >= decided_at + UNDO


@any_sequence
@given(BOXES, STEPS)
def test_light_and_status_agree(boxes: Boxes, steps: list[Step]) -> None:
    """Amber is `Keep on file`, Red is `Rejected`, always and both ways."""
    desk = Desk(boxes)
    for step in steps:
        _take(desk, step)
        light, status = desk.application.light, desk.application.status
        assert (light is Light.AMBER) == (status == KEEP_ON_FILE)
        assert (light is Light.RED) == (status == REJECTED)


@any_sequence
@given(BOXES, STEPS)
def test_state_tells_the_truth(boxes: Boxes, steps: list[Step]) -> None:
    """The state says none, sent, or under way exactly when target and sent say so."""
    desk = Desk(boxes)
    for step in steps:
        _take(desk, step)
        handoff = desk.application.handoff
        if handoff.target is Target.NONE:
            assert handoff.state is HandoffState.NONE
        else:
            assert (handoff.state is HandoffState.SENT) == (handoff.sent is handoff.target)


@any_sequence
@given(BOXES, STEPS)
def test_every_change_has_a_version_of_its_own(boxes: Boxes, steps: list[Step]) -> None:
    """A click that changes nothing leaves the version alone, any other raises it by one."""
    desk = Desk(boxes)
    for step in steps:
        before = desk.application
        changed = _take(desk, step)
        if step[0] in ("press", "choose", "undo"):
            assert desk.application.version == before.version + changed
