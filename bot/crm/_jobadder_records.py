"""JobAdder's records: candidates by the names of `Person`, statuses to choose from, faults in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.crm._http import Session, inner, listed, pick
from bot.crm._values import same_email, same_phone, shortened

NAME = "JobAdder"
_STATUSES = {"candidate_status": "/candidates/lists/status", "stage": "/applications/lists/status"}


def fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as JobAdder names and sizes them."""
    holds = {
        "firstName": shortened(person.get("first_name") or "", 50),
        "email": person.get("email"),
        "phone": person.get("phone"),
        "summary": person.get("headline"),
        "address": {"city": person["location"]} if person.get("location") else None,
        "skillTags": list(person.get("skills", ())[:100]),
    }
    return {name: value for name, value in holds.items() if value}


def name(record: Mapping[str, Any]) -> str:
    return " ".join(str(record[key]) for key in ("firstName", "lastName") if record.get(key))


def filled(record: Mapping[str, Any]) -> frozenset[str]:
    """Which fields of `Person` hold something in a candidate's record."""
    address = inner(record, "address")
    holds = {
        "first_name": record.get("firstName"),
        "email": record.get("email"),
        "phone": record.get("phone") or record.get("mobile"),
        "location": any(address.get(part) for part in ("street", "city", "state", "postalCode")),
        "headline": record.get("summary"),
        "skills": record.get("skillTags"),
    }
    return frozenset(name for name, value in holds.items() if value)


def has_email(record: Mapping[str, Any], email: str) -> bool:
    return any(same_email(known, email) for known in (record.get("email"), *(record.get("otherEmail") or ())))


def has_phone(record: Mapping[str, Any], phone: str) -> bool:
    return any(same_phone(record.get(key), phone) for key in ("phone", "mobile"))


def fault(error: Any) -> str:
    if not isinstance(error, dict):
        return ""
    fields = ", ".join(str(field) for field in error.get("fields") or ())
    return ": ".join(part for part in (fields, str(error.get("message") or "")) if part)


def status_choices(api: Session, key: str) -> list[tuple[str, str]]:
    """The statuses in use of candidates or of applications, by number and name; none that rejects."""
    found = listed(api.get(_STATUSES[key]), "items", crm=NAME)
    return [
        (str(pick(one, "statusId", crm=NAME)), str(one.get("name")))
        for one in found
        if one.get("active") is not False and not one.get("rejected")
    ]


def begins_with(api: Session) -> set[str]:
    """The statuses that a new application may have by itself."""
    found = listed(api.get(_STATUSES["stage"]), "items", crm=NAME)
    return {str(pick(one, "statusId", crm=NAME)) for one in found if one.get("default")}
