"""HubSpot: contacts, notes, files, and whatever object plays the vacancy there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, ClassVar

import requests

from bot.crm import _hubspot_options, _hubspot_vacancies
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import CrmError, Declined, RateLimited
from bot.crm._http import Answer, Session, inner, listed, pick, send
from bot.crm._hubspot_records import (
    has_email,
    has_phone,
    html,
    id_of,
    is_marked,
    notes_on,
    path_of,
    phone_filters,
    read_many,
    tie,
    write_note,
)
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import same_email, shortened
from bot.workspace import Credentials

PERSON_PAGE = "https://app.hubspot.com/contacts/{hub}/record/0-1/{id}"
FOLDER = "/candidates"
_READ = (
    *("firstname", "lastname", "email", "hs_additional_emails", "phone", "mobilephone"),
    *("jobtitle", "address", "city", "state", "zip"),
)
_LOCATION = ("address", "city", "state", "zip")
# How long each limit lasts that a 429 names. The daily one ends at the account's midnight: looked at hourly.
_WAITS = {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0, "DAILY": 3600.0}
_BUSY = 2.0


class HubSpot(Crm):
    """What HubSpot needs said differently from other CRMs."""

    key = "HUBSPOT"
    name = "HubSpot"
    options = _hubspot_options.OPTIONS
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://app.hubspot.com/oauth/authorize",
        token_url="https://api.hubapi.com/oauth/2026-03/token",  # noqa: S106  an address, no secret
        scopes=(
            "oauth",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.objects.deals.read",
            "crm.objects.deals.write",
            "crm.objects.owners.read",
            "crm.schemas.contacts.read",
            "crm.schemas.deals.read",
            "files",
        ),
        # Accounts without custom objects could not consent to these if they were required.
        authorize_extra={
            "optional_scope": "crm.schemas.custom.read crm.objects.custom.read crm.objects.custom.write"
        },
    )
    default_api_url = "https://api.hubapi.com"

    # --- signing in -----------------------------------------------------------------------------------

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer, with the account and the user it is for."""
        about = {name: str(token[name]) for name in ("hub_id", "user_id") if token.get(name)}
        return replace(super().credentials_from_token(token, answers, app), extra=about)

    def account(self, api: Session) -> str:
        """The user who signed in, where HubSpot has them as an owner, and the account."""
        hub = pick(api.get("/account-info/v3/details"), "portalId", crm=self.name)
        user = api.credentials.extra.get("user_id")
        try:
            owner = api.get(f"/crm/v3/owners/{user}", params={"idProperty": "userId"}) if user else None
        except Declined:
            owner = None
        return " · ".join((*([self._user(owner).name] if owner else []), f"account {hub}"))

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        return _hubspot_options.choices(api, key)

    def revoke(self, api: Session) -> None:
        """End the refresh token; HubSpot lets access tokens run out by themselves, within half an hour."""
        oauth = self.oauth_for(api.answers, api.app)
        if oauth is None or not api.credentials.refresh_token:
            return
        form = {
            "client_id": api.app.client_id,
            "client_secret": api.app.client_secret,
            "token": api.credentials.refresh_token,
            "token_type_hint": "refresh_token",
        }
        with requests.Session() as http:
            url = f"{oauth.token_url}/revoke"
            answer = send(http, self.name, "POST", url, timeout=api.timeout, data=form)
        if answer.status >= 300:
            raise self.explain(answer)

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Contacts with this e-mail as their first (no lag), else as a further one, or with this phone."""
        if email is not None:
            found = read_many(api, "contacts", [email], self._properties(api), by="email")
            found = found or self._search(api, [("hs_additional_emails", "CONTAINS_TOKEN", email)])
            return [self._found(api, record) for record in found if has_email(record, email)]
        found = self._search(api, phone_filters(phone or ""))
        return [self._found(api, record) for record in found if has_phone(record, phone or "")]

    def create_person(self, api: Session, person: Person) -> str:
        """A new contact's id. HubSpot refuses a second one with the same e-mail."""
        values = self._values(api, vars(person)) | {"lastname": shortened(person.last_name, 255)}
        more = {
            "hs_linkedin_url": next((link for link in person.links if "linkedin.com/" in link), None),
            "hubspot_owner_id": person.owner_id,
            "hs_lead_status": api.options.get("lead_status"),
            api.options.get("source") or "": person.source,
        }
        values |= {name: value for name, value in more.items() if name and value}
        return id_of(api.post(path_of("contacts"), json={"properties": values}))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the properties that are still empty, and only those."""
        asked = {"properties": ",".join(self._properties(api))}
        filled = self._found(api, api.get(path_of("contacts", person_id), params=asked)).filled
        wanted = {name: value for name, value in missing.items() if name not in filled}
        if values := self._values(api, wanted):
            api.json("PATCH", path_of("contacts", person_id), json={"properties": values})

    def person_url(self, api: Session, person_id: str) -> str:
        hub = api.credentials.extra.get("hub_id")
        hub = hub or pick(api.get("/account-info/v3/details"), "portalId", crm=self.name)
        return PERSON_PAGE.format(hub=hub, id=person_id)

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether a note with a file bears the mark of these bytes."""
        notes = notes_on(api, person_id)
        return any(note.get("hs_attachment_ids") and is_marked(note, _cv_mark(cv)) for note in notes)

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """A private file, and a note that attaches it; a file that a broken attempt left is used again."""
        options = {
            "access": "PRIVATE",
            "duplicateValidationStrategy": "RETURN_EXISTING",
            "duplicateValidationScope": "EXACT_FOLDER",
        }
        form = {"fileName": cv.filename, "folderPath": FOLDER, "options": json.dumps(options)}
        file = {"file": (cv.filename, cv.content, cv.content_type)}
        file_id = id_of(api.post("/files/v3/files", data=form, files=file))
        body = html(f"CV: {cv.filename}", _cv_mark(cv))
        write_note(api, body, [tie(api, "notes", "contacts", person_id)], {"hs_attachment_ids": file_id})

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        return any(is_marked(found, _note_mark(note)) for found in notes_on(api, person_id))

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note, in its author's name where HubSpot knows them, with our key at its end."""
        author = self.find_user(api, note.author_email) if note.author_email else None
        signed = {"hubspot_owner_id": author.id} if author else {}
        body = html(note.text, _note_mark(note))
        write_note(api, body, [tie(api, "notes", "contacts", person_id)], signed)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        return _hubspot_vacancies.open_vacancies(api, search, limit)

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        return _hubspot_vacancies.find(api, crm_id, reference)

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        return _hubspot_vacancies.find_link(api, person_id, vacancy_id)

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        return _hubspot_vacancies.link(api, person_id, vacancy_id, source)

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The owner with that e-mail; archived ones are left out unless asked for."""
        asked = {"email": email.strip().lower(), "limit": 1}
        found = listed(api.get("/crm/v3/owners", params=asked), "results", crm=self.name)
        return next((self._user(user) for user in found if same_email(user.get("email"), email)), None)

    # --- how HubSpot answers --------------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """As other CRMs, with the limit a 429 names, and records that are locked for a moment."""
        body = answer.json_or_none()
        match answer.status:
            case 429:
                policy = str(body.get("policyName") or "") if isinstance(body, dict) else ""
                limit = "today's limit of calls is used up" if policy == "DAILY" else "asks us to slow down"
                return RateLimited(f"{self.name}: {limit}.", _wait(answer, _WAITS.get(policy)))
            case 423 | 477:
                return RateLimited(f"{self.name} is busy with this record or account.", _wait(answer, _BUSY))
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """The messages of the errors inside, else that of the answer."""
        body = answer.json_or_none()
        errors = body.get("errors") if isinstance(body, dict) else None
        said = [one.get("message") for one in errors or () if isinstance(one, dict)]
        return shortened(" ".join(str(one) for one in said if one), 300) or super().detail(answer)

    def existing_id(self, answer: Answer) -> str | None:
        """A guess: the refusal of a second contact ends in the first one's id."""
        named = re.search(r"Existing ID: (\d+)", super().detail(answer))
        return named[1] if named else None

    def _properties(self, api: Session) -> list[str]:
        skills = api.options.get("skills")
        return [*_READ, *([skills] if skills else [])]

    def _search(self, api: Session, filters: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
        """Contacts to which any of the filters applies."""
        names = ("propertyName", "operator", "value")
        groups = [{"filters": [dict(zip(names, one, strict=True))]} for one in filters]
        body = {"filterGroups": groups, "properties": self._properties(api), "limit": 100}
        return listed(api.post(path_of("contacts", "search"), json=body), "results", crm=self.name)

    def _values(self, api: Session, person: Mapping[str, Any]) -> dict[str, str]:
        """The fields of `Person` that hold something, by HubSpot's names."""
        holds = {
            "firstname": shortened(person.get("first_name") or "", 255),
            "email": person.get("email"),
            "phone": person.get("phone"),
            "city": person.get("location"),
            "jobtitle": shortened(person.get("headline") or "", 500),
            api.options.get("skills") or "": "; ".join(person.get("skills") or ()),
        }
        return {name: value for name, value in holds.items() if name and value}

    def _found(self, api: Session, record: Any) -> FoundPerson:
        values = inner(record, "properties")
        name = " ".join(str(values[part]) for part in ("firstname", "lastname") if values.get(part))
        holds = {
            "first_name": values.get("firstname"),
            "email": values.get("email"),
            "phone": values.get("phone") or values.get("mobilephone"),
            "location": any(values.get(part) for part in _LOCATION),
            "headline": values.get("jobtitle"),
            "skills": values.get(api.options.get("skills") or ""),
        }
        return FoundPerson(id_of(record), name, frozenset(field for field, value in holds.items() if value))

    def _user(self, owner: Any) -> CrmUser:
        owner_id = id_of(owner)
        name = " ".join(str(owner[part]) for part in ("firstName", "lastName") if owner.get(part))
        return CrmUser(owner_id, name or str(owner.get("email") or owner_id), owner.get("email"))


def _wait(answer: Answer, usual: float | None) -> float | None:
    return usual if answer.retry_after is None else answer.retry_after


def _cv_mark(cv: CvDocument) -> str:
    return f"Handoff CV {sha256(cv.content).hexdigest()[:20]}"


def _note_mark(note: CrmNote) -> str:
    return f"Handoff reference {note.key}"


CRM = HubSpot()
