"""Recruit CRM's records and refusals, read and written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bot.crm._errors import CrmError, Declined, RateLimited, SignInNeeded
from bot.crm._http import Answer, listed
from bot.crm._values import shortened

CRM_NAME = "Recruit CRM"
_LONGEST = {"first_name": 100, "last_name": 100, "city": 100, "position": 200}


def records(answer: Any) -> list[dict[str, Any]]:
    """The records of a list, which comes bare; its documented example shows but one of them."""
    if isinstance(answer, dict) and "id" in answer:
        answer = [answer]
    return listed({"all": answer}, "all", crm=CRM_NAME)


def names(first_name: str | None, last_name: str) -> dict[str, str]:
    """A name as Recruit CRM wants it: whoever has but one name bears it as the first."""
    both = {"first_name": first_name, "last_name": last_name} if first_name else {"first_name": last_name}
    return {name: shortened(str(value), _LONGEST[name]) for name, value in both.items()}


def fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The other fields of `Person` that hold something."""
    holds = {
        "email": person.get("email"),
        "contact_number": person.get("phone"),
        "city": shortened(person.get("location") or "", _LONGEST["city"]),
        "position": shortened(person.get("headline") or "", _LONGEST["position"]),
        # Commas part the skills from each other.
        "skill": ",".join(skill.replace(",", " ") for skill in person.get("skills") or ()),
    }
    return {name: value for name, value in holds.items() if value}


def filled(record: Mapping[str, Any]) -> frozenset[str]:
    """Which fields of `Person` hold something in a candidate's record."""
    address = ("city", "locality", "state", "country", "postal_code", "address")
    holds = {
        "first_name": record.get("first_name") and record.get("last_name"),
        "email": record.get("email"),
        "phone": record.get("contact_number"),
        "location": any(record.get(part) for part in address),
        "headline": record.get("position"),
        "skills": record.get("skill"),
    }
    return frozenset(name for name, value in holds.items() if value)


def name(record: Mapping[str, Any]) -> str:
    """The full name in a record of a person or a user."""
    return " ".join(str(record[key]) for key in ("first_name", "last_name") if record.get(key))


def has_resume(record: Mapping[str, Any]) -> bool:
    """Whether a candidate has a résumé, be it told as an address or as a file."""
    resume = record.get("resume")
    return any(resume.values()) if isinstance(resume, dict) else bool(resume)


def has_value(job: Mapping[str, Any], field: int, value: str) -> bool:
    """Whether a job's own field holds exactly that."""
    own = job.get("custom_fields") or ()
    return any(
        one.get("field_id") == field and str(one.get("value") or "").casefold() == value.casefold()
        for one in own
        if isinstance(one, dict)
    )


def folder(key: str) -> str:
    """The folder that an application's CV goes to: files have no other place for our key."""
    return f"Handoff {key}"


def stage_path(person_id: str, vacancy_id: str) -> str:
    """Where a candidate's stage on a job is read and written."""
    return f"/v1/candidates/{quote(person_id)}/hiring-stages/{quote(vacancy_id)}"


def said(answer: Answer) -> str:
    """A refusal's own words. Their shape is not documented: the usual ones are read."""
    body = answer.json_or_none()
    if not isinstance(body, dict):
        return ""
    words = [body.get("message"), body.get("error")]
    errors = body.get("errors")
    if isinstance(errors, dict):
        words += [
            fault for faults in errors.values() for fault in (faults if isinstance(faults, list) else ())
        ]
    return shortened(" ".join(dict.fromkeys(word for word in words if isinstance(word, str) and word)), 300)


def forbidden(answer: Answer, words: str) -> CrmError:
    """What a 403 means: by the documents the token, or its quota."""
    text = answer.body.decode("utf-8", "replace")
    if "rate_limit_error" in text:
        return RateLimited(f"{CRM_NAME} asks us to slow down.", answer.retry_after)
    if "authentication_error" in text or "token_not_active_error" in text:
        return SignInNeeded(f"{CRM_NAME} no longer accepts the API token, or it is not active.")
    return Declined(
        f"{CRM_NAME} does not allow this: its API token is not valid for it, or its quota is used up."
        f"{f' It said: {words}' if words else ''} Check the token in Recruit CRM, then enter it anew"
        " from /handoff-settings."
    )
