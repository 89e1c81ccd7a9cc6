"""What the double of Greenhouse keeps."""

from __future__ import annotations

import base64
from itertools import count
from typing import Any

Record = dict[str, Any]

ACTING_USER = 4080
USERS: tuple[Record, ...] = (
    {"id": 4080, "name": "Kate Austen", "primary_email": "kate@brightdesk.example", "site_admin": True},
    {"id": 4081, "name": "Ben Carter", "primary_email": "ben@brightdesk.example"},
    {"id": 4082, "name": "Old Timer", "primary_email": "old@brightdesk.example", "deactivated": True},
    {"id": 4083, "name": "Maya Okafor", "primary_email": "maya@brightdesk.example"},
    {"id": 4084, "name": "Handoff", "primary_email": None, "service": True},
)
STAGES = ("Application Review", "Phone Screen", "Offer")
LISTS = ("phone_numbers", "addresses", "email_addresses", "website_addresses", "social_media_addresses")


class Records:
    """The tables, by id."""

    def __init__(self, base_url: str) -> None:
        self._ids = count(57683957)
        self._base_url = base_url
        self.candidates: dict[int, Record] = {}
        self.applications: dict[int, Record] = {}
        self.owners: dict[int, int | None] = {}
        self.attachments: dict[int, Record] = {}
        self.files: dict[int, bytes] = {}
        self.notes: dict[int, Record] = {}
        self.moves: list[Record] = []
        self.stages: dict[int, Record] = {}
        self.jobs: dict[int, Record] = {}
        self.add_job(993, "Executive Assistant (JOB-48)", "closed", None)
        self.add_job(994, "Site Engineer, nights", "open", "JOB-421")
        self.add_job(995, "Data Analyst (REF 44)", "open", None)
        self.add_job(991, "Site Engineer", "open", "JOB-42")

    def number(self) -> int:
        """A fresh id."""
        return next(self._ids)

    def add_job(self, number: int, name: str, status: str, requisition: str | None) -> None:
        """A new job with a plan of three stages and one that is retired."""
        opened = f"2026-0{len(self.jobs) + 1}-01T09:00:00.000Z"
        told = {"id": number, "name": name, "status": status, "requisition_id": requisition}
        self.jobs[number] = told | {"opened_at": opened, "closed_at": None, "confidential": False}
        for place, stage in enumerate((*STAGES, "Retired")):
            row = {"id": number * 10 + place, "job_id": number, "name": stage, "sort_order": place}
            self.stages[number * 10 + place] = row | {"active": stage != "Retired"}

    def add_candidate(self, fields: Record) -> Record:
        """A new candidate as it is answered."""
        number = self.number()
        blank: Record = {"company": None, "title": None, "private": False, "tags": []}
        blank |= {name: [] for name in LISTS}
        self.candidates[number] = {"id": number} | blank | fields
        return self.candidates[number]

    def add_application(self, candidate_id: int, wanted: Record) -> Record:
        """A new application, at the first stage of its job, or a prospect's."""
        number, job = self.number(), wanted.get("job_id")
        self.owners[number] = wanted.get("prospect_owner_id")
        self.applications[number] = {
            "id": number,
            "candidate_id": candidate_id,
            "job_id": job,
            "status": "in_process",
            "prospect": bool(wanted.get("prospect")),
            "job_interview_stage_id": job * 10 if job else None,
            "stage_name": STAGES[0] if job else None,
            "source_id": None,
            "recruiter_id": None,
            "prospective_job_ids": [],
        }
        return self.applications[number]

    def add_attachment(self, sent: Record) -> Record:
        """A new attachment; an earlier résumé becomes another file."""
        number, application = self.number(), self.applications[sent["application_id"]]
        for other in self.attachments.values():
            if (other["application_id"], other["type"]) == (application["id"], sent["type"]):
                other["type"] = "other"
        self.files[number] = base64.b64decode(sent["content"], validate=True)
        self.attachments[number] = {
            "id": number,
            "application_id": application["id"],
            "candidate_id": application["candidate_id"],
            "type": sent["type"],
            "filename": sent["filename"],
            "url": f"{self._base_url}/files/{number}?Signature=x",
        }
        return self.attachments[number]
