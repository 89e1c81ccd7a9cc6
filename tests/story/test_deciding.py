"""Deciding: what each box asks for, what lights and statuses do to one another, and two people at once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.blocks import ids
from bot.errors import Invalid
from tests.story.acts import (
    connect,
    crm_calls,
    handoff_line,
    person_of,
    standing,
    together,
    undo_window,
    writes,
)
from tests.world import ADMIN, ANA, BEN, GUEST, World

GREEN, AMBER, RED = ids.DECIDE_GREEN, ids.DECIDE_AMBER, ids.DECIDE_RED
BOTH, CRM, NONE = "crm_and_vacancy", "crm", "none"

STATUS = {"send_status": True, "trigger_status": "interview"}
BOXES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "no box": ({}, {GREEN: NONE, AMBER: NONE, RED: NONE, "interview": NONE}),
    "send all": ({"send_all": True}, {"nothing": BOTH, RED: BOTH}),
    "green": (
        {"send_green": True},
        {"nothing": NONE, GREEN: BOTH, AMBER: NONE, RED: NONE, "shortlist": NONE},
    ),
    "status": (STATUS, {GREEN: NONE, AMBER: NONE, RED: NONE, "interview": BOTH, "offer": NONE}),
    "status that green enters": (STATUS | {"trigger_status": "shortlist"}, {GREEN: BOTH, "interview": NONE}),
    "amber": ({"send_amber": True}, {GREEN: NONE, AMBER: CRM, "keep_on_file": CRM, "rejected": NONE}),
    "green, status and amber": (
        STATUS | {"send_green": True, "send_amber": True},
        {GREEN: BOTH, "interview": BOTH, AMBER: CRM, RED: NONE},
    ),
}


def test_nothing_is_forwarded_that_no_ticked_box_asks_for(world: World) -> None:
    """Each box alone, and boxes together: exactly what they name reaches the CRM, and as far as they name."""
    connect(world)
    undo_window(world, 0)
    for name, (boxes, expected) in BOXES.items():
        world.tick(**boxes)
        for act, wanted in expected.items():
            id_ = world.arrive(cv=None)
            _do(world, act, id_)
            world.deliver()
            handoff = world.state(id_)["handoff"]
            assert (name, act, handoff["target"]) == (name, act, wanted)
            assert handoff["state"] == ("none" if wanted == NONE else "sent")
            linked = world.crm.applications(int(handoff["candidate_id"])) if wanted != NONE else []
            assert len(linked) == (1 if wanted == BOTH else 0)


def test_green_after_amber_makes_only_the_missing_link(world: World) -> None:
    """The person and the CV are in the CRM by amber; green adds the vacancy and nothing else."""
    connect(world)
    world.tick(send_green=True, send_amber=True)
    id_ = world.arrive()
    world.click(ANA, id_, AMBER)
    world.deliver(seconds=10)
    assert world.state(id_)["handoff"]["target"] == "crm"
    before = len(writes(world))

    world.click(ANA, id_, GREEN)
    world.deliver(seconds=10)
    assert writes(world)[before:] == ["POST /applications"]
    assert world.state(id_)["handoff"]["target"] == "crm_and_vacancy"
    person = person_of(world, id_)
    assert (len(world.crm.files(person.id)), len(world.crm.notes(person.id))) == (1, 1)


def test_a_later_event_never_forwards_again(world: World) -> None:
    """Green has forwarded; amber, the trigger status and green again leave the CRM alone."""
    connect(world)
    world.tick(send_green=True, send_amber=True, send_status=True, trigger_status="interview")
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=10)
    before = len(crm_calls(world))

    for act in (AMBER, "interview", GREEN):
        _do(world, act, id_)
        world.deliver(seconds=10)
        assert world.state(id_)["handoff"]["state"] == "sent"
    assert crm_calls(world)[before:] == []


def test_a_light_brings_its_status_and_a_status_its_light(world: World) -> None:
    """Amber and Red are the same as their statuses; any other takes amber or red back, and green stays."""
    paths: list[tuple[tuple[str, ...], tuple[str | None, str]]] = [
        ((GREEN,), ("green", "Shortlist")),
        ((AMBER,), ("amber", "Keep on file")),
        ((RED,), ("red", "Rejected")),
        (("keep_on_file",), ("amber", "Keep on file")),
        (("rejected",), ("red", "Rejected")),
        ((AMBER, "phone_screen"), (None, "Phone screen")),
        ((RED, "new"), (None, "New")),
        (("interview",), (None, "Interview")),
        (("interview", GREEN), ("green", "Interview")),
        ((RED, GREEN), ("green", "Shortlist")),
        ((GREEN, "offer"), ("green", "Offer")),
        ((GREEN, "rejected"), ("red", "Rejected")),
    ]
    for acts, expected in paths:
        id_ = world.arrive(cv=None)
        for act in acts:
            _do(world, act, id_)
            world.deliver()
        state = world.state(id_)
        assert (acts, (state["light"], state["status"])) == (acts, expected)


def test_of_two_people_at_once_the_first_wins(world: World) -> None:
    """Both click the card as drawn at the same moment: one decides, the other is told privately who did."""
    id_ = world.arrive()
    together(lambda: world.click(ANA, id_, GREEN), lambda: world.click(BEN, id_, RED))
    world.deliver()

    application = world.application(id_)
    assert application.version == 1
    first, second = (ANA, BEN) if application.light == "green" else (BEN, ANA)
    assert application.decided_by == first
    assert world.private(first) == []
    (told,) = world.private(second)
    assert f"<@{first}>" in told
    assert str(application.light).capitalize() in told
    assert "Nothing was changed" in told
    assert len(_history(world, ANA, id_)) == 1


def test_a_click_on_a_card_that_has_changed_changes_nothing(world: World) -> None:
    """Ben's card still shows no decision when he clicks: he learns of Ana's and nothing else happens."""
    world.tick(send_amber=True)
    id_ = world.arrive()
    world.choose_status(ANA, id_, "offer")
    world.click(BEN, id_, AMBER)
    world.deliver(seconds=20)

    state = world.state(id_)
    assert (state["light"], state["status"], state["handoff"]["target"]) == (None, "Offer", "none")
    (told,) = world.private(BEN)
    assert "<@UANA>" in told
    assert "Offer" in told


def test_a_double_click_has_one_effect_and_no_notice(world: World) -> None:
    """Twice the same button or status on the same drawing is one decision, and nobody is told off for it."""
    green, status = world.arrive(), world.arrive()
    together(*[lambda: world.click(ANA, green, GREEN)] * 2)
    world.choose_status(ANA, status, "interview")
    world.choose_status(ANA, status, "interview")
    world.deliver()

    assert world.application(green).version == world.application(status).version == 1
    assert world.private(ANA) == []


def test_the_light_that_is_on_pressed_again_changes_nothing(world: World) -> None:
    """Pressing what stands already is no decision, by whoever it is."""
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver()
    world.click(BEN, id_, GREEN)
    world.deliver()

    assert (world.application(id_).version, world.application(id_).decided_by) == (1, ANA)
    assert world.private(BEN) == []


def test_a_change_of_mind_is_a_line_of_its_own_in_the_history(world: World) -> None:
    """The card says who decided last and when; the details tell of each decision: who, what, when."""
    id_ = world.arrive()
    world.click(ANA, id_, RED)
    world.deliver(minutes=5)
    world.click(BEN, id_, GREEN)
    world.deliver(minutes=5)

    assert "<@UBEN>" in standing(world, id_)
    assert "Green" in standing(world, id_)
    newest, oldest = _history(world, GUEST, id_)
    assert ("Green" in newest, "Red" in oldest) == (True, True)
    assert ("UBEN" in newest, "UANA" in oldest) == (True, True)
    assert ("Rejected → Shortlist" in newest, "New → Rejected" in oldest) == (True, True)
    first_at = int(world.clock.now.timestamp()) - 600
    assert (str(first_at) in oldest, str(first_at + 300) in newest) == (True, True)


def test_a_guest_reads_but_does_not_decide(world: World) -> None:
    """A guest's click on a light, the menu, Undo or Retry changes nothing and is refused privately."""
    id_ = world.arrive()
    world.click(GUEST, id_, GREEN)
    world.choose_status(GUEST, id_, "interview")
    world.click(ANA, id_, GREEN)
    world.deliver()
    world.click(GUEST, id_, ids.UNDO)
    world.deliver()

    assert (world.application(id_).version, world.application(id_).decided_by) == (1, ANA)
    refusals = world.private(GUEST)
    assert len(refusals) == 3
    assert all("Only members of this workspace decide" in refusal for refusal in refusals)


def test_green_without_a_box_says_so(world: World) -> None:
    """A recruiter who presses Green where nothing is ticked reads on the card that nothing is forwarded."""
    id_ = world.arrive()
    world.click(ANA, id_, GREEN)
    world.deliver(seconds=20)
    assert "Not forwarded" in handoff_line(world, id_)


def test_locked_statuses_cannot_be_the_trigger(world: World) -> None:
    """`New`, `Keep on file` and `Rejected` stand for no progress, so they trigger nothing."""
    for locked in ("new", "keep_on_file", "rejected"):
        with pytest.raises(Invalid, match="trigger"):
            world.tick(send_status=True, trigger_status=locked)


def _do(world: World, act: str, application_id: str) -> None:
    if act in ids.LIGHT_OF_ACTION:
        world.click(ADMIN, application_id, act)
    elif act != "nothing":
        world.choose_status(ADMIN, application_id, act)


def _history(world: World, user: str, application_id: str) -> list[str]:
    """The lines of history in the details modal, the newest first."""
    person = world.slack.as_user(user)
    world.click(user, application_id, ids.OPEN_DETAILS)
    assert world.slack.wait_until(lambda: person.view() is not None)
    blocks = (person.view() or {})["blocks"]
    at = next(place for place, block in enumerate(blocks) if "*History*" in str(block))
    person.close()
    return [str(line) for line in blocks[at + 1]["elements"]]
