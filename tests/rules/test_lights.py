"""What a light or a status makes of an application's light and status, and which statuses are locked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.models import KEEP_ON_FILE, NEW_STATUS, REJECTED, Choice, Light, Status
from bot.rules.lights import Standing, apply_choice, light_pressed
from bot.rules.statuses import DEFAULT_STATUSES, may_trigger, trigger_choices

GREEN, AMBER, RED = Light.GREEN, Light.AMBER, Light.RED

# light and status before, what is chosen, light and status after; Green's own status is Shortlist
STEPS = [
    (None, NEW_STATUS, GREEN, GREEN, "shortlist"),
    (None, NEW_STATUS, AMBER, AMBER, KEEP_ON_FILE),
    (None, NEW_STATUS, RED, RED, REJECTED),
    (None, NEW_STATUS, "interview", None, "interview"),
    (None, NEW_STATUS, KEEP_ON_FILE, AMBER, KEEP_ON_FILE),
    (None, NEW_STATUS, REJECTED, RED, REJECTED),
    (None, "interview", GREEN, GREEN, "interview"),  # already moved on
    (None, "interview", AMBER, AMBER, KEEP_ON_FILE),
    (None, "interview", RED, RED, REJECTED),
    (AMBER, KEEP_ON_FILE, GREEN, GREEN, "shortlist"),
    (AMBER, KEEP_ON_FILE, RED, RED, REJECTED),
    (AMBER, KEEP_ON_FILE, "offer", None, "offer"),
    (AMBER, KEEP_ON_FILE, NEW_STATUS, None, NEW_STATUS),
    (RED, REJECTED, GREEN, GREEN, "shortlist"),
    (RED, REJECTED, AMBER, AMBER, KEEP_ON_FILE),
    (RED, REJECTED, "offer", None, "offer"),
    (GREEN, "shortlist", "offer", GREEN, "offer"),
    (GREEN, "shortlist", NEW_STATUS, GREEN, NEW_STATUS),
    (GREEN, "offer", GREEN, GREEN, "offer"),
    (GREEN, "offer", AMBER, AMBER, KEEP_ON_FILE),
    (GREEN, "offer", REJECTED, RED, REJECTED),
    (GREEN, NEW_STATUS, GREEN, GREEN, "shortlist"),
]


def _choice(chosen: Light | str) -> Choice:
    return Choice(light=chosen) if isinstance(chosen, Light) else Choice(status=chosen)


@pytest.mark.parametrize(("light", "status", "chosen", "light_after", "status_after"), STEPS)
def test_choice_leads_to(
    light: Light | None, status: str, chosen: Light | str, light_after: Light | None, status_after: str
) -> None:
    """From this light and status, that choice leads to these."""
    after = apply_choice(Standing(light, status), _choice(chosen), "shortlist")
    assert after == Standing(light_after, status_after)


def test_green_brings_the_status_the_workspace_set_for_it() -> None:
    """`Shortlist` unless changed."""
    after = apply_choice(Standing(None, NEW_STATUS), Choice(light=GREEN), "phone_screen")
    assert after == Standing(GREEN, "phone_screen")


@pytest.mark.parametrize("status", ["shortlist", "interview", "offer", "placed", NEW_STATUS])
def test_other_statuses_press_no_light(status: str) -> None:
    """Only `Keep on file` and `Rejected` are lights of their own."""
    assert light_pressed(Choice(status=status)) is None


def test_names_and_order_of_the_default_statuses() -> None:
    """A new workspace starts with the statuses that the set-up guide names, in that order."""
    assert [status.name for status in DEFAULT_STATUSES] == [
        "New",
        "Shortlist",
        "Phone screen",
        "Interview",
        "Offer",
        "Placed",
        "Keep on file",
        "Rejected",
    ]


def test_locked_ones_cannot_be_the_trigger() -> None:
    """`New`, `Keep on file` and `Rejected` are never offered as trigger."""
    assert [status.key for status in trigger_choices(DEFAULT_STATUSES)] == [
        "shortlist",
        "phone_screen",
        "interview",
        "offer",
        "placed",
    ]


@pytest.mark.parametrize("key", [NEW_STATUS, KEEP_ON_FILE, REJECTED])
def test_a_locked_status_cannot_be_unlocked_by_its_row(key: str) -> None:
    """What stands for no progress may not trigger, even where a row has lost its lock."""
    assert not may_trigger(Status(key, "Renamed", locked=False))


def test_switched_off_status_is_not_offered() -> None:
    """A status that is switched off can't be chosen as trigger."""
    offer = next(status for status in DEFAULT_STATUSES if status.key == "offer")
    assert may_trigger(offer)
    assert not may_trigger(replace(offer, active=False))
