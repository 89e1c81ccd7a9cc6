"""Vincere, API v2: a tenant's own key beside an id-token, searches in paths, records replaced as a whole."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from bot.crm import _vincere_calls as calls
from bot.crm import _vincere_records as records
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import AlreadyExists, CrmError, Declined, Nonsense
from bot.crm._http import Answer, Session, pick
from bot.crm._marks import is_marked, marked
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import carries, phone_spellings, record_number, same_email, shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

HOMES: Mapping[str, str] = {"production": "vincere.io", "test": "vinceredev.com"}
"""Where the sign-in and the tenants are. A guess: that tests have their tenants beside their sign-in."""
DOCUMENT_TYPE = 1
"""A guess: the type of document that every public example gives a CV."""
SHORTLISTED, SENT = "SHORTLISTED", "SENT"


class Vincere(Crm):
    """What Vincere needs said differently from other CRMs."""

    key = "VINCERE"
    name = records.NAME
    largest_cv = 5 * 1024 * 1024
    holds = frozenset({"first_name", "email", "phone", "headline", "skills", "source"})
    needs = frozenset({"first_name", "email"})
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "subdomain",
            "Vincere subdomain",
            hint="The part before .vincere.io in your browser.",
            placeholder="brightdesk",
        ),
        Question(
            "api_key",
            "API key of your tenant",
            "secret",
            hint="Ask Vincere support for a key for Handoff. It belongs to your tenant alone.",
        ),
        Question(
            "environment",
            "Environment",
            "choice",
            choices=(("production", "Production"), ("test", "Test")),
            optional=True,
        ),
    )
    options: ClassVar[tuple[Question, ...]] = (
        Question(
            "source", "Source of new candidates where Vincere lacks the applicant's", "live", optional=True
        ),
        Question(
            "stage",
            "Stage of a new applicant",
            "choice",
            choices=((SHORTLISTED, "Shortlisted"), (SENT, "CV sent")),
            optional=True,
        ),
    )
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://id.vincere.io/oauth2/authorize",
        token_url="https://id.vincere.io/oauth2/token",  # noqa: S106  an address, no secret
        pkce=False,
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The subdomain, of which the whole address may be given, the key and the environment."""
        pasted = answers.get("subdomain", "").strip().lower().removeprefix("https://")
        subdomain = pasted.partition("/")[0].partition(".")[0]
        api_key = answers.get("api_key", "").strip()
        environment = answers.get("environment") or "production"
        faults = []
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?", subdomain):
            faults.append(FieldFault("subdomain", "Enter the part before .vincere.io, such as brightdesk."))
        if not re.fullmatch(r"[!-~]+", api_key):
            faults.append(FieldFault("api_key", "Paste the API key as Vincere sent it, without spaces."))
        if environment not in HOMES:
            faults.append(FieldFault("environment", "Choose production or test."))
        if faults:
            raise Invalid(faults)
        return {"subdomain": subdomain, "api_key": api_key, "environment": environment}

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in of the environment."""
        oauth = super().oauth_for(answers, app)
        if oauth is None:
            return None
        home = f"https://id.{self._home(answers)}/oauth2"
        return replace(
            oauth,
            authorize_url=app.authorize_url or f"{home}/authorize",
            token_url=app.token_url or f"{home}/token",
        )

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The id-token is what opens the API; the access token opens nothing there."""
        id_token = pick(token, "id_token", crm=self.name)
        if not isinstance(id_token, str) or not id_token:
            raise Nonsense(f"{self.name} answered without a token.")
        base = app.api_url or f"https://{answers['subdomain']}.{self._home(answers)}/api/v2"
        ends = [moment for moment in (token.get("expires_at"), records.ends_at(id_token)) if moment]
        return Credentials(
            access_token=id_token,
            refresh_token=token.get("refresh_token"),
            expires_at=min(ends, default=None),
            api_base=base.rstrip("/"),
        )

    def headers(self, credentials: Credentials, answers: Mapping[str, str]) -> dict[str, str]:
        return {
            "id-token": credentials.access_token,
            "x-api-key": answers.get("api_key", ""),
            "Accept": "application/json",
        }

    def account(self, api: Session) -> str:
        """The user who signed in, and the tenant."""
        return f"{records.user(api.get('/user/me')).name} · {api.answers.get('subdomain', '')}"

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """The sources of candidates that this tenant has."""
        return calls.sources(api)

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Candidates with this e-mail or phone; what the search merely resembles is left out."""
        if email is not None:
            whole = calls.candidates(api, records.clause("primary_email", email))
            return [records.found(one) for one in whole if records.has_email(one, email)]
        for spelling in phone_spellings(phone or ""):
            either = " OR ".join(records.clause(field, spelling) for field in ("phone", "mobile"))
            found = [one for one in calls.candidates(api, either) if records.has_phone(one, spelling)]
            if found:
                return [records.found(one) for one in found]
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new candidate's id. A second one with the same e-mail might be taken, so it is asked first."""
        if not person.email or not person.first_name:
            lacking = "an e-mail address" if not person.email else "a first name"
            raise Declined(f"{self.name} takes nobody without {lacking}. Add the candidate there by hand.")
        if known := self.find_people(api, email=person.email):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", known[0].id)
        body = records.fields(vars(person))
        body["candidate_source_id"] = calls.source(api, person.source)
        body["registration_date"] = records.stamp(datetime.now(UTC))
        if linkedin := next((link for link in person.links if "linkedin.com/" in link), None):
            body["linked_in"] = linkedin
        if owner := record_number(person.owner_id):
            body["creator_id"] = owner
        return str(pick(api.post("/candidate", json=body), "id", crm=self.name))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Read, merge, write: an update replaces the whole record, so all that it holds is sent back."""
        record = calls.candidate(api, person_id)
        filled = records.filled(record)
        fill = records.fields({name: value for name, value in missing.items() if name not in filled})
        if fill:
            # The record does not tell this one, and would lose it.
            query = records.clause("id", person_id).replace('"', "")
            for row in calls.search(api, "candidate", "id,skype", query):
                fill |= {"skype": row["skype"]} if row.get("skype") else {}
            api.json("PUT", f"/candidate/{person_id}", json=records.written_back(record) | fill)

    def person_url(self, api: Session, person_id: str) -> str:
        return str(pick(api.get(f"/candidate/{person_id}/webapp/url"), "url", crm=self.name))

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        return any(file.get("file_name") == records.stored_name(cv) for file in calls.files(api, person_id))

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """Among the candidate's documents, and as the original CV if there is none."""
        has_original = any(file.get("original_cv") for file in calls.files(api, person_id))
        body = {
            "file_name": records.stored_name(cv),
            "document_type_id": DOCUMENT_TYPE,
            "base_64_content": base64.b64encode(cv.content).decode(),
            "original_cv": not has_original,
        }
        pick(api.post(f"/candidate/{person_id}/file", json=body), "id", crm=self.name)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        told = calls.comments(api, person_id, note.key)
        return any(is_marked(text, note.key) for text in told)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """A comment, in its author's name where Vincere knows them."""
        author = self.find_user(api, note.author_email) if note.author_email else None
        creator = {"creator_id": int(author.id)} if author else {}
        calls.comment(api, marked(note.text, note.key), candidate_ids=[int(person_id)], **creator)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        found = []
        for position in calls.search(api, "position", records.POSITION_FIELDS):
            vacancy = records.vacancy(position)
            if vacancy.is_open and search.strip().casefold() in vacancy.title.casefold():
                found.append(vacancy)
            if len(found) == limit:
                break
        return found

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        if (number := record_number(crm_id)) and (known := calls.position(api, number)):
            return known
        if not re.search(r"\w", reference):
            return None
        query = records.clause("job_title", reference)
        positions = map(records.vacancy, calls.search(api, "position", records.POSITION_FIELDS, query))
        found = [vacancy for vacancy in positions if carries(vacancy.title, reference)]
        found = [vacancy for vacancy in found if vacancy.is_open] or found
        return found[0] if len(found) == 1 else None

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        for application in calls.applications(api, person_id):
            if str(application.get("job_id")) == vacancy_id:
                return str(pick(application, "id", crm=self.name))
        return None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """A comment on candidate and position with the source, then an application in the chosen stage."""
        if existing := self.find_link(api, person_id, vacancy_id):
            raise AlreadyExists(f"{self.name} has this application already.", existing)
        position = calls.position(api, int(vacancy_id))
        if position is None or not position.is_open:
            raise Declined(f"The job is not open in {self.name}. Reopen it there, then press Retry.")
        both = (int(person_id), int(vacancy_id))
        stage = SENT if api.options.get("stage") == SENT else SHORTLISTED
        body = {"candidate_id": both[0], "job_id": both[1], "stage": stage}
        body |= {"registration_date": records.stamp(datetime.now(UTC))}
        # The comment first: once the application is there, nothing would come back to write it.
        key = f"{person_id}-{vacancy_id}"
        if not any(is_marked(told, key) for told in calls.comments(api, person_id, key)):
            text = marked(f"Applied via {source}", key)
            calls.comment(api, text, candidate_ids=[both[0]], position_ids=[both[1]])
        return str(pick(api.post("/application", json=body), "id", crm=self.name))

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        for user in calls.bare(api, "/user/summaries/all"):
            if same_email(user.get("email"), email):
                return records.user(user)
        return None

    # --- how Vincere answers --------------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """As other CRMs, except that a 403 may also be about the key."""
        if answer.status == 403:
            return Declined(
                f"{self.name} does not allow this: either the user may not do it, or the API key is not"
                " your tenant's. Check both in /handoff-settings."
            )
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """The message, and what is wrong in particular."""
        body = answer.json_or_none()
        errors = body.get("errors") if isinstance(body, dict) else None
        said = [super().detail(answer), *map(str, errors if isinstance(errors, list) else ())]
        return shortened(" ".join(dict.fromkeys(part for part in said if part)), 300)

    def _home(self, answers: Mapping[str, str]) -> str:
        return HOMES.get(answers.get("environment", ""), HOMES["production"])


CRM = Vincere()
