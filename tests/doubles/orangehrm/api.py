"""The routes of OrangeHRM that the bot may use; each names the parameters it does not accept."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from tests.doubles._signin import RefusedError, form_of

from .records import Record, Records

if TYPE_CHECKING:
    from . import OrangeHrmDouble

FILE_TYPES = (
    "text/plain",
    "text/rtf",
    "application/rtf",
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_LISTED = frozenset({"limit", "offset", "sortField", "sortOrder", "model"})
_CANDIDATE_QUERY = _LISTED | {"candidateId", "vacancyId", "keywords", "candidateName", "status"}
_VACANCY_QUERY = _LISTED | {"vacancyId", "status", "name", "jobTitleId", "hiringManagerId"}
_LENGTHS = {"firstName": 30, "middleName": 30, "lastName": 30, "keywords": 250, "comment": 250}
_OTHERS = frozenset({"email", "contactNumber", "vacancyId", "dateOfApplication", "consentToKeepData"})
_DEFAULT_LIMIT, _LARGEST_FILE, _LONGEST_FILE_NAME, _LONGEST_NOTE = 50, 1024 * 1024, 200, 2000
router = APIRouter(prefix="/web/index.php/api/v2")


class RefusalError(Exception):
    """A refusal, with the parameters it is about."""

    def __init__(self, status: int, message: str, *faulty: str) -> None:
        super().__init__(message)
        self.status = status
        self.faulty = faulty


def signed_in(request: Request) -> Records:
    """The tables, for a good token and the right header."""
    double: OrangeHrmDouble = request.app.state.double
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind == "Bearer" and double.sign_in.scopes_of(token) is not None:
        return double.records
    if request.headers.get("accept") != "application/json":
        raise RefusalError(302, "Log in")
    raise RefusalError(401, "The resource owner or authorization server denied the request.")


def page(request: Request, known: frozenset[str], found: list[Record]) -> Record:
    """Part of a list: 50 records if not asked for more, all if asked for 0."""
    query = request.query_params
    if unknown := set(query) - known:
        raise RefusalError(422, "Invalid Parameter", *sorted(unknown))
    limit, offset = int(query.get("limit", _DEFAULT_LIMIT)), int(query.get("offset", 0))
    shown = found[offset:] if limit == 0 else found[offset : offset + limit]
    return {"data": shown, "meta": {"total": len(found)}, "rels": []}


@router.get("/pim/myself")
async def myself(request: Request) -> Record:
    signed_in(request)
    me = {"empNumber": 7, "lastName": "Shah", "firstName": "Priya", "middleName": "", "employeeId": "0007"}
    return {"data": me, "meta": [], "rels": []}


@router.get("/recruitment/candidates")
async def candidates(request: Request) -> Record:
    records, query = signed_in(request), request.query_params
    found = [records.detailed(number) for number in records.candidates]
    if words := query.get("keywords", "").casefold():
        found = [one for one in found if words in (one["keywords"] or "").casefold()]
    if vacancy := query.get("vacancyId"):
        found = [one for one in found if one["vacancy"] and str(one["vacancy"]["id"]) == vacancy]
    if query.get("model") != "detailed":
        hidden = ("email", "contactNumber", "keywords", "comment")
        found = [{key: one[key] for key in one if key not in hidden} for one in found]
    found.sort(key=lambda one: str(one["lastName"]))
    return page(request, _CANDIDATE_QUERY, found)


@router.post("/recruitment/candidates")
async def add_candidate(request: Request) -> Record:
    records = signed_in(request)
    number = records.add(_checked(records, await request.json()))
    return {"data": records.detailed(number), "meta": []}


@router.get("/recruitment/candidates/{number:int}")
async def candidate(request: Request, number: int) -> Record:
    records = signed_in(request)
    if request.query_params:
        raise RefusalError(422, "Invalid Parameter", *request.query_params)
    _one(records.candidates, number)
    return {"data": records.detailed(number), "meta": []}


@router.put("/recruitment/candidates/{number:int}")
async def replace_candidate(request: Request, number: int) -> Record:
    records = signed_in(request)
    _one(records.candidates, number)
    records.replace(number, _checked(records, await request.json()))
    return {"data": records.detailed(number), "meta": []}


@router.put("/recruitment/candidates/{number:int}/shortlist")
async def shortlist(request: Request, number: int) -> Record:
    records, body = signed_in(request), await request.json()
    record = _one(records.candidates, number)
    if set(body) - {"note"} or len(body.get("note") or "") > _LONGEST_NOTE:
        raise RefusalError(422, "Invalid Parameter", "note")
    if record["vacancyId"] is None:
        raise RefusalError(404, "Record Not Found")
    if record["status"] != "APPLICATION INITIATED" or not records.vacancies[record["vacancyId"]]["status"]:
        raise RefusalError(403, "Unauthorized")
    return {"data": records.shortlist(number, body.get("note")), "meta": []}


@router.get("/recruitment/candidate/attachments/{number:int}")
async def attachment(request: Request, number: int) -> Record:
    records = signed_in(request)
    _one(records.attachments, number)
    return {"data": records.attachment(number), "meta": []}


@router.post("/recruitment/candidate/attachments")
async def attach(request: Request) -> Record:
    records, body = signed_in(request), await request.json()
    file = body.get("attachment")
    if set(body) != {"candidateId", "attachment"} or body["candidateId"] not in records.candidates:
        raise RefusalError(422, "Invalid Parameter", "candidateId")
    if not isinstance(file, dict) or set(file) != {"name", "type", "size", "base64"} or not _is_file(file):
        raise RefusalError(422, "Invalid Parameter", "attachment")
    return {"data": records.attach(body["candidateId"], file), "meta": []}


@router.get("/recruitment/vacancies")
async def vacancies(request: Request) -> Record:
    records, status = signed_in(request), request.query_params.get("status")
    found = list(records.vacancies.values())
    if status is not None:
        found = [one for one in found if one["status"] == (status == "true")]
    return page(request, _VACANCY_QUERY, found)


@router.get("/recruitment/vacancies/{number:int}")
async def vacancy(request: Request, number: int) -> Record:
    records = signed_in(request)
    return {"data": _one(records.vacancies, number), "meta": []}


def _is_file(file: Mapping[str, Any]) -> bool:
    content = base64.b64decode(file["base64"], validate=True)
    sized = len(content) == file["size"] <= _LARGEST_FILE and len(file["name"]) <= _LONGEST_FILE_NAME
    return sized and file["type"] in FILE_TYPES and not file["name"].endswith(".exe")


def _checked(records: Records, body: Record) -> Record:
    """A candidate's fields, if they are all acceptable; the first three have to be there."""
    faulty = [name for name in body if name not in _LENGTHS and name not in _OTHERS]
    faulty += [name for name in ("firstName", "lastName", "email") if not isinstance(body.get(name), str)]
    texts = {name: value for name, value in body.items() if isinstance(value, str)}
    faulty += [name for name, longest in _LENGTHS.items() if len(texts.get(name, "")) > longest]
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", texts.get("email", "")):
        faulty.append("email")
    if not re.fullmatch(r"[0-9+\-/() ]*", texts.get("contactNumber", "")):
        faulty.append("contactNumber")
    if body.get("vacancyId") is not None and body["vacancyId"] not in records.vacancies:
        faulty.append("vacancyId")
    if faulty:
        raise RefusalError(422, "Invalid Parameter", *sorted(set(faulty)))
    return body


def _one(table: Mapping[int, Any], number: int) -> Any:
    if number not in table:
        raise RefusalError(404, "Record Not Found")
    return table[number]


async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token. A spent refresh token is a 401 of another name than elsewhere."""
    double: OrangeHrmDouble = request.app.state.double
    form = await form_of(request)
    try:
        return JSONResponse(double.sign_in.token(form))
    except RefusedError as refusal:
        code, status = refusal.code, refusal.status
    if code == "invalid_client":
        status = 401
    elif form.get("grant_type") == "refresh_token":
        code, status = "invalid_request", 401
    elif form.get("redirect_uri") != double.sign_in.redirect_uri:
        code, status = "invalid_client", 401
    return JSONResponse({"error": code, "error_description": "Refused."}, status)


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """OrangeHRM's error document; its status is a number in one place and a text in the others."""
    if not isinstance(refusal, RefusalError):
        raise refusal
    if refusal.status == 302:
        return RedirectResponse("/web/index.php/auth/login", 302)
    error: Record = {"message": str(refusal)}
    error["status"] = 401 if refusal.status == 401 else str(refusal.status)
    if refusal.faulty:
        error["data"] = {"invalidParamKeys": list(refusal.faulty)}
    return JSONResponse({"error": error}, refusal.status)


def build(double: OrangeHrmDouble) -> FastAPI:
    """The app of one double."""
    app = FastAPI(openapi_url=None)
    app.state.double = double
    app.include_router(router)
    app.add_api_route("/web/index.php/oauth2/token", token, methods=["POST"])
    handler: Callable[[Request, Exception], Response] = on_refusal
    app.add_exception_handler(RefusalError, handler)
    return app
