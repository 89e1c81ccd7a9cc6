"""Puts into blocks and views what Slack adds when it stores them: ids, and the flags of text objects."""

from __future__ import annotations

import copy
import secrets
from typing import Any

from .blockkit.elements import ELEMENTS
from .model import Json

_NO_ACTION_ID = frozenset({"image"})


def _short_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def stored_blocks(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks as Slack gives them back."""
    stored = copy.deepcopy(blocks)
    for block in stored:
        _complete(block, is_block=True)
    return stored


def stored_text(text: Json) -> Json:
    """A copy of a text object as Slack gives it back."""
    stored = dict(text)
    _flag(stored)
    return stored


def _flag(text: Json) -> None:
    if text.get("type") == "plain_text":
        text.setdefault("emoji", True)
    elif text.get("type") == "mrkdwn":
        text.setdefault("verbatim", False)


def _complete(value: Json, *, is_block: bool = False) -> None:
    if is_block and not value.get("block_id"):
        value["block_id"] = _short_id()
    kind = value.get("type")
    if not is_block and kind in ELEMENTS and kind not in _NO_ACTION_ID and not value.get("action_id"):
        value["action_id"] = _short_id()
    if isinstance(value.get("text"), str):
        _flag(value)
    for name, item in value.items():
        _descend(item, is_block=name in ("child_blocks", "blocks"))


def _descend(item: Any, *, is_block: bool) -> None:
    if isinstance(item, dict):
        _complete(item)
    elif isinstance(item, list):
        for each in item:
            if isinstance(each, dict):
                _complete(each, is_block=is_block or each.get("type") == "card")
            else:
                _descend(each, is_block=False)
