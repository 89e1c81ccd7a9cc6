"""What Slack's client says beside a field before it lets a modal go: what is missing or malformed."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from .elements import Found, every_element, first_state, raw_value
from .model import Inputs, Json

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+\Z")
REQUIRED = "Please complete this required field."


def complaints(blocks: list[Json], inputs: Inputs, origin_channel: str | None) -> dict[str, str]:
    """By block_id, what keeps this modal from being submitted."""
    found: dict[str, str] = {}
    for each in every_element(blocks):
        if each.block["type"] != "input" or not each.is_stateful:
            continue
        complaint = _complaint(each, raw_value(inputs.get(each.key) or first_state(each, origin_channel)))
        if complaint:
            found[each.key[0]] = complaint
    return found


def _complaint(found: Found, value: object) -> str | None:
    if not value or (isinstance(value, str) and not value.strip()):
        return None if found.block.get("optional") else REQUIRED
    check = _CHECKS.get(found.kind)
    return check(found.element, str(value)) if check else None


def _email(element: Json, value: str) -> str | None:
    return None if _EMAIL.match(value) else "Please enter a valid email address."


def _url(element: Json, value: str) -> str | None:
    parts = urlsplit(value)
    return None if parts.scheme in ("http", "https") and parts.netloc else "Please enter a valid URL."


def _number(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a valid number."
    if not element.get("is_decimal_allowed") and number != number.to_integral_value():
        return "Please enter a whole number."
    if element.get("min_value") is not None and number < Decimal(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if element.get("max_value") is not None and number > Decimal(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None


def _plain(element: Json, value: str) -> str | None:
    if len(value) < (element.get("min_length") or 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > (element.get("max_length") or 3000):
        return f"Please enter no more than {element.get('max_length') or 3000} characters."
    return None


_CHECKS: dict[str, Callable[[Json, str], str | None]] = {
    "email_text_input": _email,
    "url_text_input": _url,
    "number_input": _number,
    "plain_text_input": _plain,
}
