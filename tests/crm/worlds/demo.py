"""The demo CRM's world: the demo CRM itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from bot.crm._base import ClientApp
from bot.playground.democrm import DemoCrm, Person
from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import DoubleWorld
from tests.support import Clock

FIELDS = ("first_name", "last_name", "email", "phone", "headline", "skills", "source", "location")


class World(DoubleWorld[DemoCrm]):
    """It holds people of its own from the start; scenes see those added later."""

    key = "DEMO"
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/oauth/token"),
        "whoami": ("GET", "/api/v1/me"),
        "find": ("GET", "/api/v1/people"),
        "create": ("POST", "/api/v1/people"),
        "cv": ("POST", "/api/v1/people/*/files"),
        "note": ("POST", "/api/v1/people/*/notes"),
        "link": ("POST", "/api/v1/applications"),
    }
    one_person_per_email = True
    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer")
    closed_vacancy = KnownVacancy("997", "JOB-48", "Executive Assistant")

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, DemoCrm(clock=lambda: clock().timestamp()))
        self._residents: set[int] = set()

    @property
    def app(self) -> ClientApp:
        double = self.double
        urls = (double.authorize_url, double.token_url, double.api_url)
        return ClientApp(double.client_id, double.client_secret, *urls)

    def reset(self) -> None:
        super().reset()
        self._residents = {person.id for person in self.double.people()}

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        return self.double.approve(authorize_url, allow=allow)

    def expire_access_tokens(self) -> None:
        self.double.expire_access_tokens()

    def revoke_all(self) -> None:
        self.double.revoke_all()

    def add_person(self, **fields: Any) -> str:
        with self.session() as api:
            return str(api.post("/people", json=fields)["id"])

    def people(self) -> list[dict[str, Any]]:
        added = [person for person in self.double.people() if person.id not in self._residents]
        return [self._seen(person) for person in reversed(added)]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        return [(file.name, file.content) for file in self.double.files(int(person_id)) if file.kind == "cv"]

    def notes(self, person_id: str) -> list[SeenNote]:
        emails = {user.id: user.email for user in self.double.users()}
        found = self.double.notes(int(person_id))
        return [SeenNote(note.text, note.reference, emails.get(note.author_id)) for note in found]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        return [(str(one.vacancy_id), one.source or "") for one in self.double.applications(int(person_id))]

    def _seen(self, person: Person) -> dict[str, Any]:
        emails = {user.id: user.email for user in self.double.users()}
        seen = {name: getattr(person, name) or None for name in FIELDS}
        skills = list(person.skills) or None
        return seen | {
            "id": str(person.id),
            "skills": skills,
            "owner_email": emails.get(person.owner_id or 0),
        }
