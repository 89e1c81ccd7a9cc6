"""JobAdder's world, on its double."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._base import ClientApp
from bot.playground.democrm.faults import Faults
from bot.playground.democrm.wire import Call
from tests.crm import world
from tests.crm.world import REDIRECT_URI, KnownVacancy, Operation, SeenNote
from tests.doubles.jobadder import JobAdderDouble
from tests.support import Clock

FIELDS = {"first_name": "firstName", "last_name": "lastName", "email": "email", "phone": "phone"}
FIELDS |= {"headline": "summary", "skills": "skillTags", "source": "source"}


class World(world.World):
    """Jobs have no reference of their own; it stands in their titles."""

    key = "JOBADDER"
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/connect/token"),
        "whoami": ("GET", "/v2/users/current"),
        "find": ("GET", "/v2/candidates"),
        "create": ("POST", "/v2/candidates"),
        "cv": ("POST", "/v2/candidates/*/attachments/Resume"),
        "note": ("POST", "/v2/candidates/*/notes"),
        "link": ("POST", "/v2/candidates/*/applications"),
    }
    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer (JOB-42)")
    closed_vacancy = KnownVacancy("993", "JOB-48", "Executive Assistant (JOB-48)")
    user_email = "maya@brightdesk.example"

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.double = JobAdderDouble(lambda: clock().timestamp(), REDIRECT_URI)

    @property
    def app(self) -> ClientApp:
        double, sign_in = self.double, self.double.site.sign_in
        urls = (double.authorize_url, double.token_url, double.api_url)
        return ClientApp(sign_in.client_id, sign_in.client_secret, *urls)

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
        return self.double.site.sign_in.approve(authorize_url, allow)

    def expire_access_tokens(self) -> None:
        self.double.site.sign_in.expire_access_tokens()

    def revoke_all(self) -> None:
        self.double.site.sign_in.revoke_all()

    def add_person(self, **fields: Any) -> str:
        record = {FIELDS[name]: value for name, value in fields.items() if name in FIELDS}
        if "location" in fields:
            record["address"] = {"city": fields["location"]}
        return str(self.double.site.records.add_candidate(record)["candidateId"])

    def people(self) -> list[dict[str, Any]]:
        return [
            {name: record.get(key) for name, key in FIELDS.items()}
            | {
                "id": str(record["candidateId"]),
                "location": (record.get("address") or {}).get("city"),
                "owner_email": next((owner["email"] for owner in record["recruiters"]), None),
            }
            for record in self.double.site.records.candidates.values()
        ]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.site.records.attachments.get(int(person_id), [])
        return [(file["fileName"], file["content"]) for file in files if file["type"] == "Resume"]

    def notes(self, person_id: str) -> list[SeenNote]:
        return [
            SeenNote(note["text"], note.get("reference"), note.get("createdBy", {}).get("email"))
            for note in self.double.site.records.notes.get(int(person_id), [])
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        applications = self.double.site.records.applications.get(int(person_id), [])
        return [(str(one["job"]["jobId"]), one["source"]) for one in applications]
