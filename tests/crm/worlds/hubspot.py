"""HubSpot's world, on its double: deals of the pipeline "Jobs" play the vacancies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._hubspot_records import plain
from tests.crm.world import Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.hubspot import HubSpotDouble

FIELDS = {"first_name": "firstname", "last_name": "lastname", "email": "email", "phone": "phone"}
FIELDS |= {"headline": "jobtitle", "location": "city", "source": "candidate_source"}


class World(OAuthWorld[HubSpotDouble]):
    """The account has properties of its own for source and skills, and the workspace chose them."""

    key = "HUBSPOT"
    kind = HubSpotDouble
    options: ClassVar[Mapping[str, str]] = {
        "vacancies": "deals/jobs",
        "source": "candidate_source",
        "skills": "candidate_skills",
    }
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/oauth/2026-03/token"),
        "whoami": ("GET", "/account-info/v3/details"),
        "find": ("POST", "/crm/v3/objects/contacts/batch/read"),
        "create": ("POST", "/crm/v3/objects/contacts"),
        "cv": ("POST", "/crm/v3/objects/notes"),
        "note": ("POST", "/crm/v3/objects/notes"),
        "link": ("PUT", "/crm/v4/objects/contacts/*/associations/default/deals/*"),
    }
    one_person_per_email = True

    def add_person(self, **fields: Any) -> str:
        values = {FIELDS[name]: value for name, value in fields.items() if name in FIELDS}
        return str(self.double.site.records.add("contacts", values)["id"])

    def people(self) -> list[dict[str, Any]]:
        return [self._seen(record) for record in self.double.site.records.objects["contacts"].values()]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.files
        attached = [note.get("hs_attachment_ids") for note in self._notes("contacts", person_id)]
        return [
            (files[one]["name"], files[one]["content"]) for ids in attached if ids for one in ids.split(";")
        ]

    def notes(self, person_id: str) -> list[SeenNote]:
        emails = {str(owner["id"]): str(owner["email"]) for owner in self.double.site.records.owners}
        seen = []
        for note in self._notes("contacts", person_id):
            if note.get("hs_attachment_ids") or "Handoff application" in note["hs_note_body"]:
                continue  # a CV, an application
            text, mark = re.findall(r"<p>(.*?)</p>", note["hs_note_body"])
            words = plain(text.replace("<br>", "\r")).replace("\r", "\n")
            reference = mark.removeprefix("Handoff reference ")
            seen.append(SeenNote(words, reference, emails.get(str(note.get("hubspot_owner_id")))))
        return seen

    def links(self, person_id: str) -> list[tuple[str, str]]:
        found = []
        for deal in self.double.site.records.tied("contacts", person_id, "deals"):
            for note in self._notes("deals", deal):
                if f'/record/0-1/{person_id}"' in note["hs_note_body"]:
                    source = re.search(r"applied via (.*)\.</p>", note["hs_note_body"])
                    found.append((deal, source[1] if source else ""))
        return found

    def _notes(self, kind: str, record_id: str) -> list[dict[str, Any]]:
        records = self.double.site.records
        return [records.objects["notes"][one]["properties"] for one in records.tied(kind, record_id, "notes")]

    def _seen(self, record: dict[str, Any]) -> dict[str, Any]:
        values = record["properties"]
        emails = {owner["id"]: owner["email"] for owner in self.double.site.records.owners}
        skills = values.get("candidate_skills")
        return {name: values.get(key) for name, key in FIELDS.items()} | {
            "id": record["id"],
            "skills": skills.split("; ") if skills else None,
            "owner_email": emails.get(values.get("hubspot_owner_id")),
        }
