"""What the double of Recruit CRM keeps."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]

USERS = (
    {"id": 5, "first_name": "Priya", "last_name": "Shah", "email": "priya@brightdesk.example"},
    {"id": 6, "first_name": "Ben", "last_name": "Carter", "email": "ben@brightdesk.example"},
    {"id": 7, "first_name": "Old", "last_name": "Timer", "email": "old@brightdesk.example"},
    {"id": 9, "first_name": "Maya", "last_name": "Okafor", "email": "Maya@BrightDesk.example"},
)
STAGES = {1: "Assigned", 10: "Applied", 20: "Shortlisted"}
STATUSES = {0: "Closed", 1: "Open", 2: "On Hold", 3: "Canceled", 40: "Interviewing"}
REFERENCE_FIELD = 77


def user_as_told(user: Record) -> Record:
    """A user as lists tell them."""
    status = "Deactivate" if user["id"] == 7 else "Active"
    return user | {"role": "Account Owner" if user["id"] == 5 else "Team Member", "status": status}


class Records:
    """The tables; candidates and jobs by their slugs."""

    def __init__(self) -> None:
        self._ids = count(1001)
        self.candidates: dict[str, Record] = {}
        self.resumes: dict[str, bytes] = {}
        self.files: list[Record] = []
        self.notes: list[Record] = []
        self.stages: dict[tuple[str, str], Record] = {}
        self.jobs: dict[str, Record] = {}
        for slug, name, status in (
            ("991", "Site Engineer (JOB-42)", 1),
            ("16318617835190000051Ond", "Site Engineer (JOB-421)", 1),
            ("993", "Executive Assistant (JOB-48)", 0),
            ("994", "Data Analyst", 40),
        ):
            self.add_job(slug, name, status)
        self.jobs["994"]["custom_fields"] = [{"field_id": REFERENCE_FIELD, "value": "REF 44"}]

    def add_job(self, slug: str, name: str, status: int) -> None:
        """A new job."""
        self.jobs[slug] = {
            "id": next(self._ids),
            "slug": slug,
            "name": name,
            "job_status": {"id": status, "label": STATUSES[status]},
            "job_code": f"C{slug[:6]}",
            "owner": 5,
            "custom_fields": [],
        }

    def add_candidate(self, fields: Record) -> Record:
        """A new candidate as it is answered."""
        number = next(self._ids)
        record: Record = {"last_name": None, "email": None, "contact_number": None, "resume": None} | fields
        record["owner"] = record.pop("owner_id", 5)
        slug = f"1631861783519{number}Can"
        record |= {"id": number, "slug": slug, "custom_fields": []}
        record["resource_url"] = f"https://app.recruitcrm.io/candidate/{slug}"
        self.candidates[slug] = record
        return record

    def number(self) -> int:
        """A fresh id."""
        return next(self._ids)
