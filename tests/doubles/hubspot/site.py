"""What all routes of the double share: who may call, and how HubSpot says no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import app_of
from tests.doubles._signin import SignIn

from .records import Records

CORRELATION = "aeb5f871-7f07-4993-9211-075dc63e7cbf"


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, category: str, *errors: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.category = category
        self.errors = errors


@dataclass
class Site:
    """`user_id` is who signs in."""

    sign_in: SignIn
    records: Records = field(default_factory=Records)
    user_id: int = 7001


def invalid(message: str, *errors: str) -> RefusalError:
    """The refusal of a request that is not right."""
    return RefusalError(400, message, "VALIDATION_ERROR", *errors)


def missing() -> RefusalError:
    """The refusal of a record that is not there."""
    return RefusalError(404, "resource not found", "OBJECT_NOT_FOUND")


async def the_site(request: Request) -> Site:
    """The double a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(the_site)]


async def signed_in(site: Here, authorization: Annotated[str, Header()] = "") -> Records:
    """A good access token; the tables."""
    kind, _, token = authorization.partition(" ")
    if kind != "Bearer" or site.sign_in.scopes_of(token) is None:
        raise RefusalError(401, "The OAuth token used is expired.", "EXPIRED_AUTHENTICATION")
    return site.records


Signed = Annotated[Records, Depends(signed_in)]


async def asked(request: Request) -> dict[str, str]:
    """The query, each name once."""
    pairs = request.query_params.multi_items()
    if len(dict(pairs)) != len(pairs):
        raise invalid("A parameter was given twice.")
    return dict(pairs)


Query = Annotated[dict[str, str], Depends(asked)]


def only(query: dict[str, str], *names: str) -> None:
    """Refuse what the reference does not list."""
    if unknown := set(query) - set(names):
        raise invalid(f"Unknown parameters {sorted(unknown)}")


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """HubSpot's error document."""
    if isinstance(refusal, RequestValidationError):
        where = [".".join(str(part) for part in error["loc"]) for error in refusal.errors()]
        refusal = invalid("Invalid input JSON", *where)
    if not isinstance(refusal, RefusalError):
        raise refusal
    document: dict[str, Any] = {
        "status": "error",
        "message": refusal.message,
        "correlationId": CORRELATION,
        "category": refusal.category,
    }
    if refusal.errors:
        document["errors"] = [{"message": message} for message in refusal.errors]
    return JSONResponse(document, refusal.status)


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, *routers)
