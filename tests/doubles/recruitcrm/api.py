"""The routes of Recruit CRM that the bot may use; each checks the token and every name it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from tests.doubles._double import app_of

from .records import REFERENCE_FIELD, STAGES, USERS, Record, Records, user_as_told
from .schemas import CHOICES, QUERY, CandidateIn, NoteIn, StageIn

TOKEN = "recruitcrm-token"
PER_PAGE = 25


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, message: str, **errors: list[str]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


@dataclass
class Site:
    """One account, whose token an admin can revoke."""

    records: Records = field(default_factory=Records)
    is_revoked: bool = False


async def the_records(request: Request, authorization: Annotated[str, Header()] = "") -> Records:
    """The tables of the account that the token opens."""
    site: Site = request.app.state.site
    if site.is_revoked or authorization != f"Bearer {TOKEN}":
        raise RefusalError(401, "Unauthenticated.")
    return site.records


Here = Annotated[Records, Depends(the_records)]
router = APIRouter(prefix="/v1", dependencies=[Depends(the_records)])


def asked(request: Request, what: str) -> dict[str, str]:
    """The query of a search. Names that it does not know are refused."""
    query = dict(request.query_params)
    if unknown := set(query) - QUERY[what] - {"page"}:
        raise RefusalError(422, "The given data was invalid.", **{name: ["Unknown"] for name in unknown})
    wrong = [name for name, values in CHOICES.items() if query.get(name, values[0]) not in values]
    if wrong or not set(query) - {"sort_by", "sort_order", "page"}:
        raise RefusalError(422, "The given data was invalid.", **{name: ["Invalid"] for name in wrong})
    return query


@router.get("/users")
async def users() -> list[Record]:
    return [user_as_told(user) for user in USERS]


@router.get("/users/search")
async def search_users(request: Request) -> list[Record]:
    # Finds what merely contains the address, and those who left.
    wanted = asked(request, "users")["email"].casefold()
    return [user_as_told(user) for user in USERS if wanted in str(user["email"]).casefold()]


@router.get("/hiring-pipeline")
async def stages() -> list[Record]:
    return [{"stage_id": number, "label": label} for number, label in STAGES.items()]


@router.get("/note-types")
async def note_types() -> list[Record]:
    return [{"id": 1, "label": "To Do"}, {"id": 2, "label": "General"}]


@router.get("/custom-fields/jobs")
async def job_fields() -> list[Record]:
    return [{"field_id": REFERENCE_FIELD, "field_name": "Reference", "field_type": "text"}]


@router.get("/candidates/search")
async def search_candidates(request: Request, records: Here) -> Any:
    query = asked(request, "candidates")
    exact = query.pop("exact_search", "") in ("true", "1")
    found = list(records.candidates.values())
    for name in set(query) - {"page"}:
        found = [one for one in found if like(one.get(name), query[name], exact)]
    return page(found, query)


@router.post("/candidates")
async def add_candidate(records: Here, body: CandidateIn) -> Record:
    return records.add_candidate(body.model_dump(exclude_none=True))


@router.get("/candidates/{slug}")
async def candidate(records: Here, slug: str) -> Record:
    return one_of(records.candidates, slug)


@router.post("/candidates/{slug}")
async def change_candidate(request: Request, records: Here, slug: str) -> Record:
    record = one_of(records.candidates, slug)
    if request.headers["content-type"].startswith("multipart/form-data"):
        async with request.form() as form:
            sent: Record = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("resume")
            if isinstance(file, UploadFile):
                records.resumes[slug] = await file.read()
                record["resume"] = {"filename": file.filename, "file_link": "https://files.example/x"}
    else:
        sent = await request.json()
    try:
        changes = CandidateIn.model_validate(sent).model_dump(exclude_none=True)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from None
    if "owner_id" in changes:
        changes["owner"] = changes.pop("owner_id")
    record |= changes
    return record


@router.get("/files/candidate/{slug}")
async def files(records: Here, slug: str) -> list[Record]:
    one_of(records.candidates, slug)
    found = [file for file in records.files if file["related_to"] == slug]
    return [{key: file[key] for key in file if key != "content"} for file in found]


@router.post("/files")
async def add_files(request: Request, records: Here) -> Record:
    if not request.headers["content-type"].startswith("multipart/form-data"):
        raise RefusalError(415, "multipart/form-data is needed")
    async with request.form() as form:
        file = form.get("files[]")
        names = {"files[]", "related_to", "related_to_type", "folder", "created_by"}
        if not set(form) <= names or not isinstance(file, UploadFile) or not form.get("folder"):
            raise RefusalError(422, "The given data was invalid.", folder=["Required"])
        told = {name: str(form[name]) for name in ("related_to", "related_to_type", "folder")}
        content = await file.read()
        told["file_name"] = str(file.filename)
    if len(content) > 15 * 1024 * 1024:
        raise RefusalError(422, "The given data was invalid.", files=["May not be greater than 15 MB"])
    one_of(records.candidates, told["related_to"])
    told["file_link"] = "https://files.example/y"
    records.files.append(told | {"content": content})
    return told


@router.get("/notes/search")
async def search_notes(request: Request, records: Here) -> Any:
    query = asked(request, "notes")
    return page([note for note in records.notes if note["related_to"] == query["related_to"]], query)


@router.post("/notes")
async def add_note(records: Here, body: NoteIn) -> Record:
    one_of(records.candidates, body.related_to)
    if body.created_by not in (None, *(user["id"] for user in USERS)):
        raise RefusalError(422, "The given data was invalid.", created_by=["Unknown"])
    note = body.model_dump() | {"id": records.number(), "created_by": str(body.created_by or 5)}
    note["note_type"] = [{"id": note.pop("note_type_id") or 1, "label": "x"}]
    records.notes.append(note)
    return note


@router.get("/jobs/search")
async def search_jobs(request: Request, records: Here) -> Any:
    query = asked(request, "jobs")
    found = list(reversed(records.jobs.values()))
    if "name" in query:
        found = [job for job in found if like(job["name"], query["name"], False)]
    # A status of nought counts as no filter.
    if status := int(query.get("job_status", 0)):
        found = [job for job in found if job["job_status"]["id"] == status]
    sent = await request.body()
    for wanted in (await request.json())["custom_fields"] if sent else ():
        told = {"field_id": wanted["field_id"], "value": wanted["filter_value"]}
        found = [job for job in found if wanted["filter_type"] == "equals" and told in job["custom_fields"]]
    return page(found, query)


@router.get("/jobs/{slug}")
async def one_job(records: Here, slug: str) -> Record:
    return one_of(records.jobs, slug)


@router.post("/candidates/{slug}/{way}")
async def put_onto(records: Here, slug: str, way: str, job_slug: str) -> Record:
    one_of(records.candidates, slug)
    one_of(records.jobs, job_slug)
    if way not in ("apply", "assign"):
        raise RefusalError(404, "Not found")
    if (slug, job_slug) in records.stages:
        raise RefusalError(422, "The candidate is already assigned to this job.")
    number = 1 if way == "assign" else 10
    stage: Record = {"candidate_slug": slug, "job_slug": job_slug, "remark": None}
    stage["status"] = {"status_id": number, "label": STAGES[number]}
    records.stages[(slug, job_slug)] = stage
    return stage


@router.get("/candidates/{slug}/hiring-stages/{job}")
async def stage(records: Here, slug: str, job: str) -> Record:
    if (slug, job) not in records.stages:
        raise RefusalError(404, "Not found")
    return records.stages[(slug, job)]


@router.post("/candidates/{slug}/hiring-stages/{job}")
async def change_stage(records: Here, slug: str, job: str, body: StageIn) -> Record:
    found = await stage(records, slug, job)
    if body.status_id not in (None, *STAGES):
        raise RefusalError(422, "The given data was invalid.", status_id=["The stage is unknown."])
    if body.status_id is not None:
        found["status"] = {"status_id": body.status_id, "label": STAGES[body.status_id]}
    found["remark"] = body.remark
    return found


def like(value: Any, wanted: str, exact: bool) -> bool:
    """Whether a text is, or contains, what was asked for."""
    text = str(value or "").casefold()
    return text == wanted.casefold() if exact else wanted.casefold() in text


def page(found: list[Record], query: dict[str, str]) -> Any:
    """A page of a search; nothing at all is told by a bare list."""
    if not found:
        return []
    number, size = int(query.get("page", 1)), int(query.get("limit", PER_PAGE))
    data = found[(number - 1) * size : number * size]
    following = "https://api.recruitcrm.io/next" if number * size < len(found) else None
    return {"current_page": number, "data": data, "next_page_url": following, "per_page": size}


def one_of(table: dict[str, Record], slug: str) -> Record:
    """The record with that slug."""
    if slug not in table:
        raise RefusalError(404, "Not found")
    return table[slug]


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """A refusal in the usual shape of the framework that Recruit CRM's pages point to."""
    if isinstance(refusal, RequestValidationError):
        errors = {str(error["loc"][-1]): [str(error["msg"])] for error in refusal.errors()}
        refusal = RefusalError(422, "The given data was invalid.", **errors)
    if not isinstance(refusal, RefusalError):
        raise refusal
    return JSONResponse({"message": refusal.message, "errors": refusal.errors}, refusal.status)


def build(site: Site) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router)
