"""Pipedrive's world, on its double: an account with fields of its own and deals as vacancies."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._marks import MARK
from tests.crm.world import Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.pipedrive import PipedriveDouble
from tests.doubles.pipedrive.records import FIELDS, USERS, Record

EMAILS = {user["id"]: str(user["email"]) for user in USERS}


class World(OAuthWorld[PipedriveDouble]):
    """References stand in the deals' titles; the source of an application in a note beside it."""

    key = "PIPEDRIVE"
    kind = PipedriveDouble
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/oauth/token"),
        "whoami": ("GET", "/v1/users/me"),
        "find": ("GET", "/api/v2/persons/search"),
        "create": ("POST", "/api/v2/persons"),
        "cv": ("POST", "/v1/files"),
        "note": ("POST", "/v1/notes"),
        "link": ("POST", "/v1/deals/*/participants"),
    }

    def add_person(self, **fields: Any) -> str:
        names = (fields.get("first_name"), fields["last_name"])
        record: Record = {"name": " ".join(name for name in names if name)}
        for name, kind in (("email", "emails"), ("phone", "phones")):
            if name in fields:
                record[kind] = [{"value": fields[name], "primary": True, "label": "work"}]
        own = {name: fields[name] for name in FIELDS if name in fields}
        record["custom_fields"] = {
            FIELDS[name][1]: value if isinstance(value, str) else ", ".join(value)
            for name, value in own.items()
        }
        return str(self.double.site.records.add_person(record)["id"])

    def people(self) -> list[dict[str, Any]]:
        return [_seen(record) for record in self.double.site.records.persons.values()]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.files
        return [(one["name"], one["content"]) for one in files if one["person_id"] == int(person_id)]

    def notes(self, person_id: str) -> list[SeenNote]:
        found = self.double.site.records.notes
        return [_note(one) for one in found if one["person_id"] == int(person_id) and "deal_id" not in one]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        records = self.double.site.records
        mine = [one for one in records.participants if one["person_id"]["value"] == int(person_id)]
        return [(str(one["deal_id"]), self.source(int(person_id), one["deal_id"])) for one in mine]

    def source(self, person_id: int, deal_id: int) -> str:
        """What the notes that stand with a person and a deal say of the source; there must be one."""
        (told,) = [
            one["content"]
            for one in self.double.site.records.notes
            if (one.get("person_id"), one.get("deal_id")) == (person_id, deal_id)
        ]
        found = re.match(r"Applied via (.+?) for ", told)
        return found[1] if found else ""


def _seen(record: Record) -> dict[str, Any]:
    first, _, last = record["name"].rpartition(" ")
    own = {name: record["custom_fields"].get(code) for name, (_, code, _) in FIELDS.items()}
    return own | {
        "id": str(record["id"]),
        "first_name": first or None,
        "last_name": last,
        "email": record["emails"][0]["value"] if record["emails"] else None,
        "phone": record["phones"][0]["value"] if record["phones"] else None,
        "skills": own["skills"].split(", ") if own["skills"] else None,
        "owner_email": EMAILS.get(record["owner_id"]),
    }


def _note(record: Record) -> SeenNote:
    text, _, key = html.unescape(record["content"]).replace("<br>", "\n").partition(f"\n\n{MARK} ")
    author = EMAILS.get(record["user_id"])
    return SeenNote(text, key or None, author)
