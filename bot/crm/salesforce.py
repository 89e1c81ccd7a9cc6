"""Salesforce: contacts, files and tasks, and the jobs of a recruiting package or what plays the vacancy."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import md5
from typing import Any, ClassVar
from urllib.parse import urljoin

from bot.crm import _oauth, _salesforce_options, _salesforce_vacancies
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import AlreadyExists, CrmError, Nonsense, RateLimited, Unavailable
from bot.crm._http import Answer, Session, inner, pick
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._salesforce_api import (
    VERSION,
    FieldRefusedError,
    Record,
    containing,
    create,
    id_of,
    path_of,
    read,
    select,
    text,
)
from bot.crm._salesforce_people import LONGEST, PHONES, columns, contacts, found_person, has_phone, values_of
from bot.crm._salesforce_vacancies import BULLHORN, JOBSCIENCE, kind_of
from bot.crm._values import local_number, same_email, shortened
from bot.workspace import Credentials

_LONGEST_TEXT = 32_000
_IDENTITY = re.compile(r"/id/[A-Za-z0-9]{15,18}/[A-Za-z0-9]{15,18}", re.ASCII)
_TRY_AGAIN = ("UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT", "SERVER_UNAVAILABLE", "REQUEST_RUNNING_TOO_LONG")
_TWICE = ("DUPLICATES_DETECTED", "DUPLICATE_VALUE")


class Salesforce(Crm):
    """What Salesforce needs said differently from other CRMs."""

    key = "SALESFORCE"
    name = "Salesforce"
    questions = _salesforce_options.QUESTIONS
    options = _salesforce_options.OPTIONS
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="https://login.salesforce.com/services/oauth2/authorize",
        token_url="https://login.salesforce.com/services/oauth2/token",  # noqa: S106  an address, no secret
        scopes=("api", "refresh_token", "id"),
    )
    trusted_hosts = ("*.salesforce.com",)

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        return _salesforce_options.checked(answers)

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in at the host that the answers name, where settings don't say another."""
        plain = super().oauth_for(answers, app)
        if plain is None:
            return None
        base = f"https://{_salesforce_options.sign_in_host(answers)}/services/oauth2"
        token_url = app.token_url or f"{base}/token"
        authorize_url = app.authorize_url or f"{base}/authorize"
        revoke_url = urljoin(token_url, "revoke")
        return replace(plain, authorize_url=authorize_url, token_url=token_url, revoke_url=revoke_url)

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer, which names the organisation's own host and the user."""
        named = str(token.get("instance_url") or app.api_url or "")
        instance = _oauth.trusted_api_base(self, self.oauth_for(answers, app), app, named)
        identity = _IDENTITY.search(str(pick(token, "id", crm=self.name)))
        if identity is None:
            raise Nonsense(f"{self.name} did not say who signed in.")
        return Credentials(
            access_token=str(token["access_token"]),
            refresh_token=token.get("refresh_token"),
            expires_at=token.get("expires_at"),
            api_base=instance + VERSION,
            # Asked for at the organisation's host: the token has no business elsewhere.
            extra={"instance": instance, "identity": instance + identity[0]},
        )

    def account(self, api: Session) -> str:
        me = api.get(api.credentials.extra.get("identity", ""))
        return f"{pick(me, 'display_name', crm=self.name)} · {pick(me, 'username', crm=self.name)}"

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        return _salesforce_options.offered(api, key)

    def revoke(self, api: Session) -> None:
        _oauth.revoke(api, {})

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Contacts with exactly this e-mail or, however it is written, this phone number."""
        if email is not None:
            found = contacts(api, f"Email = {text(email.strip())}")
            return [found_person(api, one) for one in found if same_email(one.get("Email"), email)]
        if not (digits := local_number(phone or "")):
            return []
        anyhow = (f"{name} LIKE {containing(*digits)}" for name in PHONES)
        found = contacts(api, f"({' OR '.join(anyhow)})")
        return [found_person(api, one) for one in found if has_phone(one, phone or "")]

    def create_person(self, api: Session, person: Person) -> str:
        """A new contact's id. A duplicate that the organisation's rules refuse is never forced."""
        values = values_of(api, vars(person)) | {"LastName": shortened(person.last_name, 80)}
        field, _, status = (api.options.get("status") or "").partition("=")
        more = {
            "LeadSource": shortened(person.source or "", LONGEST["LeadSource"]),
            "Description": shortened("\n".join(person.links), _LONGEST_TEXT),
            "OwnerId": person.owner_id,
            "RecordTypeId": self._record_type(api),
            field: status,
        }
        values |= {name: value for name, value in more.items() if name and value}
        return create(api, "Contact", values, frozenset({"LeadSource", field}))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty, and only those."""
        filled = found_person(api, read(api, "Contact", person_id, columns(api))).filled
        values = values_of(api, {name: value for name, value in missing.items() if name not in filled})
        if values:
            api.json("PATCH", path_of("Contact", person_id), json=values)

    def person_url(self, api: Session, person_id: str) -> str:
        return f"{api.credentials.extra['instance']}/lightning/r/Contact/{person_id}/view"

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether these very bytes are attached."""
        if self._as_attachment(api):
            on_them = f"ParentId = {text(person_id)}"
            found = select(api, "Attachment", ("Id", "BodyLength"), on_them, limit=200)
            same = [id_of(one) for one in found if one.get("BodyLength") == len(cv.content)]
            paths = [path_of("Attachment", one, "Body") for one in same]
            return any(api.call("GET", path, headers={"Accept": "*/*"}).body == cv.content for path in paths)
        on_them, column = (
            f"LinkedEntityId = {text(person_id)}",
            "ContentDocument.LatestPublishedVersion.Checksum",
        )
        files = select(api, "ContentDocumentLink", [column], on_them, limit=200)
        versions = [inner(inner(one, "ContentDocument"), "LatestPublishedVersion") for one in files]
        fingerprint = md5(cv.content, usedforsecurity=False).hexdigest()
        return any(one.get("Checksum") == fingerprint for one in versions)

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        content, name = b64encode(cv.content).decode(), shortened(cv.filename, 255)
        if self._as_attachment(api):
            values = {"ParentId": person_id, "Name": name, "Body": content, "ContentType": cv.content_type}
            create(api, "Attachment", values)
            return
        values = {"Title": name, "PathOnClient": name, "VersionData": content}
        create(api, "ContentVersion", values | {"FirstPublishLocationId": person_id})

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        about = (f"WhoId = {text(person_id)}", f"Subject = {text(_subject(note))}")
        return bool(select(api, "Task", ["Id"], *about, limit=1))

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """A completed task, its author's where Salesforce knows them, with our key in its subject."""
        author = self.find_user(api, note.author_email) if note.author_email else None
        values = {
            "WhoId": person_id,
            "Subject": _subject(note),
            "Description": shortened(note.text, _LONGEST_TEXT),
            "Status": "Completed",
            "ActivityDate": datetime.now(UTC).date().isoformat(),
        }
        # An organisation may have given the statuses of tasks other names.
        create(api, "Task", values | ({"OwnerId": author.id} if author else {}), frozenset({"Status"}))

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        return _salesforce_vacancies.open_vacancies(api, search, limit)

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        return _salesforce_vacancies.find(api, crm_id, reference)

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        return _salesforce_vacancies.find_link(api, person_id, vacancy_id)

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        return _salesforce_vacancies.link(api, person_id, vacancy_id, source)

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The active user with that e-mail who can own records."""
        who = (f"Email = {text(email.strip())}", "IsActive = true", "UserType = 'Standard'")
        found = select(api, "User", ("Id", "Name", "Email"), *who, limit=1)
        return CrmUser(id_of(found[0]), str(found[0].get("Name")), found[0].get("Email")) if found else None

    # --- how Salesforce answers -----------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        """By the code of the first error: a status alone does not tell a limit from a refusal."""
        error = _first_error(answer)
        code, said = str(error.get("errorCode") or ""), self.detail(answer)
        if code == "REQUEST_LIMIT_EXCEEDED":
            told = f"{self.name} has no calls left: the organisation's limit of 24 hours is used up."
            return RateLimited(told, answer.retry_after)
        if code in _TRY_AGAIN:
            return Unavailable(f"{self.name} could not do it just now ({code}).")
        if code in _TWICE:
            return AlreadyExists(f"{self.name} has this already. It said: {said}", self.existing_id(answer))
        if answer.status == 400:
            names = tuple(str(name) for name in error.get("fields") or ())
            return FieldRefusedError(str(super().explain(answer)), code, names)
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """The message of the first error, with the fields it is about."""
        error = _first_error(answer)
        names = ", ".join(str(name) for name in error.get("fields") or ())
        said = ": ".join(part for part in (names, str(error.get("message") or "")) if part)
        return shortened(said, 300)

    def existing_id(self, answer: Answer) -> str | None:
        """The first record that a duplicate rule matched, or the one that holds a unique value."""
        error = _first_error(answer)
        for result in inner(error, "duplicateResult").get("matchResults") or ():
            for match in result.get("matchRecords") or ():
                return str(pick(match, "record", "Id", crm=self.name))
        named = re.search(r"with id: ([A-Za-z0-9]{15,18})", str(error.get("message") or ""))
        return named[1] if named else None

    def _record_type(self, api: Session) -> str | None:
        """The workspace's choice; where a recruiting package is, the one called Candidate."""
        chosen = api.options.get("record_type")
        if chosen or not kind_of(api).startswith((JOBSCIENCE, BULLHORN)):
            return chosen
        found = _salesforce_options.record_types(api)
        return next((id_of(one) for one in found if one.get("Name") == "Candidate"), None)

    def _as_attachment(self, api: Session) -> bool:
        chosen = api.options.get("cv")
        return chosen == "attachment" if chosen else kind_of(api).startswith(JOBSCIENCE)


def _first_error(answer: Answer) -> Record:
    """Errors come as a list."""
    body = answer.json_or_none()
    found = body[0] if isinstance(body, list) and body else body
    return found if isinstance(found, dict) else {}


def _subject(note: CrmNote) -> str:
    return shortened(f"Application from Handoff ({note.key})", 255)


CRM = Salesforce()
