"""Greenhouse, Harvest v3: candidates come as prospects, then apply; client credentials buy tokens."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import requests
from requests.auth import HTTPBasicAuth

from bot.crm import _greenhouse_records as gh
from bot.crm._base import Capability, ClientApp, Crm
from bot.crm._errors import AlreadyExists, CrmError, Declined, Missing, Nonsense, SignInNeeded
from bot.crm._http import Answer, Session, pick, send
from bot.crm._marks import is_marked, marked
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import record_number, same_email, same_phone, sentence
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

TOKEN_URL = "https://auth.greenhouse.io/token"  # noqa: S105  an address, no secret
PERSON_PAGE = "https://app.greenhouse.io/people/{id}"
VISIBILITIES = (
    ("public", "Everybody who sees the candidate"),
    ("private", "Those who may see private notes"),
    ("admin_only", "Admins"),
)


class Greenhouse(Crm):
    """What Greenhouse needs said differently from other CRMs."""

    key = "GREENHOUSE"
    name = gh.NAME
    default_api_url = "https://harvest.greenhouse.io"
    keys_expire = True
    pause = 30.0  # its limits count calls in a window of 30 seconds
    capabilities = frozenset(Capability)
    holds = frozenset({"first_name", "email", "phone", "location", "headline"})
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "client_id",
            "Client ID",
            hint="In Greenhouse: Configure, Dev Center, API Credentials; of the kind Harvest V3 (OAuth).",
        ),
        Question("client_secret", "Client secret", "secret"),
        Question(
            "user_id",
            "Number of the acting user",
            hint="The number in the address of that user's page. It must be a Site Admin.",
            placeholder="4080",
        ),
    )
    options: ClassVar[tuple[Question, ...]] = (
        Question(
            "stage",
            "Move new applications to this stage",
            "live",
            hint="Careful: moving runs your stage transition rules, which may mail candidates at once."
            " Without a choice, applications stay at the job's first stage, and nothing is moved.",
            optional=True,
        ),
        Question("visibility", "Who sees notes", "choice", choices=VISIBILITIES, optional=True),
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The answers without the spaces that copying brings along."""
        kept = {question.key: answers.get(question.key, "").strip() for question in self.questions}
        faults = [
            FieldFault(key, f"Please paste the {what} as Greenhouse shows it.")
            for key, what in (("client_id", "client ID"), ("client_secret", "client secret"))
            if not _is_key(kept[key])
        ]
        if record_number(kept["user_id"]) is None:
            faults.append(FieldFault("user_id", "Please enter the user's number: digits only."))
        if faults:
            raise Invalid(faults)
        return kept

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        """A token bought with the client's credentials, in the name of the acting user."""
        form = {"grant_type": "client_credentials", "sub": answers["user_id"]}
        basic = HTTPBasicAuth(answers["client_id"], answers["client_secret"])
        with requests.Session() as http:
            answer = send(http, self.name, "POST", app.token_url or TOKEN_URL, data=form, auth=basic)
        if answer.status in (400, 401, 403):
            raise SignInNeeded(
                f"{self.name} did not accept the client ID, the secret or the acting user."
                " Check them in Dev Center, API Credentials, and enter them anew."
            )
        if answer.status >= 300:
            raise self.explain(answer)
        token = answer.json_or_none()
        access_token = str(pick(token, "access_token", crm=self.name))
        given = super().credentials_from_answers(answers, app)
        return replace(given, access_token=access_token, expires_at=gh.expiry(token))

    def account(self, api: Session) -> str:
        """The acting user."""
        query = {"ids": api.answers.get("user_id", ""), "show_service_accounts": "true"}
        for user in gh.every(api, "/v3/users", query):
            if user.get("deactivated"):
                raise Declined(f"The acting user is deactivated in {self.name}. Choose another one.")
            known = self._user(user)
            return f"{known.name} · {known.email}" if known.email else known.name
        raise Nonsense(f"{self.name} named no user with this number. Check it and try again.")

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """Stages belong to jobs: their names, each once, in the order that plans have them."""
        found = gh.every(api, "/v3/job_interview_stages", {"active": "true"})
        ordered = sorted(found, key=lambda stage: int(stage.get("sort_order") or 0))
        names = dict.fromkeys(str(stage["name"]) for stage in ordered if stage.get("name"))
        return [(name, name) for name in names]

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Candidates with this e-mail or phone. There is no search by phone, so they are gone through."""
        if email is not None:
            records = gh.every(api, "/v3/candidates", {"email": email.strip()})
            return [
                gh.found(one)
                for one in records
                if any(same_email(known, email) for known in gh.values(one, "email_addresses"))
            ]
        records = gh.every(api, "/v3/candidates", {"fields": gh.PERSON_FIELDS})
        return [
            gh.found(one)
            for one in records
            if any(same_phone(known, phone or "") for known in gh.values(one, "phone_numbers"))
        ]

    def create_person(self, api: Session, person: Person) -> str:
        """A new prospect. A second one with the same e-mail would be taken, so it is asked first."""
        if person.email and (known := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", known[0].id)
        return gh.record_id(api.post("/v3/candidates", json=gh.new(vars(person))), "candidate")

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and only those."""
        filled = gh.filled(gh.one(api, "/v3/candidates", person_id))
        body = gh.fields({name: value for name, value in missing.items() if name not in filled})
        if body:
            api.json("PATCH", f"/v3/candidates/{int(person_id)}", json=body)

    def person_url(self, api: Session, person_id: str) -> str:
        return PERSON_PAGE.format(id=person_id)

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether an attachment of this name has these bytes."""
        named = gh.every(api, "/v3/attachments", {"candidate_ids": person_id})
        urls = [str(file["url"]) for file in named if file.get("filename") == cv.filename and file.get("url")]
        return any(gh.downloaded(api, url) == cv.content for url in urls)

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """As the résumé of the newest application under way; an earlier résumé stays as another file."""
        active = [one for one in gh.applications(api, person_id) if one.get("status") == "in_process"]
        if not active:
            body = {"candidate_id": int(person_id)} | gh.prospect()
            active = [gh.made(api.post("/v3/applications", json=body))]
        file = {"filename": cv.filename, "type": "resume", "content": b64encode(cv.content).decode()}
        application_id = max(int(gh.record_id(one)) for one in active)
        api.post("/v3/attachments", json={"application_id": application_id} | file)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        notes = gh.every(api, "/v3/notes", {"candidate_ids": person_id})
        return any(is_marked(str(found.get("body") or ""), note.key) for found in notes)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note in its author's name, or in the acting user's where Greenhouse has no author."""
        # A note for a candidate who is gone would be taken, and could never be removed.
        gh.one(api, "/v3/candidates", person_id)
        author = self.find_user(api, note.author_email) if note.author_email else None
        body = {
            "candidate_id": int(person_id),
            "user_id": int(author.id if author else api.answers["user_id"]),
            "body": marked(note.text, note.key),
            "visibility": api.options.get("visibility") or VISIBILITIES[0][0],
            "note_type": "NOTE",
        }
        api.post("/v3/notes", json=body)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        jobs = map(gh.vacancy, gh.newest_first(gh.every(api, "/v3/jobs", {"status": "open"})))
        wanted = search.strip().casefold()
        return [job for job in jobs if job.is_open and wanted in job.title.casefold()][:limit]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        if number := record_number(crm_id):
            try:
                return gh.vacancy(gh.one(api, "/v3/jobs", number))
            except Missing:
                pass
        return gh.referred(api, reference.strip())

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        for application in gh.applications(api, person_id, job_ids=vacancy_id):
            if str(application.get("job_id")) == vacancy_id and not application.get("prospect"):
                return gh.record_id(application)
        return None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """A note of the source, then an application at the first stage; moved only if that was chosen."""
        if existing := self.find_link(api, person_id, vacancy_id):
            raise AlreadyExists(f"{self.name} has this candidate on the job already.", existing)
        if not gh.vacancy(gh.one(api, "/v3/jobs", vacancy_id)).is_open:
            raise Declined(f"The job is not open in {self.name}. Reopen it there, then press Retry.")
        stage = api.options.get("stage")
        plan = gh.stages(api, vacancy_id) if stage else []
        if stage:
            gh.stage_named(plan, stage)  # refused before anything is written
        note = CrmNote(f"{person_id}-{vacancy_id}", f"Applied via {source}.")
        # The note first: once the application is there, nothing would come back to write it.
        if not self.has_note(api, person_id, note):
            self.add_note(api, person_id, note)
        body = {"candidate_id": int(person_id), "job_id": int(vacancy_id)}
        application = gh.made(api.post("/v3/applications", json=body))
        if stage:
            gh.move(api, application, plan, stage)
        return gh.record_id(application)

    def finish_link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> None:
        """The move to the chosen stage, as long as the application is at the first."""
        stage = api.options.get("stage")
        if not stage:
            return
        plan = gh.stages(api, vacancy_id)
        for application in gh.applications(api, person_id, job_ids=vacancy_id):
            if plan and str(application.get("job_interview_stage_id")) == gh.record_id(plan[0]):
                gh.move(api, application, plan, stage)

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The active user with that e-mail, which is compared as it is written: often in small letters."""
        wanted = email.strip()
        for spelling in dict.fromkeys((wanted, wanted.lower())):
            for user in gh.every(api, "/v3/users", {"primary_email": spelling}):
                if same_email(user.get("primary_email"), wanted) and not user.get("deactivated"):
                    return self._user(user)
        return None

    # --- how Greenhouse answers -----------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """As other CRMs, except that a 403 may also be about scopes."""
        if answer.status == 403:
            words = sentence(self.detail(answer))
            told = f" It said: {words}" if words else ""
            return Declined(
                f"{self.name} does not allow this.{told} The credential needs the scopes on its page in"
                " Handoff's documentation, and the acting user must be a Site Admin."
            )
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        return gh.said(answer)

    def _user(self, user: Mapping[str, Any]) -> CrmUser:
        email = user.get("primary_email")
        return CrmUser(gh.record_id(user), str(user.get("name") or email or ""), email)


def _is_key(text: str) -> bool:
    return bool(text) and text.isascii() and text.isprintable() and " " not in text and ":" not in text


CRM = Greenhouse()
