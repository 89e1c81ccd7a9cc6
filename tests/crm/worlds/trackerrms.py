"""TrackerRMS's world, on its double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._marks import MARK
from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import KeyWorld
from tests.doubles.trackerrms import TOKEN, TrackerRmsDouble
from tests.doubles.trackerrms.records import Record

PLAIN = {"first_name": "firstName", "last_name": "surname", "headline": "jobTitle", "source": "source"}
CONTACT = {"email": "email", "phone": "mobilePhone"}


class World(KeyWorld[TrackerRmsDouble]):
    """References stand in the names of jobs."""

    key = "TRACKERRMS"
    kind = TrackerRmsDouble
    answers: ClassVar[Mapping[str, str]] = {"region": "us", "token": TOKEN}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/api/Auth/ExchangeToken"),
        "whoami": ("POST", "/api/v1/Opportunity/PagedSearch"),
        "find": ("POST", "/api/v1/Resource/Search"),
        "create": ("POST", "/api/widget/createResource"),
        "cv": ("POST", "/api/widget/attachDocument"),
        "note": ("POST", "/api/v1/Activity"),
        "link": ("POST", "/api/widget/resourceApplication"),
    }
    open_vacancy = KnownVacancy("991", "JOB-42", "JOB-42 Site Engineer")
    closed_vacancy = KnownVacancy("993", "JOB-48", "JOB-48 Executive Assistant")
    nobody: ClassVar[Any] = []

    def expire_access_tokens(self) -> None:
        self.double.site.bought = None

    def revoke_all(self) -> None:
        self.double.site.is_revoked = True
        self.double.site.bought = None

    def add_person(self, **fields: Any) -> str:
        told: Record = {key: fields[name] for name, key in PLAIN.items() if name in fields}
        told["contactDetails"] = {key: fields[name] for name, key in CONTACT.items() if name in fields}
        return str(self.double.site.records.add_resource(told)["resourceId"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: one[key] for name, key in PLAIN.items()}
            | {name: one["contactDetails"][key] for name, key in CONTACT.items()}
            | {"id": str(one["resourceId"])}
            for one in self.double.site.records.resources.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.documents.values()
        return [(one["filename"], one["content"]) for one in files if str(one["recordId"]) == person_id]

    def notes(self, person_id: str) -> list[SeenNote]:
        mine = [one for one in self.double.site.records.activities if str(one["recordId"]) == person_id]
        parts = [one["note"].partition(f"\n\n{MARK} ") for one in mine]
        return [SeenNote(text, key or None, None) for text, _, key in parts]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        listed = self.double.site.records.listed
        return [(one["opportunityid"], one["source"]) for one in listed if one["resourceid"] == person_id]
