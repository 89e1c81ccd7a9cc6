"""Pipedrive: persons are the candidates; a deal plays the vacancy, whose participants are the applicants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit

from bot.crm import _oauth, _pipedrive_deals, _pipedrive_fields
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import AlreadyExists, CrmError, Declined, RateLimited
from bot.crm._http import Answer, Session, listed, pick
from bot.crm._marks import as_html, is_marked, marked
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import phone_spellings, record_number, same_email, same_phone, shortened
from bot.workspace import Credentials, Question

_PAGE = 100
_LONGEST_LIST = 5_000
_MATCHES = 20
_LONGEST_NAME = 255


class Pipedrive(Crm):
    """What Pipedrive needs said differently from other CRMs.

    Where both versions of its API have a call, the second is used; files, notes, participants and users have
    only the first.
    """

    key = "PIPEDRIVE"
    name = "Pipedrive"
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://oauth.pipedrive.com/oauth/authorize",
        token_url="https://oauth.pipedrive.com/oauth/token",  # noqa: S106  an address, no secret
        pkce=False,
        client_auth="basic",
    )
    trusted_hosts = ("*.pipedrive.com",)
    options: ClassVar[tuple[Question, ...]] = (*_pipedrive_deals.OPTIONS, *_pipedrive_fields.OPTIONS)

    # --- signing in -----------------------------------------------------------------------------------

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in; revocation lives beside the token endpoint."""
        oauth = super().oauth_for(answers, app)
        return oauth and replace(oauth, revoke_url=urljoin(oauth.token_url, "revoke"))

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer, which names the company's own domain."""
        named = str(token.get("api_domain") or app.api_url or pick(token, "api_domain", crm=self.name))
        base = _oauth.trusted_api_base(self, self.oauth_for(answers, app), app, named)
        if app.api_url and _host(base) not in {_host(url) for url in (app.token_url, app.api_url) if url}:
            base = app.api_url.rstrip("/")
        return replace(super().credentials_from_token(token, answers, app), api_base=base)

    def account(self, api: Session) -> str:
        """The user who signed in and the company."""
        me = pick(api.get("/v1/users/me"), "data", crm=self.name)
        name = str(pick(me, "name", crm=self.name))
        return " · ".join(part for part in (name, me.get("company_name")) if part)

    def revoke(self, api: Session) -> None:
        _oauth.revoke(api)

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """Pipelines, stages, labels, and the fields of persons that hold text."""
        if key in _pipedrive_fields.OPTION_KEYS:
            return _pipedrive_fields.choices(api, key)
        return _pipedrive_deals.choices(api, key)

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Persons with this e-mail or phone; what the search merely resembles is left out."""
        if email is not None:
            records = self._matches(api, email.strip(), "email")
            return self._found(api, [one for one in records if _has_email(one, email)])
        for spelling in phone_spellings(phone or ""):
            records = self._matches(api, spelling, "phone")
            if found := [one for one in records if _has_phone(one, spelling)]:
                return self._found(api, found)
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new person's id. Pipedrive would take a second one with the same e-mail, so it is asked first."""
        if person.email and (known := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", known[0].id)
        fields = vars(person)
        body = _fields(fields) | {"name": _full_name(person.first_name, person.last_name)}
        body |= _pipedrive_fields.label(api)
        if custom := _pipedrive_fields.values(api, fields):
            body["custom_fields"] = custom
        if owner := record_number(person.owner_id):
            body["owner_id"] = owner
        return self._id(api.post("/api/v2/persons", json=body))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and only those; a first name goes in front of the name."""
        record = pick(api.get(f"/api/v2/persons/{person_id}"), "data", crm=self.name)
        (known,) = self._found(api, [record])
        empty = {name: value for name, value in missing.items() if value and name not in known.filled}
        body = _fields(empty)
        if first_name := empty.get("first_name"):
            body["name"] = _full_name(first_name, str(record.get("name") or ""))
        if custom := _pipedrive_fields.values(api, empty):
            body["custom_fields"] = custom
        if body:
            api.json("PATCH", f"/api/v2/persons/{person_id}", json=body)

    def person_url(self, api: Session, person_id: str) -> str:
        return f"{api.credentials.api_base}/person/{person_id}"

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether a file of this name and size is attached: a download may lead to hosts we do not know."""
        for file in self._pages(api, f"/v1/persons/{person_id}/files"):
            names = (file.get("name"), file.get("file_name"))
            if cv.filename in names and str(file.get("file_size")) == str(len(cv.content)):
                return True
        return False

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        file = {"file": (cv.filename, cv.content, cv.content_type)}
        api.post("/v1/files", files=file, data={"person_id": person_id})

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        notes = self._pages(api, "/v1/notes", {"person_id": person_id})
        return any(is_marked(str(found.get("content") or ""), note.key) for found in notes)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note, in its author's name where that is a user and an administrator is signed in."""
        body = {"content": as_html(marked(note.text, note.key)), "person_id": int(person_id)}
        author = self.find_user(api, note.author_email) if note.author_email else None
        if author is not None:
            try:
                api.post("/v1/notes", json=body | {"user_id": int(author.id)})
            except Declined:
                # Only administrators may write for others.
                author = None
        if author is None:
            api.post("/v1/notes", json=body)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        return _pipedrive_deals.open_vacancies(api, search.strip(), limit)

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        return _pipedrive_deals.find_vacancy(api, record_number(crm_id), reference.strip())

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        if _pipedrive_deals.has_own_deals(api):
            return _pipedrive_deals.own_deal(api, person_id, vacancy_id)
        for one in self._pages(api, f"/v1/deals/{vacancy_id}/participants"):
            if _person_of(one) == person_id and one.get("active_flag") is not False:
                return str(pick(one, "id", crm=self.name))
        return None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """A participant of the vacancy's deal or a deal of their own, and a note of the source beside it."""
        existing = self.find_link(api, person_id, vacancy_id)
        if existing is not None:
            raise AlreadyExists(f"{self.name} has this applicant on the vacancy already.", existing)
        deal = _pipedrive_deals.deal(api, int(vacancy_id))
        if not _pipedrive_deals.vacancy(api, deal).is_open:
            raise Declined(f"The deal of this vacancy is closed in {self.name}. Reopen it, then press Retry.")
        words = f"Applied via {source} for {deal.get('title')}."
        if _pipedrive_deals.has_own_deals(api):
            record = pick(api.get(f"/api/v2/persons/{person_id}"), "data", crm=self.name)
            own = _pipedrive_deals.add_own_deal(api, record, deal)
            self._note_source(api, person_id, own, words)
            return own
        # The note first: once somebody is a participant, nothing would come back to write it.
        self._note_source(api, person_id, vacancy_id, words)
        path = f"/v1/deals/{vacancy_id}/participants"
        return self._id(api.post(path, json={"person_id": int(person_id)}))

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        query = {"term": email, "search_by_email": 1}
        for user in listed(api.get("/v1/users/find", params=query), "data", crm=self.name):
            if same_email(user.get("email"), email) and user.get("active_flag") is not False:
                return CrmUser(str(pick(user, "id", crm=self.name)), str(user.get("name") or email), email)
        return None

    # --- how Pipedrive answers ------------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """As other CRMs, with the wait in a header of its own; who goes on all the same is shut out."""
        if answer.status == 429:
            reset = record_number(answer.headers.get("x-ratelimit-reset"))
            wait = reset if answer.retry_after is None else answer.retry_after
            used_up = answer.headers.get("x-daily-requests-left") == "0"
            why = "has used up its calls for today" if used_up else "asks us to slow down"
            return RateLimited(f"{self.name} {why}.", wait)
        if answer.status == 403 and answer.json_or_none() is None:
            return RateLimited(f"{self.name} shuts us out for a while, as too much was asked of it.")
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """The error and what Pipedrive adds to it."""
        body = answer.json_or_none()
        said = [body.get(name) for name in ("error", "error_info")] if isinstance(body, dict) else []
        return shortened(" ".join(str(part) for part in said if part), 200)

    def _note_source(self, api: Session, person_id: str, deal_id: str, words: str) -> None:
        where = {"person_id": int(person_id), "deal_id": int(deal_id)}
        content = as_html(words)
        known = self._pages(api, "/v1/notes", where)
        if not any(str(note.get("content") or "").startswith("Applied via ") for note in known):
            api.post("/v1/notes", json={"content": content} | where)

    def _matches(self, api: Session, term: str, field: str) -> list[dict[str, Any]]:
        """The whole records a search finds: its own items lack other fields."""
        if not term:
            return []
        query = {"term": term, "fields": field, "exact_match": "true", "limit": _MATCHES}
        answer = api.get("/api/v2/persons/search", params=query)
        items = listed(answer, "data", "items", crm=self.name)
        ids = [str(pick(one, "item", "id", crm=self.name)) for one in items]
        if not ids:
            return []
        records = listed(api.get("/api/v2/persons", params={"ids": ",".join(ids)}), "data", crm=self.name)
        return [record for record in records if not record.get("is_deleted")]

    def _found(self, api: Session, records: list[dict[str, Any]]) -> list[FoundPerson]:
        codes = _pipedrive_fields.codes(api) if records else {}
        return [
            FoundPerson(
                str(pick(one, "id", crm=self.name)),
                str(one.get("name") or ""),
                _pipedrive_fields.filled(one, codes),
            )
            for one in records
        ]

    def _pages(
        self, api: Session, path: str, query: Mapping[str, Any] | None = None
    ) -> Iterator[dict[str, Any]]:
        """A list of the first API, which tells an empty one by null."""
        for start in range(0, _LONGEST_LIST, _PAGE):
            answer = api.get(path, params={**(query or {}), "start": start, "limit": _PAGE})
            data = pick(answer, "data", crm=self.name)
            page = listed({"data": data or []}, "data", crm=self.name)
            yield from page
            if len(page) < _PAGE:
                return

    def _id(self, answer: Any) -> str:
        return str(pick(answer, "data", "id", crm=self.name))


def _host(url: str) -> str | None:
    return urlsplit(url).hostname


def _full_name(first_name: str | None, last_name: str) -> str:
    return shortened(" ".join(part for part in (first_name, last_name) if part), _LONGEST_NAME)


def _fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """E-mail and phone, as Pipedrive writes them."""
    body: dict[str, Any] = {}
    if email := person.get("email"):
        body["emails"] = [{"value": email, "primary": True, "label": "home"}]
    if phone := person.get("phone"):
        body["phones"] = [{"value": phone, "primary": True, "label": "mobile"}]
    return body


def _has_email(record: Mapping[str, Any], email: str) -> bool:
    return any(same_email(known, email) for known in _pipedrive_fields.contacts(record, "emails"))


def _has_phone(record: Mapping[str, Any], phone: str) -> bool:
    return any(same_phone(known, phone) for known in _pipedrive_fields.contacts(record, "phones"))


def _person_of(participant: Mapping[str, Any]) -> str:
    person = participant.get("person_id")
    return str(person.get("value") if isinstance(person, dict) else person)


CRM = Pipedrive()
