"""Recruit CRM's world, on its double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._base import ClientApp
from bot.crm._marks import MARK
from bot.playground.democrm.faults import Faults
from bot.playground.democrm.wire import Call
from tests.crm import world
from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.doubles.recruitcrm import TOKEN, RecruitCrmDouble
from tests.doubles.recruitcrm.records import USERS, Record
from tests.support import Clock

EMAILS = {str(user["id"]): str(user["email"]) for user in USERS}
FIELDS = {"email": "email", "phone": "contact_number", "location": "city", "headline": "position"}
FIELDS |= {"source": "source"}


class World(world.World):
    """References stand in the jobs' names; whoever has but one name bears it as the first."""

    key = "RECRUITCRM"
    answers: ClassVar[Mapping[str, str]] = {"token": TOKEN}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "whoami": ("GET", "/v1/users"),
        "find": ("GET", "/v1/candidates/search"),
        "create": ("POST", "/v1/candidates"),
        "cv": ("POST", "/v1/files"),
        "note": ("POST", "/v1/notes"),
        "link": ("POST", "/v1/candidates/*/apply"),
    }
    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer (JOB-42)")
    closed_vacancy = KnownVacancy("993", "JOB-48", "Executive Assistant (JOB-48)")
    user_email = "maya@brightdesk.example"
    nobody: ClassVar[Any] = []

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.double = RecruitCrmDouble(lambda: clock().timestamp())

    @property
    def app(self) -> ClientApp:
        return ClientApp(api_url=self.double.base_url)

    @property
    def faults(self) -> Faults:
        return self.double.faults

    @property
    def calls(self) -> list[Call]:
        return self.double.calls

    def start(self) -> None:
        self.double.start()

    def stop(self) -> None:
        self.double.stop()

    def reset(self) -> None:
        self.double.reset()

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        raise NotImplementedError("There is no sign-in page.")

    def expire_access_tokens(self) -> None:
        raise NotImplementedError("A token stays.")

    def revoke_all(self) -> None:
        self.double.site.is_revoked = True

    def add_person(self, **fields: Any) -> str:
        record: Record = {FIELDS[name]: fields[name] for name in FIELDS if name in fields}
        if "skills" in fields:
            record["skill"] = ",".join(fields["skills"])
        first = fields.get("first_name")
        record["first_name"] = first or fields["last_name"]
        record["last_name"] = fields["last_name"] if first else None
        return str(self.double.site.records.add_candidate(record)["slug"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record.get(key) for name, key in FIELDS.items()}
            | {
                "id": record["slug"],
                "first_name": record["first_name"] if record["last_name"] else None,
                "last_name": record["last_name"] or record["first_name"],
                "skills": record["skill"].split(",") if record.get("skill") else None,
                "owner_email": EMAILS.get(str(record["owner"])),
            }
            for record in self.double.site.records.candidates.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.files
        return [(file["file_name"], file["content"]) for file in files if file["related_to"] == person_id]

    def notes(self, person_id: str) -> list[SeenNote]:
        mine = [note for note in self.double.site.records.notes if note["related_to"] == person_id]
        parts = [(note["description"].partition(f"\n\n{MARK} "), note["created_by"]) for note in mine]
        return [SeenNote(text, key or None, EMAILS.get(author)) for (text, _, key), author in parts]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        return [
            (job, str(stage["remark"] or "").removeprefix("Applied via "))
            for (candidate, job), stage in self.double.site.records.stages.items()
            if candidate == person_id
        ]
