"""The double of Odoo over HTTP: JSON-2, JSON-RPC, the version, and each method's arguments checked."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from .records import BEN, HANDOFF, OdooError, Record, Records

if TYPE_CHECKING:
    from . import OdooDouble

_THREADS = frozenset({"hr.applicant", "hr.candidate"})
_MESSAGE = frozenset(
    {"body", "body_is_html", "message_type", "subtype_xmlid", "message_id", "author_id", "subject"}
)


def build(double: OdooDouble) -> FastAPI:
    """The app of one double."""
    app = FastAPI(openapi_url=None)

    @app.get("/json/version")
    async def version() -> Response:
        if double.records.version < 19:
            return HTMLResponse("<h1>Not Found</h1>", 404)
        told = {"version_info": [double.records.version, 0, 0, "final", 0, ""], "version": "19.0"}
        return JSONResponse(told)

    @app.post("/json/2/{model}/{method}")
    async def json2(request: Request, model: str, method: str) -> Response:
        if (
            double.records.version < 19
            or request.headers.get("x-odoo-database", "brightdesk") != "brightdesk"
        ):
            return HTMLResponse("<h1>Not Found</h1><p>No database is selected</p>", 404)
        try:
            _check(double, request)
            named = await request.json()
            return JSONResponse(run(double.records, model, method, named.pop("ids", []), named))
        except OdooError as error:
            return JSONResponse(_told(error), error.status)

    @app.post("/jsonrpc")
    async def jsonrpc(request: Request) -> Response:
        sent = await request.json()
        answer: Record = {"jsonrpc": "2.0", "id": sent["id"]}
        try:
            result = _served(double, sent["params"])
        except OdooError as error:
            fault = {"code": 200, "message": "Odoo Server Error", "data": _told(error)}
            return JSONResponse(answer | {"error": fault})
        return JSONResponse(answer | {"result": result})

    return app


def _check(double: OdooDouble, request: Request) -> None:
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or key not in double.keys:
        raise OdooError("werkzeug.exceptions.Unauthorized", "Invalid apikey", 401)
    if request.headers.get("content-type") != "application/json":
        raise OdooError("werkzeug.exceptions.UnsupportedMediaType", "Not JSON", 415)


def run(records: Records, model: str, method: str, ids: list[int], named: Record) -> Any:
    """What a method returns, given its arguments by name."""
    if model not in records.models:
        raise OdooError("werkzeug.exceptions.NotFound", f"the model '{model}' does not exist", 404)
    methods: dict[str, tuple[Callable[..., Any], frozenset[str]]] = {
        "search_read": (_search_read, frozenset({"domain", "fields", "offset", "limit", "order"})),
        "create": (_create, frozenset({"vals_list"})),
        "write": (_write, frozenset({"vals"})),
        "fields_get": (_fields_get, frozenset({"allfields", "attributes"})),
        "context_get": (_context_get, frozenset()),
        "copy": (_copy, frozenset({"default"})),
        "message_post": (_message_post, _MESSAGE),
    }
    if method not in methods or (method == "message_post" and model not in _THREADS):
        message = f"The method '{model}.{method}' does not exist"
        raise OdooError("werkzeug.exceptions.NotFound", message, 404)
    deed, arguments = methods[method]
    context = named.pop("context", {})
    if unknown := set(named) - arguments:
        message = f"{method}() got an unexpected keyword argument '{min(unknown)}'"
        raise OdooError("builtins.TypeError", message, 500)
    return deed(records, model, ids, context, **named)


def _search_read(
    records: Records,
    model: str,
    _ids: list[int],
    context: Record,
    *,
    domain: list[Any],
    fields: list[str],
    offset: int = 0,
    limit: int | None = None,
    order: str = "id",
) -> list[Record]:
    found = records.search(model, domain, archived=context.get("active_test") is False)
    found.sort(reverse="desc" in order)
    page = itertools.islice(found, offset, None if limit is None else offset + limit)
    return [records.shown(model, number, fields) for number in page]


def _create(
    records: Records, model: str, _ids: list[int], context: Record, *, vals_list: list[Record]
) -> list[int]:
    return [records.create(model, values, quietly=bool(context.get("just_moved"))) for values in vals_list]


def _write(records: Records, model: str, ids: list[int], context: Record, *, vals: Record) -> bool:
    for number in ids:
        records.write(model, number, vals, quietly=bool(context.get("just_moved")))
    return True


def _fields_get(
    records: Records,
    model: str,
    _ids: list[int],
    _context: Record,
    *,
    allfields: list[str],
    attributes: list[str],
) -> Record:
    told = {name: field for name, field in records.fields_get(model).items() if name in allfields}
    return {name: {key: field[key] for key in attributes if key in field} for name, field in told.items()}


def _context_get(_records: Records, _model: str, _ids: list[int], _context: Record) -> Record:
    return {"lang": "en_US", "tz": False, "uid": HANDOFF}


def _copy(records: Records, model: str, ids: list[int], _context: Record, *, default: Record) -> list[int]:
    return [records.create(model, records.one(model, number) | default) for number in ids]


def _message_post(
    records: Records,
    model: str,
    ids: list[int],
    _context: Record,
    *,
    body: str,
    body_is_html: bool = False,
    message_type: str = "notification",
    subtype_xmlid: str = "",
    message_id: str | None = None,
    author_id: int | None = None,
    subject: str | bool = False,
) -> list[int]:
    (number,) = ids
    if not body_is_html or message_type != "comment" or subtype_xmlid != "mail.mt_note":
        raise OdooError("builtins.ValueError", "a note would look or travel otherwise", 500)
    users = records.tables["res.users"]
    values = {
        "body": body,
        "message_type": message_type,
        "model": model,
        "res_id": number,
        "subject": subject,
    }
    values["message_id"] = message_id or f"<{len(records.tables['mail.message'])}@odoo>"
    values["author_id"] = author_id or users[HANDOFF]["partner_id"]
    return [records.create("mail.message", values)]


def _served(double: OdooDouble, params: Record) -> Any:
    records = double.records
    match params["service"], params["method"], params["args"]:
        case "common", "version", []:
            return {"server_version": f"{records.version}.0", "server_version_info": [records.version, 0, 0]}
        case "common", "authenticate", [database, login, key, {}]:
            _open(database)
            return HANDOFF if login == "handoff@brightdesk.example" and key in double.keys else False
        case "object", "execute_kw", [database, uid, key, model, method, placed, named]:
            _open(database)
            if uid != HANDOFF or key not in double.keys:
                raise OdooError("odoo.exceptions.AccessDenied", "Access Denied", 200)
            if method == "create":
                (vals_list,) = placed  # by its place or not at all
                return run(records, model, method, [], named | {"vals_list": vals_list})
            return run(records, model, method, placed[0] if placed else [], named)
    raise OdooError("builtins.ValueError", "no such service", 200)


def _open(database: str) -> None:
    if database != "brightdesk":
        raise OdooError("psycopg2.OperationalError", f'database "{database}" does not exist', 200)


def _told(error: OdooError) -> Record:
    return {
        "name": error.name,
        "message": str(error),
        "arguments": [str(error)],
        "context": {},
        "debug": f"Traceback (most recent call last): /usr/lib/odoo, user {BEN}",
    }
