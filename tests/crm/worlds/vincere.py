"""Vincere's world, on its double."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._marks import MARK
from tests.crm.world import Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.vincere import API_KEY, VincereDouble
from tests.doubles.vincere.records import SOURCES, USERS, Record

FIELDS = {"first_name": "first_name", "last_name": "last_name", "email": "email", "phone": "phone"}
FIELDS |= {"headline": "summary"}
EMAILS = {user["id"]: str(user["email"]) for user in USERS}
NAMES = {int(source["value"]): str(source["description"]) for source in SOURCES}


class World(OAuthWorld[VincereDouble]):
    """References stand in the positions' titles; a comment on both tells an application's source."""

    key = "VINCERE"
    kind = VincereDouble
    answers: ClassVar[Mapping[str, str]] = {
        "subdomain": "brightdesk",
        "api_key": API_KEY,
        "environment": "production",
    }
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/oauth2/token"),
        "whoami": ("GET", "/api/v2/user/me"),
        "find": ("GET", "/api/v2/candidate/search/*"),
        "create": ("POST", "/api/v2/candidate"),
        "cv": ("POST", "/api/v2/candidate/*/file"),
        "note": ("POST", "/api/v2/activity/comment"),
        "link": ("POST", "/api/v2/application"),
    }

    def add_person(self, **fields: Any) -> str:
        record: Record = {FIELDS[name]: fields[name] for name in FIELDS if name in fields}
        if "skills" in fields:
            record["skills"] = ",".join(fields["skills"])
        return str(self.double.site.records.add_candidate(record))

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record.get(key) for name, key in FIELDS.items()}
            | {
                "id": str(number),
                "location": None,
                "skills": record["skills"].split(",") if record.get("skills") else None,
                "source": NAMES.get(record["candidate_source_id"]),
                "owner_email": EMAILS.get(record.get("creator_id")),
            }
            for number, record in self.double.site.records.candidates.items()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.files.get(int(person_id), [])
        return [(re.sub(r" \[[0-9a-f]{8}\]", "", file["file_name"]), file["content"]) for file in files]

    def notes(self, person_id: str) -> list[SeenNote]:
        found = []
        for note in self._comments(int(person_id)):
            text, _, key = note["content"].partition(f"\n\n{MARK} ")
            if not note["position_ids"]:
                found.append(SeenNote(text, key or None, EMAILS.get(note["creator_id"])))
        return found

    def links(self, person_id: str) -> list[tuple[str, str]]:
        number, found = int(person_id), []
        for application in self.double.site.records.applications:
            if application["candidate_id"] == number:
                told = [one for one in self._comments(number) if application["job_id"] in one["position_ids"]]
                words = told[0]["content"].partition(f"\n\n{MARK} ")[0] if told else ""
                source = words.removeprefix("Applied via ")
                found.append((str(application["job_id"]), source))
        return found

    def _comments(self, candidate: int) -> list[Record]:
        return [one for one in self.double.site.records.comments if candidate in one["candidate_ids"]]
