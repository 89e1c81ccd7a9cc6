"""Block Kit rules about several fields of one object at once."""

from __future__ import annotations

from typing import Any

from .spec import Rule

Found = list[tuple[str, str]]


def exactly_one(*names: str) -> Rule:
    """Exactly one of these fields."""

    def rule(value: dict[str, Any]) -> Found:
        given = [name for name in names if value.get(name) is not None]
        words = " or ".join(f"`{name}`" for name in names)
        if not given:
            return [("", f"must define either {words}")]
        return [("", f"must define only one of {words}")] if len(given) > 1 else []

    return rule


def at_least_one(*names: str) -> Rule:
    """At least one of these fields."""

    def rule(value: dict[str, Any]) -> Found:
        if any(value.get(name) for name in names):
            return []
        words = " or ".join(f"`{name}`" for name in names)
        return [("", f"must define either {words}")]

    return rule


def not_both(one: str, other: str) -> Rule:
    """At most one of two fields."""

    def rule(value: dict[str, Any]) -> Found:
        both = value.get(one) is not None and value.get(other) is not None
        return [("", f"must define only one of `{one}` or `{other}`")] if both else []

    return rule


def offered_values(element: dict[str, Any]) -> list[str]:
    """The values of an element's own options, groups included."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options.extend(group.get("options") or [] if isinstance(group, dict) else [])
    return [str(option.get("value")) for option in options if isinstance(option, dict)]


def initial_is_offered(value: dict[str, Any]) -> Found:
    """What is chosen from the start must be among the options."""
    values = offered_values(value)
    found: Found = []
    single = value.get("initial_option")
    if isinstance(single, dict) and single.get("value") not in values:
        found.append(("/initial_option", "must match one of the options"))
    for index, option in enumerate(value.get("initial_options") or []):
        if isinstance(option, dict) and option.get("value") not in values:
            found.append((f"/initial_options/{index}", "must match one of the options"))
    return found


def input_block(value: dict[str, Any]) -> Found:
    """A file_input cannot dispatch while it is typed into."""
    element = value.get("element")
    if isinstance(element, dict) and element.get("type") == "file_input" and value.get("dispatch_action"):
        return [("/dispatch_action", "not supported with file_input")]
    return []


def min_below_max(value: dict[str, Any]) -> Found:
    """min_length may not pass max_length."""
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        return [("/min_length", "must not be greater than max_length")]
    return []


def container_divider(value: dict[str, Any]) -> Found:
    """A container's header divider needs a container that does not collapse."""
    if value.get("is_collapsible") and value.get("header_divider"):
        return [("/header_divider", "not supported when is_collapsible")]
    return []


def equal_columns(value: dict[str, Any]) -> Found:
    """All rows of a data table are equally long."""
    rows = value.get("rows")
    if not isinstance(rows, list):
        return []
    lengths = {len(row) for row in rows if isinstance(row, list)}
    return [("/rows", "all rows must have the same number of cells")] if len(lengths) > 1 else []
