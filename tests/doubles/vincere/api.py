"""The routes of Vincere that the bot may use; each checks both headers and every name it is given."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import app_of
from tests.doubles._signin import SignIn

from .records import SOURCES, USERS, Record, Records
from .schemas import ActivitiesIn, ApplicationIn, CandidateIn, CommentIn, FileIn

API_KEY = "tenant-key-1"
SLICE = 2
RETURNED = {
    "candidate": {
        "id",
        "name",
        "first_name",
        "last_name",
        "primary_email",
        "phone",
        "mobile",
        "skype",
        "skill",
    },
    "position": {"id", "job_title", "job_status", "closed_date", "open_date", "owners", "created_date"},
}
SEARCHED = {"candidate": {"id", "primary_email", "phone", "mobile", "text"}, "position": {"id", "job_title"}}


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, *errors: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


@dataclass
class Site:
    """One tenant."""

    sign_in: SignIn
    records: Records = field(default_factory=Records)


async def signed_in(
    request: Request,
    id_token: Annotated[str, Header()] = "",
    x_api_key: Annotated[str, Header()] = "",
    authorization: Annotated[str | None, Header()] = None,
) -> Records:
    """A good id-token and the tenant's key; the tables."""
    site: Site = request.app.state.site
    if x_api_key != API_KEY or authorization is not None:
        raise RefusalError(403, "Forbidden")
    try:
        payload = id_token.split(".")[1]
        token = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["at"]
    except (IndexError, KeyError, ValueError):
        token = ""
    if site.sign_in.scopes_of(token) is None:
        raise RefusalError(401, "The incoming token has expired")
    return site.records


Signed = Annotated[Records, Depends(signed_in)]
router = APIRouter(prefix="/api/v2")


@router.get("/user/me")
async def me(_records: Signed) -> Record:
    return USERS[0]


@router.get("/user/summaries/all")
async def users(_records: Signed) -> list[Record]:
    return list(USERS)


@router.get("/candidatesources")
async def sources(_records: Signed) -> list[Record]:
    return list(SOURCES)


@router.get("/{entity}/search/{matrix}")
async def search(request: Request, records: Signed, entity: str, matrix: str) -> Record:
    """Finds more than was asked for: parts of e-mails, the last digits of numbers, parts of titles."""
    parts = dict(part.split("=", 1) for part in matrix.split(";"))
    query = dict(request.query_params)
    wanted = set(parts.get("fl", "").split(","))
    if set(parts) - {"fl", "sort"} or set(query) - {"q", "start", "limit"} or entity not in RETURNED:
        raise RefusalError(400, "Data is invalid")
    limit = int(query.get("limit", 25))
    if wanted - RETURNED[entity] or limit > 100:
        raise RefusalError(400, "Data is invalid", *sorted(wanted - RETURNED[entity]))
    table = positions(records) if entity == "position" else people(records)
    asked = conditions(entity, query["q"]) if "q" in query else None
    found = [row for row in table if asked is None or any(matches(row, one) for one in asked)]
    if parts.get("sort") == "created_date desc":
        found.sort(key=lambda row: str(row.get("created_date")), reverse=True)
    start = int(query.get("start", 0))
    items = [{name: row.get(name) for name in wanted} for row in found[start : start + limit]]
    return {"result": {"start": start, "total": len(found), "items": items}, "category": entity}


def people(records: Records) -> list[Record]:
    """Candidates as a search tells them."""
    return [
        one
        | records.hidden[number]
        | {"primary_email": one.get("email"), "name": f"{one.get('first_name')} {one['last_name']}"}
        for number, one in records.candidates.items()
    ]


def positions(records: Records) -> list[Record]:
    """Positions as a search tells them."""
    return list(records.positions.values())


Condition = tuple[str, str]


def conditions(entity: str, query: str) -> list[Condition]:
    """The fields and values of a query; each condition has to end in #."""
    found = []
    for condition in query.split(" OR "):
        known = re.fullmatch(r'(\w+):(?:"([^"#]*)"|(\d+))#', condition)
        if known is None or known[1] not in SEARCHED[entity]:
            raise RefusalError(400, "Data is invalid", condition)
        found.append((known[1], (known[2] or known[3] or "").strip().casefold()))
    return found


def matches(row: Record, condition: Condition) -> bool:
    """Whether a row meets a condition, and then some."""
    field, value = condition
    has = str(row.get(field) or "").casefold()
    if field == "id":
        return has == value
    if field in ("phone", "mobile"):
        has, value = digits(has)[-9:], digits(value)[-9:]
    return bool(value) and value in has


@router.post("/candidate")
async def add_candidate(records: Signed, body: CandidateIn) -> Record:
    check_ids(body)
    return {"id": records.add_candidate(body.model_dump(exclude_none=True))}


@router.get("/candidate/{number}")
async def candidate(records: Signed, number: int) -> Record:
    return one_of(records.candidates, number)


@router.put("/candidate/{number}")
async def replace_candidate(records: Signed, number: int, body: CandidateIn) -> Record:
    one_of(records.candidates, number)
    check_ids(body)
    fields = body.model_dump(exclude_none=True)
    records.hidden[number] = {"skype": fields.pop("skype", None)}
    records.candidates[number] = fields | {"id": number, "email_subscribed": True}
    return {"id": number}


@router.get("/candidate/{number}/webapp/url")
async def page(request: Request, records: Signed, number: int) -> Record:
    one_of(records.candidates, number)
    return {"url": f"{request.base_url}app/candidate/{number}"}


@router.get("/candidate/{number}/files")
async def files(records: Signed, number: int) -> list[Record]:
    one_of(records.candidates, number)
    return [{key: one[key] for key in one if key != "content"} for one in records.files.get(number, [])]


@router.post("/candidate/{number}/file")
async def upload(records: Signed, number: int, body: FileIn) -> Record:
    one_of(records.candidates, number)
    record = body.model_dump() | {"id": records.new_id(), "url": "https://files.example/24h"}
    record["content"] = base64.b64decode(record.pop("base_64_content"), validate=True)
    if len(record["content"]) > 5 * 1024 * 1024:
        raise RefusalError(400, "File size exceeds the limit")
    records.files.setdefault(number, []).append(record)
    return {"id": record["id"]}


@router.post("/activity/comment")
async def add_comment(records: Signed, body: CommentIn) -> Record:
    for number in body.candidate_ids:
        one_of(records.candidates, number)
    record = body.model_dump() | {"id": records.new_id()}
    records.comments.append(record)
    return {"id": record["id"]}


@router.post("/candidate/activities")
async def activities(records: Signed, body: ActivitiesIn) -> Record:
    found = [
        {"id": one["id"], "activity_type": "COMMENT", "content": one["content"]}
        for one in records.comments
        if body.candidate_id in one["candidate_ids"]
        and (body.text or "").casefold() in one["content"].casefold()
    ]
    return sliced(found, body.index)


@router.get("/candidate/{number}/applications")
async def applications(records: Signed, number: int, index: int) -> Record:
    return sliced([one for one in records.applications if one["candidate_id"] == number], index)


@router.post("/application")
async def apply(records: Signed, body: ApplicationIn) -> Record:
    one_of(records.candidates, body.candidate_id)
    one_of(records.positions, body.job_id)
    record = body.model_dump() | {"id": records.new_id()}
    records.applications.append(record)
    return {"id": record["id"]}


def check_ids(body: CandidateIn) -> None:
    """Sources and users have to be there."""
    if str(body.candidate_source_id) not in [one["value"] for one in SOURCES]:
        raise RefusalError(400, "Data is invalid", "candidate_source_id")
    if body.creator_id is not None and body.creator_id not in [one["id"] for one in USERS]:
        raise RefusalError(400, "Data is invalid", "creator_id")


def sliced(found: list[Record], index: int) -> Record:
    """A slice of a list, which says whether it is the last."""
    part = found[index * SLICE : (index + 1) * SLICE]
    last = (index + 1) * SLICE >= len(found)
    return {"slice_index": index, "num_of_elements": len(part), "last": last, "content": part}


def one_of(table: dict[int, Record], number: int) -> Record:
    """The record with that id."""
    if number not in table:
        raise RefusalError(404, "Entity not found")
    return table[number]


def digits(text: str) -> str:
    """What of a number can be compared."""
    return "".join(filter(str.isdecimal, text))


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """Vincere's error document."""
    if isinstance(refusal, RequestValidationError):
        refusal = RefusalError(400, "Data is invalid", *(str(error["loc"][-1]) for error in refusal.errors()))
    if not isinstance(refusal, RefusalError):
        raise refusal
    document = {"message": refusal.message, "httpStatus": refusal.status, "errorCode": "DATA_INVALID"}
    more = {"status": "BAD_REQUEST", "errorId": "aeb5f871-7f07-4993-9211-075dc63e7cbf"}
    return JSONResponse(document | more | {"errors": list(refusal.errors)}, refusal.status)


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, *routers, router)
