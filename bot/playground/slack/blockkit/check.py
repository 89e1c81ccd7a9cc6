"""The checks of whole payloads: a message's blocks, and a view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .spec import Bool, Shape, Str, Text
from .walk import Problem, Walk

__all__ = ["Problem", "check_blocks", "check_view", "elements_of"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_MARKDOWN_CHARACTERS = 12_000
_TABLE_CHARACTERS = {"table": 10_000, "data_table": 20_000}

_MODAL = Shape(
    {
        "title": Text(24, plain=True),
        "submit": Text(24, plain=True),
        "close": Text(24, plain=True),
        "private_metadata": Str(3000),
        "callback_id": Str(255),
        "external_id": Str(255),
        "clear_on_close": Bool(),
        "notify_on_close": Bool(),
    },
    required=("title", "blocks"),
)
_HOME = Shape(
    {"private_metadata": Str(3000), "callback_id": Str(255), "external_id": Str(255)}, required=("blocks",)
)


def check_blocks(blocks: Any, surface: str, at: str = "/blocks") -> list[Problem]:
    """Everything Slack would refuse in these blocks on this surface ("message", "modal" or "home")."""
    walk = Walk(surface)
    if not isinstance(blocks, list):
        return [Problem(at, "must provide an array")]
    if len(blocks) > MOST_BLOCKS[surface]:
        walk.complain(at, f"no more than {MOST_BLOCKS[surface]} items allowed")
    for index, block in enumerate(blocks):
        walk.block(block, f"{at}/{index}")
    if not walk.problems:
        _unique_ids(walk, blocks, at)
        _totals(walk, blocks, at)
        _surface_rules(walk, blocks, at)
    return walk.problems


def check_view(view: Any) -> list[Problem]:
    """Everything Slack would refuse in this view."""
    if not isinstance(view, dict):
        return [Problem("/view", "must provide an object")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        missing = "missing required field: type" if kind is None else f"unsupported type: {kind}"
        return [Problem("/view" if kind is None else "/view/type", missing)]
    walk = Walk(str(kind))
    walk.shape(view, _MODAL if kind == "modal" else _HOME, "/view", {"type", "blocks"})
    blocks = view.get("blocks")
    if blocks is None:
        return walk.problems
    walk.problems.extend(check_blocks(blocks, str(kind), "/view/blocks"))
    if kind == "modal" and not view.get("submit") and _has_input(blocks):
        walk.complain("/view/submit", "missing required field: submit")
    return walk.problems


def _has_input(blocks: Any) -> bool:
    return isinstance(blocks, list) and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks)


def elements_of(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements a block holds, those of blocks inside it included."""
    kind = block.get("type")
    if kind == "section" and block.get("accessory"):
        yield block["accessory"]
    elif kind == "input":
        yield block["element"]
    elif kind in ("actions", "context_actions"):
        yield from block["elements"]
    elif kind == "card":
        yield from block.get("actions") or []


def _unique_ids(walk: Walk, blocks: list[dict[str, Any]], at: str) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            walk.complain(f"{at}/{index}/block_id", f"`block_id` {block_id} already exists")
        seen.add(block_id or "")
        actions = [element["action_id"] for element in elements_of(block) if element.get("action_id")]
        for action_id in sorted({a for a in actions if actions.count(a) > 1}):
            walk.complain(f"{at}/{index}", f"`action_id` {action_id} already exists in this block")


def _totals(walk: Walk, blocks: list[dict[str, Any]], at: str) -> None:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > _MARKDOWN_CHARACTERS:
        walk.complain(at, f"markdown text must be less than {_MARKDOWN_CHARACTERS + 1} characters in total")
    for kind, most in _TABLE_CHARACTERS.items():
        if sum(_characters(block["rows"]) for block in blocks if block["type"] == kind) > most:
            walk.complain(at, f"{kind} cells must be less than {most + 1} characters in total")
    if sum(block["type"] == "table" for block in blocks) > 1:
        walk.complain(at, "only_one_table_allowed")
    if sum(block["type"] == "data_visualization" for block in blocks) > 2:
        walk.complain(at, "no more than 2 data_visualization blocks allowed")


def _characters(value: Any) -> int:
    """The characters people would read in nested cells: every `text` in them."""
    if isinstance(value, list):
        return sum(_characters(item) for item in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(_characters(item) for item in value.values() if isinstance(item, list | dict))
    return 0


def _surface_rules(walk: Walk, blocks: list[dict[str, Any]], at: str) -> None:
    focused = 0
    for index, block in enumerate(blocks):
        for element in elements_of(block):
            focused += bool(element.get("focus_on_load"))
            in_modal_input = walk.surface == "modal" and block["type"] == "input"
            if element.get("response_url_enabled") and not in_modal_input:
                walk.complain(f"{at}/{index}", "response_url_enabled is only for input blocks in modals")
    if focused > 1:
        walk.complain(at, "only one element may have focus_on_load")
