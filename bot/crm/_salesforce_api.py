"""Salesforce's REST API: queries with everything escaped, what an organisation has, new records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from bot.crm._errors import Declined
from bot.crm._http import Session, listed, pick

NAME = "Salesforce"
VERSION = "/services/data/v62.0"
_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?", re.ASCII)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_NOT_A_CHOICE = "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"

Record = dict[str, Any]


class FieldRefusedError(Declined):
    """A record was refused for `fields`; `code` is Salesforce's name of the reason."""

    def __init__(self, message: str, code: str, fields: tuple[str, ...]) -> None:
        super().__init__(message)
        self.code = code
        self.fields = fields


def text(value: str) -> str:
    """A value as SOQL writes it."""
    return "'" + _escaped(value) + "'"


def containing(*parts: str) -> str:
    """The pattern of a LIKE: these parts in this order with anything around them."""
    wild = [re.sub(r"([%_])", r"\\\1", _escaped(part)) for part in parts]
    return "'%" + "%".join(wild) + "%'"


def _escaped(value: str) -> str:
    for sign, written in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        value = value.replace(sign, written)
    return value


def is_id(value: str | None) -> bool:
    """Whether a text that came from outside can be an id."""
    return bool(value) and _ID.fullmatch(str(value)) is not None


def is_name(value: str) -> bool:
    """Whether a text can be the name of an object or a field."""
    return _NAME.fullmatch(value) is not None


def select(
    api: Session, kind: str, columns: Iterable[str], *conditions: str, newest: bool = False, limit: int = 50
) -> list[Record]:
    """The records of an object that meet all conditions."""
    soql = ["SELECT", ", ".join(columns), "FROM", kind]
    if conditions:
        soql += ["WHERE", " AND ".join(conditions)]
    if newest:
        soql.append("ORDER BY CreatedDate DESC")
    soql.append(f"LIMIT {limit}")
    return listed(api.get("/query", params={"q": " ".join(soql)}), "records", crm=NAME)


def path_of(kind: str, *parts: str) -> str:
    """The path of an object's records; every part is quoted."""
    return "/".join(("/sobjects", *(quote(part, safe="") for part in (kind, *parts))))


def id_of(record: Any, name: str = "Id") -> str:
    return str(pick(record, name, crm=NAME))


def read(api: Session, kind: str, record_id: str, fields: Iterable[str]) -> Any:
    """A record's fields. Raises `Missing` where there is none."""
    return api.get(path_of(kind, record_id), params={"fields": ",".join(fields)})


def create(api: Session, kind: str, values: Mapping[str, Any], optional: frozenset[str] = frozenset()) -> str:
    """A new record's id. `optional` fields are left out where the organisation restricts their values."""
    path = path_of(kind) + "/"
    try:
        return id_of(api.post(path, json=dict(values)), "id")
    except FieldRefusedError as refusal:
        if refusal.code != _NOT_A_CHOICE or not refusal.fields or not set(refusal.fields) <= optional:
            raise
        refused = set(refusal.fields)
    kept = {name: value for name, value in values.items() if name not in refused}
    return create(api, kind, kept, optional - refused)


# --- what an organisation has -------------------------------------------------------------------------


def objects(api: Session) -> dict[str, Record]:
    """The organisation's objects by name, asked for once in a session."""
    if "objects" not in api.memory:
        found = listed(api.get("/sobjects"), "sobjects", crm=NAME)
        api.memory["objects"] = {str(one.get("name")): one for one in found}
    known: dict[str, Record] = api.memory["objects"]
    return known


def describe(api: Session, kind: str) -> Record:
    """What an object is like, asked for once in a session."""
    key = f"describe {kind}"
    if key not in api.memory:
        api.memory[key] = api.get(path_of(kind, "describe"))
    found: Record = api.memory[key]
    return found


def fields(api: Session, kind: str) -> dict[str, Record]:
    """An object's fields by name."""
    found = listed(describe(api, kind), "fields", crm=NAME)
    return {str(one.get("name")): one for one in found}


def children(api: Session, kind: str) -> set[str]:
    """The objects that refer to an object."""
    found = listed(describe(api, kind), "childRelationships", crm=NAME)
    return {str(one.get("childSObject")) for one in found}


def choices(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The active values of a picklist, with their labels."""
    found = [one for one in about.get("picklistValues") or () if one.get("active")]
    return [(str(one.get("value")), str(one.get("label") or one.get("value"))) for one in found]
