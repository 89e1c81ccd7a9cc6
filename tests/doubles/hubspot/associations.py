"""Routes on associations, v4."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from .records import LABELS, TYPE_IDS, Record, Records
from .site import Query, Signed, invalid, missing, only

router = APIRouter(prefix="/crm/v4")


class Strict(BaseModel):
    """JSON types as they are, names in camel case, none that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Kind(Strict):
    """What an association is."""

    association_category: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]
    association_type_id: int


def check(kind: Kind, one: str, other: str) -> None:
    """Refuse an association type that is not between these objects in this direction."""
    plain = TYPE_IDS.get((one, other))
    mine = LABELS.get((one, other), {})
    is_plain = kind.association_category == "HUBSPOT_DEFINED" and kind.association_type_id == plain
    is_label = kind.association_category == "USER_DEFINED" and kind.association_type_id in mine
    if not (is_plain or is_label):
        raise invalid(f"Association type {kind.association_type_id} is not valid between {one} and {other}")


@router.get("/objects/{kind}/{record_id}/associations/{other}")
async def associated(records: Signed, kind: str, record_id: str, other: str, query: Query) -> Record:
    only(query, "after", "limit")
    if (kind, other) not in TYPE_IDS or not 0 < int(query.get("limit", 500)) <= 500:
        raise invalid("Unknown objects")
    known(records, kind, record_id)
    found = list(records.tied(kind, record_id, other).items())
    # Short pages, whatever was asked for: who stops at the first one is found out.
    start = int(query.get("after", 0))
    page = found[start : start + 3]
    answer: Record = {"results": [{"toObjectId": int(one), "associationTypes": types} for one, types in page]}
    if start + 3 < len(found):
        answer["paging"] = {"next": {"after": str(start + 3), "link": "?after"}}
    return answer


@router.put("/objects/{kind}/{record_id}/associations/default/{other}/{other_id}")
async def associate(records: Signed, kind: str, record_id: str, other: str, other_id: str) -> Record:
    known(records, kind, record_id)
    known(records, other, other_id)
    type_id = TYPE_IDS[kind, other]
    records.tie((kind, record_id), (other, other_id), "HUBSPOT_DEFINED", type_id)
    spec = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}
    ends = {"from": {"id": record_id}, "to": {"id": other_id}}
    return {"status": "COMPLETE", "results": [ends | {"associationSpec": spec}]}


@router.put("/objects/{kind}/{record_id}/associations/{other}/{other_id}", status_code=201)
async def label(
    records: Signed,
    kind: str,
    record_id: str,
    other: str,
    other_id: str,
    body: Annotated[list[Kind], Body(), Field(min_length=1)],
) -> Record:
    known(records, kind, record_id)
    known(records, other, other_id)
    for one in body:
        check(one, kind, other)
        ends = ((kind, record_id), (other, other_id))
        records.tie(*ends, one.association_category, one.association_type_id)
    ids = {"fromObjectId": int(record_id), "toObjectId": int(other_id)}
    return {"fromObjectTypeId": kind, "toObjectTypeId": other, "labels": []} | ids


@router.get("/associations/{kind}/{other}/labels")
async def labels(_records: Signed, kind: str, other: str) -> Record:
    if (kind, other) not in TYPE_IDS:
        raise missing()
    plain = {"category": "HUBSPOT_DEFINED", "typeId": TYPE_IDS[kind, other], "label": None}
    mine = LABELS.get((kind, other), {})
    named = [{"category": "USER_DEFINED", "typeId": one, "label": mine[one]} for one in mine]
    return {"results": [*named, plain]}


def known(records: Records, kind: str, record_id: str) -> Record:
    """The record, if there is one."""
    if record_id not in records.objects.get(kind, {}):
        raise missing()
    return records.objects[kind][record_id]
