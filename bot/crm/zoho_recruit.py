"""Zoho Recruit, API v2: nine data centres, refusals inside accepted answers, candidates on job openings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

import requests

from bot.crm import _zoho_recruit_answers as answers_of
from bot.crm import _zoho_recruit_centres as centres
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import CrmError, Declined, Missing
from bot.crm._http import Answer, Session, inner, pick, send
from bot.crm._marks import is_marked, marked
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import phone_spellings, record_number, same_email, shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

PERSON_PAGE = "{recruit}/EntityInfo.do?module=Candidates&id={id}"
"""Told by others; Zoho does not document its pages' addresses."""
NOTES = "/Candidates/{id}/Notes"
"""A guess, after Zoho CRM: Zoho documents a list of all notes, but none of one candidate's."""
_RESUME, _OTHERS = "Resume", "Others"
_ASSOCIATED = "Associated"
_PAGE = 200
_MOST_PAGES = 10
_SHORTEST_WORD = 2


class ZohoRecruit(Crm):
    """What Zoho Recruit needs said differently from other CRMs."""

    key = "ZOHO_RECRUIT"
    name = answers_of.NAME
    largest_cv = 20 * 1024 * 1024
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "data_centre",
            "Zoho data centre",
            "choice",
            hint="How the address begins when you use Zoho Recruit in your browser. May be left open.",
            choices=centres.choices(),
            optional=True,
        ),
    )
    options: ClassVar[tuple[Question, ...]] = (
        Question("candidate_status", "Status of new candidates", "live", optional=True),
        Question("stage", "Status on the job opening", "live", optional=True),
        Question("unapproved", "Job openings that wait for approval take applicants", "tick", optional=True),
    )
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://accounts.zoho.com/oauth/v2/auth",
        token_url="https://accounts.zoho.com/oauth/v2/token",  # noqa: S106  an address, no secret
        scopes=(
            "ZohoRecruit.modules.ALL",
            "ZohoRecruit.users.READ",
            "ZohoRecruit.settings.ALL",
            "ZohoSearch.securesearch.READ",
        ),
        scope_separator=",",
        pkce=False,
        # Without both there is no refresh token.
        authorize_extra={"access_type": "offline", "prompt": "consent"},
        revoke_url="https://accounts.zoho.com/oauth/v2/token/revoke",
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The data centre, which has to be one of Zoho's; unless told, Zoho finds it out."""
        chosen = answers.get("data_centre", "").strip() or centres.BEGIN
        if chosen not in centres.DOMAINS:
            raise Invalid([FieldFault("data_centre", "Choose where your Zoho account lives.")])
        return {"data_centre": chosen}

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in of the data centre: a code can be redeemed only where it was given."""
        oauth = super().oauth_for(answers, app)
        if oauth is None:
            return None
        accounts = f"{centres.accounts(centres.domain(answers))}/oauth/v2"
        token_url = app.token_url or f"{accounts}/token"
        authorize_url = app.authorize_url or f"{accounts}/auth"
        return replace(
            oauth, authorize_url=authorize_url, token_url=token_url, revoke_url=f"{token_url}/revoke"
        )

    def answers_after(
        self, answers: Mapping[str, str], returned: Mapping[str, str], app: ClientApp
    ) -> Mapping[str, str]:
        """With the data centre that the account turned out to live in, where the code has to be redeemed."""
        return {**answers, "data_centre": centres.found_out(answers, returned, app)}

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer. Its `api_domain` is Zoho CRM's and of no use here."""
        base = app.api_url or f"https://recruit.{centres.domain(answers)}/recruit/v2"
        return replace(super().credentials_from_token(token, answers, app), api_base=base.rstrip("/"))

    def headers(self, credentials: Credentials, answers: Mapping[str, str]) -> dict[str, str]:
        return {"Authorization": f"Zoho-oauthtoken {credentials.access_token}", "Accept": "application/json"}

    def account(self, api: Session) -> str:
        """The user who signed in."""
        users = answers_of.rows(api.get("/users", params={"type": "CurrentUser"}), "users")
        told = answers_of.user(pick(users, 0, crm=self.name))
        return " · ".join(dict.fromkeys(part for part in (told.name, told.email) if part))

    def revoke(self, api: Session) -> None:
        """End the refresh token and all that was bought with it."""
        oauth = self.oauth_for(api.answers, api.app)
        token = api.credentials.refresh_token
        if oauth is None or oauth.revoke_url is None or not token:
            return
        with requests.Session() as http:
            sent = {"token": token}
            answer = send(http, self.name, "POST", oauth.revoke_url, timeout=api.timeout, params=sent)
        if answer.status >= 300:
            raise self.explain(answer)

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """The candidate statuses that this account has."""
        return answers_of.status_choices(api.get("/settings/fields", params={"module": "Candidates"}))

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Candidates with this e-mail or phone; what the search merely resembles is left out."""
        path = "/Candidates/search"
        if email is not None:
            records = self._pages(api, path, {"email": email.strip()})
            return [answers_of.found(one) for one in records if answers_of.has_email(one, email)]
        for spelling in phone_spellings(phone or ""):
            records = self._pages(api, path, {"phone": spelling})
            found = [answers_of.found(one) for one in records if answers_of.has_phone(one, spelling)]
            if found:
                return found
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new candidate's id. Zoho's upsert would overwrite what colleagues typed, so it is not used."""
        body = answers_of.fields(vars(person))
        if person.links:
            body["Website"] = person.links[0]
        if record_number(person.owner_id):
            body["Owner"] = {"id": person.owner_id}
        if status := api.options.get("candidate_status"):
            body["Candidate_Status"] = status
        return answers_of.made(api.post("/Candidates", json={"data": [body]}))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and only those."""
        filled = answers_of.filled(self._record(api, f"/Candidates/{person_id}"))
        body = answers_of.fields({name: value for name, value in missing.items() if name not in filled})
        if body:
            answers_of.done(api.json("PUT", f"/Candidates/{person_id}", json={"data": [body]}))

    def person_url(self, api: Session, person_id: str) -> str:
        return PERSON_PAGE.format(recruit=api.credentials.api_base.removesuffix("/v2"), id=person_id)

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether a file of this name with these bytes is attached."""
        path = f"/Candidates/{person_id}/Attachments"
        for attached in self._pages(api, path):
            if attached.get("File_Name") == cv.filename:
                one = f"{path}/{pick(attached, 'id', crm=self.name)}"
                if api.call("GET", one, headers={"Accept": "*/*"}).body == cv.content:
                    return True
        return False

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """As the résumé, or among the other files where the candidate has one already."""
        try:
            self._attach(api, person_id, cv, _RESUME)
        except Declined as refusal:
            if answers_of.ONE_RESUME not in str(refusal):
                raise
            self._attach(api, person_id, cv, _OTHERS)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        notes = self._pages(api, NOTES.format(id=person_id))
        return any(is_marked(str(found.get("Note_Content") or ""), note.key) for found in notes)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note. Zoho takes whoever connected for its owner, so the title says who decided."""
        author = self.find_user(api, note.author_email) if note.author_email else None
        body = {
            "Note_Title": shortened(f"Handoff · {author.name}" if author else "Handoff", 100),
            "Note_Content": marked(note.text, note.key),
            "Parent_Id": person_id,
            "se_module": "Candidates",
        }
        answers_of.done(api.post("/Notes", json={"data": [body]}))

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        query = {"sort_by": "Created_Time", "sort_order": "desc"}
        found = []
        for record in self._pages(api, "/Job_Openings", query):
            vacancy = self._vacancy(api, record)
            if vacancy.is_open and search.strip().casefold() in vacancy.title.casefold():
                found.append(vacancy)
            if len(found) == limit:
                break
        return found

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        if number := record_number(crm_id):
            try:
                return self._vacancy(api, self._record(api, f"/Job_Openings/{number}"))
            except Missing:
                pass
        if len(wanted := reference.strip()) < _SHORTEST_WORD:
            return None
        jobs = self._pages(api, "/Job_Openings/search", {"word": wanted})
        return answers_of.referred([self._vacancy(api, job) for job in jobs], wanted)

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        """The association has no id of its own, so it goes by both."""
        for job in self._pages(api, f"/Candidates/{person_id}/associate"):
            if str(pick(job, "id", crm=self.name)) == vacancy_id:
                return f"{person_id}/{vacancy_id}"
        return None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """Associated, with the source as the comment, then in the status that was chosen."""
        job = self._vacancy(api, self._record(api, f"/Job_Openings/{vacancy_id}"))
        if not job.is_open:
            raise Declined(f"The job opening is not open in {self.name}. Reopen it there, then press Retry.")
        pair = {"ids": [person_id], "jobids": [vacancy_id], "comments": f"Applied via {source}"}
        answers_of.done(api.json("PUT", "/Candidates/actions/associate", json={"data": [pair]}))
        self._stage(api, pair)
        return f"{person_id}/{vacancy_id}"

    def finish_link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> None:
        """The status that was chosen, as long as it is the one that an association begins with."""
        begun = self._pages(api, f"/Candidates/{person_id}/associate", {"candidate_statuses": _ASSOCIATED})
        if any(str(job.get("id")) == vacancy_id for job in begun):
            pair = {"ids": [person_id], "jobids": [vacancy_id], "comments": f"Applied via {source}"}
            self._stage(api, pair)

    def _stage(self, api: Session, pair: Mapping[str, Any]) -> None:
        if status := api.options.get("stage"):
            moved = {**pair, "Candidate_Status": status}
            answers_of.done(api.json("PUT", "/Candidates/status", json={"data": [moved]}))

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The active user with that e-mail; Zoho can't search for it."""
        for user in self._pages(api, "/users", {"type": "ActiveUsers"}, "users"):
            if same_email(user.get("email"), email):
                return answers_of.user(user)
        return None

    # --- how Zoho answers -----------------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """By the code in the answer where it says more than the status."""
        if answer.status == 429 or answer.status >= 500:
            return super().explain(answer)
        return answers_of.fault(answers_of.first_of(answer.json_or_none())) or super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """The message of the answer, or of its first record."""
        message = answers_of.first_of(answer.json_or_none()).get("message")
        return shortened(str(message), 200) if message else ""

    def _pages(
        self, api: Session, path: str, query: Mapping[str, str] | None = None, name: str = "data"
    ) -> Iterator[dict[str, Any]]:
        for number in range(1, _MOST_PAGES + 1):
            answer = api.get(path, params={**(query or {}), "page": number, "per_page": _PAGE})
            yield from answers_of.rows(answer, name)
            if answer is None or not inner(answer, "info").get("more_records"):
                return

    def _record(self, api: Session, path: str) -> dict[str, Any]:
        records = answers_of.rows(api.get(path))
        if not records:
            raise Missing(f"{self.name} has no such record (any more).")
        return records[0]

    def _attach(self, api: Session, person_id: str, cv: CvDocument, category: str) -> None:
        path = f"/Candidates/{person_id}/Attachments"
        file = {"file": (cv.filename, cv.content, cv.content_type)}
        answers_of.done(api.post(path, params={"attachments_category": category}, files=file))

    def _vacancy(self, api: Session, job: Mapping[str, Any]) -> CrmVacancy:
        return answers_of.vacancy(job, api.options.get("unapproved") == "yes")


CRM = ZohoRecruit()
