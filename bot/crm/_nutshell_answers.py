"""Nutshell's answers, whose envelopes vary; its patches; notes and how they are found again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.crm._errors import Nonsense
from bot.crm._http import Session, inner, listed, pick

CRM_NAME = "Nutshell"
_NOTES = 100


def record(answer: Any, kind: str) -> dict[str, Any]:
    """The one record of an answer, be it bare or the first in a list of its kind."""
    if isinstance(answer, dict) and kind in answer:
        answer = pick(answer, kind, 0, crm=CRM_NAME)
    found: dict[str, Any] = listed({"one": [answer]}, "one", crm=CRM_NAME)[0]
    pick(found, "id", crm=CRM_NAME)
    return found


def records(answer: Any, kind: str) -> list[dict[str, Any]]:
    """The records of an answer."""
    return listed(answer, kind, crm=CRM_NAME)


def choices_of(answer: Any, kind: str) -> list[dict[str, Any]]:
    """What an option is chosen from: such lists come bare, and in an envelope."""
    return listed({kind: answer} if isinstance(answer, list) else answer, kind, crm=CRM_NAME)


def number_of(found: dict[str, Any]) -> str:
    """A record's number without its kind."""
    number, _, _ = str(pick(found, "id", crm=CRM_NAME)).partition("-")
    if not (number.isascii() and number.isdecimal()):
        raise Nonsense(f"{CRM_NAME} answered a record without a number.")
    return number


def patch(api: Session, path: str, kind: str, changes: Sequence[dict[str, Any]]) -> None:
    """Change a record: the index in the paths is Nutshell's, and always nought."""
    body = [change | {"path": f"/{kind}/0/{change['path']}"} for change in changes]
    headers = {"Content-Type": "application/json-patch+json"}
    api.json("PATCH", path, data=json.dumps(body).encode(), headers=headers)


def write_note(api: Session, parent: str, text: str) -> None:
    """A note on a contact or a lead."""
    api.post("/notes", json={"data": {"body": text, "links": {"parent": parent}}})


def notes_on(api: Session, parent: str) -> Iterator[str]:
    """The texts of the latest notes on a contact or a lead: its timeline tells which they are."""
    query = {"entity_id": parent, "filters[payload][]": "notes", "limit": str(_NOTES)}
    seen = set()
    for event in listed(api.get("/events", params=query), "events", crm=CRM_NAME):
        for note_id in inner(event, "links").get("payloads") or ():
            if note_id not in seen and str(note_id).endswith("-notes"):
                seen.add(note_id)
                note = record(api.get(f"/notes/{note_id}"), "notes")
                yield " ".join(str(note.get(name) or "") for name in ("body", "bodyMarkup", "bodyHtml"))
