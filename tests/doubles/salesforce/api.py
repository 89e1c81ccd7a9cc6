"""The routes of Salesforce's REST API that the bot may use."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response

from .records import Records, RefusedRecordError, shown
from .schema import Record
from .site import Site
from .soql import MalformedError, Reader

V = "/services/data/v62.0"
router = APIRouter()


class RefusalError(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"message": message, "errorCode": code} | more


def here(request: Request) -> Site:
    """The double a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(here)]


def signed_in(site: Here, authorization: Annotated[str, Header()] = "") -> Records:
    """A good access token; the tables."""
    kind, _, token = authorization.partition(" ")
    if kind != "Bearer" or "api" not in (site.sign_in.scopes_of(token) or ()):
        raise RefusalError(401, "INVALID_SESSION_ID", "Session expired or invalid")
    return site.records


Signed = Annotated[Records, Depends(signed_in)]


@router.get("/id/{organisation}/{user}")
def identity(site: Here, records: Signed, organisation: str, user: str) -> Record:
    if organisation != site.organisation or user != records.me:
        raise RefusalError(404, "NOT_FOUND", "The requested resource does not exist")
    me = records.tables["User"][user]
    return {
        "id": f"https://login.salesforce.com/id/{organisation}/{user}",
        "user_id": user,
        "organization_id": organisation,
        "username": "priya@brightdesk.example.prod",
        "display_name": me["Name"],
        "email": me["Email"],
        "active": True,
        "user_type": "STANDARD",
    }


@router.get(f"{V}/sobjects")
def sobjects(records: Signed) -> Record:
    found = [
        {
            "name": kind,
            "label": kind.removesuffix("__c").replace("_", " "),
            "custom": kind.endswith("__c"),
            "createable": True,
            "queryable": True,
            "layoutable": kind != "ts2__Source__c",
        }
        for kind in records.schema
    ]
    return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": found}


@router.get(V + "/sobjects/{kind}/describe")
def describe(records: Signed, kind: str) -> Record:
    of(records, kind)
    children = [
        {"childSObject": other, "field": field.name, "relationshipName": None}
        for other, fields in records.schema.items()
        for field in fields.values()
        if field.to == kind
    ]
    fields = [field.described() for field in records.schema[kind].values()]
    custom = kind.endswith("__c")
    return {"name": kind, "label": kind, "custom": custom, "fields": fields, "childRelationships": children}


@router.get(f"{V}/query")
def query(request: Request, records: Signed) -> Record:
    if list(request.query_params) != ["q"]:
        raise RefusalError(400, "MALFORMED_QUERY", "Exactly q is needed")
    try:
        asked = Reader(request.query_params["q"]).read()
    except MalformedError as error:
        raise RefusalError(400, "MALFORMED_QUERY", str(error)) from None
    if asked.kind not in records.schema:
        raise RefusalError(400, "INVALID_TYPE", f"sObject type '{asked.kind}' is not supported.")
    known_columns(records, asked.kind, asked.fields)
    found = records.select(asked)
    return {"totalSize": len(found), "done": True, "records": found}


@router.post(V + "/sobjects/{kind}/", status_code=201)
def create(records: Signed, kind: str, body: dict[str, Any]) -> Record:
    of(records, kind)
    return {"id": records.create(kind, body)["Id"], "success": True, "errors": []}


@router.get(V + "/sobjects/{kind}/{record_id}")
def one_record(request: Request, records: Signed, kind: str, record_id: str) -> Record:
    record = one_of(records, kind, record_id)
    if set(request.query_params) - {"fields"}:
        raise RefusalError(400, "INVALID_FIELD", "Unknown parameter")
    columns = request.query_params.get("fields", "Id").split(",")
    known_columns(records, kind, columns)
    return shown(kind, record, columns)


@router.patch(V + "/sobjects/{kind}/{record_id}", status_code=204)
def change(records: Signed, kind: str, record_id: str, body: dict[str, Any]) -> Response:
    record = one_of(records, kind, record_id)
    records.check(kind, body)
    record.update(body)
    return Response(status_code=204)


@router.get(V + "/sobjects/Attachment/{record_id}/Body")
def attachment(records: Signed, record_id: str) -> Response:
    content = one_of(records, "Attachment", record_id)["Body"]
    return Response(content, media_type="application/octet-stream")


def of(records: Records, kind: str) -> None:
    """Refuse an object that the organisation does not have."""
    if kind not in records.schema:
        raise RefusalError(404, "NOT_FOUND", "The requested resource does not exist")


def one_of(records: Records, kind: str, record_id: str) -> Record:
    """The record with that id."""
    of(records, kind)
    if record_id not in records.tables[kind]:
        raise RefusalError(404, "NOT_FOUND", "Provided external ID field does not exist or is not accessible")
    return records.tables[kind][record_id]


def known_columns(records: Records, kind: str, columns: list[str]) -> None:
    """Refuse fields that an object does not have."""
    for column in columns:
        if column not in records.schema[kind]:
            words = f"No such column '{column}' on entity '{kind}'."
            raise RefusalError(400, "INVALID_FIELD", words)


def on_refusal(_request: Request, refusal: Exception) -> Response:
    """Errors are a list."""
    if isinstance(refusal, RefusedRecordError):
        return JSONResponse([refusal.error], 400)
    if isinstance(refusal, RequestValidationError):
        refusal = RefusalError(400, "JSON_PARSER_ERROR", "The request is not as documented")
    if not isinstance(refusal, RefusalError):
        raise refusal
    return JSONResponse([refusal.error], refusal.status)


async def with_usage(request: Request, call_next: Any) -> Response:
    """The header on all answers."""
    answer: Response = await call_next(request)
    answer.headers["Sforce-Limit-Info"] = "api-usage=18/5000"
    return answer


def build(site: Site, *routers: APIRouter) -> FastAPI:
    """The app of one double."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.site = site
    for one in (router, *routers):
        app.include_router(one)
    for kind in (RefusalError, RefusedRecordError, RequestValidationError):
        app.add_exception_handler(kind, on_refusal)
    app.middleware("http")(with_usage)
    return app
