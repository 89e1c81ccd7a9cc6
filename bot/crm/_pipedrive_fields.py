"""Which of a Pipedrive account's own fields of persons hold headline, location, skills and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.crm._http import Session, inner, listed, pick
from bot.crm._values import record_number, shortened
from bot.workspace import Question

NOWHERE = "-"
_NAMES = {
    "headline": ("headline", "job title"),
    "location": ("location", "city"),
    "skills": ("skills",),
    "source": ("source", "candidate source"),
}
"""The names by which a field is taken where none was chosen."""
LABEL = Question("label", "Label of new people", "live", hint="As a status of candidates.", optional=True)
LABEL_FIELDS = ("label_ids", "label")
"""A guess: the field of persons whose options are the labels, by its name in either version."""
OPTIONS = (
    LABEL,
    *(
        Question(
            f"{name}_field",
            f"Field for the {name}",
            "live",
            hint=f"Without a choice, a text field named {' or '.join(name.capitalize() for name in names)}.",
            optional=True,
        )
        for name, names in _NAMES.items()
    ),
)
OPTION_KEYS = tuple(option.key for option in OPTIONS)
_TEXTS = ("varchar", "varchar_auto", "text")
_LONGEST = 255
_PAGE = 500
_LONGEST_LIST = 10
CRM_NAME = "Pipedrive"


def choices(api: Session, key: str) -> list[tuple[str, str]]:
    """The labels of people; else the fields that can hold any text, and none of them."""
    if key == LABEL.key:
        return _labels(api)
    fields = [(str(field.get("field_code")), str(field.get("field_name"))) for field in _text_fields(api)]
    return [(NOWHERE, "Leave it out"), *fields]


def codes(api: Session) -> dict[str, str]:
    """The code of the field that each value goes to; values that have none are left out."""
    chosen = {name: api.options.get(f"{name}_field") or "" for name in _NAMES}
    if not all(chosen.values()):
        by_name = {
            str(field.get("field_name")).strip().casefold(): str(field.get("field_code"))
            for field in _text_fields(api)
        }
        for name, names in _NAMES.items():
            known = (by_name[one] for one in names if one in by_name)
            chosen[name] = chosen[name] or next(known, "")
    return {name: code for name, code in chosen.items() if code not in ("", NOWHERE)}


def label(api: Session) -> dict[str, list[int]]:
    """The label of new people, where one was chosen."""
    chosen = record_number(api.options.get(LABEL.key))
    return {"label_ids": [chosen]} if chosen else {}


def values(api: Session, person: Mapping[str, Any]) -> dict[str, str]:
    """The values for those fields, by their codes."""
    told = {name: person.get(name) for name in _NAMES if person.get(name)}
    if not told:
        return {}
    where = codes(api)
    return {where[name]: _text(value) for name, value in told.items() if name in where}


def filled(record: Mapping[str, Any], where: Mapping[str, str]) -> frozenset[str]:
    """Which fields of `Person` hold something in a person's record."""
    custom = inner(record, "custom_fields")
    holds = {name: custom.get(code) for name, code in where.items() if name != "source"}
    # Two more fields exist where the account synchronizes its contacts.
    holds["headline"] = holds.get("headline") or record.get("job_title")
    holds["location"] = holds.get("location") or inner(record, "postal_address").get("value")
    holds["email"] = contacts(record, "emails")
    holds["phone"] = contacts(record, "phones")
    holds["first_name"] = " " in str(record.get("name") or "").strip()
    return frozenset(name for name, value in holds.items() if value)


def contacts(record: Mapping[str, Any], kind: str) -> list[str]:
    """A person's e-mails or phones."""
    known: Sequence[Any] = record.get(kind) or ()
    return [str(one["value"]) for one in known if isinstance(one, dict) and one.get("value")]


def _text(value: Any) -> str:
    return shortened(value if isinstance(value, str) else ", ".join(value), _LONGEST)


def _labels(api: Session) -> list[tuple[str, str]]:
    for field in _person_fields(api):
        if field.get("field_code") in LABEL_FIELDS:
            offered = listed({"all": field.get("options") or []}, "all", crm=CRM_NAME)
            return [(str(pick(one, "id", crm=CRM_NAME)), str(one.get("label"))) for one in offered]
    return []


def _text_fields(api: Session) -> list[dict[str, Any]]:
    fields = _person_fields(api)
    return [field for field in fields if field.get("is_custom_field") and field.get("field_type") in _TEXTS]


def _person_fields(api: Session) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": _PAGE}
    for _ in range(_LONGEST_LIST):
        answer = api.get("/api/v2/personFields", params=query)
        found += listed(answer, "data", crm=CRM_NAME)
        cursor = inner(answer, "additional_data").get("next_cursor")
        if not cursor:
            break
        query["cursor"] = cursor
    return found
