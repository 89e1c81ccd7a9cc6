"""What the double of Bullhorn keeps: entities by type and id, and the index that may lag behind them."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]

SETTINGS: Record = {
    "corporationName": "Bright Desk",
    "jobResponseStatusList": ["New Lead", "Submitted", "Client Submission", "Interview Scheduled"],
    "commentActionList": ["Other", "Outbound Call", "Application"],
}
CANDIDATE_STATUSES = ("New Lead", "Active", "Placed", "Archive")
PASSWORD = "bullhorn"
CONFIDENTIAL = "**CONFIDENTIAL**"
CATEGORIES = {41: "Other Area(s)", 45: "Engineering", 46: "Construction"}
RELATED = {
    "owner": "CorporateUser",
    "sendingUser": "CorporateUser",
    "commentingPerson": "CorporateUser",
    "candidate": "Candidate",
    "jobOrder": "JobOrder",
    "category": "Category",
}
FIELDS: dict[str, frozenset[str]] = {
    "Candidate": frozenset(
        [
            "id",
            "firstName",
            "lastName",
            "name",
            "email",
            "email2",
            "email3",
            "phone",
            "phone2",
            "phone3",
            "mobile",
            "workPhone",
            "occupation",
            "companyName",
            "companyURL",
            "skillSet",
            "address",
            "externalID",
            "isDeleted",
            "owner",
            "status",
            "source",
            "category",
            "dateAdded",
            "dateLastModified",
            "description",
            "employmentPreference",
        ]
    ),
    "JobOrder": frozenset(
        [
            "id",
            "title",
            "status",
            "isOpen",
            "isDeleted",
            "externalID",
            "owner",
            "clientCorporation",
            "employmentType",
            "dateAdded",
            "numOpenings",
            "address",
            "publishedCategory",
        ]
    ),
    "JobSubmission": frozenset(
        [
            "id",
            "candidate",
            "jobOrder",
            "status",
            "source",
            "dateWebResponse",
            "dateAdded",
            "sendingUser",
            "comments",
            "isDeleted",
        ]
    ),
    "CorporateUser": frozenset(
        [
            "id",
            "firstName",
            "lastName",
            "name",
            "email",
            "email2",
            "email3",
            "username",
            "enabled",
            "isDeleted",
            "occupation",
        ]
    ),
    "Note": frozenset(
        [
            "id",
            "action",
            "comments",
            "personReference",
            "commentingPerson",
            "jobOrder",
            "externalID",
            "dateAdded",
            "isDeleted",
        ]
    ),
    "Category": frozenset({"id", "name"}),
    "FileAttachment": frozenset(
        [
            "id",
            "name",
            "externalID",
            "fileType",
            "type",
            "contentType",
            "contentSubType",
            "description",
            "fileSize",
            "isDeleted",
        ]
    ),
}
"""The fields that the entity reference lists and a bot like ours may ask for."""


class Records:
    """The tables. `lags` keeps new records out of the index; `confidential` are fields to hide."""

    def __init__(self) -> None:
        self._ids = count(5001)
        self.lags = False
        self.confidential: set[str] = set()
        self.unindexed: set[tuple[str, int]] = set()
        self.tables: dict[str, dict[int, Record]] = {name: {} for name in FIELDS}
        self.attached: dict[int, list[int]] = {}
        self.contents: dict[int, bytes] = {}
        self.noted: dict[int, list[int]] = {}
        self.categories: dict[tuple[str, int], list[int]] = {}
        for number, name in CATEGORIES.items():
            self.tables["Category"][number] = {"id": number, "name": name}
        self._hire(5, "Priya", "Shah", "priya@brightdesk.example")
        self._hire(6, "Ben", "Carter", "ben@brightdesk.example")
        self._hire(7, "Old", "Timer", "old@brightdesk.example", enabled=False)
        self._hire(8, "Gone", "Away", "gone@brightdesk.example", isDeleted=True)
        self._hire(9, "Maya", "O'Kafor", "maya@brightdesk.example")
        self._open(991, "Site Engineer", "JOB-42")
        self._open(992, "Senior Site Engineer", "JOB-421")
        self._open(993, "Executive Assistant", "JOB-48", isOpen=False)
        self._open(994, "Data Analyst", "JOB-44", status="Archive")
        self._open(995, "Data Analyst", "JOB-45", isDeleted=True)
        self.categories["JobOrder", 991] = [45, 46]

    def add(self, entity: str, fields: Record) -> int:
        """A new record's id; all of its fields are there, empty or not."""
        number = next(self._ids)
        blank: Record = dict.fromkeys(FIELDS[entity])
        self.tables[entity][number] = blank | {"isDeleted": False} | fields | {"id": number}
        if self.lags:
            self.unindexed.add((entity, number))
        return number

    def attach(self, candidate_id: int, fields: Record, content: bytes) -> int:
        """A new file of a candidate."""
        number = self.add("FileAttachment", fields | {"fileSize": len(content)})
        self.attached.setdefault(candidate_id, []).append(number)
        self.contents[number] = content
        return number

    def note(self, fields: Record) -> int:
        """A new note. It is among the person's notes only if both people are named."""
        number = self.add("Note", fields)
        if fields.get("commentingPerson"):
            self.noted.setdefault(fields["personReference"]["id"], []).append(number)
        return number

    def associated(self, entity: str, number: int, name: str) -> tuple[str, list[int]]:
        """The type and ids of what belongs to a record."""
        match entity, name:
            case "Candidate", "fileAttachments":
                return "FileAttachment", self.attached.get(number, [])
            case "Candidate", "notes":
                return "Note", self.noted.get(number, [])
            case (("Candidate" | "JobOrder"), "categories"):
                return "Category", self.categories.get((entity, number), [])
        raise KeyError(name)

    def _hire(self, number: int, first: str, last: str, email: str, **more: Any) -> None:
        user = {"id": number, "firstName": first, "lastName": last, "name": f"{first} {last}", "email": email}
        blank: Record = dict.fromkeys(FIELDS["CorporateUser"])
        rest = {"username": email.partition("@")[0], "enabled": True, "isDeleted": False}
        self.tables["CorporateUser"][number] = blank | user | rest | more

    def _open(self, number: int, title: str, reference: str, **more: Any) -> None:
        blank: Record = dict.fromkeys(FIELDS["JobOrder"])
        job = {"id": number, "title": title, "externalID": reference, "owner": {"id": 5}}
        dated = {"dateAdded": 1_760_000_000_000 + number, "status": "Accepting Candidates"}
        self.tables["JobOrder"][number] = blank | job | dated | {"isOpen": True, "isDeleted": False} | more
