"""The outward steps of one handoff: person, CV, note, vacancy. Each looks before it repeats itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.blocks import crm_note
from bot.crm._base import Capability
from bot.crm._errors import AlreadyExists, CrmError, Declined, Nonsense
from bot.crm._http import Session
from bot.crm._push import Parcel, PushCrm
from bot.crm._records import FILLABLE, CrmNote, FoundPerson, Person
from bot.models import Application, Handoff, Target
from bot.rules.matching import email_key, phone_key
from bot.store import applications, handoffs
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import forward_notes, parcels
from bot.usecases.forward_owner import Owner, owner_of
from bot.usecases.forward_vacancy import WantedVacancy
from bot.usecases.house import House

log = structlog.get_logger(__name__)

Result = dict[str, Any]

STEPS = ("person", "cv", "note", "vacancy", "link")
"""The steps' names in the ledger, in their order."""


class Steps:
    """Takes one application through the CRM, keeping a ledger of what was done."""

    def __init__(self, house: House, api: Session, application: Application, job: Job) -> None:
        self._house = house
        self._api = api
        self._crm = api.crm
        self._application = application
        self._job = job
        self._vacancies = WantedVacancy(house, api, application)

    def take(self) -> None:
        """Take every step that is wanted and not done yet. Raises the errors of `bot.crm._errors`."""
        wanted = self._wanted()
        if wanted.reach < Target.CRM.reach:
            return
        if isinstance(self._crm, PushCrm):
            self._push(self._crm, wanted)
            return
        person_id = str(self._step("person", self._person)["id"])
        if self._takes_cv():
            self._step("cv", lambda begun: self._cv(person_id, begun))
        if Capability.NOTES in self._crm.capabilities:
            self._step("note", lambda begun: self._note(person_id, begun))
        self._reached(Target.CRM)
        if self._wanted() is not Target.CRM_AND_VACANCY:
            return
        if Capability.VACANCIES not in self._crm.capabilities:
            raise Declined(f"{self._crm.name} has no vacancies to put an applicant onto.")
        vacancy_id = str(self._step("vacancy", self._vacancy)["id"])
        link_id = str(self._step("link", lambda begun: self._link(person_id, vacancy_id, begun))["id"])
        self._reached(Target.CRM_AND_VACANCY, link_id=link_id)

    def _push(self, crm: PushCrm, target: Target) -> None:
        """Hand all over in one go, and once more where it is wanted farther later."""
        pushed = self._step(_push_step(target), lambda begun: self._pushed(crm, target, begun))
        told = {"candidate_id": pushed["id"]} | ({"candidate_url": pushed["url"]} if pushed["url"] else {})
        self._reached(target, with_notes=pushed.get("notes", ()), **told)

    def _pushed(self, crm: PushCrm, target: Target, begun: bool) -> Result:
        parcel = self._parcel(target, begun)
        ids = {"application": self._application.id, "crm": crm.key, "delivery": parcel.key}
        log.info("push_begun", reason=parcel.event.value, is_repeat=begun, **ids)
        try:
            pushed = crm.push(self._api, parcel)
        except CrmError as error:
            log.info("push_not_taken", error=type(error).__name__, **ids)
            if isinstance(error, Declined) and not begun:  # surely not there: what follows is no second one
                with self._house.database.transaction() as connection:
                    handoffs.forget_step(connection, self._application.id, crm.key, _push_step(target))
            raise
        log.info("push_taken", **ids)
        return {
            "id": pushed.id or self._application.handoff.candidate_id or parcel.key,
            "url": pushed.url,
            "notes": [note.key for note in parcel.notes],
        }

    def _parcel(self, target: Target, begun: bool) -> Parcel:
        application, before = self._application, _push_step(Target.CRM)
        with self._house.database.transaction() as connection:
            went = target is not Target.CRM and handoffs.was_begun(
                connection, application.id, self._crm.key, before
            )
            along = forward_notes.with_handoff(connection, application, self._crm, begun)
        follows = parcels.handoff_key(application.id, Target.CRM) if went else None
        key = parcels.handoff_key(application.id, target)
        return parcels.parcel_of(self._house, application, key, target, follows=follows, notes=along)

    def _step(self, name: str, take: Callable[[bool], Result]) -> Result:
        """What the step gave: from the ledger, or by taking it. `take` is told if it was begun before."""
        key = (self._application.team_id, self._application.id, self._crm.key, name)
        with self._house.database.transaction() as connection:
            done = handoffs.done_step(connection, *key)
            if done is not None:
                return done
            was_begun = handoffs.begin_step(connection, *key, self._house.clock())
        result = take(was_begun)
        with self._house.database.transaction() as connection:
            handoffs.finish_step(connection, *key[1:], result, self._house.clock())
            if name == "person":
                self._save(
                    connection,
                    candidate_id=result["id"],
                    candidate_url=result["url"],
                    owner=result.get("owner"),
                    owner_note=result.get("owner_note"),
                )
            if name == "vacancy":
                self._save(connection, vacancy_title=result.get("chosen"))
        return result

    def _person(self, _begun: bool) -> Result:
        candidate = self._application.candidate
        known_by = {email_key(candidate.email), phone_key(candidate.phone)} - {None}
        # Two applications of one person at the same moment must not make two records.
        with ExitStack() as alone:
            for key in sorted(str(key) for key in known_by):
                name = f"person:{self._application.team_id}:{self._crm.key}:{key}"
                alone.enter_context(self._house.database.exclusive(name))
            found = self._find_person()
            return self._fill(found) if found is not None else self._create_person()

    def _find_person(self) -> FoundPerson | None:
        candidate = self._application.candidate
        found: list[FoundPerson] = []
        if candidate.email:
            found = self._crm.find_people(self._api, email=candidate.email)
        if not found and candidate.phone:
            found = self._crm.find_people(self._api, phone=candidate.phone)
        return found[0] if found else None

    def _fill(self, found: FoundPerson) -> Result:
        offered = self._offered(owner=None)
        missing = {
            name: getattr(offered, name)
            for name in FILLABLE
            if name not in found.filled and getattr(offered, name)
        }
        if missing:
            self._crm.fill_person(self._api, found.id, missing)
        return {"id": found.id, "url": self._crm.person_url(self._api, found.id)}

    def _create_person(self) -> Result:
        try:
            person_id, owner = self._created()
        except AlreadyExists as error:
            return self._adopt(error)
        result = {"id": person_id, "url": self._crm.person_url(self._api, person_id)}
        return result | ({"owner": owner.name, "owner_note": owner.why} if owner else {})

    def _created(self) -> tuple[str, Owner | None]:
        # Whoever stands in may have left; the person is not to be lost for that.
        refused: dict[str, str] = {}
        while True:
            owner = owner_of(self._house, self._api, self._application, self._vacancies.find, refused)
            try:
                return self._crm.create_person(self._api, self._offered(owner)), owner
            except AlreadyExists:
                raise
            except Declined:
                if owner is None or owner.id is None or not owner.stands_in:
                    raise
                refused[owner.id] = owner.name

    def _adopt(self, error: AlreadyExists) -> Result:
        # Somebody, or an attempt of ours whose answer was lost, was first.
        found = self._find_person()
        if found is not None:
            return self._fill(found)
        if error.existing_id is None:
            raise Declined(str(error))
        return {"id": error.existing_id, "url": self._crm.person_url(self._api, error.existing_id)}

    def _offered(self, owner: Owner | None) -> Person:
        candidate = self._application.candidate
        return Person(
            last_name=candidate.last_name,
            first_name=candidate.first_name,
            email=candidate.email,
            phone=candidate.phone,
            location=candidate.location,
            headline=candidate.headline,
            skills=candidate.skills,
            links=candidate.links,
            source=self._application.source,
            owner_id=owner.id if owner else None,
        )

    def _takes_cv(self) -> bool:
        cv = self._application.cv
        return cv is not None and self._crm.takes_cv(cv.size)

    def _cv(self, person_id: str, begun: bool) -> Result:
        cv = parcels.cv_document(self._house, self._application)
        if cv is None:
            return {}
        if not (begun and self._crm.has_cv(self._api, person_id, cv)):
            self._crm.attach_cv(self._api, person_id, cv)
        return {"filename": cv.filename}

    def _note(self, person_id: str, begun: bool) -> Result:
        decider = parcels.decider(self._house, self._application)
        with self._house.database.reading() as connection:
            statuses = settings_store.load_statuses(connection, self._application.team_id)
        name, went_along = decider.name if decider else None, self._takes_cv()
        text = crm_note.text(self._application, name, statuses, has_cv=went_along)
        note = CrmNote(self._application.id, text, decider.email if decider else None)
        if not (begun and self._crm.has_note(self._api, person_id, note)):
            self._crm.add_note(self._api, person_id, note)
        return {}

    def _vacancy(self, _begun: bool) -> Result:
        return {"id": self._vacancies.require().id, "chosen": self._vacancies.chosen_title}

    def _link(self, person_id: str, vacancy_id: str, begun: bool) -> Result:
        existing = self._crm.find_link(self._api, person_id, vacancy_id) if begun else None
        if existing is not None:
            self._crm.finish_link(self._api, person_id, vacancy_id, self._application.source)
            return {"id": existing}
        try:
            return {"id": self._crm.link(self._api, person_id, vacancy_id, self._application.source)}
        except AlreadyExists as error:
            existing = error.existing_id or self._crm.find_link(self._api, person_id, vacancy_id)
        if existing is None:
            raise Nonsense(f"{self._crm.name} says the application exists, but does not show it.")
        return {"id": existing}

    def _wanted(self) -> Target:
        """How far the application is wanted now: a decision may have changed it while we were under way."""
        with self._house.database.reading() as connection:
            present = applications.find(connection, self._application.team_id, self._application.id)
        return present.handoff.target if present else Target.NONE

    def _reached(self, target: Target, *, with_notes: Sequence[str] = (), **told: str) -> None:
        with self._house.database.transaction() as connection:
            self._save(connection, sent=target, **told)
            forward_notes.follow(self._house, connection, self._application, with_notes)

    def _save(self, connection: Connection, **changes: Any) -> None:
        application = self._application
        present = applications.find(connection, application.team_id, application.id, lock=True)
        handoff: Handoff | None = present.handoff if present else None
        if handoff is None:
            return
        if changes.get("sent", handoff.sent).reach < handoff.sent.reach:
            changes.pop("sent")
        changes.setdefault("crm", self._crm.key)
        saved = replace(handoff, **changes)
        # A decision may have wanted less meanwhile, but what has left stays.
        saved = replace(saved, target=max(saved.target, saved.left, key=lambda target: target.reach))
        handoffs.save(connection, application.team_id, application.id, saved)


def _push_step(target: Target) -> str:
    return f"push_{target.value}"
