"""What the double of JobAdder keeps: candidates, their files, notes and applications, jobs, users."""

from __future__ import annotations

import uuid
from itertools import count
from typing import Any

Record = dict[str, Any]

PASSWORD = "jobadder"
USERS: tuple[Record, ...] = (
    {"userId": 5, "firstName": "Priya", "lastName": "Shah", "email": "priya@brightdesk.example"},
    {"userId": 6, "firstName": "Ben", "lastName": "Carter", "email": "ben@brightdesk.example"},
    {
        "userId": 7,
        "firstName": "Old",
        "lastName": "Timer",
        "email": "old@brightdesk.example",
        "inactive": True,
    },
    {
        "userId": 8,
        "firstName": "Gone",
        "lastName": "Away",
        "email": "gone@brightdesk.example",
        "deleted": True,
    },
)
OPEN = {"statusId": 1, "name": "Open", "active": True}
CLOSED = {"statusId": 2, "name": "Closed", "active": False}
NEW = {"statusId": 11, "name": "New", "active": True}
SHORTLIST = {"statusId": 12, "name": "Shortlisted", "active": True}
REJECTED = {"statusId": 13, "name": "Unsuccessful", "active": True}
RETIRED = {"statusId": 14, "name": "Phoned", "active": False}
ACTIVE_CANDIDATE = {"statusId": 21, "name": "Active", "active": True}


class Records:
    """The tables; ids are numbers as JobAdder's are."""

    def __init__(self) -> None:
        self._ids = count(1001)
        self.users: list[Record] = [{"inactive": False, "deleted": False} | user for user in USERS]
        self.users += [
            {
                "userId": 100 + n,
                "firstName": "User",
                "lastName": str(n),
                "email": f"user{n}@brightdesk.example",
            }
            for n in range(120)
        ]
        self.users.append(
            {"userId": 900, "firstName": "Maya", "lastName": "Okafor", "email": "Maya@BrightDesk.example"}
        )
        self.candidates: dict[int, Record] = {}
        self.attachments: dict[int, list[Record]] = {}
        self.notes: dict[int, list[Record]] = {}
        self.applications: dict[int, list[Record]] = {}
        self.jobs: dict[int, Record] = {
            991: _job(991, "Site Engineer (JOB-42)", OPEN),
            992: _job(992, "Site Engineer (JOB-421)", OPEN),
            993: _job(993, "Executive Assistant (JOB-48)", CLOSED) | {"closedAt": "2026-10-01T09:00:00Z"},
            994: _job(994, "Data Analyst (JOB-44)", OPEN) | {"closedAt": "2026-09-01T09:00:00Z"},
        }

    def active_user(self, email: str) -> Record | None:
        """The user who can sign in with that e-mail."""
        fitting = (user for user in self.users if user["email"].casefold() == email.casefold())
        return next((user for user in fitting if not user.get("inactive") and not user.get("deleted")), None)

    def twin(self, email: str | None, other_than: int | None = None) -> int | None:
        """The candidate who has that e-mail, as the first or another one."""
        for candidate_id, record in self.candidates.items():
            known = [record.get("email") or "", *record.get("otherEmail", [])]
            if email and candidate_id != other_than and email.casefold() in map(str.casefold, known):
                return candidate_id
        return None

    def add_candidate(self, fields: Record) -> Record:
        """A new candidate as it is answered: owners as people, not as numbers."""
        record: Record = {"candidateId": next(self._ids), "status": NEW} | fields
        owners = record.pop("recruiterUserId", None) or []
        record["recruiters"] = [user for user in self.users if user["userId"] in owners]
        self.candidates[record["candidateId"]] = record
        return record

    def attach(self, candidate_id: int, kind: str, filename: str, content: bytes) -> Record:
        """A new file."""
        record = {"attachmentId": next(self._ids), "type": kind, "fileName": filename}
        self.attachments.setdefault(candidate_id, []).append(record | {"content": content})
        return record

    def note(self, candidate_id: int, fields: Record) -> Record:
        """A new note."""
        record = fields | {"noteId": str(uuid.uuid4())}
        self.notes.setdefault(candidate_id, []).append(record)
        return record

    def apply(self, candidate_id: int, job_id: int, source: str | None) -> Record:
        """A new application."""
        job = {key: self.jobs[job_id][key] for key in ("jobId", "jobTitle")}
        record: Record = {"applicationId": next(self._ids), "job": job, "status": NEW, "source": source}
        self.applications.setdefault(candidate_id, []).append(record)
        return record


def _job(job_id: int, title: str, status: Record) -> Record:
    return {
        "jobId": job_id,
        "jobTitle": title,
        "company": {"companyId": 3, "name": "Acme"},
        "status": status,
        "owner": {key: USERS[0][key] for key in ("userId", "firstName", "lastName", "email")},
        "createdAt": f"2026-10-{job_id - 980}T09:00:00Z",
    }
