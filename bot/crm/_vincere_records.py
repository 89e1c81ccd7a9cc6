"""How Vincere says things: its search language, candidates as read and written back, positions, ids."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from bot.crm._http import inner, pick
from bot.crm._records import CrmUser, CrmVacancy, CvDocument, FoundPerson
from bot.crm._values import same_email, same_phone, shortened

NAME = "Vincere"
PERSON_FIELDS = "id,name,primary_email,phone,mobile"
POSITION_FIELDS = "id,job_title,job_status,closed_date,owners,created_date"
_OPEN = "OPEN"
_EMAILS = ("email", "work_email", "payslip_email")
_PHONES = ("phone", "mobile", "home_phone", "work_phone")
_READ_ONLY = frozenset(
    {
        *("id", "availability", "highest_job_application_stage", "photo_url", "updated_timestamp"),
        "email_subscribed",
    }
)
"""What a candidate's record has when it is read, but not when it is written."""
_NAME, _TEXT, _SKILLS = 100, 250, 2000
"""A guess: Vincere documents no sizes."""


def clause(field: str, value: str) -> str:
    """One condition of a search, which has to end in #.

    A guess: how # and quotes are written inside a value is not documented, so they are left out.
    """
    plain = re.sub(r'["\\#]', " ", value).strip()
    return f'{field}:"{plain}"#'


def stamp(moment: datetime) -> str:
    """A time as Vincere writes it, with milliseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def ends_at(id_token: str) -> datetime | None:
    """When an id-token runs out, which may be before the token answer says; None if it hides that."""
    try:
        payload = id_token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(float(claims["exp"]), UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, OSError, binascii.Error):
        return None


def stored_name(cv: CvDocument) -> str:
    """The CV's file name with our own mark in it: Vincere tells neither size nor content of a file."""
    path = PurePath(cv.filename)
    mark = hashlib.sha256(cv.key.encode()).hexdigest()[:8]
    return f"{path.stem} [{mark}]{path.suffix}"


def fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as Vincere names and sizes them."""
    holds = {
        "first_name": shortened(person.get("first_name") or "", _NAME),
        "last_name": shortened(person.get("last_name") or "", _NAME),
        "email": person.get("email"),
        "phone": person.get("phone"),
        "summary": shortened(person.get("headline") or "", _TEXT),
        "skills": shortened(",".join(person.get("skills") or ()), _SKILLS),
    }
    return {name: value for name, value in holds.items() if value}


def found(record: Mapping[str, Any]) -> FoundPerson:
    """Somebody by their whole record."""
    name = " ".join(str(record[key]) for key in ("first_name", "last_name") if record.get(key))
    return FoundPerson(str(pick(record, "id", crm=NAME)), name, filled(record))


def filled(record: Mapping[str, Any]) -> frozenset[str]:
    """Which fields of `Person` hold something in a candidate's record."""
    holds = {
        "first_name": record.get("first_name"),
        "email": record.get("email"),
        "phone": any(record.get(name) for name in _PHONES),
        "headline": record.get("summary"),
        "skills": record.get("skills"),
    }
    return frozenset(name for name, value in holds.items() if value)


def has_email(record: Mapping[str, Any], email: str) -> bool:
    """Whether one of a candidate's addresses is this one."""
    return any(same_email(record.get(name), email) for name in _EMAILS)


def has_phone(record: Mapping[str, Any], phone: str) -> bool:
    """Whether one of a candidate's numbers is this one."""
    return any(same_phone(record.get(name), phone) for name in _PHONES)


def written_back(record: Mapping[str, Any]) -> dict[str, Any]:
    """All of a record that a replacement takes, so that nothing of it is lost."""
    return {name: value for name, value in record.items() if value is not None and name not in _READ_ONLY}


def vacancy(position: Mapping[str, Any]) -> CrmVacancy:
    """A position. It is open if it says so, and without saying, unless it has been closed."""
    status = str(position.get("job_status") or "").upper()
    owners = position.get("owners")
    owner = inner({"one": owners[0]}, "one").get("id") if isinstance(owners, list) and owners else None
    return CrmVacancy(
        id=str(pick(position, "id", crm=NAME)),
        title=str(position.get("job_title") or ""),
        is_open=status == _OPEN if status else not position.get("closed_date"),
        owner_id=str(owner) if owner else None,
    )


def user(record: Mapping[str, Any]) -> CrmUser:
    """A user of the tenant."""
    number, email = str(pick(record, "id", crm=NAME)), record.get("email")
    return CrmUser(number, str(record.get("full_name") or email or ""), email)


def sources(rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The id and name of each source."""
    told = [(str(one.get("value") or ""), str(one.get("description") or "")) for one in rows]
    return [(number, label) for number, label in told if number.isdecimal() and label]
