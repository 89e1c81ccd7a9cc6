"""Bullhorn's world, on its double."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, ClassVar

from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.bullhorn import BullhornDouble
from tests.doubles.bullhorn.records import Record

FIELDS = {"first_name": "firstName", "last_name": "lastName", "email": "email", "phone": "phone"}
FIELDS |= {"headline": "occupation", "source": "source"}


class World(OAuthWorld[BullhornDouble]):
    """The reference of a job is its external id."""

    key = "BULLHORN"
    kind = BullhornDouble
    answers: ClassVar[Mapping[str, str]] = {"username": "priya"}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/oauth/token"),
        "whoami": ("GET", "/rest-services/*/settings/*"),
        "find": ("GET", "/rest-services/*/search/Candidate"),
        "create": ("PUT", "/rest-services/*/entity/Candidate"),
        "cv": ("PUT", "/rest-services/*/file/Candidate/*"),
        "note": ("PUT", "/rest-services/*/entity/Note"),
        "link": ("PUT", "/rest-services/*/entity/JobSubmission"),
    }
    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer")
    closed_vacancy = KnownVacancy("993", "JOB-48", "Executive Assistant")
    nobody: ClassVar[Any] = {"data": []}

    def expire_access_tokens(self) -> None:
        self.double.site.end_sessions()

    def revoke_all(self) -> None:
        self.double.site.end_sessions()
        super().revoke_all()

    def add_person(self, **fields: Any) -> str:
        record = {FIELDS[name]: value for name, value in fields.items() if name in FIELDS}
        if "location" in fields:
            record["address"] = {"city": fields["location"]}
        if "skills" in fields:
            record["skillSet"] = ", ".join(fields["skills"])
        return str(self.double.site.records.add("Candidate", record))

    def people(self) -> list[dict[str, Any]]:
        users = self._table("CorporateUser")
        return [
            {name: record.get(key) for name, key in FIELDS.items()}
            | {
                "id": str(record["id"]),
                "location": (record["address"] or {}).get("city"),
                "skills": record["skillSet"].split(", ") if record["skillSet"] else None,
                "owner_email": users[record["owner"]["id"]]["email"] if record["owner"] else None,
            }
            for record in self._table("Candidate").values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        records = self.double.site.records
        files = [records.tables["FileAttachment"][one] for one in records.attached.get(int(person_id), [])]
        return [(file["name"], records.contents[file["id"]]) for file in files if file["type"] == "Resume"]

    def notes(self, person_id: str) -> list[SeenNote]:
        users = self._table("CorporateUser")
        notes = [self._table("Note")[one] for one in self.double.site.records.noted.get(int(person_id), [])]
        return [
            SeenNote(
                unescape(re.sub(r"<br>", "\n", note["comments"])),
                note["externalID"],
                users[note["commentingPerson"]["id"]]["email"],
            )
            for note in notes
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        submissions = self._table("JobSubmission").values()
        theirs = [one for one in submissions if one["candidate"]["id"] == int(person_id)]
        return [(str(one["jobOrder"]["id"]), one["source"]) for one in theirs]

    def _table(self, entity: str) -> dict[int, Record]:
        return self.double.site.records.tables[entity]
