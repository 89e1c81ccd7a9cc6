"""The shape of a CRM: what it asks before sign-in, how one signs in, and what can be done in it.

A CRM is data plus the few methods below. A vendor's quirk is a value here or a method overridden there.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from bot.crm._errors import (
    AlreadyExists,
    CrmError,
    Declined,
    Missing,
    Nonsense,
    RateLimited,
    Unavailable,
    not_accepted,
)
from bot.crm._records import FILLABLE, CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import sentence, shortened
from bot.workspace import Credentials, Question

if TYPE_CHECKING:  # the session is handed in; only its type is needed here
    from bot.crm._http import Answer, Session
    from bot.crm._mail import MailServer


class Capability(StrEnum):
    """What a CRM can do beyond holding people. What is absent is told in the settings, not pretended."""

    CV = "attaching CVs"
    NOTES = "notes"
    TEAM_NOTES = "the team's notes"
    VACANCIES = "vacancies"
    OWNER = "record owners"


@dataclass(frozen=True)
class OAuth2:
    """A vendor's dialect of the authorization code flow.

    `client_auth` is where the client id and secret go in a token request; with "query" everything goes there.
    `authorize_extra` are parameters this vendor wants besides the standard ones. `token_moves` tells that the
    token endpoint may send us on (307, 308), which is followed to the vendor's own hosts alone.
    """

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...] = ()
    scope_separator: str = " "
    pkce: bool = True
    client_auth: Literal["body", "basic", "query"] = "body"
    authorize_extra: Mapping[str, str] = field(default_factory=dict)
    token_moves: bool = False
    revoke_url: str | None = None


@dataclass(frozen=True)
class ClientApp:
    """The OAuth app registered with a CRM, and the hosts settings put in place of the vendor's.

    `mail` is the server that mail goes through, if settings name one. `is_shared` tells that the bot serves
    workspaces of different owners, who must not reach what runs beside it.
    """

    client_id: str = ""
    client_secret: str = ""
    authorize_url: str | None = None
    token_url: str | None = None
    api_url: str | None = None
    mail: MailServer | None = None
    is_shared: bool = False

    def __repr__(self) -> str:
        return f"ClientApp(client_id={self.client_id!r})"


class Crm(ABC):
    """One kind of CRM. Instances hold no state: everything a call needs comes in its `Session`."""

    key: ClassVar[str]
    name: ClassVar[str]
    questions: ClassVar[tuple[Question, ...]] = ()
    """What must be known before sign-in."""
    options: ClassVar[tuple[Question, ...]] = ()
    """What may be chosen once signed in; a call finds the answers in its session's `options`."""
    oauth: ClassVar[OAuth2 | None] = None
    capabilities: ClassVar[frozenset[Capability]] = frozenset(Capability)
    holds: ClassVar[frozenset[str]] = frozenset((*FILLABLE, "source"))
    """The fields of `Person` that have a place there, besides the last name."""
    needs: ClassVar[frozenset[str]] = frozenset()
    """The fields of `Person` without which nobody is taken, besides the last name."""
    largest_cv: ClassVar[int | None] = None
    """The most bytes that a CV may have there, where the vendor says; a larger one is left out, and told."""
    trusted_hosts: ClassVar[tuple[str, ...]] = ()
    """Hosts (`*.` allowed in front) that a token answer may name as the API's, besides the overrides'."""
    keys_expire: ClassVar[bool] = False
    """Whether, without OAuth, what `credentials_from_answers` gives runs out and is to be asked for again."""
    default_api_url: ClassVar[str] = ""
    expired_statuses: ClassVar[frozenset[int]] = frozenset({401})
    """The statuses that tell that a sign-in has run out, or was not seen."""
    pause: ClassVar[float | None] = None
    """The seconds that the vendor's documents ask for where a limit comes without a header."""

    def takes_cv(self, size: int) -> bool:
        """Whether a CV of so many bytes can be attached."""
        return Capability.CV in self.capabilities and (self.largest_cv is None or size <= self.largest_cv)

    # --- signing in ----------------------------------------------------------------------------------

    def is_offered(self, app: ClientApp) -> bool:
        """Whether the settings hold what signing in takes: with OAuth 2 a client id, else nothing."""
        return self.oauth is None or bool(app.client_id)

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The answers as they are to be kept, checked at once. Raises `Invalid` naming the question's key."""
        return answers

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in as these answers and settings make it."""
        if self.oauth is None:
            return None
        return replace(
            self.oauth,
            authorize_url=app.authorize_url or self.oauth.authorize_url,
            token_url=app.token_url or self.oauth.token_url,
        )

    def answers_after(
        self, answers: Mapping[str, str], returned: Mapping[str, str], app: ClientApp
    ) -> Mapping[str, str]:
        """The answers as the way back from the sign-in page corrects them, by the parameters it `returned`.

        Raises `Nonsense` where those would lead a code or a token to somebody else's host.
        """
        return answers

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer. `expires_at` is already a time.

        A vendor's second login (a token that only buys another one) happens here, over HTTP.
        """
        return Credentials(
            access_token=str(token["access_token"]),
            refresh_token=token.get("refresh_token"),
            expires_at=token.get("expires_at"),
            api_base=(app.api_url or self.default_api_url).rstrip("/"),
        )

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        """The credentials of a CRM without OAuth: its answers are the keys, or buy a token over HTTP."""
        return Credentials(api_base=(app.api_url or self.default_api_url).rstrip("/"))

    def headers(self, credentials: Credentials, answers: Mapping[str, str]) -> dict[str, str]:
        """What authorizes a call."""
        return {"Authorization": f"Bearer {credentials.access_token}", "Accept": "application/json"}

    @abstractmethod
    def account(self, api: Session) -> str:
        """Who is signed in, from a live call: shown as "Connected as …"."""

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """What a `live` option offers, as (value, label) pairs from a live call."""
        return ()

    # --- people --------------------------------------------------------------------------------------

    @abstractmethod
    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """People with exactly this e-mail or (one of the two is given) this phone number."""

    @abstractmethod
    def create_person(self, api: Session, person: Person) -> str:
        """A new person's id. Raises `AlreadyExists` where the CRM refuses a second one."""

    @abstractmethod
    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Fill those of the fields (named in `FILLABLE`) that are still empty there, and touch no other."""

    @abstractmethod
    def person_url(self, api: Session, person_id: str) -> str:
        """Where a user of the CRM sees the person."""

    @abstractmethod
    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether that CV is attached already."""

    @abstractmethod
    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """Attach the CV, which `takes_cv` has let through, to the person."""

    @abstractmethod
    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        """Whether that note was written already."""

    @abstractmethod
    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note on the person."""

    # --- vacancies -----------------------------------------------------------------------------------

    @abstractmethod
    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        """Open vacancies whose title contains `search`, the newest first."""

    @abstractmethod
    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        """The vacancy with that id, else with that reference, open or closed; None if the CRM has none."""

    @abstractmethod
    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        """The id of the person's application for the vacancy, None if there is none."""

    @abstractmethod
    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """Put the person onto the vacancy; the new application's id.

        Raises `AlreadyExists` where the CRM refuses a second one, with its id if the refusal names it.
        """

    def finish_link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> None:  # noqa: B027  most links are one call
        """Do what is left of a link that `link` began and `find_link` finds, such as its stage.

        Only what is surely undone: somebody may have moved the applicant on meanwhile.
        """

    # --- users ---------------------------------------------------------------------------------------

    @abstractmethod
    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The active user with that e-mail."""

    # --- hooks ---------------------------------------------------------------------------------------

    def revoke(self, api: Session) -> None:
        """Tell the CRM that this sign-in ends, where it wants to know."""
        return

    def explain(self, answer: Answer) -> CrmError:
        """The error a refused call means, with a sentence for people. Overridden for a vendor's own signs."""
        detail = self.detail(answer)
        said = f" It said: {sentence(detail)}" if detail else ""
        match answer.status:
            case 400 | 422:
                return not_accepted(self.name, detail)
            case 403:
                return Declined(
                    f"{self.name} does not allow this to the user who signed in.{said}"
                    " Sign in as someone who may, from /handoff-settings."
                )
            case 404:
                return Missing(f"{self.name} has no such record (any more).{said}")
            case 409:
                return AlreadyExists(f"{self.name} has this already.{said}", self.existing_id(answer))
            case 413:
                return Declined(f"{self.name} does not take that much at once: the CV is too large.{said}")
            case 429:
                wait = self.pause if answer.retry_after is None else answer.retry_after
                return RateLimited(f"{self.name} asks us to slow down.", wait)
            case status if status >= 500:
                return Unavailable(f"{self.name} has trouble at the moment (error {status}).")
            case status if status < 400:
                return Nonsense(f"{self.name} sent us elsewhere instead of answering.")
        return Declined(f"{self.name} did not accept this (error {answer.status}).{said}")

    def detail(self, answer: Answer) -> str:
        """The vendor's own words in an error answer, short and in plain text; empty if there are none."""
        body = answer.json_or_none()
        message = body.get("message") if isinstance(body, dict) else None
        return shortened(str(message), 200) if message else ""

    def existing_id(self, answer: Answer) -> str | None:
        """The id of the record that stands in the way, where a refusal names it."""
        return None
