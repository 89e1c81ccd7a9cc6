"""Recruit CRM's world, on its double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._marks import MARK
from tests.crm.world import Operation, SeenNote
from tests.crm.worlds._double import KeyWorld
from tests.doubles.recruitcrm import TOKEN, RecruitCrmDouble
from tests.doubles.recruitcrm.records import USERS, Record

EMAILS = {str(user["id"]): str(user["email"]) for user in USERS}
FIELDS = {"email": "email", "phone": "contact_number", "location": "city", "headline": "position"}
FIELDS |= {"source": "source"}


class World(KeyWorld[RecruitCrmDouble]):
    """References stand in the jobs' names; whoever has but one name bears it as the first."""

    key = "RECRUITCRM"
    kind = RecruitCrmDouble
    answers: ClassVar[Mapping[str, str]] = {"token": TOKEN}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "whoami": ("GET", "/v1/users"),
        "find": ("GET", "/v1/candidates/search"),
        "create": ("POST", "/v1/candidates"),
        "cv": ("POST", "/v1/files"),
        "note": ("POST", "/v1/notes"),
        "link": ("POST", "/v1/candidates/*/apply"),
    }
    nobody: ClassVar[Any] = []

    def revoke_all(self) -> None:
        self.double.site.is_revoked = True

    def add_person(self, **fields: Any) -> str:
        record: Record = {FIELDS[name]: fields[name] for name in FIELDS if name in fields}
        if "skills" in fields:
            record["skill"] = ",".join(fields["skills"])
        first = fields.get("first_name")
        record["first_name"] = first or fields["last_name"]
        record["last_name"] = fields["last_name"] if first else None
        return str(self.double.site.records.add_candidate(record)["slug"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record.get(key) for name, key in FIELDS.items()}
            | {
                "id": record["slug"],
                "first_name": record["first_name"] if record["last_name"] else None,
                "last_name": record["last_name"] or record["first_name"],
                "skills": record["skill"].split(",") if record.get("skill") else None,
                "owner_email": EMAILS.get(str(record["owner"])),
            }
            for record in self.double.site.records.candidates.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.files
        return [(file["file_name"], file["content"]) for file in files if file["related_to"] == person_id]

    def notes(self, person_id: str) -> list[SeenNote]:
        mine = [note for note in self.double.site.records.notes if note["related_to"] == person_id]
        parts = [(note["description"].partition(f"\n\n{MARK} "), note["created_by"]) for note in mine]
        return [SeenNote(text, key or None, EMAILS.get(author)) for (text, _, key), author in parts]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        return [
            (job, str(stage["remark"] or "").removeprefix("Applied via "))
            for (candidate, job), stage in self.double.site.records.stages.items()
            if candidate == person_id
        ]
