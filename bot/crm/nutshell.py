"""Nutshell: contacts are the candidates, a lead plays the vacancy; one signs in with an e-mail and a key."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from bot.crm import _nutshell_contacts as contacts
from bot.crm import _nutshell_leads as leads
from bot.crm._base import Capability, ClientApp, Crm
from bot.crm._errors import AlreadyExists, Declined, SignInNeeded
from bot.crm._http import Session, listed, pick
from bot.crm._marks import is_marked, marked
from bot.crm._nutshell_answers import notes_on, number_of, patch, record, records, write_note
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import phone_spellings, same_phone
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

_MATCHES = 50


class Nutshell(Crm):
    """What Nutshell needs said differently from other CRMs.

    Its records are numbered by kind, such as 7-contacts; outside of its paths a person's number stands alone.
    """

    key = "NUTSHELL"
    name = "Nutshell"
    default_api_url = "https://app.nutshell.com/rest"
    capabilities = frozenset(Capability) - {Capability.CV}
    questions: ClassVar[tuple[Question, ...]] = (
        Question("email", "Your e-mail in Nutshell", placeholder="you@example.com"),
        Question(
            "api_key",
            "API key",
            "secret",
            hint="An administrator creates it in Nutshell under Setup, API keys.",
        ),
    )
    options: ClassVar[tuple[Question, ...]] = (
        *leads.OPTIONS,
        *contacts.OPTIONS,
        Question(
            "impersonate",
            "Write notes in the name of the one who decided",
            "tick",
            hint="The API key needs the permission for user impersonation.",
            optional=True,
        ),
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """Both answers without the spaces that copying brings along."""
        email, key = answers.get("email", "").strip(), answers.get("api_key", "").strip()
        faults = []
        name, at, domain = email.partition("@")
        if not (name and at and "." in domain) or ":" in email or " " in email:
            faults.append(FieldFault("email", "Please enter the e-mail of a Nutshell user."))
        if not key or not key.isascii() or not key.isprintable() or " " in key:
            faults.append(FieldFault("api_key", "Please paste the API key as Nutshell shows it."))
        if faults:
            raise Invalid(faults)
        return {"email": email, "api_key": key}

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        signature = _signature(answers["email"], answers["api_key"])
        return replace(super().credentials_from_answers(answers, app), access_token=signature)

    def headers(self, credentials: Credentials, answers: Mapping[str, str]) -> dict[str, str]:
        """Basic, over TLS."""
        return {"Authorization": f"Basic {credentials.access_token}", "Accept": "application/json"}

    def account(self, api: Session) -> str:
        """The user whose e-mail it is, if Nutshell lists them."""
        email = api.answers.get("email", "")
        user = next((user for user in self._users(api) if contacts.has_email(user, email)), None)
        name = str(user.get("name") or "") if user else ""
        return f"{name} · {email}" if name else email

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """Pipelines, stages, and the account's own fields of people."""
        return contacts.choices(api) if key in contacts.OPTION_KEYS else leads.choices(api, key)

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Contacts with this e-mail or phone; what the search merely resembles is left out."""
        if email is not None:
            found = self._search(api, {"email": email.strip()})
            return self._found(api, [one for one in found if contacts.has_email(one, email)])
        for spelling in phone_spellings(phone or ""):
            # A guess: the search by "information" is taken to look at numbers, too.
            found = self._search(api, {"q": spelling})
            matching = [
                one for one in found if any(same_phone(known, spelling) for known in contacts.phones(one))
            ]
            if matching:
                return self._found(api, matching)
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new contact's number. A second one with the same e-mail would be taken, so it is asked first."""
        if person.email and (known := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", known[0].id)
        made = api.post("/contacts", json={"contacts": [contacts.new(api, person)]})
        return number_of(record(made, "contacts"))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Patch the fields that are still empty, and only those; a first name goes in front of the name."""
        known = self._contact(api, person_id)
        (found,) = self._found(api, [known])
        empty = {name: value for name, value in missing.items() if value and name not in found.filled}
        changes = contacts.changes(api, empty, str(known.get("name") or ""))
        if changes:
            patch(api, f"/contacts/{person_id}-contacts", "contacts", changes)

    def person_url(self, api: Session, person_id: str) -> str:
        return str(pick(self._contact(api, person_id), "htmlUrl", crm=self.name))

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        raise NotImplementedError("Nutshell's API takes no files.")

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        raise NotImplementedError("Nutshell's API takes no files.")

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        return any(is_marked(text, note.key) for text in notes_on(api, f"{person_id}-contacts"))

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note; in its author's name where the workspace wants it and the API key may."""
        parent, text = f"{person_id}-contacts", marked(note.text, note.key)
        if api.options.get("impersonate") and note.author_email and self.find_user(api, note.author_email):
            signature = _signature(note.author_email, api.answers["api_key"])
            credentials = replace(api.credentials, access_token=signature)
            more: dict[str, Any] = {"app": api.app, "options": api.options, "timeout": api.timeout}
            # A session of its own: if the key may not do this, that must not end the workspace's sign-in.
            with Session(self, credentials, api.answers, **more) as as_author:
                try:
                    write_note(as_author, parent, text)
                except (SignInNeeded, Declined):
                    pass
                else:
                    return
        write_note(api, parent, text)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        return leads.open_vacancies(api, search.strip(), limit)

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        return leads.find_vacancy(api, crm_id, reference.strip())

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        if leads.has_own_leads(api):
            return leads.own_lead(api, self._contact(api, person_id), vacancy_id)
        is_on = f"{person_id}-contacts" in leads.linked(leads.lead(api, vacancy_id), "contacts")
        return f"{vacancy_id}/{person_id}-contacts" if is_on else None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """A contact of the vacancy's lead or a lead of their own, and a note of the source on it."""
        existing = self.find_link(api, person_id, vacancy_id)
        if existing is not None:
            raise AlreadyExists(f"{self.name} has this applicant on the vacancy already.", existing)
        lead = leads.lead(api, vacancy_id)
        if not leads.vacancy(lead).is_open:
            raise Declined(f"The lead of this vacancy is closed in {self.name}. Reopen it, then press Retry.")
        person = self._contact(api, person_id)
        key = f"{person_id}-contacts/{vacancy_id}"
        text = marked(f"{person.get('name')} applied via {source}.", key)
        if leads.has_own_leads(api):
            own = leads.add_own_lead(api, person, lead)
            write_note(api, own, text)
            return own
        # The note first: once the contact is on the lead, nothing would come back to write it.
        if not any(is_marked(known, key) for known in notes_on(api, vacancy_id)):
            write_note(api, vacancy_id, text)
        change = {"op": "add", "path": "links/contacts/-", "value": f"{person_id}-contacts"}
        patch(api, f"/leads/{vacancy_id}", "leads", [change])
        return f"{vacancy_id}/{person_id}-contacts"

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        for user in self._users(api):
            if user.get("isEnabled") is not False and contacts.has_email(user, email):
                return CrmUser(str(pick(user, "id", crm=self.name)), str(user.get("name") or email), email)
        return None

    # --- how Nutshell answers -------------------------------------------------------------------------

    def _users(self, api: Session) -> list[dict[str, Any]]:
        return listed(api.get("/users"), "users", crm=self.name)

    def _search(self, api: Session, query: Mapping[str, str]) -> list[dict[str, Any]]:
        asked = {**query, "page[page]": "0", "page[limit]": str(_MATCHES)}
        found = records(api.get("/contacts", params=asked), "contacts")
        return [one for one in found if not one.get("deletedTime")]

    def _contact(self, api: Session, person_id: str) -> dict[str, Any]:
        return record(api.get(f"/contacts/{person_id}-contacts"), "contacts")

    def _found(self, api: Session, known: list[dict[str, Any]]) -> list[FoundPerson]:
        field = contacts.field_for(api, "skills") if known else None
        return [
            FoundPerson(number_of(one), str(one.get("name") or ""), contacts.filled(api, one, field))
            for one in known
        ]


def _signature(email: str, key: str) -> str:
    return b64encode(f"{email}:{key}".encode()).decode()


CRM = Nutshell()
