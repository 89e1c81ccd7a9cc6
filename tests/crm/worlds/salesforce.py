"""Salesforce's world, on its double: an organisation with Jobscience."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.salesforce import SalesforceDouble

FIELDS = {"first_name": "FirstName", "last_name": "LastName", "email": "Email", "phone": "Phone"}
FIELDS |= {"headline": "Title", "location": "MailingCity", "source": "LeadSource"}
V = "/services/data/v62.0"


class World(OAuthWorld[SalesforceDouble]):
    """The organisation has a field for skills, and the workspace chose it."""

    key = "SALESFORCE"
    kind = SalesforceDouble
    package: ClassVar[str] = "ts2__"
    answers: ClassVar[Mapping[str, str]] = {"environment": "production"}
    options: ClassVar[Mapping[str, str]] = {"skills": "Skills__c/1000"}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/services/oauth2/token"),
        "whoami": ("GET", "/id/*/*"),
        "find": ("GET", f"{V}/query"),
        "create": ("POST", f"{V}/sobjects/Contact/"),
        "cv": ("POST", f"{V}/sobjects/Attachment/"),
        "note": ("POST", f"{V}/sobjects/Task/"),
        "link": ("POST", f"{V}/sobjects/ts2__Application__c/"),
    }
    open_vacancy = KnownVacancy("a0X000000000008AAA", "JOB-42", "Site Engineer")
    closed_vacancy = KnownVacancy("a0X000000000010AAA", "JOB-48", "Executive Assistant")

    def reset(self) -> None:
        self.double.reset(self.package)

    def add_person(self, **fields: Any) -> str:
        values = {FIELDS[name]: value for name, value in fields.items() if name in FIELDS}
        return str(self.double.site.records.add("Contact", values)["Id"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record.get(field) for name, field in FIELDS.items()}
            | {
                "id": record["Id"],
                "skills": record["Skills__c"].split("; ") if record.get("Skills__c") else None,
                "owner_email": self._email(record.get("OwnerId")),
            }
            for record in self.double.site.records.tables["Contact"].values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.tables["Attachment"].values()
        return [(file["Name"], file["Body"]) for file in files if file["ParentId"] == person_id]

    def notes(self, person_id: str) -> list[SeenNote]:
        return [
            SeenNote(task["Description"], task["Subject"], self._email(task.get("OwnerId")))
            for task in self.double.site.records.tables["Task"].values()
            if task["WhoId"] == person_id
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        tables = self.double.site.records.tables
        sources = {one["Id"]: one["Name"] for one in tables["ts2__Source__c"].values()}
        return [
            (one["ts2__Job__c"], sources.get(one.get("ts2__Application_Source__c"), ""))
            for one in tables["ts2__Application__c"].values()
            if one["ts2__Candidate_Contact__c"] == person_id
        ]

    def _email(self, user_id: str | None) -> str | None:
        user = self.double.site.records.tables["User"].get(user_id or "")
        return str(user["Email"]).lower() if user else None
