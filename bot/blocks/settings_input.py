"""What an admin has entered into the settings modal, read tolerantly: absent fields keep what is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.blocks import ids
from bot.blocks.settings_options import read_options
from bot.workspace import Boxes, Picked


@dataclass(frozen=True)
class SettingsInput:
    """The fields as entered. None where a field was not on the screen.

    `answers` has "" for a question left blank: a stored secret is then kept. `boxes.trigger_status` is None
    when nothing is chosen and when the menu was not there; `has_trigger` tells which. `channel` is "" when
    emptied. `options` are by CRM and option, with an empty value where the choice was taken back.
    """

    crm: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    boxes: Boxes | None = None
    has_trigger: bool = False
    channel: str | None = None
    undo_seconds: int | None = None
    most_cards: int | None = None
    editors: tuple[str, ...] | None = None
    options: Mapping[str, Mapping[str, Picked]] = field(default_factory=dict)
    default_owner: str | None = None
    send_notes: bool | None = None


def read_settings(values: object) -> SettingsInput:
    """Read `view["state"]["values"]`; never raises, whatever it is given."""
    found = dict(_elements(values))
    return SettingsInput(
        crm=_selected(found.get(ids.SETTINGS_CRM)),
        answers=_answers(found),
        boxes=_boxes(found),
        has_trigger=ids.SETTINGS_TRIGGER in found,
        channel=_channel(found.get(ids.SETTINGS_CHANNEL)),
        undo_seconds=_number(_selected(found.get(ids.SETTINGS_UNDO))),
        most_cards=_number(_selected(found.get(ids.SETTINGS_CARDS))),
        editors=_editors(found.get(ids.SETTINGS_EDITORS)),
        options=read_options(values),
        default_owner=_owner(found.get(ids.SETTINGS_OWNER)),
        send_notes=_send_notes(found),
    )


Element = Mapping[str, Any]


def _elements(values: object) -> Iterator[tuple[str, Element]]:
    for block in values.values() if isinstance(values, Mapping) else ():
        for action_id, element in block.items() if isinstance(block, Mapping) else ():
            if isinstance(action_id, str) and isinstance(element, Mapping):
                yield action_id, element


def _selected(element: Element | None) -> str | None:
    option = (element or {}).get("selected_option")
    value = option.get("value") if isinstance(option, Mapping) else None
    return value if isinstance(value, str) else None


def _answers(found: Mapping[str, Element]) -> dict[str, str]:
    prefix = ids.question_action("")
    return {
        action_id.removeprefix(prefix): _answer(element)
        for action_id, element in found.items()
        if action_id.startswith(prefix)
    }


def _answer(element: Element) -> str:
    typed = element.get("value")
    return typed.strip() if isinstance(typed, str) else _selected(element) or ""


def _boxes(found: Mapping[str, Element]) -> Boxes | None:
    if ids.SETTINGS_BOXES not in found:
        return None
    ticked = _ticked(found[ids.SETTINGS_BOXES]) | _ticked(found.get(ids.SETTINGS_AMBER, {}))
    return Boxes(
        send_all=ids.BOX_ALL in ticked,
        send_green=ids.BOX_GREEN in ticked,
        send_status=ids.BOX_STATUS in ticked,
        trigger_status=_selected(found.get(ids.SETTINGS_TRIGGER)),
        send_amber=ids.BOX_AMBER in ticked,
    )


def _send_notes(found: Mapping[str, Element]) -> bool | None:
    if ids.SETTINGS_NOTES not in found:
        return None
    return ids.BOX_NOTES in _ticked(found[ids.SETTINGS_NOTES])


def _ticked(element: Element) -> set[str]:
    options = element.get("selected_options")
    values = [
        option.get("value")
        for option in (options if isinstance(options, list) else [])
        if isinstance(option, Mapping)
    ]
    return {value for value in values if isinstance(value, str)}


def _channel(element: Element | None) -> str | None:
    if element is None:
        return None
    chosen = element.get("selected_conversation")
    return chosen if isinstance(chosen, str) else ""


def _owner(element: Element | None) -> str | None:
    if element is None:
        return None
    chosen = element.get("selected_user")
    return chosen if isinstance(chosen, str) else ""


def _number(value: str | None) -> int | None:
    return (
        int(value) if value is not None and value.isascii() and value.isdigit() and len(value) < 7 else None
    )


def _editors(element: Element | None) -> tuple[str, ...] | None:
    if element is None:
        return None
    users = element.get("selected_users")
    return tuple(user for user in users if isinstance(user, str)) if isinstance(users, list) else ()
