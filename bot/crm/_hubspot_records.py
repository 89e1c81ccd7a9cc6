"""HubSpot's records and what ties them: reading many, associations, notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import quote

from bot.crm._errors import Nonsense
from bot.crm._http import Session, inner, listed, pick
from bot.crm._values import local_number, phone_spellings, same_email, same_phone, shortened

NAME = "HubSpot"
DEALS = "deals"
LONGEST_NOTE = 65_536
_CHUNK = 100
_LONGEST_LIST = 20
_MOST_FILTERS = 5
# HubSpot's own list of default association types; those of custom objects are each account's.
_TYPE_IDS = {
    ("notes", "contacts"): 202,
    ("notes", DEALS): 214,
    (DEALS, "contacts"): 3,
    (DEALS, DEALS): 451,
}

Record = dict[str, Any]


def path_of(kind: str, *parts: str, version: str = "v3") -> str:
    """The path of an object's records; every part is quoted."""
    return "/".join((f"/crm/{version}/objects", *(quote(part, safe="") for part in (kind, *parts))))


def id_of(record: Any) -> str:
    return str(pick(record, "id", crm=NAME))


def read_many(
    api: Session, kind: str, ids: Iterable[str], properties: Iterable[str], by: str | None = None
) -> list[Record]:
    """Those of the records that exist, by id or the unique property `by`, without the lag of a search."""
    wanted, found = list(ids), []
    for start in range(0, len(wanted), _CHUNK):
        body: Record = {
            "inputs": [{"id": one} for one in wanted[start : start + _CHUNK]],
            "properties": list(properties),
            "propertiesWithHistory": [],
        }
        if by:
            body["idProperty"] = by
        found += listed(api.post(path_of(kind, "batch", "read"), json=body), "results", crm=NAME)
    return found


def phone_filters(phone: str) -> list[tuple[str, str, str]]:
    """What finds a number: HubSpot's calculated ones, without the country, and spellings of it."""
    calculated = ("hs_searchable_calculated_phone_number", "hs_searchable_calculated_mobile_number")
    filters = [(name, "EQ", local_number(phone)) for name in calculated]
    filters += [("phone", "EQ", spelling) for spelling in phone_spellings(phone)]
    return filters[:_MOST_FILTERS]


def has_email(record: Mapping[str, Any], email: str) -> bool:
    """Whether a contact has this address, as the first or a further one."""
    values = inner(record, "properties")
    known = [values.get("email"), *str(values.get("hs_additional_emails") or "").split(";")]
    return any(same_email(one, email) for one in known)


def has_phone(record: Mapping[str, Any], phone: str) -> bool:
    """Whether one of a contact's numbers is this one."""
    values = inner(record, "properties")
    return any(same_phone(values.get(name), phone) for name in ("phone", "mobilephone"))


def associated(api: Session, kind: str, record_id: str, other: str) -> list[str]:
    """The ids of the other kind's records that are associated with a record."""
    found: list[str] = []
    query: Record = {"limit": 500}
    for _ in range(_LONGEST_LIST):
        page = api.get(path_of(kind, record_id, "associations", other, version="v4"), params=query)
        found += [str(pick(one, "toObjectId", crm=NAME)) for one in listed(page, "results", crm=NAME)]
        after = inner(inner(page, "paging"), "next").get("after")
        if not after:
            break
        query["after"] = after
    return found


def tie(api: Session, kind: str, other: str, other_id: str) -> Record:
    """An association to ask for when a record of that kind is created."""
    type_id = _TYPE_IDS.get((kind, other)) or _type_id(api, kind, other)
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": type_id}]
    return {"to": {"id": other_id}, "types": types}


def labels(api: Session, kind: str, other: str) -> list[Record]:
    """The kinds of associations between two objects, the one without a label among them."""
    path = f"/crm/v4/associations/{quote(kind, safe='')}/{quote(other, safe='')}/labels"
    return listed(api.get(path), "results", crm=NAME)


def _type_id(api: Session, kind: str, other: str) -> int:
    for one in labels(api, kind, other):
        if one.get("category") == "HUBSPOT_DEFINED" and not one.get("label"):
            return int(pick(one, "typeId", crm=NAME))
    raise Nonsense(f"{NAME} knows no plain association from {kind} to {other}.")


# --- notes --------------------------------------------------------------------------------------------


def write_note(
    api: Session, body: str, ties: Iterable[Record], more: Mapping[str, str] | None = None
) -> None:
    """A note on the records it is tied to, as of now."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    properties = {"hs_timestamp": now, "hs_note_body": body} | dict(more or {})
    api.post(path_of("notes"), json={"properties": properties, "associations": list(ties)})


def notes_on(api: Session, person_id: str) -> list[Record]:
    """The notes on a person: their properties, with the body as plain text."""
    ids = associated(api, "contacts", person_id, "notes")
    found = read_many(api, "notes", ids, ("hs_note_body", "hs_attachment_ids"))
    notes = [inner(record, "properties") for record in found]
    return [note | {"text": plain(str(note.get("hs_note_body") or ""))} for note in notes]


def html(text: str, mark: str) -> str:
    """A note's body: the text in paragraphs and a mark below it, within HubSpot's limit."""
    while len(body := _paragraph(text) + _paragraph(mark)) > LONGEST_NOTE:
        text = shortened(text, len(text) * 9 // 10)
    return body


def _paragraph(text: str) -> str:
    return "<p>" + "<br>".join(escape(line, quote=False) for line in text.splitlines()) + "</p>"


def plain(body: str) -> str:
    """The words of a note's body, however HubSpot has rewritten its tags."""
    return unescape(re.sub(r"<[^>]*>", "\n", body))


def is_marked(note: Mapping[str, Any], mark: str) -> bool:
    """Whether the note carries that very mark."""
    return re.search(rf"(?<!\S){re.escape(mark)}(?!\S)", note["text"]) is not None
