"""People in Odoo: a contact holds who somebody is, applicants (in 18: a candidate) what they applied for.

Outside 18 a person is any of their applicants. One without a job, neither archived nor in a talent pool, is
on file: it takes CV and note, and becomes the application once it gets its job.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.crm._errors import Missing
from bot.crm._http import Session
from bot.crm._odoo_api import CANDIDATE, EVERYTHING, create, records, shape, write
from bot.crm._records import Person
from bot.crm._values import phone_spellings, record_number, same_email, same_phone

CONTACT = "res.partner"
Row = dict[str, Any]
_CONTACT_FIELDS = ("name", "email", "email_normalized", "phone", "function", "city")
_PERSON_FIELDS = (
    "active",
    "categ_ids",
    "email_from",
    "email_normalized",
    "linkedin_profile",
    "message_main_attachment_id",
    "partner_id",
    "partner_name",
    "partner_phone",
)
_FEWEST_DIGITS = 3


def link_to(record: Mapping[str, Any], field: str) -> int | None:
    """The id of the record that a field leads to."""
    value = record.get(field)
    return value[0] if isinstance(value, list) and value and isinstance(value[0], int) else None


def person_id(api: Session, record_id: int) -> str:
    """A person's id as it is kept. 18's says so, as those numbers mean nobody once that Odoo is upgraded."""
    return f"{CANDIDATE}/{record_id}" if shape(api).has_candidates else str(record_id)


def number_of(api: Session, person: str) -> int:
    """The record number in a person's id. Raises `Missing` where it is of another version's making."""
    model, _, digits = person.rpartition("/")
    number = record_number(digits)
    if number is None or (model == CANDIDATE) != shape(api).has_candidates:
        raise Missing(f"{api.crm.name} has no such record (any more).")
    return number


# --- reading ----------------------------------------------------------------------------------------------


def by_email(api: Session, email: str) -> list[Row]:
    """All records of people with that e-mail, on themselves or on their contact."""
    wanted = email.strip().casefold()
    domain = ["|", ["email_normalized", "=", wanted], ["partner_id.email_normalized", "=", wanted]]
    found = _rows(api, domain)
    return [row for row in found if any(same_email(known, wanted) for known in _emails(row))]


def by_phone(api: Session, phone: str) -> list[Row]:
    """All records of people with that number, however it is spaced, on themselves or on their contact."""
    spellings = [one for one in phone_spellings(phone) if sum(map(str.isdigit, one)) >= _FEWEST_DIGITS]
    fields = ("phone_mobile_search", "partner_id.phone_mobile_search")
    wanted = [[field, "=", spelling] for spelling in spellings for field in fields]
    found = _rows(api, ["|"] * (len(wanted) - 1) + wanted) if wanted else []
    return [
        row for row in found if any(same_phone(known, one) for known in _phones(row) for one in spellings)
    ]


def the_row(api: Session, person: str) -> Row:
    """A person's own record. Raises `Missing`."""
    found = _rows(api, [["id", "=", number_of(api, person)]])
    if not found:
        raise Missing(f"{api.crm.name} has no such record (any more).")
    return found[0]


def all_of(api: Session, row: Row) -> list[Row]:
    """All records of the same person, archived ones included."""
    if shape(api).has_candidates:
        return [row]
    same: list[list[Any]] = [["id", "=", row["id"]]]
    if contact := link_to(row, "partner_id"):
        same.append(["partner_id", "=", contact])
    if row.get("email_normalized"):
        same.append(["email_normalized", "=", row["email_normalized"]])
    return _rows(api, ["|"] * (len(same) - 1) + same) if len(same) > 1 else [row]


def is_on_file(row: Row) -> bool:
    """Whether the record waits for a job; a talent stays in its pool."""
    return bool(row.get("active")) and not row.get("job_id") and not row.get("talent_pool_ids")


def best_of(rows: Iterable[Row]) -> Row:
    """The record that stands for the person: on file, else in use, the newest of those."""
    return max(rows, key=lambda row: (is_on_file(row), bool(row.get("active")), int(row["id"])))


def persons(rows: Iterable[Row], *, one: bool) -> list[Row]:
    """One record a person. `one` says that the rows share what only one person has."""
    people: dict[Any, list[Row]] = {}
    for row in rows:
        who = "one" if one else link_to(row, "partner_id") or row.get("email_normalized") or (row["id"],)
        people.setdefault(who, []).append(row)
    return [best_of(group) for group in people.values()]


def name_of(row: Row) -> str:
    """The person's name."""
    return str(row.get("partner_name") or row["contact"].get("name") or "")


def filled(row: Row) -> frozenset[str]:
    """Which fields of `Person` hold something, on the record or on the contact."""
    contact = row["contact"]
    holds = {
        "first_name": len(str(row.get("partner_name") or "").split()) > 1,
        "email": row.get("email_from") or contact.get("email"),
        "phone": row.get("partner_phone") or contact.get("phone"),
        "location": contact.get("city"),
        "headline": contact.get("function"),
        "skills": row.get("categ_ids"),
    }
    return frozenset(name for name, value in holds.items() if value)


def _rows(api: Session, domain: list[Any]) -> list[Row]:
    kept = shape(api)
    fields = [*_PERSON_FIELDS, "user_id" if kept.has_candidates else kept.owner]
    if not kept.has_candidates:
        fields += ["job_id", *(name for name in ("source_id", "talent_pool_ids") if kept.has(name))]
    rows = records(api, kept.person, domain, fields, context=EVERYTHING, order="id desc")
    numbers = sorted({number for row in rows if (number := link_to(row, "partner_id"))})
    contacts: list[Row] = []
    if numbers:
        contacts = records(api, CONTACT, [["id", "in", numbers]], _CONTACT_FIELDS, context=EVERYTHING)
    known = {contact["id"]: contact for contact in contacts}
    return [row | {"contact": known.get(link_to(row, "partner_id"), {})} for row in rows]


def _emails(row: Row) -> list[str]:
    return [
        str(value) for value in (row.get("email_normalized"), row["contact"].get("email_normalized")) if value
    ]


def _phones(row: Row) -> list[str]:
    return [str(value) for value in (row.get("partner_phone"), row["contact"].get("phone")) if value]


# --- writing ----------------------------------------------------------------------------------------------


def contact_of(api: Session, person: Person) -> Row:
    """The contact with that e-mail, its empty fields filled, else a new one."""
    wanted = _contact_values(vars(person))
    found: list[Row] = []
    if person.email:
        same = [["email_normalized", "=", person.email.strip().casefold()], ["is_company", "=", False]]
        found = records(api, CONTACT, same, _CONTACT_FIELDS, order="id", limit=1)
    if not found:
        values = wanted | {"name": _name(person.first_name, person.last_name)}
        return dict.fromkeys(_CONTACT_FIELDS, False) | values | {"id": create(api, CONTACT, values)}
    contact = found[0]
    missing = {name: value for name, value in wanted.items() if not contact.get(name)}
    if missing:
        write(api, CONTACT, contact["id"], missing)
    return contact | missing


def values_from(contact: Mapping[str, Any]) -> Row:
    """What a record of this contact says of it. Odoo would make the contact fit a record that differs."""
    return {
        "partner_id": contact["id"],
        "partner_name": contact["name"],
        "email_from": contact.get("email") or False,
        "partner_phone": contact.get("phone") or False,
    }


def with_contact(api: Session, row: Row, missing: Mapping[str, Any]) -> Row:
    """The record, joined to its contact, which gets what is missing; without one, to a new one."""
    if row["contact"]:
        holds = filled(row)
        values = _contact_values({name: value for name, value in missing.items() if name not in holds})
        if values:
            write(api, CONTACT, row["contact"]["id"], values)
        return row | {"contact": row["contact"] | values}
    person = Person(
        last_name=str(row.get("partner_name") or "?"),
        email=row.get("email_from") or missing.get("email"),
        phone=row.get("partner_phone") or missing.get("phone"),
        location=missing.get("location"),
        headline=missing.get("headline"),
    )
    contact = contact_of(api, person)
    write(api, shape(api).person, row["id"], {"partner_id": contact["id"]})
    return row | {"partner_id": [contact["id"], contact["name"]], "contact": contact}


def fill(api: Session, row: Row, missing: Mapping[str, Any], tags: list[int]) -> None:
    """Fill what is empty, on the contact and on the record."""
    holds = filled(row)
    if any(missing.get(name) and name not in holds for name in ("email", "phone", "location", "headline")):
        row = with_contact(api, row, missing)
    values: Row = {"categ_ids": [[6, 0, tags]]} if tags and not row.get("categ_ids") else {}
    contact = row["contact"]
    pairs = (("email_from", "email"), ("partner_phone", "phone"))
    # Where the record differs from its contact, Odoo would make the contact the same.
    agrees = contact.get("name") == row.get("partner_name") and all(
        not row.get(own) or row.get(own) == contact.get(theirs) for own, theirs in pairs
    )
    if agrees:
        values |= {own: contact[theirs] for own, theirs in pairs if contact.get(theirs) and not row.get(own)}
    alone = str(row.get("partner_name") or "")
    first = str(missing.get("first_name") or "")
    if first and "first_name" not in holds and alone and alone.casefold() != first.casefold():
        values["partner_name"] = _name(first, alone)
        if contact.get("name") == alone:
            write(api, CONTACT, contact["id"], {"name": values["partner_name"]})
    if values:
        write(api, shape(api).person, row["id"], values)


def _contact_values(known: Mapping[str, Any]) -> Row:
    names = {"email": "email", "phone": "phone", "function": "headline", "city": "location"}
    return {theirs: known[ours] for theirs, ours in names.items() if known.get(ours)}


def _name(first: str | None, last: str) -> str:
    return " ".join(part for part in (first, last) if part)
