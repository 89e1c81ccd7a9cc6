"""The routes of Nutshell that the bot may use; each checks the key and every name it is given."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from tests.doubles._double import app_of

from .records import FIELDS, STAGES, STAGESETS, USERS, Record, Records, phone_as_told
from .schemas import QUERY, SORTS, Change, ContactIn, ContactsIn, LeadsIn, NoteIn, StagesetIn

EMAIL = "priya@brightdesk.example"
KEY = "nutshell-key"
CHANGES = TypeAdapter(list[Change])


class RefusalError(Exception):
    """An answer other than success: a page, as Nutshell's are."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass
class Site:
    """`may_impersonate` is a permission of the key, which an admin can revoke."""

    records: Records = field(default_factory=Records)
    may_impersonate: bool = True
    is_revoked: bool = False


async def the_user(request: Request, authorization: Annotated[str, Header()] = "") -> str:
    """The e-mail in whose name the key is used."""
    kind, _, encoded = authorization.partition(" ")
    try:
        email, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise RefusalError(401) from None
    site: Site = request.app.state.site
    known = [EMAIL, *(str(user["emails"][0]).casefold() for user in USERS if site.may_impersonate)]
    if site.is_revoked or kind != "Basic" or key != KEY or email.casefold() not in known:
        raise RefusalError(401)
    return email.casefold()


async def the_records(request: Request) -> Records:
    """The tables."""
    site: Site = request.app.state.site
    return site.records


User = Annotated[str, Depends(the_user)]
Here = Annotated[Records, Depends(the_records)]
router = APIRouter(prefix="/rest", dependencies=[Depends(the_user)])


def asked(request: Request, what: str) -> dict[str, str]:
    """The query of a list. Names that it does not know are refused."""
    query = dict(request.query_params)
    if not set(query) <= QUERY[what] or query.get("sort", "age").lstrip("-") not in SORTS:
        raise RefusalError(400)
    return query


@router.get("/users")
async def users() -> Record:
    return {"meta": {}, "users": list(USERS)}


@router.get("/stages")
async def stages() -> list[Record]:
    return list(STAGES)


@router.get("/stagesets")
async def stagesets() -> list[Record]:
    return list(STAGESETS)


@router.get("/contacts/customfields/attributes")
async def field_names() -> list[Record]:
    return [{"id": f"{n}-customfields", "name": name} for n, name in enumerate(FIELDS)]


@router.get("/contacts")
async def find_contacts(request: Request, records: Here) -> Record:
    query = asked(request, "contacts")
    found = list(records.contacts.values())
    if email := query.get("email", "").casefold():
        found = [one for one in found if any(email in str(e["value"]).casefold() for e in one["emails"])]
    if term := query.get("q", "").casefold():
        found = [one for one in found if term in words(one).casefold()]
    return {"contacts": page(found, query), "links": {}}


@router.post("/contacts")
async def add_contact(records: Here, body: ContactsIn) -> Record:
    made = records.add_contact(body.contacts[0].model_dump(exclude_none=True))
    return {"contacts": [made], "links": {}}


@router.get("/contacts/{contact_id}")
async def contact(records: Here, contact_id: str) -> Record:
    return {"contacts": [one_of(records.contacts, contact_id)], "links": {}}


@router.get("/contacts/{contact_id}/customfields")
async def own_fields(records: Here, contact_id: str) -> list[Record]:
    one_of(records.contacts, contact_id)
    own = records.own[contact_id]
    return [
        {"id": f"{n}-customfields", "name": name, "value": own.get(name)} for n, name in enumerate(FIELDS)
    ]


@router.patch("/contacts/{contact_id}", status_code=204)
async def change_contact(request: Request, records: Here, contact_id: str) -> None:
    record = one_of(records.contacts, contact_id)
    for change in await changes(request):
        name = change.path.removeprefix("/contacts/0/")
        if change.op != "replace":
            raise RefusalError(400)
        if name in FIELDS:
            records.own[contact_id][name] = change.value
            continue
        try:
            checked = ContactIn.model_validate({"name": record["name"]} | {name: change.value})
        except ValidationError:
            raise RefusalError(400) from None
        value = checked.model_dump(exclude_none=True)[name]
        record[name] = [phone_as_told(one) for one in value] if name == "phones" else value


@router.get("/leads")
async def find_leads(request: Request, records: Here) -> Record:
    query = asked(request, "leads")
    found = [one for one in records.leads.values() if query.get("q", "").casefold() in one["name"].casefold()]
    if query.get("sort") == "age":
        found.reverse()
    return {"leads": page(found, query), "links": {}}


@router.post("/leads", status_code=201)
async def add_lead(records: Here, body: LeadsIn) -> Record:
    return records.add_lead(body.leads[0].model_dump(exclude_none=True))


@router.get("/leads/{lead_id}")
async def lead(records: Here, lead_id: str) -> Record:
    return one_of(records.leads, lead_id)


@router.patch("/leads/{lead_id}", status_code=204)
async def change_lead(request: Request, records: Here, lead_id: str) -> None:
    record = one_of(records.leads, lead_id)
    for change in await changes(request):
        match change.op, change.path:
            case "add", "/leads/0/links/contacts/-" if change.value in records.contacts:
                record["links"]["contacts"].append(change.value)
                records.contacts[change.value]["links"]["leads"].append(lead_id)
            case "replace", "/leads/0/links/stage" if change.value in [stage["id"] for stage in STAGES]:
                record["links"]["stage"] = change.value
            case _:
                raise RefusalError(400)


@router.post("/leads/{lead_id}/stageset")
async def change_pipeline(records: Here, lead_id: str, body: StagesetIn) -> Record:
    record = one_of(records.leads, lead_id)
    if body.stageset not in [one["id"] for one in STAGESETS]:
        raise RefusalError(400)
    record["links"]["stageset"] = body.stageset
    return record


@router.get("/events")
async def events(request: Request, records: Here) -> Record:
    query = asked(request, "events")
    if query.get("filters[payload][]") != "notes":
        raise RefusalError(400)
    mine = [note for note in records.notes.values() if note["parent"] == query["entity_id"]]
    found = [
        {"id": f"{n}-events", "payloadType": "notes", "action": "create", "links": {"payloads": [note["id"]]}}
        for n, note in enumerate(reversed(mine))
    ]
    return {"meta": {}, "events": found[: int(query.get("limit", 25))]}


@router.get("/notes/{note_id}")
async def note(records: Here, note_id: str) -> Record:
    found = one_of(records.notes, note_id)
    return {"id": found["id"], "body": found["body"], "parentType": found["parent"].partition("-")[2]}


@router.post("/notes", status_code=201)
async def add_note(records: Here, user: User, body: NoteIn) -> Record:
    parent = body.data.links.parent
    one_of(records.contacts if parent.endswith("contacts") else records.leads, parent)
    made = records.add_note(body.data.body, parent, user)
    return {"id": made["id"], "body": made["body"], "parentType": parent.partition("-")[2]}


async def changes(request: Request) -> list[Change]:
    """The operations of a patch, which has a content type of its own."""
    if request.headers.get("content-type") != "application/json-patch+json":
        raise RefusalError(415)
    try:
        return CHANGES.validate_json(await request.body())
    except ValidationError:
        raise RefusalError(400) from None


def words(record: Record) -> str:
    """What a search looks at: numbers only as they are written for people."""
    spaced = [str(phone["value"].get("countryCodeAndNumber", "")) for phone in record["phones"]]
    return " ".join([record["name"], *(str(email["value"]) for email in record["emails"]), *spaced])


def page(found: list[Record], query: dict[str, str]) -> list[Record]:
    """A page of a list."""
    size = int(query.get("page[limit]", 25))
    start = int(query.get("page[page]", 0)) * size
    return found[start : start + size]


def one_of(table: dict[str, Record], record_id: str) -> Record:
    """The record with that id."""
    if record_id not in table:
        raise RefusalError(404)
    return table[record_id]


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """A page."""
    status = refusal.status if isinstance(refusal, RefusalError) else 400
    return HTMLResponse(f"<title>An Error Occurred: {status}</title>", status)


def build(site: Site) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router)
