"""Greenhouse's world, on its double."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._base import ClientApp
from bot.crm._marks import MARK
from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import KeyWorld
from tests.doubles.greenhouse import ACTING_USER, CLIENT_ID, CLIENT_SECRET, GreenhouseDouble
from tests.doubles.greenhouse.records import USERS, Record

EMAILS = {user["id"]: user["primary_email"] for user in USERS}
LISTS = {"email": "email_addresses", "phone": "phone_numbers", "location": "addresses"}


class World(KeyWorld[GreenhouseDouble]):
    """A job's requisition id is its reference; the source of an application stands in a note."""

    key = "GREENHOUSE"
    kind = GreenhouseDouble
    answers: ClassVar[Mapping[str, str]] = {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "user_id": str(ACTING_USER),
    }
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/token"),
        "whoami": ("GET", "/v3/users"),
        "find": ("GET", "/v3/candidates"),
        "create": ("POST", "/v3/candidates"),
        "cv": ("POST", "/v3/attachments"),
        "note": ("POST", "/v3/notes"),
        "link": ("POST", "/v3/applications"),
    }
    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer")
    nobody: ClassVar[Any] = []

    @property
    def app(self) -> ClientApp:
        return ClientApp(token_url=self.double.token_url, api_url=self.double.base_url)

    def expire_access_tokens(self) -> None:
        self.double.site.tokens.clear()

    def revoke_all(self) -> None:
        self.double.site.is_revoked = True
        self.double.site.tokens.clear()

    def add_person(self, **fields: Any) -> str:
        told: Record = {
            key: [{"value": fields[name], "type": "other"}] for name, key in LISTS.items() if name in fields
        }
        told |= {"first_name": fields.get("first_name", "–"), "last_name": fields["last_name"]}
        return str(self.double.site.records.add_candidate(told | {"title": fields.get("headline")})["id"])

    def people(self) -> list[dict[str, Any]]:
        records = self.double.site.records
        owners = {one["candidate_id"]: records.owners[number] for number, one in records.applications.items()}
        return [
            {name: record[key][0]["value"] if record[key] else None for name, key in LISTS.items()}
            | {
                "id": str(record["id"]),
                "first_name": record["first_name"],
                "last_name": record["last_name"],
                "headline": record["title"],
                "owner_email": EMAILS.get(owners.get(record["id"]) or 0),
            }
            for record in records.candidates.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        records = self.double.site.records
        mine = [one for one in records.attachments.values() if str(one["candidate_id"]) == person_id]
        return [(one["filename"], records.files[one["id"]]) for one in mine]

    def notes(self, person_id: str) -> list[SeenNote]:
        mine = [
            one for one in self.double.site.records.notes.values() if str(one["candidate_id"]) == person_id
        ]
        parts = [(note["body"].partition(f"\n\n{MARK} "), note["user_id"]) for note in mine]
        return [
            SeenNote(text, key or None, EMAILS[author] if author != ACTING_USER else None)
            for (text, _, key), author in parts
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        told = {
            note.reference: re.sub(r"^Applied via (.*)\.$", r"\1", note.text)
            for note in self.notes(person_id)
        }
        return [
            (str(one["job_id"]), told[f"{person_id}-{one['job_id']}"])
            for one in self.double.site.records.applications.values()
            if str(one["candidate_id"]) == person_id and not one["prospect"]
        ]
