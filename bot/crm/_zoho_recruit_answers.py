"""How Zoho Recruit says things: fields, faults of single records inside accepted answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.crm._errors import AlreadyExists, CrmError, Declined, Missing, Nonsense
from bot.crm._http import inner, listed, pick
from bot.crm._records import CrmUser, CrmVacancy, FoundPerson
from bot.crm._values import carries, same_email, same_phone, shortened

NAME = "Zoho Recruit"
ONE_RESUME = "more than one"
"""A guess: of a second résumé Zoho is told to say that it is not allowed to attach more than one."""
_UNKNOWN_ID = "the id given"
"""A guess, after Zoho CRM: its words for a record that is not there."""
_REFERENCES = ("Job_Opening_ID", "Job_ID")
"""A guess: the names of the number that Zoho gives a job opening. A title may carry a reference as well."""
_OPEN, _UNAPPROVED = "in-progress", "waiting for approval"
_EMAILS = ("Email", "Secondary_Email")
_PHONES = ("Mobile", "Phone")
_LONGEST = {"First_Name": 40, "Last_Name": 80, "Mobile": 30}
"""Zoho tells 30 for phone numbers; the names' sizes are those of Zoho CRM. Others are of `_TEXT`."""
_TEXT = 100
_SKILLS = 2000
_REFUSALS = {
    "RECORD_LOCKED": "The record is locked in Zoho Recruit. Unlock it there, then press Retry.",
    "BLOCKED_RECORD": "The candidate is blocked in Zoho Recruit or has opted out, so nothing was changed.",
    "NO_PERMISSION": "Zoho Recruit does not allow this to the user who signed in."
    " Sign in as someone who may, from /handoff-settings.",
    "AUTHORIZATION_FAILED": "Zoho Recruit does not allow this to the user who signed in."
    " Sign in as someone who may, from /handoff-settings.",
}


def rows(answer: Any, name: str = "data") -> list[dict[str, Any]]:
    """The records of a list; an empty answer (204) is how Zoho says that there are none."""
    return [] if answer is None else listed(answer, name, crm=NAME)


def done(answer: Any) -> dict[str, Any]:
    """The details of the one record that was written. Raises what its own code tells, whatever the status."""
    items = pick(answer, "data", crm=NAME)
    if isinstance(items, list) and items and isinstance(items[0], list):
        items = items[0]
    item = pick(items, 0, crm=NAME)
    code = pick(item, "code", crm=NAME)
    if code == "SUCCESS":
        return inner(item, "details")
    raise fault(item) or Declined(f"{NAME} did not accept this ({code}).{_said(item)} Then press Retry.")


def made(answer: Any) -> str:
    """The id of the record that was written."""
    return str(pick(done(answer), "id", crm=NAME))


def first_of(body: Any) -> dict[str, Any]:
    """The part of an error answer that says what is wrong: its first record, or the whole."""
    items = body.get("data") if isinstance(body, dict) else None
    while isinstance(items, list) and items:
        items = items[0]
    found = items if isinstance(items, dict) else body
    return found if isinstance(found, dict) else {}


def fault(item: Mapping[str, Any]) -> CrmError | None:
    """The error that a code means, None for one that says no more than the status does."""
    code, details = str(item.get("code") or ""), inner(dict(item), "details")
    if code in _REFUSALS:
        return Declined(_REFUSALS[code])
    if code == "DUPLICATE_DATA":
        known = details.get("id")
        return AlreadyExists(f"{NAME} has this already.{_said(item)}", str(known) if known else None)
    if code == "ALREADY_ASSOCIATED":
        return AlreadyExists(f"{NAME} has this candidate on the job opening already.")
    if code == "ID_ALREADY_DELETED" or (code == "INVALID_DATA" and _UNKNOWN_ID in _said(item).casefold()):
        return Missing(f"{NAME} has no such record (any more).")
    if code == "MANDATORY_NOT_FOUND":
        field = details.get("api_name") or "a field that is empty here"
        return Declined(f"{NAME} insists on {field}. Make it optional there, then press Retry.")
    if code == "INVALID_DATA":
        field = details.get("api_name") or "a value"
        return Declined(f"{NAME} does not take {field} as it is.{_said(item)} Correct it, then press Retry.")
    return None


def fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as Zoho names and sizes them."""
    holds = {
        "First_Name": person.get("first_name"),
        "Last_Name": person.get("last_name"),
        "Mobile": person.get("phone"),
        "City": person.get("location"),
        "Current_Job_Title": person.get("headline"),
        "Source": person.get("source"),
    }
    sized = {name: shortened(value, _LONGEST.get(name, _TEXT)) for name, value in holds.items() if value}
    if email := person.get("email"):
        sized["Email"] = email
    if skills := person.get("skills"):
        sized["Skill_Set"] = shortened(", ".join(skills), _SKILLS)
    return sized


def found(record: Mapping[str, Any]) -> FoundPerson:
    """Somebody whom a search brought."""
    name = " ".join(str(record[key]) for key in ("First_Name", "Last_Name") if record.get(key))
    return FoundPerson(str(pick(record, "id", crm=NAME)), name, filled(record))


def filled(record: Mapping[str, Any]) -> frozenset[str]:
    """Which fields of `Person` hold something in a candidate's record."""
    holds = {
        "first_name": record.get("First_Name"),
        "email": record.get("Email"),
        "phone": any(record.get(name) for name in _PHONES),
        "location": any(record.get(name) for name in ("Street", "City", "State", "Zip_Code")),
        "headline": record.get("Current_Job_Title"),
        "skills": record.get("Skill_Set"),
    }
    return frozenset(name for name, value in holds.items() if value)


def has_email(record: Mapping[str, Any], email: str) -> bool:
    """Whether one of a candidate's addresses is this one."""
    return any(same_email(record.get(name), email) for name in _EMAILS)


def has_phone(record: Mapping[str, Any], phone: str) -> bool:
    """Whether one of a candidate's numbers is this one."""
    return any(same_phone(record.get(name), phone) for name in _PHONES)


def vacancy(job: Mapping[str, Any], unapproved: bool) -> CrmVacancy:
    """A job opening; with `unapproved`, one that waits for approval counts as open."""
    owner = inner(dict(job), "Account_Manager").get("id") or inner(dict(job), "Owner").get("id")
    status = str(job.get("Job_Opening_Status") or "").casefold()
    return CrmVacancy(
        id=str(pick(job, "id", crm=NAME)),
        title=str(job.get("Posting_Title") or ""),
        reference=next((str(job[name]) for name in _REFERENCES if job.get(name)), None),
        is_open=status == _OPEN or (unapproved and status == _UNAPPROVED),
        owner_id=str(owner) if owner else None,
    )


def referred(jobs: list[CrmVacancy], reference: str) -> CrmVacancy | None:
    """The one of these that has the reference, else the one whose title carries it; None if several do."""
    found = [job for job in jobs if (job.reference or "").casefold() == reference.casefold()]
    found = found or [job for job in jobs if carries(job.title, reference)]
    found = [job for job in found if job.is_open] or found
    return found[0] if len(found) == 1 else None


def user(record: Mapping[str, Any]) -> CrmUser:
    """A user of the account."""
    email = record.get("email")
    return CrmUser(str(pick(record, "id", crm=NAME)), str(record.get("full_name") or email or ""), email)


def status_choices(answer: Any) -> list[tuple[str, str]]:
    """The candidate statuses of an account, from the description of its fields."""
    for field in rows(answer, "fields"):
        if field.get("api_name") == "Candidate_Status":
            values = listed(field, "pick_list_values", crm=NAME)
            labels = [(value.get("actual_value"), value.get("display_value")) for value in values]
            return [(str(actual), str(shown or actual)) for actual, shown in labels if actual]
    raise Nonsense(f"{NAME} did not describe the status of candidates.")


def _said(item: Mapping[str, Any]) -> str:
    message = shortened(str(item.get("message") or ""), 200)
    return f" It said: {message.rstrip('.')}." if message else ""
