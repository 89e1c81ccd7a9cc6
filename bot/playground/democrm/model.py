"""The demo CRM's records and the reasons why one can't be had or made."""

import hashlib
from dataclasses import dataclass

STAGES = {
    "new": "New applicant",
    "shortlist": "Shortlist",
    "phone_screen": "Phone screen",
    "interview": "Interview",
    "offer": "Offer",
    "placed": "Placed",
    "rejected": "Rejected",
}


class RecordMissingError(Exception):
    """No record of that kind has that id."""

    def __init__(self, kind: str, record_id: int) -> None:
        super().__init__(f"There is no {kind} with id {record_id}.")


class DuplicateError(Exception):
    """The record is there already; `existing_id` says which one."""

    def __init__(self, detail: str, existing_id: int, field: str) -> None:
        super().__init__(detail)
        self.existing_id = existing_id
        self.field = field


class RefusedError(Exception):
    """A value is well formed but can't be taken."""

    def __init__(self, field: str, code: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field
        self.code = code


@dataclass(frozen=True)
class User:
    """Someone who signs in to the CRM."""

    id: int
    name: str
    email: str
    role: str


@dataclass(frozen=True)
class Person:
    """A candidate."""

    id: int
    last_name: str
    created_at: float
    updated_at: float
    first_name: str = ""
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    headline: str | None = None
    skills: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    source: str | None = None
    owner_id: int | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True)
class StoredFile:
    """A document on a person, byte for byte as it came."""

    id: int
    person_id: int
    name: str
    content_type: str
    kind: str
    content: bytes
    created_at: float

    @property
    def size(self) -> int:
        return len(self.content)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Note:
    """A remark on a person; `reference` is the caller's own key for it."""

    id: int
    person_id: int
    text: str
    reference: str | None
    author_id: int
    created_at: float


@dataclass(frozen=True)
class Vacancy:
    """A job to fill for a client."""

    id: int
    reference: str
    title: str
    client: str
    location: str
    employment: str
    salary: str
    owner_id: int
    created_at: float
    status: str = "open"


@dataclass(frozen=True)
class Application:
    """A person put forward for a vacancy; one per pair."""

    id: int
    person_id: int
    vacancy_id: int
    stage: str
    source: str | None
    created_at: float
    updated_at: float
