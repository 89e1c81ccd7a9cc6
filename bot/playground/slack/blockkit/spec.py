"""The vocabulary the Block Kit tables are written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

EVERYWHERE = frozenset({"message", "modal", "home"})
MESSAGE = frozenset({"message"})
MODAL = frozenset({"modal"})
MESSAGE_AND_HOME = frozenset({"message", "home"})
NOWHERE: frozenset[str] = frozenset()

Rule = Callable[[dict[str, Any]], list[tuple[str, str]]]  # object -> (pointer below it, complaint)


@dataclass(frozen=True)
class Str:
    """A string of `least` to `most` characters, or one of `choices`."""

    most: int = 0
    least: int = 0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Int:
    """A whole number."""

    least: int
    most: int


@dataclass(frozen=True)
class Bool:
    """true or false."""


@dataclass(frozen=True)
class Anything:
    """A field that is accepted unseen."""


@dataclass(frozen=True)
class Text:
    """A text object; `plain` leaves only plain_text."""

    most: int
    plain: bool = False


@dataclass(frozen=True)
class Many:
    """A list."""

    item: Spec
    most: int
    least: int = 0


@dataclass(frozen=True)
class Obj:
    """An object without a type of its own, by its name in the table of objects."""

    name: str


@dataclass(frozen=True)
class Element:
    """An element (or text object, under its type's name) of one of these types."""

    types: frozenset[str]


@dataclass(frozen=True)
class Block:
    """A block inside a block, of one of these types."""

    types: frozenset[str]


Spec = Str | Int | Bool | Anything | Text | Many | Obj | Element | Block


@dataclass(frozen=True)
class Shape:
    """What an object may hold. `rules` judge what no single field can be judged by."""

    fields: Mapping[str, Spec]
    required: tuple[str, ...] = ()
    surfaces: frozenset[str] = EVERYWHERE
    rules: tuple[Rule, ...] = field(default=())
