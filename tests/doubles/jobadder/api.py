"""The routes of JobAdder that the bot may use; each checks the token's scope and every name it is given."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from tests.doubles._double import app_of

from .lists import Query, asked, page
from .records import ACTIVE_CANDIDATE, NEW, Record, Records
from .schemas import CandidateIn, CandidateUpdate, JobsIn, NoteIn
from .site import RefusalError, Site

LISTED = ("candidateId", "firstName", "lastName", "email", "phone", "mobile", "address", "status")
OVERRIDE = "D7A1"
KINDS = ("Resume", "FormattedResume", "CoverLetter", "Other", "Screening", "Check", "Reference", "License")
NOTE_TYPES = {"Email": {"note": False, "email": True}, "General": {"note": True, "email": False}}
router = APIRouter(prefix="/v2")


async def the_site(request: Request) -> Site:
    """The double a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(the_site)]


def needs(scope: str) -> Any:
    """Dependency: an access token that is good and has the scope; the tables."""

    async def check(site: Here, authorization: Annotated[str, Header()] = "") -> Records:
        kind, _, token = authorization.partition(" ")
        scopes = site.sign_in.scopes_of(token) if kind == "Bearer" else None
        if scopes is None:
            raise RefusalError(401)
        if scope not in scopes:
            raise RefusalError(403, "Insufficient scope")
        return site.records

    return Depends(check)


@router.get("/users/current")
async def current_user(site: Here, records: Annotated[Records, needs("read_user")]) -> Record:
    (user,) = (user for user in records.users if user["userId"] == site.user_id)
    return user | {"accountName": "Bright Desk"}


@router.get("/users")
async def users(
    records: Annotated[Records, needs("read_user")], query: Annotated[Query, asked("/users")]
) -> Record:
    return page(records.users, query)


@router.get("/candidates")
async def find_candidates(
    records: Annotated[Records, needs("read_candidate")], query: Annotated[Query, asked("/candidates")]
) -> Record:
    # More generous than the bot needs: parts of e-mails, and numbers however they are spaced.
    found = list(records.candidates.values())
    if email := query.get("email", "").casefold():
        found = [one for one in found if any(email in known.casefold() for known in emails(one))]
    if phone := digits(query.get("phone", "")):
        found = [one for one in found if phone in (digits(one.get("phone")), digits(one.get("mobile")))]
    return page([{key: one.get(key) for key in LISTED} for one in found], query)


@router.post("/candidates", status_code=201)
async def add_candidate(
    site: Here,
    records: Annotated[Records, needs("write_candidate")],
    body: CandidateIn,
    x_allow_duplicates: Annotated[str | None, Header()] = None,
) -> Record:
    site.forced += x_allow_duplicates is not None
    if records.twin(body.email) and x_allow_duplicates != OVERRIDE:
        raise duplicate("email")
    check_references(records, body)
    return records.add_candidate(body.given())


@router.get("/candidates/lists/notetype")
async def note_types(_records: Annotated[Records, needs("read_candidate_note")]) -> Record:
    return {"items": [{"name": name, "default": default} for name, default in NOTE_TYPES.items()]}


@router.get("/candidates/{candidate_id:int}")
async def candidate(records: Annotated[Records, needs("read_candidate")], candidate_id: int) -> Record:
    return one_of(records.candidates, candidate_id)


@router.put("/candidates/{candidate_id:int}")
async def change_candidate(
    records: Annotated[Records, needs("write_candidate")], candidate_id: int, body: CandidateUpdate
) -> Response:
    record = one_of(records.candidates, candidate_id)
    if records.twin(body.email, other_than=candidate_id):
        raise duplicate("email")
    check_references(records, body)
    record.update(body.given())
    return Response()


@router.get("/candidates/{candidate_id:int}/attachments")
async def attachments(
    records: Annotated[Records, needs("read_candidate")],
    candidate_id: int,
    query: Annotated[Query, asked("/candidates/{id}/attachments")],
) -> Record:
    one_of(records.candidates, candidate_id)
    files = records.attachments.get(candidate_id, [])
    return page([{key: file[key] for key in file if key != "content"} for file in files], query)


@router.get("/candidates/{candidate_id:int}/attachments/{attachment_id:int}")
async def attachment(
    records: Annotated[Records, needs("read_candidate")],
    candidate_id: int,
    attachment_id: int,
    accept: Annotated[str, Header()] = "*/*",
) -> Response:
    if accept != "*/*":
        raise RefusalError(422, "The file can't be converted", "Invalid", "accept")
    files = {file["attachmentId"]: file for file in records.attachments.get(candidate_id, [])}
    return Response(one_of(files, attachment_id)["content"], media_type="application/octet-stream")


@router.post("/candidates/{candidate_id:int}/attachments/{kind}", status_code=201)
async def attach(
    request: Request, records: Annotated[Records, needs("write_candidate")], candidate_id: int, kind: str
) -> Record:
    one_of(records.candidates, candidate_id)
    if kind not in KINDS:
        raise RefusalError(404)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise RefusalError(415, "multipart/form-data is needed")
    async with request.form() as form:
        file = form["fileData"] if list(form) == ["fileData"] else None
        if not isinstance(file, UploadFile) or not file.filename:
            raise RefusalError(422, "Validation error", "Required", "fileData")
        return records.attach(candidate_id, kind, file.filename, await file.read())


@router.get("/candidates/{candidate_id:int}/notes")
async def notes(
    records: Annotated[Records, needs("read_candidate_note")],
    candidate_id: int,
    query: Annotated[Query, asked("/candidates/{id}/notes")],
) -> Record:
    one_of(records.candidates, candidate_id)
    found = records.notes.get(candidate_id, [])
    return page([one for one in found if one.get("reference") == query.get("reference")], query)


@router.post("/candidates/{candidate_id:int}/notes", status_code=201)
async def add_note(
    records: Annotated[Records, needs("write_candidate_note")], candidate_id: int, body: NoteIn
) -> Record:
    one_of(records.candidates, candidate_id)
    if body.created_by and records.active_user(body.created_by.email) is None:
        raise RefusalError(422, "Validation error", "Invalid", "createdBy.email")
    if body.type is not None and body.type not in NOTE_TYPES:
        raise RefusalError(422, "Validation error", "Invalid", "type")
    theirs = [one["applicationId"] for one in records.applications.get(candidate_id, [])]
    if not set(body.application_id or ()) <= set(theirs):
        raise RefusalError(422, "Validation error", "Invalid", "applicationId")
    return records.note(candidate_id, body.given())


@router.get("/candidates/{candidate_id:int}/applications")
async def applications(
    records: Annotated[Records, needs("read_jobapplication")],
    candidate_id: int,
    query: Annotated[Query, asked("/candidates/{id}/applications")],
) -> Record:
    one_of(records.candidates, candidate_id)
    return page(records.applications.get(candidate_id, []), query)


@router.post("/candidates/{candidate_id:int}/applications", status_code=201)
async def apply(
    records: Annotated[Records, needs("write_jobapplication")], candidate_id: int, body: JobsIn
) -> Record:
    one_of(records.candidates, candidate_id)
    if len(body.job_id) > 1:
        raise RefusalError(422, "One job at a time is all that is known here", "Invalid", "jobId")
    job = one_of(records.jobs, body.job_id[0])
    if body.job_id[0] in [one["job"]["jobId"] for one in records.applications.get(candidate_id, [])]:
        raise duplicate("jobId")
    if not job["status"]["active"]:
        raise RefusalError(422, "Validation error", "Invalid", "jobId")
    return {"items": [records.apply(candidate_id, body.job_id[0], body.source)], "totalCount": 1}


@router.get("/jobs")
async def jobs(
    records: Annotated[Records, needs("read_job")], query: Annotated[Query, asked("/jobs")]
) -> Record:
    found = [
        job
        for job in records.jobs.values()
        if query.get("jobtitle", "").casefold() in job["jobTitle"].casefold()
    ]
    if "active" in query:
        found = [job for job in found if job["status"]["active"] == (query["active"] == "true")]
    if query.get("sort") == "-createdAt":
        found.sort(key=lambda job: str(job["createdAt"]), reverse=True)
    return page(found, query)


@router.get("/jobs/{job_id:int}")
async def one_job(records: Annotated[Records, needs("read_job")], job_id: int) -> Record:
    return one_of(records.jobs, job_id)


def check_references(records: Records, body: CandidateUpdate) -> None:
    """Raises `RefusalError` for a recruiter who can't be one, and for a status that there isn't."""
    able = [user["userId"] for user in records.users if not user.get("inactive") and not user.get("deleted")]
    if not set(body.recruiter_user_id or ()) <= set(able):
        raise RefusalError(422, "Validation error", "Invalid", "recruiterUserId")
    if body.status_id not in (None, NEW["statusId"], ACTIVE_CANDIDATE["statusId"]):
        raise RefusalError(422, "Validation error", "Invalid", "statusId")


def one_of(table: dict[int, Record], record_id: int) -> Record:
    """The record with that id."""
    if record_id not in table:
        raise RefusalError(404)
    return table[record_id]


def duplicate(field: str) -> RefusalError:
    """The refusal of a second record, with the code that would force one."""
    return RefusalError(
        409, "Record already exists", "AlreadyExists", field, headers={"X-Allow-Duplicates": OVERRIDE}
    )


def emails(record: Record) -> list[str]:
    """All of a candidate's addresses."""
    return [record.get("email") or "", *record.get("otherEmail", [])]


def digits(text: str | None) -> str:
    """What is left of a number without its punctuation."""
    return "".join(filter(str.isdigit, text or ""))


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """JobAdder's error document."""
    if isinstance(refusal, RequestValidationError):
        fields = [str(error["loc"][-1]) for error in refusal.errors()]
        refusal = RefusalError(422, "Validation error", "Invalid", *fields)
    if not isinstance(refusal, RefusalError):
        raise refusal
    if refusal.message is None:
        return Response(status_code=refusal.status)
    errors = (
        [{"code": refusal.code, "message": "Not acceptable", "fields": list(refusal.fields)}]
        if refusal.code
        else []
    )
    return JSONResponse({"message": refusal.message, "errors": errors}, refusal.status, refusal.headers)


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, router, *routers)
