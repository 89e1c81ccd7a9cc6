"""What the demo CRM keeps, in memory: its tables and their rules."""

import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from bot.playground.democrm.model import (
    Application,
    DuplicateError,
    Note,
    Person,
    RecordMissingError,
    RefusedError,
    StoredFile,
    User,
    Vacancy,
)
from bot.playground.democrm.phones import phone_key

R = TypeVar("R")


class Records:
    """The tables and their rules; every method is safe to call from any thread."""

    def __init__(self, clock: Callable[[], float], rev: int = 1) -> None:
        self.clock = clock
        self.rev = rev
        self.lock = threading.RLock()
        self._ids = {kind: count(start) for kind, start in _FIRST_IDS.items()}
        self._users: dict[int, User] = {}
        self._people: dict[int, Person] = {}
        self._files: dict[int, StoredFile] = {}
        self._notes: dict[int, Note] = {}
        self._vacancies: dict[int, Vacancy] = {}
        self._applications: dict[int, Application] = {}

    # users

    def users(self, email: str | None = None) -> list[User]:
        with self.lock:
            return [u for u in self._users.values() if email is None or same_text(u.email, email)]

    def user(self, user_id: int) -> User:
        return self._get(self._users, "user", user_id)

    def add_user(self, name: str, email: str, role: str) -> User:
        with self.lock:
            user = User(next(self._ids["user"]), name, email, role)
            self._users[user.id] = user
            return user

    # people

    def people(self, email: str | None = None, phone: str | None = None) -> list[Person]:
        """Those whose e-mail and phone match (all when neither is given), newest first."""
        wanted = phone_key(phone) if phone is not None else None
        with self.lock:
            return [
                person
                for person in reversed(self._people.values())
                if (email is None or same_text(person.email, email))
                and (wanted is None or (person.phone is not None and phone_key(person.phone) == wanted))
            ]

    def person(self, person_id: int) -> Person:
        return self._get(self._people, "person", person_id)

    def add_person(self, **fields: Any) -> Person:
        with self.lock:
            self._check_person(None, fields)
            now = fields.pop("created_at", self.clock())
            person = Person(id=next(self._ids["person"]), created_at=now, updated_at=now, **fields)
            self._people[person.id] = person
            self.rev += 1
            return person

    def change_person(self, person_id: int, **fields: Any) -> Person:
        with self.lock:
            person = self.person(person_id)
            self._check_person(person_id, fields)
            changed = replace(person, updated_at=self.clock(), **fields)
            self._people[person_id] = changed
            self.rev += 1
            return changed

    def delete_person(self, person_id: int) -> None:
        """The person with files, notes and applications."""
        with self.lock:
            self.person(person_id)
            del self._people[person_id]
            self._files = {key: one for key, one in self._files.items() if one.person_id != person_id}
            self._notes = {key: one for key, one in self._notes.items() if one.person_id != person_id}
            kept = {key: one for key, one in self._applications.items() if one.person_id != person_id}
            self._applications = kept
            self.rev += 1

    def delete_application(self, application_id: int) -> None:
        with self.lock:
            self.application(application_id)
            del self._applications[application_id]
            self.rev += 1

    def _check_person(self, person_id: int | None, fields: dict[str, Any]) -> None:
        owner_id = fields.get("owner_id")
        if owner_id is not None and owner_id not in self._users:
            raise RefusedError("owner_id", "unknown", f"No user of this CRM has id {owner_id}.")
        email = fields.get("email")
        for twin in self.people(email=email) if email else ():
            if twin.id != person_id:
                detail = "Someone with this e-mail address is in the CRM already."
                raise DuplicateError(detail, twin.id, "email")

    # files and notes

    def files(self, person_id: int) -> list[StoredFile]:
        self.person(person_id)
        with self.lock:
            return [f for f in self._files.values() if f.person_id == person_id]

    def file(self, person_id: int, file_id: int) -> StoredFile:
        found = self._get(self._files, "file", file_id)
        if found.person_id != person_id:
            raise RecordMissingError("file", file_id)
        return found

    def add_file(self, person_id: int, name: str, content_type: str, kind: str, content: bytes) -> StoredFile:
        with self.lock:
            self.person(person_id)
            file_id = next(self._ids["file"])
            stored = StoredFile(file_id, person_id, name, content_type, kind, content, self.clock())
            self._files[file_id] = stored
            self.rev += 1
            return stored

    def notes(self, person_id: int, reference: str | None = None) -> list[Note]:
        """Newest first."""
        self.person(person_id)
        with self.lock:
            found = [n for n in self._notes.values() if n.person_id == person_id]
        return [n for n in reversed(found) if reference is None or n.reference == reference]

    def add_note(
        self, person_id: int, text: str, reference: str | None, author_id: int, at: float = 0
    ) -> Note:
        """`at` is for notes older than now."""
        with self.lock:
            self.person(person_id)
            if author_id not in self._users:
                raise RefusedError("author_id", "unknown", f"No user of this CRM has id {author_id}.")
            note = Note(next(self._ids["note"]), person_id, text, reference, author_id, at or self.clock())
            self._notes[note.id] = note
            self.rev += 1
            return note

    # vacancies

    def vacancies(
        self, status: str | None = None, search: str | None = None, reference: str | None = None
    ) -> list[Vacancy]:
        """Open ones first, then by reference; `search` looks in reference, title, client and location."""
        words = (search or "").casefold().split()
        with self.lock:
            found = [
                v
                for v in self._vacancies.values()
                if status in (None, v.status)
                and (reference is None or same_text(v.reference, reference))
                and all(w in f"{v.reference} {v.title} {v.client} {v.location}".casefold() for w in words)
            ]
        return sorted(found, key=lambda v: (v.status != "open", v.reference))

    def vacancy(self, vacancy_id: int) -> Vacancy:
        return self._get(self._vacancies, "vacancy", vacancy_id)

    def add_vacancy(self, **fields: Any) -> Vacancy:
        with self.lock:
            vacancy = Vacancy(id=next(self._ids["vacancy"]), **fields)
            self._vacancies[vacancy.id] = vacancy
            self.rev += 1
            return vacancy

    def close_vacancy(self, vacancy_id: int) -> None:
        with self.lock:
            self._vacancies[vacancy_id] = replace(self.vacancy(vacancy_id), status="closed")
            self.rev += 1

    # applications

    def applications(self, person_id: int | None = None, vacancy_id: int | None = None) -> list[Application]:
        """Newest first."""
        with self.lock:
            return [
                a
                for a in reversed(self._applications.values())
                if person_id in (None, a.person_id) and vacancy_id in (None, a.vacancy_id)
            ]

    def application(self, application_id: int) -> Application:
        return self._get(self._applications, "application", application_id)

    def add_application(self, person_id: int, vacancy_id: int, stage: str, source: str | None) -> Application:
        with self.lock:
            self._check_application(person_id, vacancy_id)
            now = self.clock()
            new_id = next(self._ids["application"])
            application = Application(new_id, person_id, vacancy_id, stage, source, now, now)
            self._applications[new_id] = application
            self.rev += 1
            return application

    def _check_application(self, person_id: int, vacancy_id: int) -> None:
        if person_id not in self._people:
            raise RefusedError("person_id", "unknown", f"There is no person with id {person_id}.")
        if vacancy_id not in self._vacancies:
            raise RefusedError("vacancy_id", "unknown", f"There is no vacancy with id {vacancy_id}.")
        # The pair is looked for before the status, so that repeating a link made earlier still finds it.
        for twin in self.applications(person_id, vacancy_id):
            raise DuplicateError("This person is on this vacancy already.", twin.id, "vacancy_id")
        vacancy = self._vacancies[vacancy_id]
        if vacancy.status != "open":
            detail = f"{vacancy.reference} {vacancy.title} is closed; nobody can be added to it."
            raise RefusedError("vacancy_id", "vacancy_closed", detail)

    def move_application(self, application_id: int, stage: str) -> Application:
        with self.lock:
            application = replace(self.application(application_id), stage=stage, updated_at=self.clock())
            self._applications[application_id] = application
            self.rev += 1
            return application

    def _get(self, table: dict[int, R], kind: str, record_id: int) -> R:
        with self.lock:
            if record_id not in table:
                raise RecordMissingError(kind, record_id)
            return table[record_id]


_FIRST_IDS = {"user": 11, "person": 1001, "file": 301, "note": 501, "vacancy": 990, "application": 7001}


def same_text(one: str | None, other: str) -> bool:
    """Whether two values differ in nothing but letter case and spaces around them."""
    return one is not None and one.strip().casefold() == other.strip().casefold()
