"""How Pipedrive answers: successes, pages of both versions of its API, refusals."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from .records import Record

Query = dict[str, str]


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, error: str, info: str = "") -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.info = info


def done(data: Any) -> Record:
    """A success."""
    return {"success": True, "data": data}


def page(found: list[Record], query: Query) -> Record:
    """Part of a list of the second API."""
    start, limit = int(query.get("cursor", 0)), int(query.get("limit", 100))
    more = start + limit < len(found)
    cursor = {"next_cursor": str(start + limit) if more else None}
    return done(found[start : start + limit]) | {"additional_data": cursor}


def hits(items: list[Record], query: Query) -> Record:
    """The best of what a search found."""
    limit = int(query.get("limit", 100))
    return done({"items": items[:limit]}) | {"additional_data": {"next_cursor": None}}


def first_page(found: list[Record], query: Query) -> Record:
    """Part of a list of the first API, which says null for nothing."""
    start, limit = int(query.get("start", 0)), int(query.get("limit", 100))
    return done(found[start : start + limit] or None)


def by_ids(table: dict[int, Record], query: Query) -> list[Record]:
    """The records asked for, all without any ids."""
    if "ids" not in query:
        return list(table.values())
    ids = [int(number) for number in query["ids"].split(",")]
    if len(ids) > 100:
        raise RefusalError(400, "Too many ids")
    return [table[number] for number in ids if number in table]


def term_of(query: Query) -> tuple[str, bool]:
    """What is searched for, and whether exactly that."""
    exact = query.get("exact_match") == "true"
    if len(query.get("term", "")) < (1 if exact else 2):
        raise RefusalError(400, "Search term must be at least 2 characters long")
    return query["term"].casefold(), exact


def hit(text: str, term: str, exact: bool) -> bool:
    """Whether a text matches."""
    return term == text.casefold() if exact else term in text.casefold()


def one_of(table: dict[int, Record], record_id: int) -> Record:
    """The record with that id."""
    if record_id not in table:
        raise RefusalError(404, "Record not found")
    return table[record_id]


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """Pipedrive's error document."""
    if isinstance(refusal, RequestValidationError):
        fields = ", ".join(str(error["loc"][-1]) for error in refusal.errors())
        refusal = RefusalError(400, "Validation failed", fields)
    if not isinstance(refusal, RefusalError):
        raise refusal
    body = {"success": False, "error": refusal.error, "error_info": refusal.info}
    return JSONResponse(body | {"errorCode": refusal.status}, refusal.status)
