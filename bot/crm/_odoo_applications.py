"""Applications in Odoo, what hangs on them, and the small records they name: owners, tags, sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.crm import _odoo_api as odoo
from bot.crm import _odoo_people as people
from bot.crm._http import Session
from bot.crm._odoo_api import APPLICANT
from bot.crm._odoo_people import Row
from bot.crm._values import record_number

_MOST_TAGS = 30


def on_any_record(api: Session, person_id: str, model_field: str) -> list[Any]:
    """The part of a domain that means: on any of this person's records."""
    rows = people.all_of(api, people.the_row(api, person_id))
    return [[model_field, "=", odoo.shape(api).person], ["res_id", "in", [row["id"] for row in rows]]]


def on_file(api: Session, person_id: str) -> int:
    """The record that takes the person's next CV and note."""
    row = people.the_row(api, person_id)
    if odoo.shape(api).has_candidates:
        return int(row["id"])
    return int((filed(api, row) or another(api, row))["id"])


def noted(api: Session, person_id: str, link_id: str | None) -> int:
    """The record that takes a note: that of the application it is about, where there is one already."""
    number = record_number(link_id)
    if number and not odoo.shape(api).has_candidates:
        return number
    return on_file(api, person_id)


def filed(api: Session, row: Row) -> Row | None:
    """The record of the person that waits for a job."""
    if people.is_on_file(row):
        return row
    return next((one for one in people.all_of(api, row) if people.is_on_file(one)), None)


def another(api: Session, row: Row, *, with_cv: bool = False) -> Row:
    """One more applicant of the same person: what is there belongs to another application."""
    row = people.with_contact(api, row, {})
    values = people.values_from(row["contact"]) | {"categ_ids": [[6, 0, row.get("categ_ids") or []]]}
    values["linkedin_profile"] = row.get("linkedin_profile") or False
    values |= owner(api, row) | subject(api, values["partner_name"])
    made: Row = {"id": odoo.create(api, APPLICANT, values)}
    cv = people.link_to(row, "message_main_attachment_id")
    if with_cv and cv:
        odoo.call(api, "ir.attachment", "copy", [cv], default={"res_id": made["id"]})
    field = odoo.shape(api).owner
    return made | {field: row.get(field)}


def application(api: Session, row: Row, job: int | None) -> str | None:
    """The id of the person's application for that job, None without one; what is archived is over."""
    if odoo.shape(api).has_candidates:
        domain = [["candidate_id", "=", row["id"]], ["job_id", "=", job]]
        found = odoo.records(api, APPLICANT, domain, ["job_id"], order="id desc", limit=1)
    else:
        found = [one for one in people.all_of(api, row) if one.get("active")]
    return next((str(one["id"]) for one in found if job and people.link_to(one, "job_id") == job), None)


def owner(api: Session, row: Row) -> Row:
    """Whoever is responsible, as it is written; nothing where nobody is: the job's recruiter will be."""
    field = odoo.shape(api).owner
    number = people.link_to(row, field)
    return {field: number} if number else {}


def subject(api: Session, name: str) -> Row:
    """What versions up to 17 want to be told besides."""
    return {"name": name} if odoo.shape(api).needs_subject else {}


def tags(api: Session, names: Sequence[str]) -> list[int]:
    """The ids of the tags of these names."""
    return [_named(api, "hr.applicant.category", name) for name in names[:_MOST_TAGS] if name.strip()]


def source(api: Session, name: str | None) -> Row:
    """The source of that name, as it is written."""
    return {"source_id": _named(api, "utm.source", name)} if name and name.strip() else {}


def _named(api: Session, model: str, name: str) -> int:
    """The id of the record of that name, in whatever letter case; a new one if there is none."""
    same = [["name", "=ilike", odoo.literally(name.strip())]]
    found = odoo.records(api, model, same, ["name"], limit=1)
    return int(found[0]["id"]) if found else odoo.create(api, model, {"name": name.strip()})
