"""What the double of Vincere keeps: candidates, documents, comments, positions, applications, users."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]

STAMP = "2026-11-21T09:30:00.000Z"
USERS: tuple[Record, ...] = (
    {"id": 28959, "full_name": "Priya Shah", "email": "priya@brightdesk.example"},
    {"id": 28960, "full_name": "Ben Carter", "email": "ben@brightdesk.example"},
    {"id": 28961, "full_name": "Maya Okafor", "email": "Maya@BrightDesk.example"},
)
SOURCES: tuple[Record, ...] = (
    {"value": "29105", "description": "Website", "source_type": "ONLINE"},
    {"value": "29106", "description": "Indeed", "source_type": "ONLINE"},
)


class Records:
    """The tables; ids are numbers."""

    def __init__(self) -> None:
        self._ids = count(1001)
        self.candidates: dict[int, Record] = {}
        self.hidden: dict[int, Record] = {}
        self.files: dict[int, list[Record]] = {}
        self.comments: list[Record] = []
        self.applications: list[Record] = []
        self.positions: dict[int, Record] = {}
        for number, title, status in (
            (991, "Site Engineer (JOB-42)", "OPEN"),
            (992, "Site Engineer (JOB-421)", "OPEN"),
            (993, "Executive Assistant (JOB-48)", "CLOSED"),
            (994, "Data Analyst (JOB-44)", None),
        ):
            self.add_position(number, title, status)

    def new_id(self) -> int:
        """The next id."""
        return next(self._ids)

    def add_position(self, number: int, title: str, status: str | None) -> Record:
        """A position; the higher its number, the newer it is."""
        record = {"id": number, "job_title": title, "job_status": status, "closed_date": None}
        owner = {"id": USERS[0]["id"], "full_name": USERS[0]["full_name"]}
        record |= {"owners": [owner], "created_date": f"2026-10-{number - 980:02}T09:00:00.000Z"}
        self.positions[number] = record
        return record

    def add_candidate(self, fields: Record) -> int:
        """A new candidate; some of it can be written, but only a search tells it."""
        number = self.new_id()
        self.hidden[number] = {"skype": fields.pop("skype", None)}
        stock = {"id": number, "updated_timestamp": STAMP, "email_subscribed": True, "availability": None}
        self.candidates[number] = {"registration_date": STAMP, "candidate_source_id": 29105} | fields | stock
        return number
