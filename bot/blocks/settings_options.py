"""The settings modal's part on what a CRM lets a workspace choose: drawn, and read tolerantly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import (
    CheckboxesElement,
    DividerBlock,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    Option,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)

from bot.blocks import ids, kit, parts
from bot.blocks.menus import no_choice
from bot.blocks.parts import AnyBlock
from bot.blocks.settings_screen import SettingsScreen
from bot.workspace import Picked, Question

_TICKED = "yes"
_LONGEST = 500
_NOTHING = Picked("", "")


def options(screen: SettingsScreen) -> list[AnyBlock]:
    """The CRM's options, once there is a sign-in for them, and who owns new people if nobody else does."""
    if not screen.is_connected or not (screen.options or screen.has_owners):
        return []
    crm = kit.shown(screen.crm_name, 60) or "the CRM"
    inputs: list[AnyBlock] = [_option(screen, question) for question in screen.options]
    if screen.has_owners:
        inputs.append(_default_owner(screen, crm))
    return [DividerBlock(), parts.section(f"*How applicants arrive in {crm}*"), *inputs]


def _default_owner(screen: SettingsScreen, crm: str) -> InputBlock:
    chosen = screen.default_owner
    hint = (
        "Owns new people where neither the one who decided nor the vacancy has a user there."
        f" Needs a {crm} user with the same e-mail."
    )
    return InputBlock(
        label=parts.plain_text("Default owner"),
        element=UserSelectElement(
            action_id=ids.SETTINGS_OWNER,
            placeholder=parts.plain_text("Whoever connected"),
            initial_user=chosen if kit.is_user_id(chosen) else None,
        ),
        block_id=ids.SETTINGS_OWNER,
        hint=parts.plain_text(hint),
        optional=True,
    )


def _option(screen: SettingsScreen, question: Question) -> InputBlock:
    hint = kit.plain(question.hint, 600)
    return InputBlock(
        label=parts.plain_text(kit.plain(question.label, 200) or question.key),
        element=_field(question, screen.picked.get(question.key, _NOTHING)),
        block_id=ids.option_block(screen.crm or "", question.key),
        hint=parts.plain_text(hint) if hint else None,
        optional=True,
    )


def _field(question: Question, picked: Picked) -> InputInteractiveElement:
    action_id = ids.option_action(question.key)
    match question.kind:
        case "live":
            return ExternalDataSelectElement(
                action_id=action_id,
                placeholder=parts.plain_text("Choose"),
                min_query_length=0,
                initial_option=_entry(picked.value, picked.label) if picked.value else None,
            )
        case "tick":
            box = parts.option(_TICKED, "Yes")
            ticked = [box] if picked.value == _TICKED else None
            return CheckboxesElement(action_id=action_id, options=[box], initial_options=ticked)
        case "choice":
            offered = {value: _entry(value, label) for value, label in question.choices}
            return StaticSelectElement(
                action_id=action_id,
                placeholder=parts.plain_text("Choose"),
                options=[*offered.values(), no_choice()],
                initial_option=offered.get(picked.value),
            )
    return PlainTextInputElement(
        action_id=action_id,
        initial_value=kit.sendable(picked.value)[:_LONGEST] or None,
        max_length=_LONGEST,
    )


def _entry(value: str, label: str) -> Option:
    return parts.option(value, kit.plain(label, 75) or value[:75])


def read_options(values: object) -> dict[str, dict[str, Picked]]:
    """What was chosen, by CRM and option; an empty value where nothing is. Never raises."""
    found: dict[str, dict[str, Picked]] = {}
    for block_id, block in values.items() if isinstance(values, Mapping) else ():
        about = ids.option_of(block_id)
        element = block.get(ids.option_action(about[1])) if about and isinstance(block, Mapping) else None
        picked = _picked(element) if isinstance(element, Mapping) else None
        if about is not None and picked is not None:
            found.setdefault(about[0], {})[about[1]] = picked
    return found


def _picked(element: Mapping[str, Any]) -> Picked | None:
    """None where the menu had nothing to choose from."""
    typed = element.get("value")
    if isinstance(typed, str):
        return Picked(typed.strip(), typed.strip())
    boxes = element.get("selected_options")
    if isinstance(boxes, list):
        return Picked(_TICKED, "Yes") if boxes else _NOTHING
    option = element.get("selected_option")
    value, text = (option.get("value"), option.get("text")) if isinstance(option, Mapping) else (None, None)
    if value == ids.NO_ENTRY:
        return None
    if not isinstance(value, str) or value == ids.NO_CHOICE:
        return _NOTHING
    label = text.get("text") if isinstance(text, Mapping) else None
    return Picked(value, label if isinstance(label, str) else value)
