"""Greenhouse's token endpoint and the routes of Harvest v3 that the bot may use."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import app_of
from tests.doubles._signin import form_of

from .records import ACTING_USER, USERS, Record, Records
from .schemas import QUERY, CandidateChanges, Move, NewApplication, NewAttachment, NewCandidate, NewNote

CLIENT_ID, CLIENT_SECRET = "greenhouse-client", "greenhouse-secret"
LIFETIME = 3600
BLOCKED = (".exe", ".html")


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.field = field


@dataclass
class Site:
    """One account. `page` is the longest page that it gives, `expires_at` how it tells a token's end.

    `is_revoked`: the credential was deleted.
    """

    clock: Callable[[], float]
    records: Records = field(default_factory=lambda: Records(""))
    tokens: dict[str, float] = field(default_factory=dict)
    page: int = 2
    expires_at: bool = False
    is_revoked: bool = False


async def the_site(request: Request, authorization: Annotated[str, Header()] = "") -> Site:
    """The account that the token opens."""
    site: Site = request.app.state.site
    if site.tokens.get(authorization.removeprefix("Bearer "), 0) <= site.clock():
        raise RefusalError(401, "Invalid or expired token")
    return site


Here = Annotated[Site, Depends(the_site)]
router = APIRouter(prefix="/v3", dependencies=[Depends(the_site)])
doors = APIRouter()


@doors.post("/token")
async def token(request: Request) -> Response:
    """A token for the client's credentials; the one before it ends."""
    site: Site = request.app.state.site
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        client = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, ValueError):
        client = ""
    form = await form_of(request)
    if site.is_revoked or kind != "Basic" or client != f"{CLIENT_ID}:{CLIENT_SECRET}":
        return JSONResponse({"error": "invalid_client"}, 401)
    if form != {"grant_type": "client_credentials", "sub": str(ACTING_USER)}:
        return JSONResponse({"error": "invalid_request"}, 400)
    site.tokens.clear()
    given, until = secrets.token_urlsafe(24), site.clock() + LIFETIME
    site.tokens[given] = until
    moment = datetime.fromtimestamp(until, UTC).isoformat().replace("+00:00", "Z")
    ends: Record = {"expires_at": moment} if site.expires_at else {"expires_in": LIFETIME}
    return JSONResponse({"access_token": given, "token_type": "Bearer"} | ends)


@doors.get("/files/{number}")
async def file(request: Request, number: int) -> Response:
    """A file at its signed address, where no token may go."""
    site: Site = request.app.state.site
    if "authorization" in request.headers:
        return Response(status_code=400)
    return Response(site.records.files[number])


def listing(request: Request, site: Site, what: str, rows: Iterable[Record]) -> Response:
    """A page of a list, after the filters that all lists have; the query is checked."""
    query = dict(request.query_params)
    start = 0
    if "cursor" in query:
        if set(query) != {"cursor"}:
            raise RefusalError(422, "Invalid query params: cursor must be the only one")
        start, query = json.loads(base64.b64decode(query["cursor"]))
    if unknown := set(query) - QUERY[what]:
        raise RefusalError(422, f"Invalid query params: {', '.join(sorted(unknown))}")
    if not 1 <= int(query.get("per_page", 100)) <= 500:
        raise RefusalError(422, "Invalid query params: per_page")
    found = [row for row in rows if "ids" not in query or str(row["id"]) in query["ids"].split(",")]
    found = [row for row in found if all(chosen(row, name, query[name]) for name in query)]
    size = min(site.page, int(query.get("per_page", 100)))
    headers = {}
    if start + size < len(found):
        cursor = base64.b64encode(json.dumps([start + size, query]).encode()).decode()
        headers["Link"] = f'<https://harvest.greenhouse.io/v3/{what}?cursor={cursor}>; rel="next"'
    page = found[start : start + size]
    if "fields" in query:
        page = [{key: row[key] for key in query["fields"].split(",")} for row in page]
    return JSONResponse(page, headers=headers)


def chosen(row: Record, name: str, wanted: str) -> bool:
    """Whether a row passes a filter."""
    if name in ("candidate_ids", "job_ids", "application_ids", "user_ids"):
        return str(row[name.removesuffix("s")]) in wanted.split(",")
    if name == "email":
        return wanted.casefold() in [one["value"].casefold() for one in row["email_addresses"]]
    if name == "active":
        return bool(row["active"]) is (wanted == "true")
    if name == "requisition_id":
        # Finds what merely resembles, which is not said not to happen.
        return str(row[name] or "").casefold().startswith(wanted.casefold())
    if name in ("status", "primary_email"):
        return bool(row[name] == wanted)
    return True


@router.get("/users")
async def users(request: Request, site: Here) -> Response:
    shows = request.query_params.get("show_service_accounts") == "true"
    rows = [
        {"deactivated": False, "site_admin": False} | {name: user[name] for name in user if name != "service"}
        for user in USERS
        if shows or not user.get("service")
    ]
    return listing(request, site, "users", rows)


@router.get("/jobs")
async def jobs(request: Request, site: Here) -> Response:
    return listing(request, site, "jobs", site.records.jobs.values())


@router.get("/job_interview_stages")
async def job_stages(request: Request, site: Here) -> Response:
    return listing(request, site, "job_interview_stages", site.records.stages.values())


@router.get("/candidates")
async def candidates(request: Request, site: Here) -> Response:
    return listing(request, site, "candidates", site.records.candidates.values())


@router.post("/candidates", status_code=201)
async def add_candidate(site: Here, body: NewCandidate) -> Record:
    sent = body.model_dump(exclude_none=True)
    wanted = sent.pop("application", None)
    candidate = site.records.add_candidate(sent)
    applied = site.records.add_application(candidate["id"], wanted) if wanted else None
    return {"candidate": candidate, "application": applied}


@router.patch("/candidates/{number}")
async def change_candidate(site: Here, number: int, body: CandidateChanges) -> Record:
    record = one_of(site.records.candidates, number)
    record |= body.model_dump(exclude_none=True)
    return record


@router.get("/applications")
async def applications(request: Request, site: Here) -> Response:
    return listing(request, site, "applications", site.records.applications.values())


@router.post("/applications", status_code=201)
async def add_application(site: Here, body: NewApplication) -> Record:
    one_of(site.records.candidates, body.candidate_id)
    if not body.prospect:
        job = site.records.jobs.get(body.job_id or 0)
        if job is None or job["status"] != "open":
            raise RefusalError(422, "Validation failed", "job_id")
    return site.records.add_application(body.candidate_id, body.model_dump(exclude_none=True))


@router.post("/applications/{number}/move")
async def move(site: Here, number: int, body: Move) -> Record:
    application = one_of(site.records.applications, number)
    target = site.records.stages.get(body.to_stage_id)
    if application["job_interview_stage_id"] != body.from_stage_id:
        raise RefusalError(422, "Validation failed", "from_stage_id")
    if target is None or not target["active"] or target["job_id"] != application["job_id"]:
        raise RefusalError(422, "Validation failed", "to_stage_id")
    application |= {"job_interview_stage_id": target["id"], "stage_name": target["name"]}
    site.records.moves.append({"application": number, "to": target["name"]})
    return {"id": number, "moved": True}


@router.get("/attachments")
async def attachments(request: Request, site: Here) -> Response:
    return listing(request, site, "attachments", site.records.attachments.values())


@router.post("/attachments", status_code=201)
async def add_attachment(site: Here, body: NewAttachment) -> Record:
    one_of(site.records.applications, body.application_id)
    if body.filename.lower().endswith(BLOCKED):
        raise RefusalError(422, "Validation failed", "filename")
    return site.records.add_attachment(body.model_dump())


@router.get("/notes")
async def notes(request: Request, site: Here) -> Response:
    return listing(request, site, "notes", site.records.notes.values())


@router.post("/notes", status_code=201)
async def add_note(site: Here, body: NewNote) -> Record:
    # The candidate is not looked for: a note for nobody is taken.
    if body.user_id not in [user["id"] for user in USERS]:
        raise RefusalError(422, "Validation failed", "user_id")
    number = site.records.number()
    note = {"id": number, "type": body.note_type} | body.model_dump(exclude={"note_type"})
    site.records.notes[number] = note | {"application_id": None, "subject": None}
    return site.records.notes[number]


def one_of(table: dict[int, Record], number: int) -> Record:
    """The record with that id."""
    if number not in table:
        raise RefusalError(404, "Resource not found")
    return table[number]


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """A refusal in Greenhouse's shape."""
    if isinstance(refusal, RequestValidationError):
        told: list[Any] = [
            {"message": str(error["msg"]), "field": str(error["loc"][-1])} for error in refusal.errors()
        ]
        return JSONResponse({"message": "Validation failed", "errors": told}, 422)
    if not isinstance(refusal, RefusalError):
        raise refusal
    errors = [{"message": "is invalid", "field": refusal.field}] if refusal.field else []
    return JSONResponse({"message": refusal.message, "errors": errors}, refusal.status)


def build(site: Site) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router, doors)
