"""The settings modal's middle: the boxes, the status that forwards, a sentence of what will happen."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import CheckboxesElement, InputBlock, Option, StaticSelectElement

from bot.blocks import ids, kit, parts
from bot.blocks.parts import AnyBlock
from bot.blocks.sentences import what_will_happen
from bot.blocks.settings_screen import SettingsScreen
from bot.models import Status
from bot.rules.statuses import trigger_choices
from bot.workspace import Boxes

_BOXES = (
    (
        ids.BOX_ALL,
        "Send all new applicants",
        "To the CRM and the vacancy on arrival: for teams that do not sift here.",
    ),
    (
        ids.BOX_GREEN,
        "Send on a green traffic light",
        "To the CRM and the vacancy at a press of Green: for a first sift here.",
    ),
    (
        ids.BOX_STATUS,
        "Send on a specific status",
        "To the CRM and the vacancy on entering it: for screening here first.",
    ),
)
_AMBER = (
    ids.BOX_AMBER,
    "Send amber to keep on file",
    "To the CRM only, never to the vacancy: found again for later ones.",
)
_NOTES = (
    ids.BOX_NOTES,
    "Send the team's notes along",
    "What members write on the card, with their name and the time.",
)


def boxes(screen: SettingsScreen) -> list[AnyBlock]:
    """The boxes, offered once there is a sign-in for them to use."""
    crm = kit.shown(screen.crm_name, 60) or "the CRM"
    if screen.account is None and screen.broken is None:
        return []
    return [
        parts.section(f"*What goes to {crm}, and when?* Boxes can be combined."),
        _group(ids.SETTINGS_BOXES, _BOXES, _ticked(screen.boxes)),
        _trigger(screen) if screen.boxes.send_status else None,
        _group(ids.SETTINGS_AMBER, [_AMBER], {ids.BOX_AMBER} if screen.boxes.send_amber else set()),
        _notes(screen) if screen.takes_notes else None,
        parts.context(f"➡️ {_sentence(screen)}", block_id=ids.SETTINGS_SENTENCE),
    ]


def _ticked(ticks: Boxes) -> set[str]:
    named = (
        (ids.BOX_ALL, ticks.send_all),
        (ids.BOX_GREEN, ticks.send_green),
        (ids.BOX_STATUS, ticks.send_status),
    )
    return {name for name, is_ticked in named if is_ticked}


def _notes(screen: SettingsScreen) -> AnyBlock:
    return _group(ids.SETTINGS_NOTES, [_NOTES], {ids.BOX_NOTES} if screen.send_notes else set())


def _group(action_id: str, described: Sequence[tuple[str, str, str]], ticked: set[str]) -> AnyBlock:
    options: list[Option] = [parts.option(*texts) for texts in described]
    initial = [option for option in options if option.value in ticked]
    element = CheckboxesElement(action_id=action_id, options=options, initial_options=initial or None)
    return parts.actions([element], action_id)


def _trigger(screen: SettingsScreen) -> AnyBlock:
    choices = {
        status.key: parts.option(status.key, kit.plain(status.name, 75) or "?")
        for status in trigger_choices(screen.statuses)[:100]
    }
    if not choices:
        return parts.context("No status can be chosen: switch one on first.")
    chosen = choices.get(screen.boxes.trigger_status or "")
    return InputBlock(
        label=parts.plain_text("Status that forwards"),
        element=StaticSelectElement(
            action_id=ids.SETTINGS_TRIGGER,
            placeholder=parts.plain_text(_placeholder(screen) if chosen is None else "Choose a status"),
            options=list(choices.values()),
            initial_option=chosen,
        ),
        block_id=ids.SETTINGS_TRIGGER,
        dispatch_action=True,
    )


def _placeholder(screen: SettingsScreen) -> str:
    switched_off = _status(screen.boxes.trigger_status, screen.statuses)
    if switched_off is None:
        return "Choose a status"
    return f"{kit.plain(switched_off.name, 75)} is switched off: choose another"


def _status(key: str | None, statuses: Sequence[Status]) -> Status | None:
    return next((status for status in statuses if status.key == key), None)


def _sentence(screen: SettingsScreen) -> str:
    trigger = _status(screen.boxes.trigger_status, trigger_choices(screen.statuses))
    green = _status(screen.green_status, screen.statuses)
    return what_will_happen(
        screen.boxes,
        screen.crm_name,
        trigger.name if trigger else None,
        green.name if green else None,
        with_notes=screen.takes_notes and screen.send_notes,
    )
