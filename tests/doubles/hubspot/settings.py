"""Routes on the account itself: details, owners, properties, pipelines, custom objects, files."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile

from .records import HUB, OBJECT, PIPELINES, STAMP, Record, is_read_only, known
from .site import Query, Signed, invalid, missing, only

router = APIRouter()


@router.get("/account-info/v3/details")
async def details(_records: Signed) -> Record:
    return {
        "portalId": HUB,
        "accountType": "STANDARD",
        "timeZone": "Europe/London",
        "companyCurrency": "GBP",
        "utcOffset": "+00:00",
        "uiDomain": "app.hubspot.com",
        "dataHostingLocation": "na1",
    }


@router.get("/crm/v3/owners")
async def owners(records: Signed, query: Query) -> Record:
    only(query, "email", "after", "limit", "archived")
    found = [one for one in records.owners if one["archived"] == (query.get("archived") == "true")]
    if "email" in query:
        found = [one for one in found if one["email"] == query["email"]]
    return {"results": found[: int(query.get("limit", 100))]}


@router.get("/crm/v3/owners/{owner_id}")
async def owner(records: Signed, owner_id: str, query: Query) -> Record:
    only(query, "idProperty", "archived")
    name = "userId" if query.get("idProperty") == "userId" else "id"
    for one in records.owners:
        if str(one[name]) == owner_id and not one["archived"]:
            return one
    raise missing()


@router.get("/crm/v3/properties/{kind}")
async def properties(_records: Signed, kind: str, query: Query) -> Record:
    only(query, "archived", "dataSensitivity", "locale", "properties")
    if kind not in (*PIPELINES, "contacts"):
        raise missing()
    return {"results": [about(kind, name) for name in sorted(known(kind))]}


@router.get("/crm/v3/properties/{kind}/{name}")
async def one_property(_records: Signed, kind: str, name: str) -> Record:
    if kind not in (*PIPELINES, "contacts") or name not in known(kind):
        raise missing()
    return about(kind, name)


def about(kind: str, name: str) -> Record:
    """A property as HubSpot describes it."""
    statuses = ("NEW", "OPEN") if name == "hs_lead_status" else ()
    return {
        "name": name,
        "label": name.replace("_", " ").capitalize(),
        "type": "enumeration" if statuses else "string",
        "fieldType": "select" if statuses else "text",
        "groupName": "information",
        "options": [{"label": one.title(), "value": one, "hidden": False} for one in statuses],
        "hidden": False,
        "calculated": False,
        "modificationMetadata": {"readOnlyValue": is_read_only(kind, name), "archivable": True},
    }


@router.get("/crm/v3/pipelines/{kind}")
async def pipelines(_records: Signed, kind: str) -> Record:
    if kind not in PIPELINES:
        raise missing()
    return {"results": PIPELINES[kind]}


@router.get("/crm/v3/schemas")
async def schemas(_records: Signed) -> Record:
    return {"results": [_schema()]}


@router.get("/crm/v3/schemas/{kind}")
async def schema(_records: Signed, kind: str) -> Record:
    if kind != OBJECT:
        raise missing()
    return _schema()


def _schema() -> Record:
    return {
        "id": "4242",
        "objectTypeId": OBJECT,
        "name": "vacancies",
        "fullyQualifiedName": "p4455_vacancies",
        "labels": {"singular": "Vacancy", "plural": "Vacancies"},
        "primaryDisplayProperty": "title",
        "requiredProperties": ["title"],
    }


@router.post("/files/v3/files", status_code=201)
async def upload(request: Request, records: Signed) -> Record:
    async with request.form() as form:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise invalid("No file was provided")
        content = await file.read()
    if set(form) - {"file", "fileName", "folderPath", "folderId", "options", "charsetHunch"}:
        raise invalid("Unknown field")
    if ("folderPath" in fields) == ("folderId" in fields):
        raise invalid("Either folderId or folderPath is needed")
    options: dict[str, Any] = json.loads(fields.get("options", "{}"))
    if options.get("access") not in ("PRIVATE", "PUBLIC_INDEXABLE", "PUBLIC_NOT_INDEXABLE"):
        raise invalid("options.access is needed")
    if set(options) - {
        "access",
        "ttl",
        "overwrite",
        "duplicateValidationStrategy",
        "duplicateValidationScope",
    }:
        raise invalid("Unknown option")
    print_of = hashlib.md5(content, usedforsecurity=False).hexdigest()
    for known_file in records.files.values():
        if (
            options.get("duplicateValidationStrategy") == "RETURN_EXISTING"
            and known_file["fileMd5"] == print_of
        ):
            return {name: known_file[name] for name in known_file if name != "content"}
    record = {
        "id": str(880_000 + len(records.files)),
        "createdAt": STAMP,
        "updatedAt": STAMP,
        "archived": False,
        "name": fields.get("fileName") or file.filename,
        "path": f"{fields.get('folderPath', '')}/{file.filename}",
        "size": len(content),
        "access": options["access"],
        "url": "https://4455.fs1.hubspotusercontent.example/file",
        "fileMd5": print_of,
    }
    records.files[record["id"]] = record | {"content": content}
    return record
