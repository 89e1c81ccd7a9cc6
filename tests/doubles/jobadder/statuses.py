"""The statuses that an account of JobAdder has, and how an application gets another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from .api import needs, one_of
from .lists import Query, asked
from .records import ACTIVE_CANDIDATE, NEW, REJECTED, RETIRED, SHORTLIST, Record, Records
from .schemas import StatusIn
from .site import RefusalError

router = APIRouter(prefix="/v2")


@router.get("/candidates/lists/status")
async def candidate_statuses(
    _records: Annotated[Records, needs("read_candidate")],
    _query: Annotated[Query, asked("/candidates/lists/status")],
) -> Record:
    return {"items": [NEW | {"default": True}, ACTIVE_CANDIDATE | {"default": False}]}


@router.get("/applications/lists/status")
async def application_statuses(
    _records: Annotated[Records, needs("read_jobapplication")],
    _query: Annotated[Query, asked("/applications/lists/status")],
) -> Record:
    return {
        "items": [
            one | {"default": one is NEW, "rejected": one is REJECTED}
            for one in (NEW, SHORTLIST, REJECTED, RETIRED)
        ]
    }


@router.put("/applications/{application_id:int}/status")
async def change_status(
    records: Annotated[Records, needs("write_jobapplication")], application_id: int, body: StatusIn
) -> Response:
    """202 where it has that status already."""
    every = {one["applicationId"]: one for mine in records.applications.values() for one in mine}
    application = one_of(every, application_id)
    known = {one["statusId"]: one for one in (NEW, SHORTLIST, REJECTED)}
    if body.status_id not in known:
        raise RefusalError(422, "Validation error", "Invalid", "statusId")
    is_new = application["status"]["statusId"] != body.status_id
    application["status"] = known[body.status_id]
    return Response(status_code=200 if is_new else 202)
