"""What the double of Pipedrive keeps: persons with fields of their own, deals, files, notes."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]

FIELDS = {
    "headline": ("Headline", "a" * 40, "varchar"),
    "location": ("Location", "b" * 40, "varchar"),
    "skills": ("Skills", "c" * 40, "text"),
    "source": ("Source", "d" * 40, "varchar"),
    "grade": ("Grade", "e" * 40, "enum"),
}
"""The account's own fields of persons: name, code, type."""
REFERENCE = "f" * 40
"""A deal's own field for the vacancy's reference."""
LABELS = [{"id": 5, "label": "Hot lead"}, {"id": 7, "label": "Candidate"}]
"""The labels that people can have."""
USERS = (
    {"id": 5, "name": "Priya Shah", "email": "priya@brightdesk.example", "active_flag": True},
    {"id": 6, "name": "Ben Carter", "email": "ben@brightdesk.example", "active_flag": True},
    {"id": 7, "name": "Old Timer", "email": "old@brightdesk.example", "active_flag": False},
    {"id": 9, "name": "Maya Okafor", "email": "Maya@BrightDesk.example", "active_flag": True},
)


class Records:
    """The tables; ids are numbers."""

    def __init__(self) -> None:
        self._ids = count(1001)
        self.persons: dict[int, Record] = {}
        self.files: list[Record] = []
        self.notes: list[Record] = []
        self.participants: list[Record] = []
        self.pipelines = [{"id": 1, "name": "Vacancies"}, {"id": 2, "name": "Applicants"}]
        self.stages = [
            {"id": 11, "name": "Sourcing", "pipeline_id": 1},
            {"id": 21, "name": "Applied", "pipeline_id": 2},
            {"id": 22, "name": "Shortlist", "pipeline_id": 2},
        ]
        self.deals: dict[int, Record] = {}
        for deal_id, title, status in (
            (991, "Site Engineer (JOB-42)", "open"),
            (992, "Site Engineer (JOB-421)", "open"),
            (993, "Executive Assistant (JOB-48)", "lost"),
            (994, "Data Analyst", "open"),
        ):
            self.add_deal({"title": title, "status": status, "owner_id": 5, "pipeline_id": 1}, deal_id)
        self.deals[994]["custom_fields"] = {REFERENCE: "REF 44"}

    def add_person(self, fields: Record) -> Record:
        """A new person as it is answered."""
        empty: Record = {"owner_id": 5, "emails": [], "phones": [], "is_deleted": False}
        record = empty | fields | {"id": next(self._ids)}
        given = {code: None for _, code, _ in FIELDS.values()}
        record["custom_fields"] = given | fields.get("custom_fields", {})
        self.persons[record["id"]] = record
        return record

    def add_deal(self, fields: Record, deal_id: int | None = None) -> Record:
        """A new deal; its stage tells its pipeline."""
        number = deal_id or next(self._ids)
        record: Record = {
            "status": "open",
            "owner_id": 5,
            "pipeline_id": 1,
            "custom_fields": {REFERENCE: None},
        }
        record |= {"is_deleted": False, "is_archived": False, "person_id": None} | fields | {"id": number}
        for stage in self.stages:
            if stage["id"] == fields.get("stage_id"):
                record["pipeline_id"] = stage["pipeline_id"]
        record["add_time"] = f"2026-10-01T09:00:00.{number:06}Z"
        self.deals[number] = record
        return record

    def add(self, table: list[Record], fields: Record) -> Record:
        """A new row."""
        record = fields | {"id": next(self._ids)}
        table.append(record)
        return record
