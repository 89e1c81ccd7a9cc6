"""A contact as Salesforce names and sizes its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.crm._http import Session
from bot.crm._records import FoundPerson
from bot.crm._salesforce_api import Record, id_of, is_name, select
from bot.crm._values import same_phone, shortened

PHONES = ("Phone", "MobilePhone")
LONGEST = {"FirstName": 40, "LastName": 80, "Phone": 40, "MailingCity": 40, "Title": 128, "LeadSource": 255}
_LOCATION = ("MailingStreet", "MailingCity", "MailingState", "MailingPostalCode")
_READ = ("Id", "FirstName", "LastName", "Email", *PHONES, "Title", *_LOCATION)


def columns(api: Session) -> list[str]:
    """What is read of a contact."""
    field, _ = _skills_field(api)
    return [*_READ, *([field] if field else [])]


def contacts(api: Session, condition: str) -> list[Record]:
    """The contacts that meet a condition."""
    return select(api, "Contact", columns(api), condition)


def found_person(api: Session, record: Any) -> FoundPerson:
    """A contact as a person."""
    contact_id = id_of(record)
    name = " ".join(str(record[part]) for part in ("FirstName", "LastName") if record.get(part))
    holds = {
        "first_name": record.get("FirstName"),
        "email": record.get("Email"),
        "phone": any(record.get(part) for part in PHONES),
        "location": any(record.get(part) for part in _LOCATION),
        "headline": record.get("Title"),
        "skills": record.get(_skills_field(api)[0]),
    }
    return FoundPerson(contact_id, name, frozenset(field for field, value in holds.items() if value))


def values_of(api: Session, person: Mapping[str, Any]) -> Record:
    """The fields of `Person` that hold something, by Salesforce's names."""
    holds = {
        "FirstName": person.get("first_name"),
        "Email": person.get("email"),
        "Phone": person.get("phone"),
        "MailingCity": person.get("location"),
        "Title": person.get("headline"),
    }
    values = {name: shortened(value, LONGEST.get(name, len(value))) for name, value in holds.items() if value}
    field, longest = _skills_field(api)
    if field and person.get("skills"):
        values[field] = shortened("; ".join(person["skills"]), longest)
    return values


def has_phone(record: Mapping[str, Any], phone: str) -> bool:
    """Whether one of the contact's numbers is this one."""
    return any(same_phone(record.get(name), phone) for name in PHONES)


def _skills_field(api: Session) -> tuple[str, int]:
    """The field chosen for skills, and how much it holds."""
    field, _, length = (api.options.get("skills") or "").partition("/")
    return field if is_name(field) else "", int(length) if length.isdecimal() else 255
