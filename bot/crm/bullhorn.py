"""Bullhorn: a sign-in in its user's data centre buys a REST session; candidates, jobs, job submissions."""

from __future__ import annotations

import base64
import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode

from bot.crm import _bullhorn_calls as calls
from bot.crm import _bullhorn_login as login
from bot.crm import _bullhorn_records as records
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import AlreadyExists, Declined, Missing, Unavailable
from bot.crm._http import Answer, Session, pick
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import record_number, same_email, shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

PERSON_PAGE = "https://www.bullhornstaffing.com/BullhornStaffing/OpenWindow.cfm"
_NOTE_ACTION = "Other"
_YES = "yes"
_AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
_USER_FIELDS = "id,firstName,lastName,email,email2,email3,username,enabled"


class Bullhorn(Crm):
    """What Bullhorn needs said differently from other CRMs."""

    key = "BULLHORN"
    name = records.NAME
    questions = (
        Question(
            "username",
            "Bullhorn user name",
            hint="The one you sign in to Bullhorn with. It tells which of Bullhorn's data centres is yours.",
            placeholder="brightdesk.api",
        ),
    )
    options = (
        Question("candidate_status", "Status of new candidates", "live", optional=True),
        Question("category", "Category of new candidates", "live", optional=True),
        Question("job_categories", "Give candidates the categories of the job", "tick", optional=True),
        Question("shortlist", "Shortlist instead of online response", "tick", optional=True),
        Question("stage", "Status when shortlisted", "live", optional=True),
        Question("note_action", "Kind of note", "live", optional=True),
        Question(
            "reference_is_id",
            "A reference that is a number is the job's id in Bullhorn",
            "tick",
            optional=True,
        ),
    )
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://auth.bullhornstaffing.com/oauth/authorize",
        token_url="https://auth.bullhornstaffing.com/oauth/token",  # noqa: S106  an address, no secret
        pkce=False,
        client_auth="query",
        token_moves=True,
    )
    trusted_hosts = ("*.bullhornstaffing.com",)
    expired_statuses = frozenset({401, 412})
    pause = 1.0

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The user name and its data centre, which is not asked for where the settings name a sign-in."""
        username = answers.get("username", "").strip()
        if not username:
            raise Invalid([FieldFault("username", "Enter the user name that you sign in to Bullhorn with.")])
        if app.authorize_url and app.token_url:
            return {"username": username}
        return {"username": username} | login.data_centre(self, app, username)

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in in the user's data centre."""
        oauth = super().oauth_for(answers, app)
        home = answers.get("oauth_url")
        if oauth is None or home is None:
            return oauth
        return replace(
            oauth,
            authorize_url=app.authorize_url or f"{home}/authorize",
            token_url=app.token_url or f"{home}/token",
        )

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The session that the token buys; the token itself is good for nothing else.

        The refresh token before this one is spent by now. Where the login stumbles, the credentials hold no
        session, but keep the refresh token and are renewed at their next use.
        """
        base = (app.api_url or answers.get("rest_url") or login.REST_HOME).rstrip("/")
        refresh_token = token.get("refresh_token")
        try:
            session, api_base = login.log_in(self, app, base, str(token["access_token"]))
        except Unavailable as error:
            if not refresh_token:
                raise
            return Credentials("", refresh_token, _AT_ONCE, extra={"trouble": str(error)})
        return Credentials(session, refresh_token, api_base=api_base)

    def headers(self, credentials: Credentials, answers: Mapping[str, str]) -> dict[str, str]:
        return {"BhRestToken": credentials.access_token, "Accept": "application/json"}

    def account(self, api: Session) -> str:
        """The user who signed in and the corporation, where Bullhorn tells its name."""
        if trouble := api.credentials.extra.get("trouble"):
            raise Unavailable(trouble)
        path = f"/entity/CorporateUser/{calls.setting(api, 'userId')}"
        user = calls.user(calls.record(api, path, "id,firstName,lastName"))
        company = ""
        with contextlib.suppress(Declined):
            company = str(calls.setting(api, "corporationName") or "")
        return " · ".join(part for part in (user.name, company) if part)

    def revoke(self, api: Session) -> None:
        """End the REST session. Bullhorn has no way to take the tokens back."""
        api.get("/logout")

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """The statuses, categories and kinds of note that this account uses."""
        return calls.choices(api, key)

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Candidates with this e-mail or phone; what the index merely resembles is left out."""
        if email is not None:
            return [records.found(one) for one in calls.candidates_by_email(api, email)]
        return [records.found(one) for one in calls.candidates_by_phone(api, phone or "")]

    def create_person(self, api: Session, person: Person) -> str:
        """A new candidate's id. Bullhorn would take a second one of the same e-mail, so it is looked for."""
        if person.email and (twins := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has this candidate already.", twins[0].id)
        last_name = shortened(person.last_name, 50)
        body = records.candidate(vars(person)) | {"lastName": last_name}
        body["name"] = records.full_name(body.get("firstName", ""), last_name)
        body.setdefault("firstName", records.NO_FIRST_NAME)
        holds = {
            "externalID": records.own_key(email=person.email, phone=person.phone),
            "source": shortened(person.source or "", 200),
            "companyURL": records.web_page(person.links),
            "owner": calls.reference(person.owner_id),
            "status": api.options.get("candidate_status"),
            "category": calls.reference(api.options.get("category")),
        }
        return calls.put(api, "Candidate", body | {name: value for name, value in holds.items() if value})

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and only those; a first name changes the full name, too."""
        record = calls.candidate(api, person_id)
        filled = records.found(record).filled
        body = records.candidate({name: value for name, value in missing.items() if name not in filled})
        last_name = str(record.get("lastName") or "")
        if last_name == records.CONFIDENTIAL:
            body.pop("firstName", None)
        if "firstName" in body:
            body["name"] = records.full_name(body["firstName"], last_name)
        if body:
            api.post(f"/entity/Candidate/{person_id}", json=body)

    def person_url(self, api: Session, person_id: str) -> str:
        return f"{PERSON_PAGE}?{urlencode({'entity': 'Candidate', 'id': person_id, 'view': 'Overview'})}"

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        path = f"/entity/Candidate/{person_id}/fileAttachments"
        return any(file.get("externalID") == cv.key for file in calls.every(api, path, "id,name,externalID"))

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        body = {
            "externalID": cv.key,
            "fileType": "SAMPLE",
            "name": cv.filename,
            "fileContent": base64.b64encode(cv.content).decode(),
            "contentType": cv.content_type,
            "description": "CV",
            "type": "Resume",
        }
        pick(api.json("PUT", f"/file/Candidate/{person_id}", json=body), "fileId", crm=self.name)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        """Whether it is among the candidate's notes: the index of notes lags, and stays empty for some."""
        path = f"/entity/Candidate/{person_id}/notes"
        return any(found.get("externalID") == note.key for found in calls.every(api, path, "id,externalID"))

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note in its author's name, or in the signed-in user's where Bullhorn does not know them.

        With both people named, Bullhorn attaches the note by itself.
        """
        author = self.find_user(api, note.author_email) if note.author_email else None
        author_id = author.id if author else calls.setting(api, "userId")
        body = {
            "action": shortened(api.options.get("note_action") or _NOTE_ACTION, 30),
            "comments": records.as_html(note.text),
            "personReference": {"id": int(person_id)},
            "commentingPerson": {"id": int(author_id)},
            "externalID": note.key,
        }
        calls.put(api, "Note", body)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        """Open jobs, the newest first; the words of a search are the beginnings of words in the title."""
        query = "isOpen:1 AND isDeleted:0 AND NOT status:archive" + records.words_of_title(search)
        found = calls.jobs(api, query, limit, sort="-dateAdded")
        return [one for one in found if one.is_open and search.casefold() in one.title.casefold()]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        """The job of that id, else the one whose external id is the reference; none if several are."""
        numbers = [crm_id, reference if api.options.get("reference_is_id") == _YES else None]
        for number in filter(None, map(record_number, numbers)):
            try:
                return calls.job(api, number)
            except Missing:
                pass
        if not (wanted := reference.strip().casefold()):
            return None
        query = f"externalID:{records.phrase(reference.strip())} AND isDeleted:0"
        found = [job for job in calls.jobs(api, query) if (job.reference or "").strip().casefold() == wanted]
        found = [job for job in found if job.is_open] or found
        return found[0] if len(found) == 1 else None

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        where = f"candidate.id={int(person_id)} AND jobOrder.id={int(vacancy_id)} AND isDeleted=false"
        found = calls.query(api, "JobSubmission", where, "id,status")
        return str(pick(found[0], "id", crm=self.name)) if found else None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """A new job submission's id. Bullhorn itself minds neither a second one nor a closed job."""
        if existing := self.find_link(api, person_id, vacancy_id):
            raise AlreadyExists(f"{self.name} has this application already.", existing)
        job = calls.job(api, int(vacancy_id))
        if not job.is_open:
            raise Declined(f"{job.title} is closed in {self.name}. Reopen it there, then press Retry.")
        if api.options.get("job_categories") == _YES:
            calls.share_categories(api, person_id, vacancy_id)
        stage = calls.stage(api)
        body: dict[str, Any] = {
            "candidate": {"id": int(person_id)},
            "jobOrder": {"id": int(vacancy_id)},
            "status": shortened(stage, 30),
            "source": shortened(source, 100),
        }
        if stage == calls.WEB_RESPONSE:
            body["dateWebResponse"] = int(time.time() * 1000)
        return calls.put(api, "JobSubmission", body)

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The enabled user with that e-mail, as given or in lower case."""
        spellings = ",".join(map(records.literal, records.cases(email)))
        fields = (*records.EMAILS, "username")
        anywhere = " OR ".join(f"{field} IN ({spellings})" for field in fields)
        for user in calls.query(api, "CorporateUser", f"({anywhere}) AND isDeleted=false", _USER_FIELDS):
            if user.get("enabled") and any(same_email(user.get(field), email) for field in fields):
                return calls.user(user)
        return None

    # --- how Bullhorn answers -------------------------------------------------------------------------

    def detail(self, answer: Answer) -> str:
        """The error's message, and those of the fields at fault."""
        return calls.complaint(answer.json_or_none())


CRM = Bullhorn()
