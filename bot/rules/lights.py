"""What pressing a light or choosing a status makes of an application's light and status."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import KEEP_ON_FILE, REJECTED, Choice, Light
from bot.rules.statuses import LOCKED

_LIGHT_OF_STATUS = {KEEP_ON_FILE: Light.AMBER, REJECTED: Light.RED}
_STATUS_OF_LIGHT = {light: status for status, light in _LIGHT_OF_STATUS.items()}


@dataclass(frozen=True)
class Standing:
    """An application's light and status at one moment."""

    light: Light | None
    status: str


def light_pressed(choice: Choice) -> Light | None:
    """The light a choice presses: the menu's `Keep on file` and `Rejected` press amber and red."""
    return choice.light or _LIGHT_OF_STATUS.get(choice.status or "")


def apply_choice(standing: Standing, choice: Choice, green_status: str) -> Standing:
    """The standing after a recruiter's choice.

    Amber and Red bring their own status, and choosing that status is the same as pressing the light. Green
    brings `green_status` unless the recruiter had already moved the applicant on. Any other status takes back
    amber or red.
    """
    light = light_pressed(choice)
    if light is Light.GREEN:
        moved_on = standing.status not in LOCKED
        return Standing(Light.GREEN, standing.status if moved_on else green_status)
    if light is not None:
        return Standing(light, _STATUS_OF_LIGHT[light])
    kept = standing.light if standing.light is Light.GREEN else None
    return Standing(kept, choice.status or standing.status)
