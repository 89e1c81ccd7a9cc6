"""A CRM that only takes: each handoff goes to it whole, as there is nothing in it to look into."""

from __future__ import annotations

import base64
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

from bot.crm._base import Capability, Crm
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.models import Application, Target
from bot.workspace import Member

if TYPE_CHECKING:  # the session is handed in; only its type is needed here
    from bot.crm._http import Session

VERSION = 1
"""Of the document: raised when something in it changes its meaning, not when something is added."""


class Event(StrEnum):
    """Why a parcel goes out."""

    NEW = "handoff.new"
    RAISED = "handoff.raised"
    NOTED = "handoff.noted"


@dataclass(frozen=True)
class TeamNote:
    """What a member wrote about the applicant. `key` is our id of it, the same in every delivery.

    `told` is the text with who wrote it and when, for people.
    """

    key: str
    text: str
    told: str
    author: Member
    at: datetime


@dataclass(frozen=True)
class Parcel:
    """A whole application on its way. `key` is our id of this delivery, the same at every repeat.

    `event` is `RAISED` where the application went, or may have gone, as far as the CRM before: `follows` is
    that delivery's key. `note` tells the same as the note that other CRMs get. `notes` are the team's; a
    parcel that goes out for the last of them alone is `is_for_note`.
    """

    key: str
    target: Target
    application: Application
    status_name: str
    note: str
    decider: Member | None = None
    cv: CvDocument | None = None
    follows: str | None = None
    notes: tuple[TeamNote, ...] = ()
    is_for_note: bool = False

    @property
    def event(self) -> Event:
        """Why it goes out."""
        if self.is_for_note:
            return Event.NOTED
        return Event.RAISED if self.follows else Event.NEW


@dataclass(frozen=True)
class Pushed:
    """What the receiver told: its own id of what it made of the parcel, and where people see that."""

    id: str | None = None
    url: str | None = None


class PushCrm(Crm):
    """Its people and vacancies are out of sight: a handoff is one `push` for each reach it is wanted for."""

    capabilities = frozenset(Capability) - {Capability.OWNER}

    @abstractmethod
    def push(self, api: Session, parcel: Parcel) -> Pushed:
        """Hand the parcel over. Raises the errors of `_errors`; `Declined` tells that it was not taken."""

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        self._out_of_sight()

    def create_person(self, api: Session, person: Person) -> str:
        self._out_of_sight()

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        self._out_of_sight()

    def person_url(self, api: Session, person_id: str) -> str:
        self._out_of_sight()

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        self._out_of_sight()

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        self._out_of_sight()

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        self._out_of_sight()

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        self._out_of_sight()

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        self._out_of_sight()

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        self._out_of_sight()

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        self._out_of_sight()

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        self._out_of_sight()

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        self._out_of_sight()

    def _out_of_sight(self) -> NoReturn:
        raise NotImplementedError(f"{self.name} takes whole applications and shows nothing.")


def document(parcel: Parcel, *, with_cv: bool) -> dict[str, Any]:
    """The parcel for machines, as docs/crm/handoff.schema.json describes it."""
    application = parcel.application
    return {
        "version": VERSION,
        "id": parcel.key,
        "event": parcel.event.value,
        "follows": parcel.follows,
        "target": parcel.target.value,
        "decision": {
            "light": application.light.value if application.light else None,
            "status": {"key": application.status, "name": parcel.status_name},
            "by": {"name": parcel.decider.name, "email": parcel.decider.email} if parcel.decider else None,
            "at": _moment(application.decided_at),
        },
        "application": {
            "id": application.id,
            "source": application.source,
            "external_id": application.external_id,
            "received_at": _moment(application.received_at),
            "applied_at": _moment(application.applied_at),
            "vacancy": dict(vars(application.vacancy)),
            "candidate": vars(application.candidate)
            | {"skills": list(application.candidate.skills), "links": list(application.candidate.links)},
            "cover_letter": application.cover_letter,
            "answers": [dict(vars(answer)) for answer in application.answers],
            "cv": _cv(parcel.cv, with_content=with_cv and not parcel.is_for_note),
        }
        | ({"notes": [_note(note) for note in parcel.notes]} if parcel.notes else {}),
    }


def _note(note: TeamNote) -> dict[str, Any]:
    by = {"name": note.author.name, "email": note.author.email}
    return {"id": note.key, "text": note.text, "by": by, "at": _moment(note.at)}


def _cv(cv: CvDocument | None, *, with_content: bool) -> dict[str, Any] | None:
    if cv is None:
        return None
    known = {"filename": cv.filename, "content_type": cv.content_type, "size": len(cv.content)}
    return known | ({"content": base64.b64encode(cv.content).decode("ascii")} if with_content else {})


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
