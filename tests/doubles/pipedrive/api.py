"""The routes of Pipedrive that the bot may use; each checks the token and every name it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from starlette.datastructures import UploadFile

from tests.doubles._double import app_of
from tests.doubles._signin import SignIn

from .answers import (
    Query,
    RefusalError,
    by_ids,
    done,
    first_page,
    hit,
    hits,
    on_refusal,
    one_of,
    page,
    term_of,
)
from .records import FIELDS, LABELS, USERS, Record, Records
from .schemas import QUERY, DealIn, NoteIn, ParticipantIn, PersonIn, PersonUpdate


@dataclass
class Site:
    """`api_domain` is what token answers name, None for none; `revoked` are tokens that were taken back."""

    sign_in: SignIn
    records: Records = field(default_factory=Records)
    api_domain: str | None = None
    is_admin: bool = True
    revoked: list[str] = field(default_factory=list)


async def the_site(request: Request, authorization: Annotated[str, Header()] = "") -> Site:
    """The double a request came to with a token that is good."""
    site: Site = request.app.state.site
    kind, _, token = authorization.partition(" ")
    if kind != "Bearer" or site.sign_in.scopes_of(token) is None:
        raise RefusalError(401, "Unauthorized access")
    return site


Here = Annotated[Site, Depends(the_site)]
router = APIRouter(dependencies=[Depends(the_site)])


def asked(path: str) -> Any:
    """Dependency: the query of a list. Names that the list does not know are refused."""

    async def check(request: Request) -> Query:
        query = dict(request.query_params)
        if not set(query) <= QUERY[path] or len(query) != len(request.query_params.multi_items()):
            raise RefusalError(400, "Validation failed", ", ".join(sorted(set(query) - QUERY[path])))
        return query

    return Depends(check)


@router.get("/v1/users/me")
async def me() -> Record:
    return done(USERS[0] | {"company_id": 1, "company_name": "Bright Desk", "company_domain": "brightdesk"})


@router.get("/v1/users/find")
async def find_users(query: Annotated[Query, asked("/v1/users/find")]) -> Record:
    # Finds what merely contains the term, and those who left.
    key = "email" if query.get("search_by_email") == "1" else "name"
    return done([user for user in USERS if query["term"].casefold() in str(user[key]).casefold()])


@router.get("/api/v2/personFields")
async def person_fields(query: Annotated[Query, asked("/api/v2/personFields")]) -> Record:
    own = [
        {"field_name": name, "field_code": code, "field_type": kind, "is_custom_field": True}
        for name, code, kind in FIELDS.values()
    ]
    name = {"field_name": "Name", "field_code": "name", "field_type": "varchar", "is_custom_field": False}
    labels = {
        "field_name": "Labels",
        "field_code": "label_ids",
        "field_type": "set",
        "is_custom_field": False,
    }
    return page([name, labels | {"options": LABELS}, *own], query)


@router.get("/api/v2/persons/search")
async def search_persons(site: Here, query: Annotated[Query, asked("/api/v2/persons/search")]) -> Record:
    kinds = {"email": "emails", "phone": "phones"}[query["fields"]]
    term, exact = term_of(query)
    found = [
        one
        for one in site.records.persons.values()
        if any(hit(str(known["value"]), term, exact) for known in one[kinds])
    ]
    items = [{"result_score": 1.0, "item": {"id": one["id"], "name": one["name"]}} for one in found]
    return hits(items, query)


@router.get("/api/v2/persons")
async def persons(site: Here, query: Annotated[Query, asked("/api/v2/persons")]) -> Record:
    return page(by_ids(site.records.persons, query), query)


@router.post("/api/v2/persons")
async def add_person(site: Here, body: PersonIn) -> Record:
    return done(site.records.add_person(body.given()))


@router.get("/api/v2/persons/{person_id:int}")
async def person(site: Here, person_id: int) -> Record:
    return done(one_of(site.records.persons, person_id))


@router.patch("/api/v2/persons/{person_id:int}")
async def change_person(site: Here, person_id: int, body: PersonUpdate) -> Record:
    record = one_of(site.records.persons, person_id)
    changes = body.given()
    record["custom_fields"] |= changes.pop("custom_fields", {})
    record |= changes
    return done(record)


@router.get("/v1/persons/{person_id:int}/files")
async def files(site: Here, person_id: int, query: Annotated[Query, asked("/v1/files")]) -> Record:
    one_of(site.records.persons, person_id)
    found = [one for one in site.records.files if one["person_id"] == person_id]
    return first_page([{key: one[key] for key in one if key != "content"} for one in found], query)


@router.post("/v1/files")
async def add_file(request: Request, site: Here) -> Record:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise RefusalError(415, "multipart/form-data is needed")
    async with request.form() as form:
        file = form.get("file")
        if not set(form) <= {"file", "person_id", "deal_id", "org_id"} or not isinstance(file, UploadFile):
            raise RefusalError(400, "Bad request", "file")
        content, name = await file.read(), str(file.filename)
        person_id = int(str(form["person_id"]))
    one_of(site.records.persons, person_id)
    told = {"name": name, "file_name": f"8f0e-{len(site.records.files)}", "file_size": len(content)}
    record = site.records.add(site.records.files, told | {"person_id": person_id, "content": content})
    return done({key: record[key] for key in record if key != "content"})


@router.get("/v1/notes")
async def notes(site: Here, query: Annotated[Query, asked("/v1/notes")]) -> Record:
    wanted = {key: int(query[key]) for key in ("person_id", "deal_id") if key in query}
    found = [one for one in site.records.notes if all(one.get(key) == wanted[key] for key in wanted)]
    return first_page(found, query)


@router.post("/v1/notes")
async def add_note(site: Here, body: NoteIn) -> Record:
    given = body.given()
    if not {"person_id", "deal_id"} & set(given):
        raise RefusalError(400, "One of deal_id, person_id, org_id or lead_id must be set")
    if "user_id" in given and not site.is_admin:
        raise RefusalError(403, "Forbidden", "Only administrators may set the user")
    if given.get("person_id"):
        one_of(site.records.persons, given["person_id"])
    return done(site.records.add(site.records.notes, {"user_id": USERS[0]["id"]} | given))


@router.get("/api/v2/pipelines")
async def pipelines(site: Here, query: Annotated[Query, asked("/api/v2/pipelines")]) -> Record:
    return page(site.records.pipelines, query)


@router.get("/api/v2/stages")
async def stages(site: Here, query: Annotated[Query, asked("/api/v2/stages")]) -> Record:
    return page(site.records.stages, query)


@router.get("/api/v2/deals/search")
async def search_deals(site: Here, query: Annotated[Query, asked("/api/v2/deals/search")]) -> Record:
    term, exact = term_of(query)
    wanted = query.get("fields", "title,custom_fields").split(",")
    items = []
    for one in site.records.deals.values():
        own = [value for value in one["custom_fields"].values() if value]
        texts = ([one["title"]] if "title" in wanted else []) + (own if "custom_fields" in wanted else [])
        if query.get("status", one["status"]) == one["status"] and any(hit(t, term, exact) for t in texts):
            item = {"id": one["id"], "title": one["title"], "status": one["status"], "custom_fields": own}
            items.append({"result_score": 1.0, "item": item})
    return hits(items, query)


@router.get("/api/v2/deals")
async def deals(site: Here, query: Annotated[Query, asked("/api/v2/deals")]) -> Record:
    found = by_ids(site.records.deals, query)
    for key in ("status", "pipeline_id", "person_id"):
        found = [one for one in found if key not in query or str(one[key]) == query[key]]
    if query.get("sort_by") == "add_time":
        found.sort(key=lambda one: str(one["add_time"]), reverse=query.get("sort_direction") == "desc")
    return page(found, query)


@router.post("/api/v2/deals")
async def add_deal(site: Here, body: DealIn) -> Record:
    given = body.given()
    if "stage_id" in given and given["stage_id"] not in [stage["id"] for stage in site.records.stages]:
        raise RefusalError(400, "Stage not found")
    return done(site.records.add_deal(given))


@router.get("/api/v2/deals/{deal_id:int}")
async def deal(site: Here, deal_id: int) -> Record:
    return done(one_of(site.records.deals, deal_id))


@router.get("/v1/deals/{deal_id:int}/participants")
async def participants(
    site: Here, deal_id: int, query: Annotated[Query, asked("/v1/participants")]
) -> Record:
    one_of(site.records.deals, deal_id)
    return first_page([one for one in site.records.participants if one["deal_id"] == deal_id], query)


@router.post("/v1/deals/{deal_id:int}/participants")
async def add_participant(site: Here, deal_id: int, body: ParticipantIn) -> Record:
    one_of(site.records.deals, deal_id)
    name = one_of(site.records.persons, body.person_id)["name"]
    who = {"person_id": {"value": body.person_id, "name": name}, "deal_id": deal_id, "active_flag": True}
    return done(site.records.add(site.records.participants, who))


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router, *routers)
