"""Odoo's search domains, evaluated over the double's tables: prefix operators, dotted paths, wildcards."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Get = Callable[[str], Any]


def matches(domain: list[Any], get: Get) -> bool:
    """Whether a record, whose values `get` reads by dotted path, is meant by the domain."""
    rest = list(domain)
    holds = True
    while rest:
        holds = _term(rest, get) and holds
    return holds


def _term(rest: list[Any], get: Get) -> bool:
    head = rest.pop(0)
    if head in ("|", "&"):
        one, other = _term(rest, get), _term(rest, get)
        return (one or other) if head == "|" else (one and other)
    if head == "!":
        return not _term(rest, get)
    path, operator, wanted = head
    return _compare(path, operator, wanted, get(path))


def _compare(path: str, operator: str, wanted: Any, found: Any) -> bool:
    if path.endswith("phone_mobile_search"):
        return bool(found) and operator == "=" and _dialled(found) == _dialled(wanted)
    match operator:
        case "=":
            return bool(found == wanted or (wanted is False and not found))
        case "!=":
            return not _compare(path, "=", wanted, found)
        case "in":
            return found in wanted
        case "ilike":
            return _like(f"%{wanted}%", found)
        case "=ilike":
            return _like(wanted, found)
    raise ValueError(f"Invalid operator {operator!r} in condition on {path}")


def _like(pattern: str, found: Any) -> bool:
    parts = re.findall(r"\\.|%|_|[^\\%_]+", pattern)
    special = {"%": ".*", "_": "."}
    regex = "".join(special.get(part) or re.escape(part.removeprefix("\\")) for part in parts)
    return re.fullmatch(regex, str(found or ""), re.IGNORECASE | re.DOTALL) is not None


def _dialled(phone: Any) -> str:
    return re.sub(r"[^\d+]", "", str(phone))
