"""Routes on CRM objects, v3: create, read, change, batch read, search."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from .associations import Kind, Strict, check
from .associations import known as known_record
from .records import Record, Records
from .records import known as known_properties
from .site import Query, RefusalError, Signed, invalid, missing, only

router = APIRouter(prefix="/crm/v3/objects")


class To(Strict):
    """The other end of an association."""

    id: str


class Tie(Strict):
    """An association of a new record."""

    to: To
    types: Annotated[list[Kind], Field(min_length=1)]


class NewRecord(Strict):
    """A record to create."""

    properties: dict[str, str]
    associations: Sequence[Tie] = ()


class Change(Strict):
    """Properties to change."""

    properties: dict[str, str]


class Input(Strict):
    """A record to read."""

    id: str


class BatchRead(Strict):
    """Records to read."""

    inputs: Annotated[list[Input], Field(min_length=1, max_length=100)]
    properties: list[str]
    properties_with_history: Sequence[str] = ()
    id_property: str | None = None


class Filter(Strict):
    """One condition."""

    property_name: str
    operator: Literal["EQ", "NEQ", "CONTAINS_TOKEN", "IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY"]
    value: str | None = None


class Group(Strict):
    """Conditions that must all hold."""

    filters: Annotated[list[Filter], Field(min_length=1, max_length=6)]


class Sort(Strict):
    """An order."""

    property_name: str
    direction: Literal["ASCENDING", "DESCENDING"]


class Search(Strict):
    """A search: any of the groups."""

    filter_groups: Annotated[Sequence[Group], Field(max_length=5)] = ()
    properties: Sequence[str] = ()
    sorts: Annotated[Sequence[Sort | str], Field(max_length=1)] = ()
    query: Annotated[str, Field(max_length=3000)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 10
    after: str | None = None


@router.post("/{kind}", status_code=201)
async def create(records: Signed, kind: str, body: NewRecord) -> Record:
    of(records, kind)
    if faults := records.faults(kind, body.properties):
        raise invalid("Property values were not valid", *faults)
    if kind == "notes" and "hs_timestamp" not in body.properties:
        raise invalid("hs_timestamp is required")
    if kind == "contacts":
        refuse_twin(records, body.properties)
    for tie in body.associations:
        for one in tie.types:
            check(one, kind, far_end(records, kind, one))
    record = records.add(kind, body.properties)
    for tie in body.associations:
        for one in tie.types:
            other = far_end(records, kind, one)
            known_record(records, other, tie.to.id)
            ends = ((kind, record["id"]), (other, tie.to.id))
            records.tie(*ends, one.association_category, one.association_type_id)
    return record


@router.post("/{kind}/batch/read")
async def batch_read(records: Signed, kind: str, body: BatchRead) -> Response:
    of(records, kind)
    check_names(kind, body.properties)
    if body.id_property not in (None, "email"):
        raise invalid(f"{body.id_property} is not a unique property")
    found = [read(records, kind, one.id, body.id_property) for one in body.inputs]
    there = [shown(records, kind, one, body.properties) for one in found if one]
    answer: Record = {"status": "COMPLETE", "results": there, "startedAt": "", "completedAt": ""}
    if None not in found:
        return JSONResponse(answer)
    gone = [one.id for one, record in zip(body.inputs, found, strict=True) if record is None]
    error = {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": "Could not get some objects, they may be deleted or not exist. Check that ids are valid.",
        "context": {"ids": gone},
    }
    return JSONResponse(answer | {"numErrors": 1, "errors": [error]}, 207)


@router.post("/{kind}/search")
async def search(records: Signed, kind: str, body: Search) -> Record:
    of(records, kind)
    check_names(kind, body.properties)
    orders = [order_of(one) for one in body.sorts]
    check_names(kind, [name for name, _ in orders])
    check_names(kind, [one.property_name for group in body.filter_groups for one in group.filters])
    found = [one for one in records.objects[kind].values() if matches(records, one, body)]
    for name, down in orders:
        found.sort(key=lambda one: records.value(one, name) or "", reverse=down)
    start = int(body.after or 0)
    page = found[start : start + body.limit]
    answer: Record = {
        "total": len(found),
        "results": [shown(records, kind, one, body.properties) for one in page],
    }
    if start + body.limit < len(found):
        answer["paging"] = {"next": {"after": str(start + body.limit)}}
    return answer


@router.get("/{kind}/{record_id}")
async def one_record(records: Signed, kind: str, record_id: str, query: Query) -> Record:
    only(query, "properties", "propertiesWithHistory", "associations", "archived", "idProperty")
    of(records, kind)
    names = [name for name in query.get("properties", "").split(",") if name]
    check_names(kind, names)
    record = read(records, kind, record_id, query.get("idProperty"))
    if record is None:
        raise missing()
    return shown(records, kind, record, names)


@router.patch("/{kind}/{record_id}")
async def change(records: Signed, kind: str, record_id: str, body: Change) -> Record:
    record = known_record(records, kind, record_id)
    if faults := records.faults(kind, body.properties):
        raise invalid("Property values were not valid", *faults)
    if kind == "contacts":
        refuse_twin(records, body.properties)
    records.change(record, body.properties)
    return record


def of(records: Records, kind: str) -> None:
    """Refuse an object that the account does not have."""
    if kind not in records.objects:
        raise invalid(f"Unable to infer object type from: {kind}")


def check_names(kind: str, names: Sequence[str]) -> None:
    """Refuse properties that do not exist: HubSpot would leave them out in silence, which hides slips."""
    if unknown := set(names) - known_properties(kind):
        raise invalid(f"Properties {sorted(unknown)} do not exist")


def read(records: Records, kind: str, record_id: str, by: str | None) -> Record | None:
    """A record by id or e-mail."""
    if by == "email":
        return records.with_email(record_id)
    return records.objects[kind].get(record_id)


def order_of(sort: Sort | str) -> tuple[str, bool]:
    """The property of an order and whether it runs down: written out, or as a name behind a minus."""
    if isinstance(sort, str):
        return sort.removeprefix("-"), sort.startswith("-")
    return sort.property_name, sort.direction == "DESCENDING"


def shown(records: Records, kind: str, record: Record, names: Sequence[str]) -> Record:
    """A record with those of its properties that were asked for."""
    values = {name: records.value(record, name) for name in names}
    return record | {"properties": values | {"hs_object_id": record["id"]}}


def refuse_twin(records: Records, values: Record) -> None:
    """One contact an e-mail."""
    twin = records.with_email(values.get("email") or "-")
    if twin is not None:
        raise RefusalError(409, f"Contact already exists. Existing ID: {twin['id']}", "CONFLICT")


def far_end(records: Records, kind: str, one: Kind) -> str:
    """Which object an association type leads to."""
    for other in records.objects:
        try:
            check(one, kind, other)
        except RefusalError:
            continue
        return other
    raise invalid(f"Association type {one.association_type_id} is unknown")


def matches(records: Records, record: Record, body: Search) -> bool:
    """Whether a search finds it; a query finds whatever has one of its words."""
    text = " ".join(str(value or "") for value in record["properties"].values())
    if body.query and not words(body.query) & words(text):
        return False
    groups = [all(holds(records, record, one) for one in group.filters) for group in body.filter_groups]
    return not groups or any(groups)


def holds(records: Records, record: Record, one: Filter) -> bool:
    """Whether one condition holds; letter case never counts."""
    value = (records.value(record, one.property_name) or "").casefold()
    wanted = (one.value or "").casefold()
    match one.operator:
        case "EQ":
            return value == wanted
        case "CONTAINS_TOKEN":
            return bool(words(value) & words(wanted))
    raise invalid(f"{one.operator} is not expected")


def words(text: str) -> set[str]:
    """The words a search compares."""
    return set(re.findall(r"\w+", text.casefold()))
