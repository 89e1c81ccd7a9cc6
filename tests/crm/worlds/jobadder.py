"""JobAdder's world, on its double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.crm.world import Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.jobadder import JobAdderDouble

FIELDS = {"first_name": "firstName", "last_name": "lastName", "email": "email", "phone": "phone"}
FIELDS |= {"headline": "summary", "skills": "skillTags", "source": "source"}


class World(OAuthWorld[JobAdderDouble]):
    """Jobs have no reference of their own; it stands in their titles."""

    key = "JOBADDER"
    kind = JobAdderDouble
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/connect/token"),
        "whoami": ("GET", "/v2/users/current"),
        "find": ("GET", "/v2/candidates"),
        "create": ("POST", "/v2/candidates"),
        "cv": ("POST", "/v2/candidates/*/attachments/Resume"),
        "note": ("POST", "/v2/candidates/*/notes"),
        "link": ("POST", "/v2/candidates/*/applications"),
    }

    def add_person(self, **fields: Any) -> str:
        record = {FIELDS[name]: value for name, value in fields.items() if name in FIELDS}
        if "location" in fields:
            record["address"] = {"city": fields["location"]}
        return str(self.double.site.records.add_candidate(record)["candidateId"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record.get(key) for name, key in FIELDS.items()}
            | {
                "id": str(record["candidateId"]),
                "location": (record.get("address") or {}).get("city"),
                "owner_email": next((owner["email"] for owner in record["recruiters"]), None),
            }
            for record in self.double.site.records.candidates.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.attachments.get(int(person_id), [])
        return [(file["fileName"], file["content"]) for file in files if file["type"] == "Resume"]

    def notes(self, person_id: str) -> list[SeenNote]:
        return [
            SeenNote(note["text"], note.get("reference"), note.get("createdBy", {}).get("email"))
            for note in self.double.site.records.notes.get(int(person_id), [])
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        applications = self.double.site.records.applications.get(int(person_id), [])
        return [(str(one["job"]["jobId"]), one["source"]) for one in applications]
