"""Blocks and views that the tests put on screen."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | more


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def button(action_id: str = "green", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(action_id.title()), "value": "v1"} | more


def actions(*elements: Json, block_id: str = "row") -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def select(action_id: str, *values: str, **more: Any) -> Json:
    options = [option(value) for value in values]
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain("Choose"),
        "options": options,
    } | more


def checkboxes(action_id: str, *values: str, **more: Any) -> Json:
    return {
        "type": "checkboxes",
        "action_id": action_id,
        "options": [option(value) for value in values],
    } | more


def field(block_id: str, element: Json, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(block_id.title()),
        "element": element,
    } | more


def typed(action_id: str, kind: str = "plain_text_input", **more: Any) -> Json:
    return {"type": kind, "action_id": action_id} | more


def modal(*blocks: Json, **more: Any) -> Json:
    base = {"type": "modal", "title": plain("Settings"), "submit": plain("Save"), "blocks": list(blocks)}
    return base | more
