"""Recruit CRM: one token for an account; candidates and jobs go by their slugs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from bot.crm import _recruitcrm_answers as answers_of
from bot.crm._base import ClientApp, Crm
from bot.crm._errors import AlreadyExists, CrmError, Declined, Missing, Nonsense
from bot.crm._http import Answer, Session, inner, listed, pick
from bot.crm._marks import is_marked, marked
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import carries, phone_spellings, record_number, same_email, same_phone, shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

APPLY, ASSIGN = "apply", "assign"
_CLOSED = frozenset({0, 2, 3})
"""Closed, on hold and cancelled; statuses of an account's own have other numbers and count as open."""
_OPEN = 1
_LONGEST_LIST = 20
_MOST_JOBS = 100


class RecruitCrm(Crm):
    """What Recruit CRM needs said differently from other CRMs."""

    key = "RECRUITCRM"
    name = "Recruit CRM"
    largest_cv = 15 * 1024 * 1024
    default_api_url = "https://api.recruitcrm.io"
    pause = 60.0  # its limits count calls a minute
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "token",
            "API token",
            "secret",
            hint="An administrator copies it in Recruit CRM from Admin Settings, API & Integrations.",
        ),
    )
    options: ClassVar[tuple[Question, ...]] = (
        Question(
            "link_as",
            "An applicant stands on the job as",
            "choice",
            choices=((APPLY, "Applied (online response)"), (ASSIGN, "Assigned (shortlist)")),
            optional=True,
        ),
        Question("stage", "Hiring stage of a new applicant", "live", optional=True),
        Question("reference_field", "Field of jobs that holds the reference", "live", optional=True),
        Question("note_type", "Type of note", "live", optional=True),
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The token without the spaces that copying brings along."""
        token = answers.get("token", "").strip()
        if not token:
            raise Invalid([FieldFault("token", "Please paste the API token.")])
        if not token.isascii() or not token.isprintable() or " " in token:
            raise Invalid([FieldFault("token", "This is not a token. Copy it again from Recruit CRM.")])
        return {"token": token}

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        return replace(super().credentials_from_answers(answers, app), access_token=answers["token"])

    def account(self, api: Session) -> str:
        """The account has no name in the API: one of its people and their number tell which it is."""
        users = answers_of.records(api.get("/v1/users"))
        if not users:
            raise Nonsense(f"{self.name} named no users.")
        heads = [user for user in users if "owner" in str(user.get("role")).casefold()]
        head = self._user((heads or users)[0])
        return f"{head.name} · {len(users)} users" if len(users) > 1 else head.name

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """Stages, types of notes, fields of jobs."""
        path, value, label = {
            "stage": ("/v1/hiring-pipeline", "stage_id", "label"),
            "note_type": ("/v1/note-types", "id", "label"),
            "reference_field": ("/v1/custom-fields/jobs", "field_id", "field_name"),
        }[key]
        found = answers_of.records(api.get(path))
        return [(str(pick(one, value, crm=self.name)), str(one.get(label))) for one in found]

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Candidates with this e-mail or phone; what the search merely resembles is left out."""
        if email is not None:
            records = self._search(api, "candidates", {"email": email.strip(), "exact_search": "true"})
            return [self._found(one) for one in records if same_email(one.get("email"), email)]
        for spelling in phone_spellings(phone or ""):
            records = self._search(api, "candidates", {"contact_number": spelling})
            found = [one for one in records if same_phone(one.get("contact_number"), spelling)]
            if found:
                return [self._found(one) for one in found]
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new candidate's slug. A second one with the same e-mail would be taken, so it is asked first."""
        if person.email and (known := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", known[0].id)
        body = answers_of.fields(vars(person)) | answers_of.names(person.first_name, person.last_name)
        if person.source:
            body["source"] = shortened(person.source, 100)
        if linkedin := next((link for link in person.links if "linkedin.com/" in link), None):
            body["linkedin"] = linkedin
        if owner := record_number(person.owner_id):
            body["owner_id"] = owner
        return self._slug(api.post("/v1/candidates", json=body))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and the first name, without which nothing is taken."""
        record = self._candidate(api, person_id)
        filled = answers_of.filled(record)
        empty = {name: value for name, value in missing.items() if value and name not in filled}
        body = answers_of.fields(empty)
        if first_name := empty.get("first_name"):
            last_name = str(record.get("last_name") or record.get("first_name") or "")
            body |= answers_of.names(first_name, last_name)
        if body:
            required = {"first_name": record.get("first_name")}
            api.post(f"/v1/candidates/{quote(person_id)}", json=required | body)

    def person_url(self, api: Session, person_id: str) -> str:
        return str(pick(self._candidate(api, person_id), "resource_url", crm=self.name))

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether the folder of this application holds it: the files' bytes lie on hosts we do not know."""
        files = answers_of.records(api.get(f"/v1/files/candidate/{quote(person_id)}"))
        told = (answers_of.folder(cv.key), cv.filename)
        return any((file.get("folder"), file.get("file_name")) == told for file in files)

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """Among the candidate's files, and as the résumé if there is none."""
        file = (cv.filename, cv.content, cv.content_type)
        record = self._candidate(api, person_id)
        if not answers_of.has_resume(record):
            path = f"/v1/candidates/{quote(person_id)}"
            api.post(path, data={"first_name": record.get("first_name")}, files={"resume": file})
        where = {"related_to": person_id, "related_to_type": "candidate"}
        api.post("/v1/files", data=where | {"folder": answers_of.folder(cv.key)}, files={"files[]": file})

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        notes = self._search(api, "notes", {"related_to": person_id, "related_to_type": "candidate"})
        return any(is_marked(str(found.get("description") or ""), note.key) for found in notes)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note, in its author's name where Recruit CRM knows them."""
        body: dict[str, Any] = {
            "description": marked(note.text, note.key),
            "related_to": person_id,
            "related_to_type": "candidate",
        }
        if kind := record_number(api.options.get("note_type")):
            body["note_type_id"] = kind
        author = self.find_user(api, note.author_email) if note.author_email else None
        if author:
            body["created_by"] = int(author.id)
        api.post("/v1/notes", json=body)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        query: dict[str, Any] = {"job_status": _OPEN, "sort_by": "createdon", "sort_order": "desc"}
        query |= {"limit": _MOST_JOBS} | ({"name": search.strip()} if search.strip() else {})
        found = []
        for job in map(self._vacancy, self._search(api, "jobs", query)):
            if search.strip().casefold() in job.title.casefold():
                found.append(job)
            if len(found) == limit:
                break
        return found

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        if crm_id and re.fullmatch(r"[A-Za-z0-9_-]+", crm_id, re.ASCII):
            with suppress(Missing):
                return self._vacancy(api.get(f"/v1/jobs/{crm_id}"))
        return self._job_with_reference(api, reference.strip())

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        try:
            stage = api.get(answers_of.stage_path(person_id, vacancy_id))
        except Missing:
            return None
        return f"{person_id}/{vacancy_id}" if inner({"stage": stage}, "stage").get("status") else None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """Applied or assigned, then in the chosen stage, with the source in the stage's remark."""
        if existing := self.find_link(api, person_id, vacancy_id):
            raise AlreadyExists(f"{self.name} has this candidate on the job already.", existing)
        job = self._vacancy(api.get(f"/v1/jobs/{quote(vacancy_id)}"))
        if not job.is_open:
            raise Declined(f"The job is not open in {self.name}. Reopen it there, then press Retry.")
        way = ASSIGN if api.options.get("link_as") == ASSIGN else APPLY
        query = {"job_slug": vacancy_id}
        made = api.post(f"/v1/candidates/{quote(person_id)}/{way}", params=query)
        self._stage(api, person_id, vacancy_id, made, source)
        return f"{person_id}/{vacancy_id}"

    def finish_link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> None:
        """The stage, as long as nobody has remarked on it."""
        made = api.get(answers_of.stage_path(person_id, vacancy_id))
        if not inner({"stage": made}, "stage").get("remark"):
            self._stage(api, person_id, vacancy_id, made, source)

    def _stage(self, api: Session, person_id: str, vacancy_id: str, made: Any, source: str) -> None:
        stage = record_number(api.options.get("stage")) or pick(made, "status", "status_id", crm=self.name)
        body = {"status_id": stage, "remark": f"Applied via {source}", "create_placement": False}
        api.post(answers_of.stage_path(person_id, vacancy_id), json=body)

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        for user in answers_of.records(api.get("/v1/users/search", params={"email": email.strip()})):
            is_active = str(user.get("status", "Active")).casefold() == "active"
            if is_active and same_email(user.get("email"), email):
                return self._user(user)
        return None

    # --- how Recruit CRM answers ----------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """As other CRMs, except that a 403 may also mean the token or the quota."""
        if answer.status == 403:
            return answers_of.forbidden(answer, self.detail(answer))
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """The message, and what is wrong with each field."""
        return answers_of.said(answer)

    def _search(self, api: Session, what: str, query: Mapping[str, Any], **more: Any) -> Iterator[Any]:
        """All pages of a search; one that finds nothing may answer an empty list instead of a page."""
        for number in range(1, _LONGEST_LIST + 1):
            asked = {**query, **({"page": number} if number > 1 else {})}
            answer = api.get(f"/v1/{what}/search", params=asked, **more)
            if answer == []:
                return
            yield from listed(answer, "data", crm=self.name)
            if answer.get("next_page_url") in (None, "", "null"):
                return

    def _candidate(self, api: Session, person_id: str) -> dict[str, Any]:
        record = api.get(f"/v1/candidates/{quote(person_id)}")
        return listed({"one": [record]}, "one", crm=self.name)[0]

    def _job_with_reference(self, api: Session, reference: str) -> CrmVacancy | None:
        if not reference:
            return None
        if field := record_number(api.options.get("reference_field")):
            wanted = {"field_id": field, "filter_type": "equals", "filter_value": reference}
            jobs = list(self._search(api, "jobs", {"limit": _MOST_JOBS}, json={"custom_fields": [wanted]}))
            jobs = [job for job in jobs if answers_of.has_value(job, field, reference)]
        else:
            jobs = [job for job in self._search(api, "jobs", {"name": reference}) if _refers(job, reference)]
        found = [self._vacancy(job) for job in jobs]
        found = [job for job in found if job.is_open] or found
        return found[0] if len(found) == 1 else None

    def _vacancy(self, job: Any) -> CrmVacancy:
        status = inner(listed({"one": [job]}, "one", crm=self.name)[0], "job_status").get("id")
        return CrmVacancy(
            id=self._slug(job),
            title=str(job.get("name") or ""),
            reference=job.get("job_code"),
            is_open=status is not None and status not in _CLOSED,
            owner_id=str(job["owner"]) if job.get("owner") else None,
        )

    def _found(self, record: Any) -> FoundPerson:
        return FoundPerson(self._slug(record), answers_of.name(record), answers_of.filled(record))

    def _user(self, user: Any) -> CrmUser:
        email = user.get("email")
        return CrmUser(str(pick(user, "id", crm=self.name)), answers_of.name(user) or str(email or ""), email)

    def _slug(self, record: Any) -> str:
        return str(pick(record, "slug", crm=self.name))


def _refers(job: Mapping[str, Any], reference: str) -> bool:
    same_code = str(job.get("job_code") or "").casefold() == reference.casefold()
    return same_code or carries(str(job.get("name") or ""), reference)


CRM = RecruitCrm()
