"""What validation found, as sentences about dotted fields, without quoting what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import FieldFault

# The error type of a check that names its fields itself: in its context, under the same name,
# and counted from the object that holds the checked field.
FAULTS = "faults"

_SENTENCES = {
    "missing": "is missing.",
    "string_type": "must be text.",
    "string_too_short": "must not be empty.",
    "string_too_long": "must be at most {max_length} characters long.",
    "list_type": "must be a list.",
    "model_type": "must be an object.",
    "datetime_parsing": "must be a time such as 2026-11-21T09:30:00Z.",
    "datetime_from_date_parsing": "must be a time such as 2026-11-21T09:30:00Z.",
    "timezone_aware": "needs its time zone, such as 2026-11-21T09:30:00Z or 2026-11-21T10:30:00+01:00.",
}


def faults_of(errors: Sequence[Any], skip: int = 0) -> list[FieldFault]:
    """Pydantic's errors as faults of fields; `skip` leaves out the path's first parts, such as `body`."""
    return [fault for error in errors for fault in _faults(error, skip)]


def _faults(error: Mapping[str, Any], skip: int) -> list[FieldFault]:
    path = [str(part) for part in error["loc"][skip:]]
    context = error.get("ctx", {})
    if error["type"] == FAULTS:
        return [FieldFault(".".join([*path[:-1], fault.field]), fault.message) for fault in context[FAULTS]]
    sentence = _SENTENCES.get(error["type"])
    return [FieldFault(".".join(path), sentence.format(**context) if sentence else _own_words(error))]


def _own_words(error: Mapping[str, Any]) -> str:
    message: str = error["msg"].removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
