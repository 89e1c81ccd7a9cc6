"""JobAdder, API v2: the token answer names the API's region; candidates, jobs and job applications."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from bot.crm import _jobadder_records as records_of
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import Declined, Missing
from bot.crm._http import Answer, Session, inner, listed, pick
from bot.crm._oauth import trusted_api_base
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import carries, phone_spellings, record_number, same_email, shortened
from bot.workspace import Credentials, Question

PERSON_PAGE = "https://app.jobadder.com/candidates/{id}"
_PAGE = 100
_LONGEST_LIST = 10_000
_MATCHES = 50


class JobAdder(Crm):
    """What JobAdder needs said differently from other CRMs."""

    key = "JOBADDER"
    name = records_of.NAME
    options: ClassVar[tuple[Question, ...]] = (
        Question("candidate_status", "Status of new candidates", "live", optional=True),
        Question(
            "stage",
            "Status of a new application",
            "live",
            hint="A response, the shortlist, or any other status of your workflow that does not reject.",
            optional=True,
        ),
    )
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://id.jobadder.com/connect/authorize",
        token_url="https://id.jobadder.com/connect/token",  # noqa: S106  an address, no secret
        scopes=(
            "read_candidate",
            "write_candidate",
            "read_candidate_note",
            "write_candidate_note",
            "read_job",
            "read_jobapplication",
            "write_jobapplication",
            "read_user",
            "offline_access",
        ),
        pkce=False,
    )
    trusted_hosts = ("*.jobadder.com",)

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer; the account's region may differ at each refresh."""
        api = pick(token, "api", crm=self.name)
        return Credentials(
            access_token=str(token["access_token"]),
            refresh_token=token.get("refresh_token"),
            expires_at=token.get("expires_at"),
            api_base=trusted_api_base(self, self.oauth_for(answers, app), app, str(api)),
        )

    def account(self, api: Session) -> str:
        """The user who signed in, with the account's name where JobAdder tells it."""
        user = api.get("/users/current")
        return " · ".join(part for part in (self._user(user).name, user.get("accountName")) if part)

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """The account's own statuses."""
        return records_of.status_choices(api, key)

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Candidates with this e-mail or phone; what the search merely resembles is left out."""
        if email is not None:
            records = self._matches(api, {"Email": email})
            return [self._found(record) for record in records if records_of.has_email(record, email)]
        for spelling in phone_spellings(phone or ""):
            records = self._matches(api, {"Phone": spelling})
            found = [self._found(record) for record in records if records_of.has_phone(record, spelling)]
            if found:
                return found
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new candidate's id. A second one is never forced, though JobAdder offers it."""
        body = records_of.fields(vars(person)) | {"lastName": shortened(person.last_name, 50)}
        if person.source:
            body["source"] = shortened(person.source, 50)
        if linkedin := next((link for link in person.links if "linkedin.com/" in link), None):
            body["social"] = {"linkedin": linkedin}
        if owner := record_number(person.owner_id):
            body["recruiterUserId"] = [owner]
        if status := record_number(api.options.get("candidate_status")):
            body["statusId"] = status
        return str(pick(api.post("/candidates", json=body), "candidateId", crm=self.name))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and only those."""
        filled = self._found(api.get(f"/candidates/{person_id}")).filled
        body = records_of.fields({name: value for name, value in missing.items() if name not in filled})
        if body:
            api.json("PUT", f"/candidates/{person_id}", json=body)

    def person_url(self, api: Session, person_id: str) -> str:
        return PERSON_PAGE.format(id=person_id)

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether a résumé of this name with these bytes is attached."""
        for attached in self._items(api, f"/candidates/{person_id}/attachments"):
            if attached.get("type") == "Resume" and attached.get("fileName") == cv.filename:
                path = f"/candidates/{person_id}/attachments/{attached.get('attachmentId')}"
                # Asked for a type, JobAdder would convert the file.
                if api.call("GET", path, headers={"Accept": "*/*"}).body == cv.content:
                    return True
        return False

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        file = {"fileData": (cv.filename, cv.content, cv.content_type)}
        api.post(f"/candidates/{person_id}/attachments/Resume", files=file)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        notes = self._items(api, f"/candidates/{person_id}/notes", {"Reference": note.key})
        return any(found.get("reference") == note.key for found in notes)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note in its author's name, or in the bot's where JobAdder does not know the author."""
        path = f"/candidates/{person_id}/notes"
        body: dict[str, Any] = {"text": note.text, "reference": note.key}
        if kind := self._note_type(api):
            body["type"] = kind
        as_bot = {"createdByIntegration": True}
        try:
            by_author = {"createdBy": {"email": note.author_email}}
            api.post(path, json=body | (by_author if note.author_email else as_bot))
        except Declined as refusal:
            if isinstance(refusal, Missing) or not note.author_email:
                raise
            api.post(path, json=body | as_bot)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        query = {"Active": "true", "Sort": "-createdAt", "Offset": 0, "Limit": limit}
        jobs = self._page(api, "/jobs", query | ({"JobTitle": search} if search else {}))
        found = map(self._vacancy, jobs)
        return [vacancy for vacancy in found if search.casefold() in vacancy.title.casefold()]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        if number := record_number(crm_id):
            try:
                return self._vacancy(api.get(f"/jobs/{number}"))
            except Missing:
                pass
        return self._job_with_reference(api, reference)

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        for application in self._items(api, f"/candidates/{person_id}/applications"):
            if str(inner(application, "job").get("jobId")) == vacancy_id:
                return str(pick(application, "applicationId", crm=self.name))
        return None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        body = {"jobId": [int(vacancy_id)], "source": shortened(source, 100)}
        made = api.post(f"/candidates/{person_id}/applications", json=body)
        application_id = str(pick(made, "items", 0, "applicationId", crm=self.name))
        self._stage(api, application_id)
        return application_id

    def finish_link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> None:
        """The chosen status, as long as the application stands where new ones do."""
        if not api.options.get("stage"):
            return
        for application in self._items(api, f"/candidates/{person_id}/applications"):
            status = str(inner(application, "status").get("statusId"))
            is_this = str(inner(application, "job").get("jobId")) == vacancy_id
            if is_this and status in records_of.begins_with(api):
                self._stage(api, str(pick(application, "applicationId", crm=self.name)))

    def _stage(self, api: Session, application_id: str) -> None:
        if stage := record_number(api.options.get("stage")):
            api.json("PUT", f"/applications/{application_id}/status", json={"statusId": stage})

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The active user with that e-mail; JobAdder can't search for it."""
        for user in self._items(api, "/users"):
            if same_email(user.get("email"), email) and not user.get("inactive") and not user.get("deleted"):
                return self._user(user)
        return None

    # --- how JobAdder answers -------------------------------------------------------------------------

    def detail(self, answer: Answer) -> str:
        """The message of the answer and of each of its errors, with the fields they are about."""
        body = answer.json_or_none()
        errors = body.get("errors") if isinstance(body, dict) else None
        said = [super().detail(answer), *map(records_of.fault, errors if isinstance(errors, list) else ())]
        return shortened(" ".join(dict.fromkeys(part for part in said if part)), 300)

    def _items(
        self, api: Session, path: str, query: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        for offset in range(0, _LONGEST_LIST, _PAGE):
            page = self._page(api, path, {**(query or {}), "Offset": offset, "Limit": _PAGE})
            yield from page
            if len(page) < _PAGE:
                return

    def _page(self, api: Session, path: str, query: Mapping[str, Any]) -> list[dict[str, Any]]:
        return listed(api.get(path, params=query), "items", crm=self.name)

    def _matches(self, api: Session, query: Mapping[str, str]) -> list[dict[str, Any]]:
        """The whole records a search finds: a list tells neither other addresses nor all fields."""
        whole = []
        for record in self._page(api, "/candidates", {**query, "Limit": _MATCHES}):
            with contextlib.suppress(Missing):
                whole.append(api.get(f"/candidates/{pick(record, 'candidateId', crm=self.name)}"))
        return listed({"whole": whole}, "whole", crm=self.name)

    def _found(self, record: Any) -> FoundPerson:
        person_id = str(pick(record, "candidateId", crm=self.name))
        return FoundPerson(person_id, records_of.name(record), records_of.filled(record))

    def _note_type(self, api: Session) -> str | None:
        """The account's own default type of note, where it has one."""
        try:
            types = listed(api.get("/candidates/lists/notetype"), "items", crm=self.name)
        except Missing:
            return None
        return next((str(kind["name"]) for kind in types if inner(kind, "default").get("note")), None)

    def _vacancy(self, job: Any) -> CrmVacancy:
        vacancy_id = str(pick(job, "jobId", crm=self.name))
        # A job that was opened again keeps the time of its closing.
        is_open = bool(inner(job, "status").get("active", not job.get("closedAt")))
        owner = inner(job, "owner").get("userId")
        title = str(job.get("jobTitle") or "")
        return CrmVacancy(vacancy_id, title, is_open=is_open, owner_id=str(owner) if owner else None)

    def _job_with_reference(self, api: Session, reference: str) -> CrmVacancy | None:
        """A guess: JobAdder's jobs have no reference, so the job is taken whose title alone carries it."""
        if not reference.strip():
            return None
        jobs = self._page(api, "/jobs", {"JobTitle": reference, "Limit": _MATCHES})
        found = [vacancy for vacancy in map(self._vacancy, jobs) if carries(vacancy.title, reference)]
        found = [vacancy for vacancy in found if vacancy.is_open] or found
        return found[0] if len(found) == 1 else None

    def _user(self, user: Any) -> CrmUser:
        user_id = str(pick(user, "userId", crm=self.name))
        return CrmUser(user_id, records_of.name(user) or str(user.get("email") or ""), user.get("email"))


CRM = JobAdder()
