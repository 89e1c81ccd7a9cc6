"""The entries of menus that are filled while somebody looks, and of those that can be taken back."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.models.blocks import Option

from bot.blocks import ids, kit, parts
from bot.blocks.parts import Json

_MOST = 100
_LONGEST_VALUE = 150


def no_choice() -> Option:
    """The entry that takes a choice back."""
    return parts.option(ids.NO_CHOICE, "– no choice –")


def entries(
    found: Iterable[tuple[str, str]], search: str = "", *, with_no_choice: bool = False
) -> list[Json]:
    """The entries (value, label) whose label contains `search`, as an answer to Slack."""
    words = search.casefold().split()
    fitting = [
        parts.option(value, kit.plain(label, 75) or value[:75])
        for value, label in found
        if 0 < len(value) <= _LONGEST_VALUE and all(word in label.casefold() for word in words)
    ]
    if not fitting:
        return nothing_found(search)
    first = [no_choice()] if with_no_choice and not words else []
    return [option.to_dict() for option in [*first, *fitting][:_MOST]]


def nothing_found(search: str) -> list[Json]:
    """A menu that has nothing that fits."""
    if not search.strip():
        return sorry("There is nothing to choose from")
    return sorry(f"Nothing found for “{kit.plain(search, 40)}”")


def sorry(text: str) -> list[Json]:
    """A menu that has nothing to offer, and says why."""
    return [parts.option(ids.NO_ENTRY, kit.plain(text, 75)).to_dict()]
