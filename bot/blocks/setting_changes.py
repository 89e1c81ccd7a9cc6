"""What a save of the settings changed, in words for the history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.models import Status
from bot.workspace import WorkspaceSettings

_BOXES = {
    "send_all": "all new applicants",
    "send_green": "the green traffic light",
    "send_status": "a specific status",
    "send_amber": "keep on file",
}


def changes_in_words(
    before: WorkspaceSettings,
    after: WorkspaceSettings,
    statuses: Sequence[Status],
    crm_names: Mapping[str, str],
    option_labels: Mapping[tuple[str, str], str],
) -> list[str]:
    """A line for each difference; none when nothing changed. `option_labels` are by CRM and option."""
    names = {status.key: status.name for status in statuses}
    lines = []
    if before.crm != after.crm:
        lines.append(f"CRM: {crm_names.get(after.crm or '', 'none')}")
    lines += _ticks(before, after)
    trigger = after.boxes.trigger_status
    if trigger != before.boxes.trigger_status and trigger:
        lines.append(f"status that forwards: {names.get(trigger, trigger)}")
    if before.channel != after.channel and after.channel:
        lines.append(f"channel for new cards: <#{after.channel}>")
    if before.undo_seconds != after.undo_seconds:
        lines.append(f"time to undo: {after.undo_seconds} seconds")
    if before.most_cards != after.most_cards:
        lines.append(f"cards at a time: {after.most_cards or 'every applicant gets one'}")
    if set(before.editors) != set(after.editors):
        lines.append("who else may change settings")
    if before.default_owner != after.default_owner:
        chosen = after.default_owner
        lines.append(f"default owner: <@{chosen}>" if chosen else "default owner: whoever connected")
    return lines + _options(before, after, crm_names, option_labels)


def _options(
    before: WorkspaceSettings,
    after: WorkspaceSettings,
    crm_names: Mapping[str, str],
    labels: Mapping[tuple[str, str], str],
) -> list[str]:
    lines = []
    for (crm, key), label in labels.items():
        picked = after.crm_options.get(crm, {}).get(key)
        if picked != before.crm_options.get(crm, {}).get(key):
            told = (picked.label or picked.value) if picked else "no choice"
            lines.append(f"{crm_names.get(crm, crm)}, “{label}”: {told}")
    return lines


def _ticks(before: WorkspaceSettings, after: WorkspaceSettings) -> list[str]:
    boxes = [(label, getattr(before.boxes, box), getattr(after.boxes, box)) for box, label in _BOXES.items()]
    boxes.append(("send the team's notes along", before.send_notes, after.send_notes))
    return [f"{'ticked' if now else 'unticked'} “{label}”" for label, then, now in boxes if now != then]
