"""Bullhorn's calls: the index and the database, records, lists, what an account may choose from."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from bot.crm._bullhorn_records import (
    CANDIDATE_FIELDS,
    EMAILS,
    NAME,
    PHONES,
    any_of,
    cases,
    has_email,
    has_phone,
    literal,
    written,
)
from bot.crm._errors import Missing, Nonsense
from bot.crm._http import Session, inner, listed, pick
from bot.crm._records import CrmUser, CrmVacancy
from bot.crm._values import record_number, shortened

WEB_RESPONSE = "New Lead"
"""The status that makes a job submission an online response; any other makes it a formal one."""
_SUBMITTED = "Submitted"
_CLOSED = "archive"
MATCHES = 50
_PAGE = 200
_LONGEST_LIST = 10_000
_JOB_FIELDS = "id,title,status,isOpen,isDeleted,externalID,owner(id)"


# --- records ------------------------------------------------------------------------------------------


def record(api: Session, path: str, fields: str) -> dict[str, Any]:
    """One record."""
    found = pick(api.get(path, params={"fields": fields}), "data", crm=NAME)
    if not isinstance(found, dict):
        raise Nonsense(f"{NAME} answered a record that is none.")
    return found


def every(api: Session, path: str, fields: str) -> Iterator[dict[str, Any]]:
    """All that belongs to a record."""
    for start in range(0, _LONGEST_LIST, _PAGE):
        query = {"fields": fields, "start": start, "count": _PAGE}
        page = listed(api.get(path, params=query), "data", crm=NAME)
        yield from page
        if len(page) < _PAGE:
            return


def search(
    api: Session, entity: str, query: str, fields: str, count: int = MATCHES, sort: str | None = None
) -> list[dict[str, Any]]:
    """What the index has, by a Lucene query. It may lag behind the database."""
    asked = {"query": query, "fields": fields, "count": count, "sort": sort}
    return listed(api.get(f"/search/{entity}", params=asked), "data", crm=NAME)


def query(api: Session, entity: str, where: str, fields: str) -> list[dict[str, Any]]:
    """What the database has, by a JPQL clause: for what has no index."""
    asked = {"where": where, "fields": fields, "count": MATCHES}
    return listed(api.get(f"/query/{entity}", params=asked), "data", crm=NAME)


def put(api: Session, entity: str, body: dict[str, Any]) -> str:
    """A new record's id."""
    return str(pick(api.json("PUT", f"/entity/{entity}", json=body), "changedEntityId", crm=NAME))


def reference(record_id: str | None) -> dict[str, int] | None:
    """Another record as a field's value."""
    number = record_number(record_id)
    return {"id": number} if number else None


def complaint(body: Any) -> str:
    """What a refusal says, with the fields at fault."""
    if not isinstance(body, dict):
        return ""
    faults = body.get("errors")
    parts = [body.get("errorMessage")]
    for fault in faults if isinstance(faults, list) else ():
        if isinstance(fault, dict):
            told = (fault.get("propertyName"), fault.get("detailMessage"))
            parts.append(": ".join(str(part) for part in told if part))
    return shortened(" ".join(dict.fromkeys(str(part) for part in parts if part)), 300)


# --- candidates ---------------------------------------------------------------------------------------


def candidate(api: Session, person_id: str | int) -> dict[str, Any]:
    """A candidate's record. Raises `Missing` where it is only marked as deleted, too."""
    found = record(api, f"/entity/Candidate/{person_id}", CANDIDATE_FIELDS)
    if found.get("isDeleted"):
        raise Missing(f"{NAME} has no such candidate any more.")
    return found


def candidates_by_email(api: Session, email: str) -> list[dict[str, Any]]:
    """Those with exactly this e-mail: in the index, else whom it does not have yet."""
    indexed = [one for one in _indexed(api, any_of(EMAILS, [email])) if has_email(one, email)]
    return indexed or [one for one in _applied(api, email) if has_email(one, email)]


def candidates_by_phone(api: Session, phone: str) -> list[dict[str, Any]]:
    """Those with exactly this number."""
    return [one for one in _indexed(api, any_of(PHONES, written(phone))) if has_phone(one, phone)]


def _indexed(api: Session, query: str) -> list[dict[str, Any]]:
    return search(api, "Candidate", f"{query} AND isDeleted:0", CANDIDATE_FIELDS)


def _applied(api: Session, email: str) -> list[dict[str, Any]]:
    """Candidates by the applications that the database has, be the index behind or not."""
    spellings = ",".join(map(literal, cases(email)))
    where = f"candidate.email IN ({spellings}) AND isDeleted=false"
    applied = query(api, "JobSubmission", where, "id,candidate(id)")
    found = []
    for number in dict.fromkeys(pick(one, "candidate", "id", crm=NAME) for one in applied):
        with contextlib.suppress(Missing):
            found.append(candidate(api, number))
    return found


# --- jobs and users -----------------------------------------------------------------------------------


def jobs(api: Session, query: str, count: int = MATCHES, sort: str | None = None) -> list[CrmVacancy]:
    """The jobs that a Lucene query finds."""
    return [_vacancy(found) for found in search(api, "JobOrder", query, _JOB_FIELDS, count, sort)]


def job(api: Session, number: int) -> CrmVacancy:
    """The job of that id. Raises `Missing` where it is only marked as deleted, too."""
    found = record(api, f"/entity/JobOrder/{number}", _JOB_FIELDS)
    if found.get("isDeleted"):
        raise Missing(f"{NAME} has no such job any more.")
    return _vacancy(found)


def _vacancy(found: dict[str, Any]) -> CrmVacancy:
    is_open = bool(found.get("isOpen")) and str(found.get("status")).casefold() != _CLOSED
    owner = inner(found, "owner").get("id")
    return CrmVacancy(
        id=str(pick(found, "id", crm=NAME)),
        title=str(found.get("title") or ""),
        reference=str(found["externalID"]) if found.get("externalID") else None,
        is_open=is_open,
        owner_id=str(owner) if owner else None,
    )


def user(found: dict[str, Any]) -> CrmUser:
    """A CorporateUser."""
    name = " ".join(str(found[part]) for part in ("firstName", "lastName") if found.get(part))
    return CrmUser(
        str(pick(found, "id", crm=NAME)), name or str(found.get("email") or ""), found.get("email")
    )


def share_categories(api: Session, person_id: str, vacancy_id: str) -> None:
    """Give the candidate those of the job's categories that they lack; naming one they have would fail."""
    theirs = {found.get("id") for found in every(api, f"/entity/Candidate/{person_id}/categories", "id")}
    wanted = [found.get("id") for found in every(api, f"/entity/JobOrder/{vacancy_id}/categories", "id")]
    if lacking := ",".join(str(number) for number in wanted if number not in theirs):
        api.json("PUT", f"/entity/Candidate/{person_id}/categories/{lacking}")


# --- what an account may choose from ------------------------------------------------------------------


def setting(api: Session, name: str) -> Any:
    """One of the settings of the account or its user."""
    return pick(api.get(f"/settings/{name}"), name, crm=NAME)


def _names(api: Session, name: str) -> list[str]:
    found = setting(api, name)
    if not isinstance(found, list):
        raise Nonsense(f"{NAME} answered a list that is none.")
    return [str(value) for value in found if value]


def choices(api: Session, key: str) -> Sequence[tuple[str, str]]:
    """What a live option offers: candidate statuses, categories, stages of a submission, kinds of note."""
    match key:
        case "candidate_status":
            fields = listed(api.get("/meta/Candidate", params={"fields": "status"}), "fields", crm=NAME)
            offered = [
                inner for field in fields if field.get("name") == "status" for inner in _options(field)
            ]
        case "category":
            offered = listed(api.get("/options/Category", params={"count": 300}), "data", crm=NAME)
        case "stage":
            return [(name, name) for name in _formal(api)]
        case "note_action":
            return [(name, name) for name in _names(api, "commentActionList")]
        case _:
            return ()
    return [(str(pick(one, "value", crm=NAME)), str(one.get("label") or one["value"])) for one in offered]


def stage(api: Session) -> str:
    """The status a new job submission gets, by the workspace's options."""
    if api.options.get("shortlist") != "yes":
        return WEB_RESPONSE
    if chosen := api.options.get("stage"):
        return chosen
    offered = _formal(api)
    return _SUBMITTED if _SUBMITTED in offered or not offered else offered[0]


def _formal(api: Session) -> list[str]:
    return [name for name in _names(api, "jobResponseStatusList") if name != WEB_RESPONSE]


def _options(field: dict[str, Any]) -> list[dict[str, Any]]:
    return listed(field, "options", crm=NAME) if field.get("options") else []
