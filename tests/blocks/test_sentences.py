"""What will happen with the boxes as ticked: the truth table, read aloud."""

from __future__ import annotations

import pytest

from bot.blocks.sentences import what_will_happen
from bot.workspace import Boxes

_ALL = "Every new applicant goes to Demo CRM and the vacancy on arrival, whatever is decided later."
_OTHERS = " The other ticked boxes change nothing for them."
_GREEN = "An applicant goes to Demo CRM and the vacancy when someone presses Green."
_STATUS = "An applicant goes to Demo CRM and the vacancy when their status becomes *Interview*."
_BOTH = (
    "An applicant goes to Demo CRM and the vacancy when someone presses Green or their status becomes "
    "*Interview*, whichever comes first."
)
_AMBER = "Amber sends to Demo CRM only, never to the vacancy."
_ONE_RED, _AMBER_RED = "Red forwards nothing.", "Amber and Red forward nothing."
_GREEN_RED, _ALL_THREE = "Green and Red forward nothing.", "Green, Amber and Red forward nothing."


@pytest.mark.parametrize(
    ("ticks", "says"),
    [
        ("", "Nothing is forwarded: no box is ticked."),
        ("a", _ALL),
        ("ag", _ALL + _OTHERS),
        ("as", _ALL + _OTHERS),
        ("ak", _ALL + _OTHERS),
        ("agsk", _ALL + _OTHERS),
        ("g", f"{_GREEN} {_AMBER_RED}"),
        ("gk", f"{_GREEN} {_AMBER} {_ONE_RED}"),
        ("s", f"{_STATUS} {_ALL_THREE}"),
        ("sk", f"{_STATUS} {_AMBER} {_GREEN_RED}"),
        ("gs", f"{_BOTH} {_AMBER_RED}"),
        ("gsk", f"{_BOTH} {_AMBER} {_ONE_RED}"),
        ("k", f"{_AMBER} {_GREEN_RED}"),
    ],
)
def test_the_sentence_tells_what_the_boxes_do(ticks: str, says: str) -> None:
    """Letters: a all new, g green, s status, k keep on file."""
    boxes = Boxes(
        send_all="a" in ticks,
        send_green="g" in ticks,
        send_status="s" in ticks,
        trigger_status="interview" if "s" in ticks else None,
        send_amber="k" in ticks,
    )
    assert what_will_happen(boxes, "Demo CRM", "Interview", "Shortlist") == says


def test_a_missing_trigger_is_said() -> None:
    """A ticked box that cannot do anything does not look as if it did."""
    told = what_will_happen(Boxes(send_status=True), "Demo CRM")
    assert told.startswith("No status is chosen yet: until one is, that box forwards nothing.")


def test_green_that_brings_the_trigger_is_said() -> None:
    """Entering the status by whatever way counts, and Green is a way."""
    boxes = Boxes(send_status=True, trigger_status="shortlist")
    told = what_will_happen(boxes, "Demo CRM", "Shortlist", "Shortlist")
    assert "their status becomes *Shortlist* (as Green does)" in told
    assert told.endswith("Amber and Red forward nothing.")


def test_names_are_shown_as_typed() -> None:
    """A status can be called anything."""
    boxes = Boxes(send_status=True, trigger_status="x")
    assert "<" not in what_will_happen(boxes, "<!here>", "<!channel>")


def test_without_a_crm_it_is_the_crm() -> None:
    """The sentence is there before a CRM is chosen, too."""
    assert "goes to the CRM and the vacancy" in what_will_happen(Boxes(send_green=True), None)
