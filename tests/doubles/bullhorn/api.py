"""The REST services that the bot may use; each needs a session and checks every name it is given."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError

from tests.doubles._double import app_of

from . import schemas
from .queries import check_fields, check_path, jpql, lucene, shown
from .records import CANDIDATE_STATUSES, CONFIDENTIAL, SETTINGS, Record, Records
from .site import RefusalError, Site

CORPORATION = "e999"
INDEXED = ("Candidate", "JobOrder")
LIMIT = 500
LONGEST_QUERY = 7_500
REFERENCES = {
    "candidate": "Candidate",
    "personReference": "Candidate",
    "jobOrder": "JobOrder",
    "owner": "CorporateUser",
    "commentingPerson": "CorporateUser",
    "sendingUser": "CorporateUser",
    "category": "Category",
}
"""Which entity a to-one association leads to."""
LISTS = {
    ("Candidate", "status"): CANDIDATE_STATUSES,
    ("JobSubmission", "status"): SETTINGS["jobResponseStatusList"],
    ("Note", "action"): SETTINGS["commentActionList"],
}
"""Fields whose values an account keeps a list of; as a guess, no other value is taken."""
router = APIRouter(prefix=f"/rest-services/{CORPORATION}")


async def signed_in(request: Request, bhresttoken: Annotated[str | None, Header()] = None) -> Site:
    """The double, for a call with a session."""
    site: Site = request.app.state.site
    if bhresttoken is None:
        raise RefusalError(412, "BhRestToken is missing.", "errors.authentication.missingRestToken")
    if not site.is_open(bhresttoken):
        raise RefusalError(401, "Bad 'BhRestToken' or timed-out.", "errors.authentication.invalidRestToken")
    return site


Here = Annotated[Site, Depends(signed_in)]
Query = dict[str, str]


def asked(*known: str, needs: tuple[str, ...] = ()) -> Any:
    """Dependency: the query of a call. Names that it does not know are refused, and so are those missing."""

    async def check(request: Request) -> Query:
        pairs = request.query_params.multi_items()
        query = dict(pairs)
        wrong = sorted(set(query) - set(known)) + [name for name in needs if not query.get(name)]
        wrong += [name for name, _ in pairs if [other for other, _ in pairs].count(name) > 1]
        if wrong:
            raise RefusalError(400, f"Bad parameters: {', '.join(wrong)}", "errors.badParameters", *wrong)
        numbers = [query.get(name, "0") for name in ("count", "start")]
        if not all(number.isdecimal() for number in numbers) or int(query.get("count", "0")) > LIMIT:
            raise RefusalError(400, "Bad count or start", "errors.badParameters", "count")
        return query

    return Depends(check)


Paged = Annotated[Query, asked("fields", "count", "start", "orderBy", needs=("fields",))]
Searched = Annotated[Query, asked("query", "fields", "count", "start", "sort", needs=("query", "fields"))]
Where = Annotated[Query, asked("where", "fields", "count", "start", "orderBy", needs=("where", "fields"))]
Fields = Annotated[Query, asked("fields", needs=("fields",))]
Nothing = Annotated[Query, asked()]


# --- the session --------------------------------------------------------------------------------------


@router.get("/ping")
async def ping(site: Here, _query: Nothing, bhresttoken: Annotated[str, Header()]) -> Record:
    return {"sessionExpires": int(site.until[bhresttoken] * 1000)}


@router.get("/logout")
async def logout(site: Here, _query: Nothing, bhresttoken: Annotated[str, Header()]) -> Record:
    del site.sessions[bhresttoken]
    return {"logout": "OK"}


@router.get("/settings/{names}")
async def settings(site: Here, _query: Nothing, names: str, bhresttoken: Annotated[str, Header()]) -> Record:
    known = SETTINGS | {"userId": site.sessions[bhresttoken]}
    if unknown := [name for name in names.split(",") if name not in known]:
        raise RefusalError(400, f"Unknown settings: {', '.join(unknown)}", "errors.unknownSetting")
    return {name: known[name] for name in names.split(",")}


@router.get("/meta/Candidate")
async def meta(_site: Here, query: Fields) -> Record:
    if query["fields"] != "status":
        raise RefusalError(404, "Unknown field", "errors.unknownField")
    options = [{"value": name, "label": name} for name in CANDIDATE_STATUSES]
    status = {"name": "status", "type": "SCALAR", "dataType": "String", "maxLength": 100, "label": "Status"}
    fields = [{"name": "id", "type": "ID", "dataType": "Integer"}, status | {"options": options}]
    return {"entity": "Candidate", "entityMetaUrl": "", "label": "Candidate", "fields": fields}


@router.get("/options/Category")
async def categories(site: Here, query: Annotated[Query, asked("count", "start", "filter")]) -> Record:
    if int(query.get("count", 20)) > 300:
        raise RefusalError(400, "Too many", "errors.badParameters", "count")
    known = site.records.tables["Category"].values()
    return {"data": [{"value": one["id"], "label": one["name"]} for one in known]}


# --- reading ------------------------------------------------------------------------------------------


@router.get("/search/{entity}")
async def search(site: Here, query: Searched, entity: str) -> Record:
    if entity not in INDEXED:
        raise RefusalError(400, f"{entity} has no index.", "errors.notIndexedEntity")
    if len(query["query"]) > LONGEST_QUERY:
        raise RefusalError(400, "A query of this length has to be posted.", "errors.badParameters", "query")
    test = lucene(entity, query["query"])
    known = [
        one
        for one in site.records.tables[entity].values()
        if (entity, one["id"]) not in site.records.unindexed
    ]
    found = [one for one in known if test(one)]
    if order := query.get("sort"):
        check_path(entity, [order.lstrip("-")])
        found.sort(key=lambda one: one[order.lstrip("-")] or 0, reverse=order.startswith("-"))
    answer = page(site.records, entity, found, query, 20)
    answer["data"] = [{"_score": 1.0} | one for one in answer["data"]]
    return answer | {"total": len(found)}


@router.get("/query/{entity}")
async def query_database(site: Here, query: Where, entity: str) -> Record:
    if entity in INDEXED or entity == "Note":
        raise RefusalError(400, f"Query operation not supported for {entity}.", "errors.queryIndexedEntity")
    test = jpql(site.records, entity, query["where"])
    return page(site.records, entity, [one for one in table(site, entity).values() if test(one)], query, 15)


@router.get("/entity/{entity}/{number:int}")
async def entity(site: Here, query: Fields, entity: str, number: int) -> Record:
    return {"data": shown(site.records, entity, one_of(site, entity, number), query["fields"])}


@router.get("/entity/{entity}/{number:int}/{name}")
async def association(site: Here, query: Paged, entity: str, number: int, name: str) -> Record:
    one_of(site, entity, number)
    try:
        kind, ids = site.records.associated(entity, number, name)
    except KeyError:
        raise RefusalError(404, f"Unknown association: {name}", "errors.unknownField", name) from None
    return page(site.records, kind, [site.records.tables[kind][one] for one in ids], query, 15)


# --- writing ------------------------------------------------------------------------------------------


@router.put("/entity/{entity}")
async def create(site: Here, entity: str, body: Annotated[Record, Body()], _query: Nothing) -> Record:
    if entity not in schemas.ENTITIES:
        raise RefusalError(404, f"Unknown entity: {entity}")
    fields = taken(site, schemas.ENTITIES[entity], body)
    check_values(site, entity, fields)
    if entity == "Candidate":
        fields = {"owner": {"id": site.user_id}, "category": {"id": 41}, "status": "New Lead"} | fields
    number = site.records.note(fields) if entity == "Note" else site.records.add(entity, fields)
    return {"changedEntityType": entity, "changedEntityId": number, "changeType": "INSERT"}


@router.post("/entity/Candidate/{number:int}")
async def update(site: Here, number: int, body: Annotated[Record, Body()], _query: Nothing) -> Record:
    record = one_of(site, "Candidate", number)
    fields = taken(site, schemas.CandidateUpdate, body)
    check_values(site, "Candidate", fields)
    record.update(fields)
    return {"changedEntityType": "Candidate", "changedEntityId": number, "changeType": "UPDATE"}


@router.put("/entity/Candidate/{number:int}/categories/{numbers}")
async def associate(site: Here, number: int, numbers: str, _query: Nothing) -> Record:
    one_of(site, "Candidate", number)
    present = site.records.categories.setdefault(("Candidate", number), [])
    wanted = [int(text) for text in numbers.split(",")]
    if any(one in present or one not in site.records.tables["Category"] for one in wanted):
        raise RefusalError(400, "Already associated, or unknown.", "errors.association", "categories")
    present += wanted
    return {"changedEntityType": "Candidate", "changedEntityId": number, "changeType": "ASSOCIATE"}


@router.put("/file/Candidate/{number:int}")
async def attach(site: Here, number: int, body: Annotated[Record, Body()], _query: Nothing) -> Record:
    one_of(site, "Candidate", number)
    fields = taken(site, schemas.FileIn, body)
    content = base64.b64decode(fields.pop("fileContent"))
    return {"fileId": site.records.attach(number, fields, content)}


# --- shared -------------------------------------------------------------------------------------------


def taken(site: Site, schema: type[schemas.Strict], body: Record) -> Record:
    """The fields of a body. Raises `RefusalError` naming those that are not as documented."""
    try:
        fields = schema.model_validate(body).given()
    except ValidationError as error:
        wrong = [".".join(map(str, fault["loc"])) or "record" for fault in error.errors()]
        raise RefusalError(400, f"Error persisting: {wrong[0]}", "errors.validation", *wrong) from None
    values = [*fields.values(), *fields.get("address", {}).values()]
    if CONFIDENTIAL in [value for value in values if isinstance(value, str)]:
        site.forced_back += 1
        raise RefusalError(400, "A confidential value", "errors.confidential")
    return fields


def check_values(site: Site, entity: str, fields: Record) -> None:
    """Raises `RefusalError` for a value that no list has, and for a reference that leads nowhere."""
    for name, value in fields.items():
        if name in REFERENCES and value is not None:
            one_of(site, REFERENCES[name], value["id"])
        if value not in LISTS.get((entity, name), [value]):
            raise RefusalError(400, f"Unknown {name}: {value}", "errors.validation", name)


def table(site: Site, entity: str) -> dict[int, Record]:
    """All of one type."""
    if entity not in site.records.tables:
        raise RefusalError(404, f"Unknown entity: {entity}")
    return site.records.tables[entity]


def one_of(site: Site, entity: str, number: int) -> Record:
    """The record of that id, deleted or not."""
    if number not in table(site, entity):
        raise RefusalError(404, f"{entity} {number} was not found.", "errors.entityNotFound")
    return site.records.tables[entity][number]


def page(records: Records, entity: str, found: list[Record], query: Query, size: int) -> Record:
    """Part of a list, as `start` and `count` say."""
    check_fields(entity, query["fields"])
    start = int(query.get("start", 0))
    part = found[start : start + int(query.get("count", size))]
    return {
        "start": start,
        "count": len(part),
        "data": [shown(records, entity, one, query["fields"]) for one in part],
    }


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """Bullhorn's error document."""
    if isinstance(refusal, RequestValidationError):
        refusal = RefusalError(400, "A JSON body is needed.", "errors.badRequest")
    if not isinstance(refusal, RefusalError):
        raise refusal
    body: Record = {
        "errorMessage": refusal.message,
        "errorMessageKey": refusal.key,
        "errorCode": refusal.status,
    }
    if refusal.fields:
        fault = {"detailMessage": "is not acceptable", "severity": "ERROR", "type": "INVALID_VALUE"}
        body["errors"] = [fault | {"propertyName": name} for name in refusal.fields]
    return JSONResponse(body, refusal.status)


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router, *routers)
