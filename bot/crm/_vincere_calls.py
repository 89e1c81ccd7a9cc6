"""Vincere's lists: searches by matrix parameters, slices that say which is the last, bare reference lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.crm import _vincere_records as records
from bot.crm._errors import Declined
from bot.crm._http import Session, listed, pick
from bot.crm._records import CrmVacancy

_PAGE = 100
_MOST_PAGES = 20


def search(api: Session, what: str, fields: str, query: str = "") -> Iterator[dict[str, Any]]:
    """What a search finds, the newest first; without a query, all."""
    matrix = quote(f"fl={fields};sort=created_date desc", safe="=;,")
    for number in range(_MOST_PAGES):
        asked = {"start": number * _PAGE, "limit": _PAGE} | ({"q": query} if query else {})
        rows = listed(api.get(f"/{what}/search/{matrix}", params=asked), "result", "items", crm=records.NAME)
        yield from rows
        if len(rows) < _PAGE:
            return


def candidates(api: Session, query: str) -> Iterator[dict[str, Any]]:
    """Whole records of those found: a search tells only a part of them."""
    for row in list(search(api, "candidate", records.PERSON_FIELDS, query)):
        yield candidate(api, str(pick(row, "id", crm=records.NAME)))


def candidate(api: Session, person_id: str) -> dict[str, Any]:
    """The whole record."""
    return listed({"one": [api.get(f"/candidate/{person_id}")]}, "one", crm=records.NAME)[0]


def position(api: Session, number: int) -> CrmVacancy | None:
    """The position of that number, as a search tells it: the record itself has no status."""
    rows = search(api, "position", records.POSITION_FIELDS, f"id:{number}#")
    return next((one for one in map(records.vacancy, rows) if one.id == str(number)), None)


def bare(api: Session, path: str) -> list[dict[str, Any]]:
    """A list without anything around it."""
    return listed({"all": api.get(path)}, "all", crm=records.NAME)


def files(api: Session, person_id: str) -> list[dict[str, Any]]:
    """A candidate's documents."""
    return bare(api, f"/candidate/{person_id}/files")


def applications(api: Session, person_id: str) -> Iterator[dict[str, Any]]:
    """A candidate's applications."""
    return _slices(lambda index: api.get(f"/candidate/{person_id}/applications", params={"index": index}))


def comments(api: Session, person_id: str, text: str) -> Iterator[str]:
    """The comments on a candidate that contain the text."""
    asked = {"candidate_id": int(person_id), "text": text, "include_comment": True}
    for one in _slices(lambda index: api.post("/candidate/activities", json=asked | {"index": index})):
        yield str(one.get("content") or "")


def comment(api: Session, text: str, **about: Any) -> None:
    """Write a comment."""
    body = {"content": text, "main_entity_type": "CANDIDATE"} | about
    body["insert_timestamp"] = records.stamp(datetime.now(UTC))
    pick(api.post("/activity/comment", json=body), "id", crm=records.NAME)


def sources(api: Session) -> list[tuple[str, str]]:
    """The sources of candidates that the tenant has, by id and name."""
    return records.sources(bare(api, "/candidatesources"))


def source(api: Session, name: str | None) -> int:
    """The source of that name, else the one the workspace chose, else the first: there has to be one."""
    known = sources(api)
    chosen = [number for number, label in known if label.casefold() == (name or "").strip().casefold()]
    chosen += [number for number, _ in known if number == api.options.get("source")]
    chosen += [number for number, _ in known]
    if not chosen:
        raise Declined(f"{records.NAME} has no source of candidates. Add one there, then press Retry.")
    return int(chosen[0])


def _slices(ask: Callable[[int], Any]) -> Iterator[dict[str, Any]]:
    for index in range(_MOST_PAGES):
        page = ask(index)
        yield from listed(page, "content", crm=records.NAME)
        if page.get("last", True):
            return
