"""What the ticked boxes will do, said in words."""

from __future__ import annotations

from bot.blocks import kit
from bot.workspace import Boxes

_NOTES = "The team's notes go along."


def what_will_happen(
    boxes: Boxes,
    crm_name: str | None,
    trigger_name: str | None = None,
    green_name: str | None = None,
    *,
    with_notes: bool = False,
) -> str:
    """The boxes in mrkdwn. `trigger_name` is the status that forwards, `green_name` the one Green sets.

    `with_notes` tells that the team's notes go along.
    """
    crm = kit.shown(crm_name, 60) or "the CRM"
    notes = [_NOTES] if with_notes else []
    if boxes.send_all:
        return " ".join([_everyone(boxes, crm), *notes])
    moments = _moments(boxes, trigger_name, green_name)
    told = []
    if moments:
        whichever = ", whichever comes first" if len(moments) > 1 else ""
        told.append(f"An applicant goes to {crm} and the vacancy when {' or '.join(moments)}{whichever}.")
    if boxes.send_status and not trigger_name:
        told.append("No status is chosen yet: until one is, that box forwards nothing.")
    if boxes.send_amber:
        told.append(f"Amber sends to {crm} only, never to the vacancy.")
    if not told:
        return "Nothing is forwarded: no box is ticked."
    return " ".join([*told, *notes, _silent(boxes, moments)])


def _everyone(boxes: Boxes, crm: str) -> str:
    everyone = f"Every new applicant goes to {crm} and the vacancy on arrival, whatever is decided later."
    if boxes.send_green or boxes.send_status or boxes.send_amber:
        return f"{everyone} The other ticked boxes change nothing for them."
    return everyone


def _moments(boxes: Boxes, trigger_name: str | None, green_name: str | None) -> list[str]:
    moments = []
    if boxes.send_green:
        moments.append("someone presses Green")
    if boxes.send_status and trigger_name:
        also_green = not boxes.send_green and trigger_name == green_name
        by = " (as Green does)" if also_green else ""
        moments.append(f"their status becomes *{kit.shown(trigger_name, 75)}*{by}")
    return moments


def _silent(boxes: Boxes, moments: list[str]) -> str:
    green_forwards = boxes.send_green or any("as Green does" in moment for moment in moments)
    silent = [name for name, speaks in (("Green", green_forwards), ("Amber", boxes.send_amber)) if not speaks]
    if not silent:
        return "Red forwards nothing."
    return f"{', '.join(silent)} and Red forward nothing."
