"""Greenhouse's lists and records: pages by cursor, candidates, jobs, applications, attachments, refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from requests.utils import parse_header_links

from bot.crm._errors import Declined, Missing, Nonsense
from bot.crm._http import Answer, Session, listed, pick, send
from bot.crm._records import CrmVacancy, FoundPerson
from bot.crm._values import carries, shortened

NAME = "Greenhouse"
UNKNOWN = "–"
"""Stands for a first name that nobody knows: Greenhouse demands one."""
FILE_HOSTS = (".amazonaws.com", ".greenhouse.io")
"""What the hosts end in that attachments come from. No token goes there: their addresses are signed."""
PERSON_FIELDS = "id,first_name,last_name,title,email_addresses,phone_numbers,addresses"
_HOST = re.compile(r"[a-z0-9.-]+")
_PAGE = 500
_MOST_PAGES = 20
_TEXT = 255


# --- lists --------------------------------------------------------------------------------------------


def every(api: Session, path: str, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All pages of a list; from the second on, the cursor is asked for alone."""
    asked: dict[str, Any] = {**query, "per_page": _PAGE}
    for _ in range(_MOST_PAGES):
        answer = api.call("GET", path, params=asked)
        yield from listed({"all": answer.json_or_none()}, "all", crm=NAME)
        cursor = _next_cursor(answer)
        if cursor is None:
            return
        asked = {"cursor": cursor}


def one(api: Session, path: str, record_id: str | int) -> dict[str, Any]:
    """The record with that id: there is no other way to it than a list. Raises `Missing` without one."""
    for record in every(api, path, {"ids": record_id}):
        if str(record.get("id")) == str(record_id):
            return record
    raise Missing(f"{NAME} has no such record (any more).")


def record_id(record: Any, *path: str) -> str:
    """The id of a record, which may stand inside another."""
    return str(pick(record, *path, "id", crm=NAME))


def _next_cursor(answer: Answer) -> str | None:
    for link in parse_header_links(answer.headers.get("link", "")):
        if link.get("rel") == "next":
            return next(iter(parse_qs(urlsplit(link.get("url", "")).query).get("cursor", ())), None)
    return None


# --- people -------------------------------------------------------------------------------------------


def fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as Greenhouse names them."""
    kinds = {"email_addresses": ("email", "personal"), "phone_numbers": ("phone", "mobile")}
    kinds |= {"addresses": ("location", "home")}
    plain = {"first_name": person.get("first_name"), "title": person.get("headline")}
    told: dict[str, Any] = {name: shortened(value, _TEXT) for name, value in plain.items() if value}
    for name, (field, kind) in kinds.items():
        if value := person.get(field):
            told[name] = [{"value": shortened(str(value), _TEXT), "type": kind}]
    return told


def new(person: Mapping[str, Any]) -> dict[str, Any]:
    """A whole new candidate, who comes as a prospect: files can only be attached to an application."""
    links = person.get("links") or ()
    profiles = [{"value": link} for link in links if "linkedin.com/" in link]
    body = {"first_name": UNKNOWN, "last_name": shortened(str(person["last_name"]), _TEXT)} | fields(person)
    more = {"social_media_addresses": profiles} if profiles else {}
    return body | more | {"application": prospect(person.get("owner_id"))}


def prospect(owner_id: str | None = None) -> dict[str, Any]:
    """An application that is for no job yet, and whose it is.

    A guess: the names are those of the retired version, which integrations are seen to send to this one.
    """
    return {"prospect": True} | ({"prospect_owner_id": int(owner_id)} if owner_id else {})


def found(record: Mapping[str, Any]) -> FoundPerson:
    """Somebody whom a list brought."""
    names = [record.get("first_name"), record.get("last_name")]
    name = " ".join(str(part) for part in names if part and part != UNKNOWN)
    return FoundPerson(record_id(record), name, filled(record))


def filled(record: Mapping[str, Any]) -> frozenset[str]:
    """Which fields of `Person` hold something in a candidate's record."""
    holds = {
        "first_name": record.get("first_name") not in (None, "", UNKNOWN),
        "email": values(record, "email_addresses"),
        "phone": values(record, "phone_numbers"),
        "location": values(record, "addresses"),
        "headline": record.get("title"),
    }
    return frozenset(name for name, value in holds.items() if value)


def values(record: Mapping[str, Any], name: str) -> list[str]:
    """What a candidate's list of addresses or numbers holds."""
    kept = listed({"all": record.get(name) or []}, "all", crm=NAME)
    return [str(item["value"]) for item in kept if item.get("value")]


# --- jobs and applications ----------------------------------------------------------------------------


def vacancy(job: Mapping[str, Any]) -> CrmVacancy:
    """A job."""
    reference = job.get("requisition_id")
    return CrmVacancy(
        id=record_id(job),
        title=str(job.get("name") or ""),
        reference=str(reference) if reference else None,
        is_open=job.get("status") == "open",
    )


def newest_first(jobs: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    """Jobs by when they were opened."""
    return sorted(
        jobs, key=lambda job: str(job.get("opened_at") or job.get("created_at") or ""), reverse=True
    )


def referred(api: Session, reference: str) -> CrmVacancy | None:
    """The one job with that requisition id, else the one whose name carries it; open ones go first."""
    if not reference:
        return None
    exact = map(vacancy, every(api, "/v3/jobs", {"requisition_id": reference}))
    jobs = [job for job in exact if (job.reference or "").casefold() == reference.casefold()]
    for status in ("open", "closed"):
        if not jobs:
            named = map(vacancy, every(api, "/v3/jobs", {"status": status}))
            jobs = [job for job in named if carries(job.title, reference)]
    jobs = [job for job in jobs if job.is_open] or jobs
    return jobs[0] if len(jobs) == 1 else None


def applications(api: Session, person_id: str, **more: Any) -> list[dict[str, Any]]:
    """A candidate's applications."""
    return list(every(api, "/v3/applications", {"candidate_ids": person_id, **more}))


def made(answer: Any) -> dict[str, Any]:
    """The application that was created. A guess: it may come bare or, as with a new candidate, by name."""
    whole = listed({"one": [answer]}, "one", crm=NAME)[0]
    return listed({"one": [whole.get("application") or whole]}, "one", crm=NAME)[0]


def stages(api: Session, job_id: str) -> list[dict[str, Any]]:
    """The stages of a job's present plan, in their order."""
    known = every(api, "/v3/job_interview_stages", {"job_ids": job_id, "active": "true"})
    return sorted(known, key=lambda stage: int(stage.get("sort_order") or 0))


def move(api: Session, application: Mapping[str, Any], plan: list[dict[str, Any]], name: str) -> None:
    """Move a new application to the stage of that name, if it is not there already."""
    target = stage_named(plan, name)
    present = application.get("job_interview_stage_id") or record_id(plan[0])
    if str(present) != target:
        steps = {"from_stage_id": int(present), "to_stage_id": int(target)}
        api.post(f"/v3/applications/{record_id(application)}/move", json=steps)


def stage_named(plan: list[dict[str, Any]], name: str) -> str:
    """The id of a plan's stage. Raises `Declined` if the plan has none of that name."""
    for stage in plan:
        if str(stage.get("name")).casefold() == name.casefold():
            return record_id(stage)
    raise Declined(
        f"This job has no stage {name} in {NAME}. Choose another, or none, in /handoff-settings;"
        " then press Retry."
    )


# --- files, sign-in, refusals -------------------------------------------------------------------------


def downloaded(api: Session, url: str) -> bytes | None:
    """An attachment's bytes, None where they can't be had from a host of Greenhouse's."""
    parts, own = urlsplit(url), urlsplit(api.credentials.api_base)
    host = parts.hostname or ""
    is_stored = parts.scheme == "https" and host.endswith(FILE_HOSTS) and _HOST.fullmatch(host)
    if not is_stored and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
        return None
    with requests.Session() as http:
        answer = send(http, NAME, "GET", url, timeout=api.timeout, auth=lambda request: request)
    return answer.body if answer.status == 200 else None


def expiry(token: Mapping[str, Any]) -> datetime | None:
    """When a token runs out, which is told in seconds or as a time."""
    seconds, moment = token.get("expires_in"), token.get("expires_at")
    try:
        if seconds:
            return datetime.now(UTC) + timedelta(seconds=float(seconds))
        return datetime.fromisoformat(moment).astimezone(UTC) if isinstance(moment, str) else None
    except (TypeError, ValueError, OverflowError):
        raise Nonsense(f"{NAME} gave a token without a lifetime that makes sense.") from None


def said(answer: Answer) -> str:
    """The message of a refusal, and what is wrong with which field."""
    body = answer.json_or_none()
    body = body if isinstance(body, dict) else {}
    errors = body.get("errors")
    words = [str(body.get("message") or "")]
    words += [
        ": ".join(str(error[key]) for key in ("field", "message") if error.get(key))
        for error in (errors if isinstance(errors, list) else ())
        if isinstance(error, dict)
    ]
    return shortened(" ".join(dict.fromkeys(word for word in words if word)), 300)
