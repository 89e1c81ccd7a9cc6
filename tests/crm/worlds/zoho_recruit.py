"""Zoho Recruit's world, on its double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._marks import MARK
from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.zoho_recruit import ZohoRecruitDouble
from tests.doubles.zoho_recruit.records import USERS, Record

FIELDS = {"first_name": "First_Name", "last_name": "Last_Name", "email": "Email", "phone": "Mobile"}
FIELDS |= {"location": "City", "headline": "Current_Job_Title", "source": "Source"}
EMAILS = {str(user["full_name"]): str(user["email"]) for user in USERS}


class World(OAuthWorld[ZohoRecruitDouble]):
    """A job opening's number is its reference; a note's title names its author."""

    key = "ZOHO_RECRUIT"
    kind = ZohoRecruitDouble
    answers: ClassVar[Mapping[str, str]] = {"data_centre": "eu"}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/oauth/v2/token"),
        "whoami": ("GET", "/recruit/v2/users"),
        "find": ("GET", "/recruit/v2/Candidates/search"),
        "create": ("POST", "/recruit/v2/Candidates"),
        "cv": ("POST", "/recruit/v2/Candidates/*/Attachments"),
        "note": ("POST", "/recruit/v2/Notes"),
        "link": ("PUT", "/recruit/v2/Candidates/actions/associate"),
    }
    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer")
    closed_vacancy = KnownVacancy("993", "JOB-48", "Executive Assistant")

    def add_person(self, **fields: Any) -> str:
        record: Record = {FIELDS[name]: fields[name] for name in FIELDS if name in fields}
        if "skills" in fields:
            record["Skill_Set"] = ", ".join(fields["skills"])
        return str(self.double.site.records.add_candidate(record)["id"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record[key] for name, key in FIELDS.items()}
            | {
                "id": record["id"],
                "skills": record["Skill_Set"].split(", ") if record["Skill_Set"] else None,
                "owner_email": EMAILS[record["Candidate_Owner"]["name"]],
            }
            for record in self.double.site.records.candidates.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.files.get(person_id, [])
        return [(file["File_Name"], file["content"]) for file in files]

    def notes(self, person_id: str) -> list[SeenNote]:
        mine = [note for note in self.double.site.records.notes if note["Parent_Id"]["id"] == person_id]
        parts = [(note["Note_Content"].partition(f"\n\n{MARK} "), note["Note_Title"]) for note in mine]
        return [
            SeenNote(text, key or None, EMAILS.get(title.removeprefix("Handoff · ")))
            for (text, _, key), title in parts
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        return [
            (job, str(link["comments"]).removeprefix("Applied via "))
            for (candidate, job), link in self.double.site.records.associated.items()
            if candidate == person_id
        ]
