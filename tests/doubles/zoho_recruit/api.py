"""The routes of Zoho Recruit that the bot may use."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from tests.doubles._double import app_of

from .records import STAMP, STATUSES, Record, person
from .schemas import AssociateIn, Body, CandidateIn, NoteIn, StatusIn
from .site import Here, RefusalError, Signed, Site, asked, item, listed, on_refusal, written

router = APIRouter(prefix="/recruit/v2")
PAGED = ("page", "per_page")


def answer(one: Record, status: int = 200) -> Response:
    """The answer to a request that wrote one record. What went wrong with it hides in a success."""
    return JSONResponse({"data": [one]}, status)


@router.get("/users")
async def users(request: Request, site: Here, records: Signed) -> Response:
    query = asked(request, "type", *PAGED)
    if query.get("type") not in ("AllUsers", "ActiveUsers", "CurrentUser"):
        raise RefusalError(400, "INVALID_DATA", "type")
    active = [user for user in records.users if user["status"] == "active"]
    found = {"AllUsers": records.users, "ActiveUsers": active, "CurrentUser": records.users[:1]}
    return listed(found[query["type"]], query, site.page, "users")


@router.get("/settings/fields")
async def fields(request: Request, _records: Signed) -> Record:
    if asked(request, "module") != {"module": "Candidates"}:
        raise RefusalError(400, "INVALID_MODULE", "the module name given seems to be invalid")
    values = [{"display_value": one, "actual_value": one} for one in STATUSES]
    shape = {"data_type": "picklist", "json_type": "string", "custom_field": False, "length": 120}
    return {
        "fields": [
            shape
            | {"api_name": "Email", "field_label": "Email", "data_type": "email", "pick_list_values": []},
            shape | {"api_name": "Candidate_Status", "field_label": "Status", "pick_list_values": values},
        ]
    }


@router.get("/Candidates/search")
async def search_candidates(request: Request, site: Here, records: Signed) -> Response:
    # More generous than the bot needs: parts of e-mails, and the last digits of numbers.
    query = asked(request, "criteria", "email", "phone", "word", *PAGED)
    found = list(records.candidates.values())
    if email := query.get("email", "").casefold():
        found = [one for one in found if email in f"{one['Email']} {one['Secondary_Email']}".casefold()]
    elif phone := digits(query.get("phone"))[-9:]:
        found = [one for one in found if phone in digits(one["Mobile"]) + " " + digits(one["Phone"])]
    else:
        raise RefusalError(400, "INVALID_QUERY", "invalid query formed")
    return listed(found, query, site.page)


@router.post("/Candidates")
async def add_candidate(records: Signed, body: Body[CandidateIn]) -> Response:
    fields = body.data[0].model_dump(exclude_none=True)
    if "Last_Name" not in fields:
        return answer(item("MANDATORY_NOT_FOUND", "required field not found", api_name="Last_Name"), 202)
    if twin := records.twin(fields.get("Email")):
        return answer(item("DUPLICATE_DATA", "duplicate data", api_name="Email", id=twin), 202)
    if fields.get("Candidate_Status", "New") not in STATUSES:
        return answer(item("INVALID_DATA", "invalid data", api_name="Candidate_Status"), 202)
    if "Owner" in fields and fields["Owner"]["id"] not in {user["id"] for user in records.users}:
        return answer(item("INVALID_DATA", "invalid data", api_name="Owner"), 202)
    return answer(written(records.add_candidate(fields)["id"], "record added"), 201)


@router.put("/Candidates/status")
async def change_status(records: Signed, body: Body[StatusIn]) -> Response:
    asked_for = body.data[0]
    if asked_for.Candidate_Status not in STATUSES:
        return JSONResponse({"data": [[item("INVALID_DATA", "invalid data", api_name="Candidate_Status")]]})
    for job in asked_for.jobids or []:
        records.associated[(asked_for.ids[0], job)]["status"] = asked_for.Candidate_Status
    return JSONResponse({"data": [[written(asked_for.ids[0], "status changed")]]})


@router.put("/Candidates/actions/associate")
async def associate(records: Signed, body: Body[AssociateIn]) -> Response:
    asked_for = body.data[0]
    pair = (asked_for.ids[0], asked_for.jobids[0])
    if pair[0] not in records.candidates or pair[1] not in records.jobs:
        return answer(item("INVALID_DATA", "The given candidate ID is invalid."))
    if pair in records.associated:
        return answer(item("ALREADY_ASSOCIATED", "The candidate is already associated with a job."))
    if records.candidates[pair[0]].get("locked"):
        return answer(item("RECORD_LOCKED", "The record is locked."))
    records.associated[pair] = {"status": "Associated", "comments": asked_for.comments}
    return answer(item("SUCCESS", "Record associated successfully", jobid=pair[1], ids=f"[{pair[0]}]"))


@router.get("/Candidates/{number}/associate")
async def associated(request: Request, site: Here, records: Signed, number: str) -> Response:
    query = asked(request, "posting_title", "candidate_statuses", *PAGED)
    wanted = query.get("candidate_statuses")
    mine = {job: link for (candidate, job), link in records.associated.items() if candidate == number}
    found = [records.jobs[job] for job, link in mine.items() if wanted in (None, link["status"])]
    return listed(found, query, site.page)


@router.get("/Candidates/{number}")
async def candidate(site: Here, records: Signed, number: str) -> Response:
    return listed([records.candidates[number]] if number in records.candidates else [], {}, site.page)


@router.put("/Candidates/{number}")
async def change_candidate(records: Signed, number: str, body: Body[CandidateIn]) -> Response:
    fields = body.data[0].model_dump(exclude_none=True)
    if number not in records.candidates:
        return answer(item("INVALID_DATA", "the id given seems to be invalid", id=number), 400)
    if twin := records.twin(fields.get("Email"), other_than=number):
        return answer(item("DUPLICATE_DATA", "duplicate data", api_name="Email", id=twin), 202)
    records.candidates[number].update(fields)
    return answer(written(number, "record updated"))


@router.get("/Candidates/{number}/Attachments")
async def attachments(request: Request, site: Here, records: Signed, number: str) -> Response:
    found = [{key: one[key] for key in one if key != "content"} for one in records.files.get(number, [])]
    return listed(found, asked(request, *PAGED), site.page)


@router.post("/Candidates/{number}/Attachments")
async def attach(request: Request, records: Signed, number: str) -> Response:
    category = asked(request, "attachments_category").get("attachments_category")
    if category not in ("Resume", "Cover Letter", "Others"):
        return answer(item("MANDATORY_NOT_FOUND", "required", api_name="attachments_category"), 400)
    async with request.form() as form:
        file = form["file"] if list(form) == ["file"] else None
        if not isinstance(file, UploadFile) or not file.filename:
            return answer(item("MANDATORY_NOT_FOUND", "required field not found", api_name="file"), 400)
        content, name = await file.read(), file.filename
    if len(content) > 20 * 1024 * 1024:
        return answer(item("INVALID_DATA", "the file is larger than 20 MB", api_name="file"), 400)
    files = records.files.setdefault(number, [])
    if category == "Resume" and any(one["category"] == "Resume" for one in files):
        return answer(item("INVALID_DATA", "You are not allowed to attach more than one resume"), 202)
    record = {"id": records.new_id(), "File_Name": name, "Size": str(len(content)), "Parent_Id": number}
    files.append(record | {"category": category, "Created_Time": STAMP, "content": content})
    return answer(written(record["id"], "attachment uploaded successfully"))


@router.get("/Candidates/{number}/Attachments/{file_id}")
async def download(records: Signed, number: str, file_id: str) -> Response:
    for one in records.files.get(number, []):
        if one["id"] == file_id:
            return Response(one["content"], media_type="application/octet-stream")
    return Response(status_code=204)


@router.get("/Candidates/{number}/Notes")
async def notes(request: Request, site: Here, records: Signed, number: str) -> Response:
    found = [note for note in records.notes if note["Parent_Id"]["id"] == number]
    return listed(found, asked(request, *PAGED), site.page)


@router.post("/Notes")
async def add_note(records: Signed, body: Body[NoteIn]) -> Response:
    note = body.data[0].model_dump(exclude_none=True)
    if note["Parent_Id"] not in records.candidates:
        return answer(item("INVALID_DATA", "the id given seems to be invalid", api_name="Parent_Id"), 202)
    note |= {"id": records.new_id(), "Parent_Id": {"name": None, "id": note["Parent_Id"]}}
    note |= {
        "Note_Owner": person(records.users[0]),
        "$se_module": note.pop("se_module"),
        "Created_Time": STAMP,
    }
    records.notes.append(note)
    return answer(written(note["id"], "record added"), 201)


@router.get("/Job_Openings")
async def jobs(request: Request, site: Here, records: Signed) -> Response:
    query = asked(request, "fields", "sort_order", "sort_by", *PAGED)
    found = list(records.jobs.values())
    if "sort_by" in query:
        found.sort(key=lambda job: str(job[query["sort_by"]]), reverse=query.get("sort_order") == "desc")
    return listed(found, query, site.page)


@router.get("/Job_Openings/search")
async def search_jobs(request: Request, site: Here, records: Signed) -> Response:
    query = asked(request, "word", *PAGED)
    word = query.get("word", "").casefold()
    if len(word) < 2:
        raise RefusalError(400, "INVALID_QUERY", "invalid query formed")
    return listed([job for job in records.jobs.values() if word in str(job).casefold()], query, site.page)


@router.get("/Job_Openings/{number}")
async def job(site: Here, records: Signed, number: str) -> Response:
    return listed([records.jobs[number]] if number in records.jobs else [], {}, site.page)


def digits(text: str | None) -> str:
    """What of a number can be compared."""
    return "".join(filter(str.isdecimal, text or ""))


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    return app_of(site, RefusalError, on_refusal, *routers, router)
