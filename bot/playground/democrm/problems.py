"""The demo CRM's errors as RFC 9457 problem documents."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from bot.playground.democrm.model import DuplicateError, RecordMissingError, RefusedError


class ProblemError(Exception):
    """An answer other than success; `code` is for programs, `detail` for people."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.headers = headers


def problem(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> JSONResponse:
    """A problem document; `more` are its extra members."""
    body = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    return JSONResponse(body | more, status, headers, media_type="application/problem+json")


def on_problem(_request: Request, exc: Exception) -> Response:
    """Answer for everything the API refuses on purpose."""
    match exc:
        case ProblemError():
            return problem(exc.status, exc.code, str(exc), exc.headers)
        case RecordMissingError():
            return problem(404, "not_found", str(exc))
        case DuplicateError():
            errors = [{"field": exc.field, "code": "duplicate", "message": str(exc)}]
            return problem(409, "duplicate", str(exc), existing_id=exc.existing_id, errors=errors)
        case RefusedError():
            errors = [{"field": exc.field, "code": exc.code, "message": str(exc)}]
            return problem(422, "validation_failed", str(exc), errors=errors)
        case RequestValidationError():
            return _invalid(exc.errors())
    raise exc


def _invalid(faults: Sequence[Any]) -> JSONResponse:
    errors = [
        {
            "field": _field(fault["loc"]),
            "code": fault["type"],
            "message": fault["msg"].removeprefix("Value error, "),
        }
        for fault in faults
    ]
    named = ", ".join(dict.fromkeys(error["field"] for error in errors))
    detail = f"These fields can't be taken as they are: {named}."
    return problem(422, "validation_failed", detail, errors=errors)


def _field(location: Sequence[str | int]) -> str:
    # The first part says body or query, which the caller knows.
    return ".".join(str(part) for part in location[1:]) or str(location[0])
