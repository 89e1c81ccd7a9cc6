"""The routes of both APIs that the bot may use; each checks its own token and every name it is given."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from tests.doubles._double import app_of

from .records import Record, Records
from .schemas import (
    ActivityIn,
    Application,
    Exchange,
    File,
    Keep,
    NewResource,
    PagedSearch,
    ResourceIn,
    Search,
)

TOKEN = "trackerrms-token"
PAGE = 10


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class Site:
    """One database. `bought` is what the last exchange gave; `knows_guesses`: guessed routes are there.

    `is_revoked`: a newer token has ended the customer's.
    """

    records: Records = field(default_factory=Records)
    bought: str | None = None
    is_active: bool = True
    knows_guesses: bool = True
    is_revoked: bool = False


async def the_site(request: Request, authorization: Annotated[str, Header()] = "") -> Site:
    """The database that the exchanged token opens."""
    site: Site = request.app.state.site
    if site.bought is None or authorization != f"Bearer {site.bought}":
        raise RefusalError(401, "Unauthorized")
    return site


async def guessed(request: Request) -> None:
    """A route of which nothing is public."""
    if not request.app.state.site.knows_guesses:
        raise RefusalError(404, "Not Found")


Here = Annotated[Site, Depends(the_site)]
router = APIRouter(prefix="/api/v1", dependencies=[Depends(the_site)])
doors = APIRouter()


@doors.post("/api/Auth/ExchangeToken")
async def exchange(request: Request, body: Exchange) -> Record:
    """What calls use, for the customer's token; the one before ends."""
    site: Site = request.app.state.site
    if site.is_revoked or body.bearerToken != TOKEN:
        raise RefusalError(401, "Invalid token")
    site.bought = secrets.token_urlsafe(24)
    return {"token": site.bought}


@router.post("/Resource/Search")
async def search_resources(site: Here, body: Search) -> list[Record]:
    found = []
    for one in site.records.resources.values():
        contact = one["contactDetails"]
        by_email = body.email and body.email.casefold()[1:] in str(contact["email"] or "").casefold()
        if by_email or (body.phone and body.phone in (contact["mobilePhone"], contact["telephone"])):
            found.append({name: one[name] for name in ("resourceId", "firstName", "surname")})
    return found[: body.maxResults]


@router.get("/Resource/{number}")
async def resource(site: Here, number: int) -> Record:
    return one_of(site.records.resources, number)


@router.patch("/Resource/{number}")
async def change_resource(site: Here, number: int, body: ResourceIn) -> Record:
    record = one_of(site.records.resources, number)
    changes = body.model_dump(exclude_none=True)
    if "contactDetails" in changes:
        changes["contactDetails"] = {"email": None, "mobilePhone": None, "telephone": None} | changes[
            "contactDetails"
        ]
    record |= changes
    return {"id": number, "success": True}


@router.get("/Resource/{number}/Documents")
async def documents(site: Here, number: int) -> list[Record]:
    one_of(site.records.resources, number)
    found = [one for one in site.records.documents.values() if one["recordId"] == number]
    return [{"documentId": one["documentId"], "fileName": one["filename"]} for one in found]


@router.get("/Resource/{number}/Document/{document}")
async def document(site: Here, number: int, document: int) -> Response:
    found = one_of(site.records.documents, document)
    if found["recordId"] != number:
        raise RefusalError(404, "Not Found")
    return Response(found["content"], media_type="application/octet-stream")


@router.post("/Activity", status_code=201)
async def add_activity(site: Here, body: ActivityIn) -> Record:
    one_of(site.records.resources, body.recordId)
    number = site.records.number()
    site.records.activities.append({"activityId": number} | body.model_dump())
    return {"id": number, "success": True}


@router.post("/Activity/Search", dependencies=[Depends(guessed)])
async def search_activities(site: Here, body: Search) -> list[Record]:
    wanted = (body.recordType, body.recordId)
    return [one for one in site.records.activities if (one["recordType"], one["recordId"]) == wanted]


@router.post("/Opportunity/PagedSearch")
async def search_opportunities(site: Here, body: PagedSearch) -> Record:
    found = list(site.records.opportunities.values())
    if body.state:
        found = [one for one in found if one["state"] == body.state]
    if body.searchTerm:
        found = [one for one in found if body.searchTerm.casefold() in one["opportunityName"].casefold()]
    start = (body.pageNumber - 1) * PAGE
    told = {"totalCount": len(found), "hasNextPage": start + PAGE < len(found)}
    return {"opportunities": found[start : start + PAGE]} | told


@router.get("/Opportunity/{number}")
async def opportunity(site: Here, number: int) -> Record:
    return one_of(site.records.opportunities, number)


@router.get("/Opportunity/{number}/{which}/resource", dependencies=[Depends(guessed)])
async def on_list(site: Here, number: int, which: str) -> list[Record]:
    wanted = (str(number), which.removesuffix("list"))
    on_it = [one for one in site.records.listed if (one["opportunityid"], one["assigntolist"]) == wanted]
    return [{"resourceId": int(one["resourceid"])} for one in on_it]


@doors.post("/api/widget/{operation}")
async def widget(request: Request, operation: str, authorization: Annotated[str, Header()] = "") -> Record:
    """The older API: it wants the token itself, in the header alone, and tells faults by a status inside."""
    site: Site = request.app.state.site
    if site.is_revoked or authorization != f"Bearer {TOKEN}":
        return told(1, "user not found")
    if not site.is_active:
        return told(2, "user not active")
    sent = await request.json()
    parts = sent.get("trackerrms", {}).get(operation, {})
    if parts.pop("credentials", None) != {} or set(sent) != {"trackerrms"}:
        return told(99, "Invalid request")
    try:
        return TAKEN[operation](site.records, parts)
    except (KeyError, ValidationError):
        return told(99, "Invalid request")


def attach(records: Records, parts: Record) -> Record:
    """A document for a candidate."""
    sent = File.model_validate(parts["file"]).model_dump()
    one_of(records.resources, sent["recordId"])
    number = records.number()
    content = base64.b64decode(sent.pop("data"), validate=True)
    records.documents[number] = sent | {"documentId": number, "content": content}
    return told(0, "success")


def apply(records: Records, parts: Record) -> Record:
    """A candidate for a list."""
    sent = Application.model_validate(parts["instructions"]).model_dump()
    ids = (sent["opportunityid"], sent["resourceid"])
    if int(ids[0]) not in records.opportunities or int(ids[1]) not in records.resources:
        return told(99, "Invalid request")
    if ids in [(one["opportunityid"], one["resourceid"]) for one in records.listed]:
        return told(3, "record found and cannot be overwritten")
    records.listed.append(sent)
    return told(0, "success")


def create(records: Records, parts: Record) -> Record:
    """A candidate, unless there is one of the same e-mail; its id is told where integrations read it."""
    if set(parts) != {"instructions", "resource"}:
        return told(99, "Invalid request")
    Keep.model_validate(parts["instructions"])
    sent = NewResource.model_validate(parts["resource"])
    known = [str(one["contactDetails"]["email"] or "").casefold() for one in records.resources.values()]
    if sent.email and sent.email.casefold() in known:
        return told(3, "record found and cannot be overwritten")
    fields: Record = {"firstName": sent.firstname, "surname": sent.lastname, "jobTitle": sent.jobtitle}
    fields |= {"source": sent.source, "contactDetails": {"email": sent.email, "mobilePhone": sent.cellphone}}
    made = records.add_resource(fields)
    return told(0, "success") | {"recordId": made["resourceId"], "recordName": sent.fullname}


TAKEN: dict[str, Callable[[Records, Record], Record]] = {
    "attachDocument": attach,
    "createResource": create,
    "resourceApplication": apply,
}


def told(status: int, message: str) -> Record:
    """An answer of the older API."""
    return {"status": status, "message": message, "count": 0}


def one_of(table: dict[int, Record], number: int) -> Record:
    """The record with that id."""
    if number not in table:
        raise RefusalError(404, "Not Found")
    return table[number]


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """A refusal with a message."""
    if isinstance(refusal, RequestValidationError):
        told: Any = "; ".join(f"{error['loc'][-1]}: {error['msg']}" for error in refusal.errors())
        refusal = RefusalError(400, told)
    if not isinstance(refusal, RefusalError):
        raise refusal
    return JSONResponse({"message": refusal.message}, refusal.status)


def build(site: Site) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router, doors)
