"""Nutshell's contacts as people: what is written where, and what counts as filled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import phonenumbers

from bot.crm._http import Session, inner
from bot.crm._nutshell_answers import choices_of, number_of
from bot.crm._records import Person
from bot.crm._values import local_number, same_email, shortened
from bot.workspace import Question

NOWHERE = "-"
_FIELDS = {"skills": ("skills",), "source": ("source", "candidate source")}
"""Values that a contact has no place for, and the names of the account's own fields that take them."""
OPTIONS = tuple(
    Question(
        f"{name}_field",
        f"Field for the {name}",
        "live",
        hint=f"Without a choice, a field of people named {' or '.join(one.capitalize() for one in names)}.",
        optional=True,
    )
    for name, names in _FIELDS.items()
)
OPTION_KEYS = tuple(option.key for option in OPTIONS)
_LONGEST = 255


def choices(api: Session) -> list[tuple[str, str]]:
    """The account's own fields of people, and none of them."""
    return [(NOWHERE, "Leave it out"), *((name, name) for name in _field_names(api))]


def field_for(api: Session, name: str) -> str | None:
    """The account's own field that takes the value; it goes by its name."""
    chosen = api.options.get(f"{name}_field")
    if chosen:
        return None if chosen == NOWHERE else chosen
    return next((one for one in _field_names(api) if one.strip().casefold() in _FIELDS[name]), None)


def new(api: Session, person: Person) -> dict[str, Any]:
    """A new contact as it is sent."""
    fields = vars(person)
    body = _fields(fields) | {"name": _full_name(person.first_name, person.last_name)}
    if own := _own_fields(api, fields):
        body["customFields"] = own
    if person.links:
        body["urls"] = [{"name": _site(link), "value": link} for link in person.links]
    if person.owner_id:
        body["links"] = {"owner": person.owner_id}
    return body


def changes(api: Session, empty: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The patch that fills these fields of a contact of that name."""
    body = _fields(empty)
    if first_name := empty.get("first_name"):
        body["name"] = _full_name(str(first_name), name)
    own = {_pointer(field): value for field, value in _own_fields(api, empty).items()}
    return [{"op": "replace", "path": path, "value": value} for path, value in {**body, **own}.items()]


def filled(api: Session, contact: Mapping[str, Any], skills_field: str | None) -> frozenset[str]:
    """Which fields of `Person` hold something in a contact."""
    holds = {
        "first_name": " " in str(contact.get("name") or "").strip(),
        "email": _values(contact, "emails"),
        "phone": phones(contact),
        "location": any(_place(address) for address in contact.get("addresses") or ()),
        "headline": contact.get("description") or contact.get("jobTitle"),
        "skills": skills_field and _own_value(api, dict(contact), skills_field),
    }
    return frozenset(name for name, value in holds.items() if value)


def has_email(record: Mapping[str, Any], email: str) -> bool:
    """Whether a contact or a user has that address; users' may be bare texts."""
    return any(same_email(known, email) for known in _values(record, "emails"))


def phones(contact: Mapping[str, Any]) -> list[str]:
    """A contact's numbers, with their countries where Nutshell knows them."""
    found = []
    for phone in contact.get("phones") or ():
        value = inner(phone, "value") if isinstance(phone, dict) else {}
        number = str(value.get("number") or "")
        country = str(value.get("countryCode") or "")
        full = value.get("E164") or (f"+{country}{number}" if country and number else number)
        if full:
            found.append(str(full))
    return found


def _fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as Nutshell writes them."""
    body: dict[str, Any] = {}
    if email := person.get("email"):
        body["emails"] = [{"isPrimary": True, "name": "email", "value": email}]
    if phone := person.get("phone"):
        body["phones"] = [{"isPrimary": True, "name": "mobile", "value": _number(str(phone))}]
    if location := person.get("location"):
        # As the description has it; accounts are said to answer the parts of an address within its value.
        body["addresses"] = [{"isPrimary": True, "name": "home", "city": shortened(str(location), _LONGEST)}]
    if headline := person.get("headline"):
        body["description"] = shortened(str(headline), _LONGEST)
    return body


def _number(phone: str) -> dict[str, str]:
    try:
        country = phonenumbers.parse(phone).country_code
    except phonenumbers.NumberParseException:
        return {"number": local_number(phone)}
    return {"countryCode": str(country), "number": local_number(phone)}


def _place(address: Any) -> bool:
    parts = ("address_1", "city", "state", "postalCode")
    both = (address, inner(address, "value")) if isinstance(address, dict) else ()
    return any(one.get(part) for one in both for part in parts)


def _values(record: Mapping[str, Any], kind: str) -> list[str]:
    known = [one.get("value") if isinstance(one, dict) else one for one in record.get(kind) or ()]
    return [value for value in known if isinstance(value, str) and value]


def _full_name(first_name: str | None, last_name: str) -> str:
    return shortened(" ".join(part for part in (first_name, last_name) if part), _LONGEST)


def _site(link: str) -> str:
    return "LinkedIn" if "linkedin.com/" in link else "Website"


def _own_fields(api: Session, person: Mapping[str, Any]) -> dict[str, str]:
    told = {name: person.get(name) for name in _FIELDS if person.get(name)}
    where = {name: field_for(api, name) for name in told}
    return {str(where[name]): _text(value) for name, value in told.items() if where[name]}


def _text(value: Any) -> str:
    return shortened(value if isinstance(value, str) else ", ".join(value), _LONGEST)


def _pointer(field: str) -> str:
    return field.replace("~", "~0").replace("/", "~1")


def _field_names(api: Session) -> list[str]:
    found = choices_of(api.get("/contacts/customfields/attributes"), "customFields")
    return [name for name in map(_field_name, found) if name]


def _field_name(field: Mapping[str, Any]) -> str:
    # The description leaves out how a field tells its name.
    return str(field.get("name") or field.get("title") or "")


def _own_value(api: Session, contact: dict[str, Any], field: str) -> Any:
    path = f"/contacts/{number_of(contact)}-contacts/customfields"
    found = choices_of(api.get(path), "customFields")
    return next((one.get("value") for one in found if _field_name(one) == field), None)
