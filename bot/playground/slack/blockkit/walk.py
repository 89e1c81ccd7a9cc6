"""Walks a payload beside the tables and collects what does not fit, each with its JSON pointer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .blocks import BLOCKS
from .elements import ELEMENTS, OBJECTS, TEXT_TYPES
from .spec import Anything, Block, Bool, Element, Int, Many, Obj, Shape, Spec, Str, Text


@dataclass(frozen=True)
class Problem:
    """One complaint and where it applies."""

    pointer: str
    complaint: str

    def __str__(self) -> str:
        return f"[ERROR] {self.complaint} [json-pointer:{self.pointer}]"


@dataclass
class Walk:
    """One walk over one payload for one surface."""

    surface: str
    problems: list[Problem] = field(default_factory=list)

    def complain(self, at: str, complaint: str) -> None:
        self.problems.append(Problem(at, complaint))

    def value(self, value: Any, spec: Spec, at: str) -> None:
        """Check one value against what the table says stands there."""
        _CHECKS[type(spec)](self, value, spec, at)

    def block(self, value: Any, at: str, allowed: frozenset[str] | None = None) -> None:
        """Check one block."""
        if not isinstance(value, dict):
            return self.complain(at, "must provide an object")
        kind = value.get("type")
        shape = BLOCKS.get(str(kind))
        fits = shape is not None and self.surface in shape.surfaces
        if shape is None or not fits or (allowed is not None and kind not in allowed):
            return self.complain(f"{at}/type", f"unsupported type: {kind}")
        self.shape(value, shape, at, {"type", "block_id"})
        block_id = value.get("block_id")
        if block_id is not None:
            self.value(block_id, Str(255, 0), f"{at}/block_id")
        return None

    def shape(self, value: dict[str, Any], shape: Shape, at: str, known: set[str]) -> None:
        """Check an object's fields: the missing, the unknown, the wrong, and the rules between them."""
        for name in shape.required:
            if value.get(name) is None:
                self.complain(at, f"missing required field: {name}")
        for name, item in value.items():
            if name in known:
                continue
            spec = shape.fields.get(name)
            if spec is None:
                self.complain(at, f"invalid additional property: {name}")
            elif item is not None:
                self.value(item, spec, f"{at}/{name}")
        for rule in shape.rules:
            for below, complaint in rule(value):
                self.complain(at + below, complaint)


def _str(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, str):
        return walk.complain(at, "must provide a string")
    if spec.choices:
        if value not in spec.choices:
            walk.complain(at, "must be a valid enum value")
    elif len(value) > spec.most:
        walk.complain(at, f"must be less than {spec.most + 1} characters")
    elif len(value) < spec.least:
        walk.complain(at, f"must be more than {spec.least - 1} characters")
    return None


def _int(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        walk.complain(at, "must provide an integer")
    elif not spec.least <= value <= spec.most:
        walk.complain(at, f"must be between {spec.least} and {spec.most}")


def _bool(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, bool):
        walk.complain(at, "must provide a boolean")


def _text(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, dict):
        return walk.complain(at, "must provide an object")
    kind = value.get("type")
    if kind not in (("plain_text",) if spec.plain else ("plain_text", "mrkdwn")):
        return walk.complain(f"{at}/type", f"unsupported type: {kind}")
    flag = "emoji" if kind == "plain_text" else "verbatim"
    shape = Shape({"text": Str(spec.most, 1), flag: Bool()}, required=("text",))
    return walk.shape(value, shape, at, {"type"})


def _many(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, list):
        return walk.complain(at, "must provide an array")
    if len(value) > spec.most:
        walk.complain(at, f"no more than {spec.most} items allowed")
    if len(value) < spec.least:
        walk.complain(at, f"no less than {spec.least} items allowed")
    for index, item in enumerate(value):
        walk.value(item, spec.item, f"{at}/{index}")
    return None


def _obj(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, dict):
        return walk.complain(at, "must provide an object")
    return walk.shape(value, OBJECTS[spec.name], at, set())


def _element(walk: Walk, value: Any, spec: Any, at: str) -> None:
    if not isinstance(value, dict):
        return walk.complain(at, "must provide an object")
    kind = value.get("type")
    if kind not in spec.types:
        return walk.complain(f"{at}/type", f"unsupported type: {kind}")
    if kind in TEXT_TYPES:
        return walk.value(value, Text(3000), at)
    return walk.shape(value, ELEMENTS[str(kind)], at, {"type"})


def _block(walk: Walk, value: Any, spec: Any, at: str) -> None:
    walk.block(value, at, spec.types)


def _anything(walk: Walk, value: Any, spec: Any, at: str) -> None:
    return None


_CHECKS: dict[type, Callable[[Walk, Any, Any, str], None]] = {
    Str: _str,
    Int: _int,
    Bool: _bool,
    Text: _text,
    Many: _many,
    Obj: _obj,
    Element: _element,
    Block: _block,
    Anything: _anything,
}
