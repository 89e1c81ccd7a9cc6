"""Every refusal as an RFC 9457 problem document, with a sentence for the person who reads it."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from ulid import ULID

from bot.errors import FieldFault, HandoffError, Invalid, NotFound, Refused, SettingsFaulty
from bot.web.sentences import faults_of

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
_OURS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its `type` is the place in the API's description that explains it."""

    slug: str
    status: int
    title: str
    advice: str

    @property
    def type(self) -> str:
        """Relative to the bot's own address."""
        return f"/docs#{self.slug}"


MALFORMED = Kind("malformed", 400, "The request can't be read", "Send the body as one JSON object in UTF-8.")
UNAUTHORIZED = Kind(
    "unauthorized",
    401,
    "A valid intake token is needed",
    "Send it as “Authorization: Bearer …”; “handoff token create NAME” makes one.",
)
FORBIDDEN = Kind("forbidden", 403, "This is not allowed", "The detail says what stands in the way.")
NOT_FOUND = Kind("not-found", 404, "There is no such thing", "Check the address and the id.")
WRONG_METHOD = Kind(
    "wrong-method", 405, "This address does not take that method", "The Allow header names those it takes."
)
TOO_LARGE = Kind("too-large", 413, "The body is too large", "Send a smaller CV or shorter texts.")
ENCODED = Kind("encoded", 415, "The body is compressed", "Send it plain, without Content-Encoding.")
INVALID = Kind(
    "invalid", 422, "Some fields can't be taken as they are", "The list “errors” names each with what to do."
)
UNEXPECTED = Kind(
    "unexpected", 500, "Something went wrong here", "Send it again; if it stays, report the reference."
)
NOT_READY = Kind("not-ready", 503, "Handoff can't serve this now", "The detail says what is missing.")

KINDS = (
    MALFORMED,
    UNAUTHORIZED,
    FORBIDDEN,
    NOT_FOUND,
    WRONG_METHOD,
    TOO_LARGE,
    ENCODED,
    INVALID,
    UNEXPECTED,
    NOT_READY,
)
_BY_STATUS = {kind.status: kind for kind in KINDS}


class ProblemError(Exception):
    """Raised by a route to answer with a problem document."""

    def __init__(self, kind: Kind, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.kind = kind
        self.headers = headers


_ANSWERED: tuple[type[Exception], ...] = (
    ProblemError,
    HandoffError,
    RequestValidationError,
    HTTPException,
    OperationalError,
    PoolTimeout,
)


def problem(
    kind: Kind,
    detail: str,
    *,
    errors: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> JSONResponse:
    """A problem document; `members` are further members of it."""
    document = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, **members}
    if errors:
        document["errors"] = [asdict(fault) for fault in errors]
    return JSONResponse(document, kind.status, headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have everything that routes raise answered with problem documents; call it before the first request."""
    for error in _ANSWERED:
        app.add_exception_handler(error, _answer)
    app.add_middleware(_Unexpected)


async def _answer(_request: Request, error: Exception) -> JSONResponse:
    match error:
        case ProblemError():
            return problem(error.kind, str(error), headers=error.headers)
        case Invalid():
            return _invalid(error.faults)
        case RequestValidationError():
            return _invalid(faults_of(error.errors(), skip=1))
        case NotFound():
            return problem(NOT_FOUND, str(error))
        case Refused():
            return problem(FORBIDDEN, str(error))
        case HTTPException():
            return _of_status(error)
        case OperationalError() | PoolTimeout():
            log.error("database_unusable", error=type(error).__name__)
            detail = (
                "The database can't be used now. Send it again in a moment; /readyz says what is lacking."
            )
            return problem(NOT_READY, detail, headers={"Retry-After": "5"})
        case SettingsFaulty():
            log.error("settings_faulty", faults=error.faults)
            return problem(NOT_READY, "Handoff is not set up completely; “handoff doctor” tells more.")
    return problem(FORBIDDEN, str(error))


def _invalid(faults: Sequence[FieldFault]) -> JSONResponse:
    named = ", ".join(dict.fromkeys(fault.field for fault in faults))
    return problem(INVALID, f"Nothing was stored. To be corrected: {named}.", errors=faults)


def _of_status(error: HTTPException) -> JSONResponse:
    phrase = HTTPStatus(error.status_code).phrase
    kind = _BY_STATUS.get(error.status_code) or Kind("", error.status_code, phrase, "")
    # The framework's own details only repeat the phrase.
    detail = kind.advice if error.detail == phrase and kind.advice else error.detail
    return problem(kind, detail, headers=error.headers)


class _Unexpected:
    """Answers for faults of ours: a reference for the outside, and for the log the place of the fault.

    The exception ends here because its message may quote what people sent.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001  the last stop: whatever it is, it becomes a 500
            reference = str(ULID())
            log.error("request_failed", reference=reference, error=type(error).__name__, where=_where(error))  # noqa: TRY400  the message may quote people's data
            if has_begun or scope["type"] != "http":
                raise RuntimeError(f"The answer was cut short; see {reference}.") from None
            detail = f"This is a fault of ours. Send it again; if it stays, report the reference {reference}."
            await problem(UNEXPECTED, detail, reference=reference)(scope, receive, send)


def _where(error: Exception) -> list[str]:
    frames = [(Path(frame.filename), frame) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [
        f"{path.relative_to(_OURS)}:{frame.lineno}" for path, frame in frames if path.is_relative_to(_OURS)
    ]
    return ours[1:] or [f"{path.name}:{frame.lineno}" for path, frame in frames[-3:]]
