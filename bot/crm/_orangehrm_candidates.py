"""Candidates of OrangeHRM: read and written whole, told apart by marks of ours among their keywords."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from bot.crm._errors import Missing
from bot.crm._http import Session, inner, listed, pick
from bot.crm._records import Person
from bot.crm._values import record_number, same_email, shortened

Row = dict[str, Any]
CANDIDATES = "/api/v2/recruitment/candidates"
LONGEST_NAME = 30
_LONGEST_TEXT = 250
_NO_NAME = "-"
"""Stands where a first name is unknown: OrangeHRM insists on one."""
_KEPT = ("firstName", "middleName", "lastName", "email", "contactNumber", "keywords", "comment")
_DATED, _CONSENT = "dateOfApplication", "consentToKeepData"
_MARK = "handoff:"
_PAGE = 200
_MOST_PAGES = 500


def person_mark(email: str) -> str:
    """What we write among the keywords to find everybody with that e-mail, which can't be searched for."""
    return f"{_MARK}{sha256(email.strip().casefold().encode()).hexdigest()[:12]}"


def note_mark(key: str) -> str:
    """What tells that a note of ours was written."""
    return f"{_MARK}note-{key}"


# --- reading ----------------------------------------------------------------------------------------------


def everybody(api: Session) -> Iterator[Row]:
    """All candidates, page by page."""
    yield from _all_pages(api, {})


def marked(api: Session, email: str) -> list[Row]:
    """Those with that e-mail who bear our mark of it."""
    found = _all_pages(api, {"keywords": person_mark(email)})
    return [row for row in found if same_email(row.get("email"), email)]


def the_row(api: Session, person_id: str) -> Row:
    """One candidate, whole. Raises `Missing`."""
    number = record_number(person_id)
    if number is None:
        raise Missing(f"{api.crm.name} has no such record (any more).")
    row: Row = pick(api.get(f"{CANDIDATES}/{number}"), "data", crm=api.crm.name)
    pick(row, "id", crm=api.crm.name)
    return row


def all_of(api: Session, row: Row) -> list[Row]:
    """The candidates who are the same person, as far as they are known by e-mail."""
    others = marked(api, str(row["email"])) if row.get("email") else []
    return [row, *(other for other in others if other["id"] != row["id"])]


def on_file(api: Session, row: Row) -> Row | None:
    """The newest candidate of the person without a vacancy."""
    free = [one for one in all_of(api, row) if vacancy_of(one) is None]
    return max(free, key=lambda one: int(one["id"]), default=None)


def best_of(rows: Iterable[Row]) -> Row:
    """The candidate who stands for the person: without a vacancy if there is one, the newest of those."""
    return max(rows, key=lambda row: (vacancy_of(row) is None, int(row["id"])))


def with_vacancy(api: Session, row: Row, vacancy_id: str) -> str | None:
    """The id of the person's candidate who has that vacancy, None if none of them has."""
    found = _all_pages(api, {"vacancyId": record_number(vacancy_id)})
    mine = [one for one in found if one["id"] == row["id"] or same_email(one.get("email"), str(row["email"]))]
    return next((str(one["id"]) for one in mine if str(vacancy_of(one)) == vacancy_id), None)


def vacancy_of(row: Row) -> Any:
    """The id of the candidate's vacancy, None without one."""
    return inner(row, "vacancy").get("id")


def name_of(row: Mapping[str, Any]) -> str:
    """First, middle and last name, without what stands for an unknown one."""
    parts = (row.get(name) for name in ("firstName", "middleName", "lastName"))
    return " ".join(str(part) for part in parts if part and part != _NO_NAME)


def keywords(row: Row) -> list[str]:
    """The keywords, our marks among them."""
    return [word.strip() for word in str(row.get("keywords") or "").split(",") if word.strip()]


def filled(row: Row) -> frozenset[str]:
    """Which fields of `Person` hold something."""
    holds = {
        "first_name": row.get("firstName") not in (None, "", _NO_NAME),
        "email": row.get("email"),
        "phone": row.get("contactNumber"),
        "skills": [word for word in keywords(row) if not word.startswith(_MARK)],
    }
    return frozenset(name for name, value in holds.items() if value)


# --- writing ----------------------------------------------------------------------------------------------


def fields_of(person: Person) -> Row:
    """A new candidate's fields in OrangeHRM's sizes."""
    email = str(person.email)
    values: Row = {
        "firstName": shortened(person.first_name or _NO_NAME, LONGEST_NAME),
        "lastName": shortened(person.last_name, LONGEST_NAME),
        "email": email,
        "keywords": joined([person_mark(email)], person.skills),
    }
    return values | ({"contactNumber": phone} if (phone := dialable(person.phone)) else {})


def create(api: Session, values: Row) -> str:
    """The new candidate's id."""
    return str(pick(api.post(CANDIDATES, json=values), "data", "id", crm=api.crm.name))


def update(api: Session, row: Row, values: Row) -> None:
    """Write a candidate back with some fields changed: what is left out would be emptied, the vacancy too."""
    body = {name: row[name] for name in (*_KEPT, _DATED) if row.get(name) is not None}
    if isinstance(row.get(_CONSENT), bool):
        body[_CONSENT] = row[_CONSENT]
    if (vacancy := vacancy_of(row)) is not None:
        body["vacancyId"] = vacancy
    api.json("PUT", f"{CANDIDATES}/{row['id']}", json=body | values)


def another(api: Session, row: Row) -> Row:
    """One more candidate for the same person, who has no vacancy yet."""
    body = {name: row[name] for name in _KEPT if row.get(name) and name != "comment"}
    own = [word for word in keywords(row) if not word.startswith(_MARK)]
    body["keywords"] = joined([person_mark(str(row.get("email") or ""))], own)
    return the_row(api, create(api, body))


def joined(there: Sequence[str], more: Iterable[str]) -> str:
    """Keywords with more of them, as many as there is room for; those that are there come first and stay."""
    words = list(there)
    for word in (one.replace(",", " ").strip() for one in more):
        if word and word not in words and len(", ".join([*words, word])) <= _LONGEST_TEXT:
            words.append(word)
    return ", ".join(words)


def commented(row: Row, text: str) -> str:
    """The comment with the text behind it, cut where the room ends; what is there stays."""
    there = str(row.get("comment") or "")
    room = _LONGEST_TEXT - len(there) - (1 if there else 0)
    if room < 1:
        return there
    return "\n".join(part for part in (there, shortened(text, room)) if part)


def dialable(phone: str | None) -> str | None:
    """The number in the characters that OrangeHRM takes."""
    return re.sub(r"[^0-9+\-/() ]", " ", phone).strip() or None if phone else None


def _all_pages(api: Session, query: Mapping[str, Any]) -> Iterator[Row]:
    for page in range(_MOST_PAGES):
        found = _page(api, {"limit": _PAGE, "offset": page * _PAGE, **query})
        yield from found
        if len(found) < _PAGE:
            return


def _page(api: Session, query: Mapping[str, Any]) -> list[Row]:
    found = listed(api.get(CANDIDATES, params={"model": "detailed", **query}), "data", crm=api.crm.name)
    for row in found:
        pick(row, "id", crm=api.crm.name)
    return found
