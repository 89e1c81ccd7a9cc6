"""The four boxes, read aloud: for every combination, what each event asks for."""

from __future__ import annotations

import pytest

from bot.models import KEEP_ON_FILE, NEW_STATUS, REJECTED, Choice, Ground, Light, Target
from bot.rules.handoff import Demand, demand_of_arrival, demand_of_decision
from bot.rules.lights import Standing, apply_choice, light_pressed
from bot.workspace import Boxes

# The trigger is Interview; Green puts a new applicant into Shortlist.
# "vacancy" means to the CRM and onto the vacancy, "crm" to the CRM only, "-" nowhere.
TABLE = """
boxes ticked            | arrives | Green   | Amber | Red | Interview | Offer
none                    | -       | -       | -     | -   | -         | -
amber                   | -       | -       | crm   | -   | -         | -
status                  | -       | -       | -     | -   | vacancy   | -
status amber            | -       | -       | crm   | -   | vacancy   | -
green                   | -       | vacancy | -     | -   | -         | -
green amber             | -       | vacancy | crm   | -   | -         | -
green status            | -       | vacancy | -     | -   | vacancy   | -
green status amber      | -       | vacancy | crm   | -   | vacancy   | -
all                     | vacancy | -       | -     | -   | -         | -
all amber               | vacancy | -       | crm   | -   | -         | -
all status              | vacancy | -       | -     | -   | vacancy   | -
all status amber        | vacancy | -       | crm   | -   | vacancy   | -
all green               | vacancy | vacancy | -     | -   | -         | -
all green amber         | vacancy | vacancy | crm   | -   | -         | -
all green status        | vacancy | vacancy | -     | -   | vacancy   | -
all green status amber  | vacancy | vacancy | crm   | -   | vacancy   | -
"""
TARGETS = {"-": Target.NONE, "crm": Target.CRM, "vacancy": Target.CRM_AND_VACANCY}
CHOICES = {
    "Green": Choice(light=Light.GREEN),
    "Amber": Choice(light=Light.AMBER),
    "Red": Choice(light=Light.RED),
    "Interview": Choice(status="interview"),
    "Offer": Choice(status="offer"),
}
SAME = {Light.AMBER: KEEP_ON_FILE, Light.RED: REJECTED}


def _cells() -> list[tuple[str, str, str]]:
    head, *rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
    return [(row[0], event, cell) for row in rows for event, cell in zip(head[1:], row[1:], strict=True)]


def _boxes(ticked: str, trigger: str = "interview") -> Boxes:
    names = ticked.split()
    return Boxes("all" in names, "green" in names, "status" in names, trigger, "amber" in names)


def _asked(boxes: Boxes, choice: Choice, status: str = NEW_STATUS) -> Demand:
    after = apply_choice(Standing(None, status), choice, green_status="shortlist")
    return demand_of_decision(boxes, light_pressed(choice), after.status if after.status != status else None)


def test_the_table_has_every_combination_once() -> None:
    """No combination of boxes is left to chance."""
    combinations = {_boxes(ticked) for ticked, _, _ in _cells()}
    assert len(combinations) == 2**4
    assert len(_cells()) == 2**4 * 6


@pytest.mark.parametrize(("ticked", "event", "wanted"), _cells())
def test_event_asks_for_what_the_table_says(ticked: str, event: str, wanted: str) -> None:
    """With these boxes ticked, this event asks for that."""
    boxes = _boxes(ticked)
    demand = demand_of_arrival(boxes) if event == "arrives" else _asked(boxes, CHOICES[event])
    assert demand.target is TARGETS[wanted]


@pytest.mark.parametrize(("ticked", "event", "wanted"), _cells())
def test_a_demand_names_its_box(ticked: str, event: str, wanted: str) -> None:
    """Whatever is wanted says which box asked for it, and what is not wanted names none."""
    grounds = {
        "arrives": Ground.NEW,
        "Green": Ground.GREEN,
        "Amber": Ground.AMBER,
        "Interview": Ground.STATUS,
    }
    boxes = _boxes(ticked)
    demand = demand_of_arrival(boxes) if event == "arrives" else _asked(boxes, CHOICES[event])
    assert demand.ground is (grounds[event] if wanted != "-" else None)


@pytest.mark.parametrize("light", SAME)
@pytest.mark.parametrize("ticked", ["none", "amber", "all green status amber"])
def test_menu_is_the_same_as_the_light(light: Light, ticked: str) -> None:
    """Choosing `Keep on file` or `Rejected` asks for the same as pressing Amber or Red."""
    boxes = _boxes(ticked)
    assert _asked(boxes, Choice(status=SAME[light])) == _asked(boxes, Choice(light=light))


def test_green_that_enters_the_trigger_counts_as_entering_it() -> None:
    """Green moves a new applicant to Shortlist, and that is the trigger: the status box forwards."""
    assert _asked(_boxes("status", "shortlist"), CHOICES["Green"]) == Demand(
        Target.CRM_AND_VACANCY, Ground.STATUS
    )


def test_green_that_leaves_the_status_alone_enters_nothing() -> None:
    """An applicant already in the trigger status does not enter it again by Green."""
    assert _asked(_boxes("status", "interview"), CHOICES["Green"], "interview").target is Target.NONE


def test_pressing_green_that_is_on_already_asks_again() -> None:
    """A box ticked later can still be used by pressing the light once more."""
    assert demand_of_decision(_boxes("green"), Light.GREEN, None).target is Target.CRM_AND_VACANCY


@pytest.mark.parametrize("light", SAME)
def test_locked_status_never_triggers(light: Light) -> None:
    """Even with settings that name `Keep on file` or `Rejected`, entering them forwards nothing."""
    boxes = _boxes("status", SAME[light])
    assert _asked(boxes, Choice(light=light)).target is Target.NONE
    assert _asked(boxes, Choice(status=SAME[light])).target is Target.NONE


def test_returning_to_new_never_triggers() -> None:
    """`New` stands for no progress, whatever the settings say."""
    assert _asked(_boxes("status", NEW_STATUS), Choice(status=NEW_STATUS), "offer").target is Target.NONE


def test_box_without_a_trigger_forwards_nothing() -> None:
    """A ticked status box with no status chosen asks for nothing."""
    assert _asked(Boxes(send_status=True, trigger_status=None), CHOICES["Green"]).target is Target.NONE
