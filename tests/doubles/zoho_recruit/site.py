"""What all routes of the double share: who may call, pages, and how Zoho says yes and no."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from tests.doubles._signin import SignIn

from .records import STAMP, Record, Records


class RefusalError(Exception):
    """A refusal of a whole request."""

    def __init__(self, status: int, code: str, message: str = "no") -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass
class Site:
    """One account."""

    sign_in: SignIn
    records: Records = field(default_factory=Records)
    page: int = 10
    """The most records that a page has, however many were asked for."""


async def the_site(request: Request) -> Site:
    """The double a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(the_site)]


async def signed_in(site: Here, authorization: Annotated[str, Header()] = "") -> Records:
    """A good access token, behind Zoho's own word; the tables."""
    kind, _, token = authorization.partition(" ")
    if kind != "Zoho-oauthtoken" or site.sign_in.scopes_of(token) is None:
        raise RefusalError(401, "INVALID_TOKEN", "invalid oauth token")
    return site.records


Signed = Annotated[Records, Depends(signed_in)]


def asked(request: Request, *names: str) -> dict[str, str]:
    """The query. Names that the documents do not list are refused."""
    query = dict(request.query_params)
    if set(query) - set(names):
        raise RefusalError(400, "INVALID_DATA", "unknown parameters")
    return query


def listed(found: list[Record], query: dict[str, str], most: int, name: str = "data") -> Response:
    """A page of a list; one with nothing on it has no body at all."""
    number, size = int(query.get("page", 1)), min(int(query.get("per_page", 200)), most)
    if size > 200:
        raise RefusalError(400, "INVALID_DATA", "per_page")
    items = found[(number - 1) * size : number * size]
    if not items:
        return Response(status_code=204)
    more = number * size < len(found)
    info = {"per_page": size, "count": len(items), "page": number, "more_records": more}
    return JSONResponse({name: items, "info": info})


def item(code: str, message: str, **details: Any) -> Record:
    """What became of one record of a request."""
    return {
        "code": code,
        "details": details,
        "message": message,
        "status": "success" if code == "SUCCESS" else "error",
    }


def written(record_id: str, message: str) -> Record:
    """A record was written."""
    by = {"name": "Priya Shah", "id": "4868000000000005"}
    more = {"Created_Time": STAMP, "Modified_Time": STAMP, "Created_By": by, "Modified_By": by}
    return item("SUCCESS", message, id=record_id, **more)


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """Zoho's error document."""
    if isinstance(refusal, RequestValidationError):
        fields = {str(error["loc"][-1]) for error in refusal.errors()}
        return JSONResponse(
            {"data": [item("INVALID_DATA", "invalid data", api_name=", ".join(sorted(fields)))]}, 400
        )
    if not isinstance(refusal, RefusalError):
        raise refusal
    return JSONResponse(item(refusal.code, refusal.message), refusal.status)
