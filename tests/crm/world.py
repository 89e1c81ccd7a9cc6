"""What the contract's scenes need of a CRM: its double, and a sight of what the double holds."""

from __future__ import annotations

import importlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qs, urlsplit

from bot.crm import _oauth
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._http import Session, Timeout
from bot.crm._registry import every_crm
from bot.playground.democrm.faults import Faults, Kind
from bot.playground.democrm.wire import Call
from bot.workspace import Credentials
from tests.support import Clock

Operation = Literal["token", "whoami", "find", "create", "cv", "note", "link"]
REDIRECT_URI = "http://127.0.0.1/crm/callback"
VERIFIER = "v" * 64
PATIENT: Timeout = (10.0, 30.0)
"""Calls that are to be answered; a machine with a lot else to do may stand still for seconds."""
HASTY: Timeout = (10.0, 0.2)
"""Calls that are not; what hangs does so for far longer than any machine stands still."""
HANGS = 30.0


@dataclass(frozen=True)
class SeenNote:
    """A note as the CRM holds it."""

    text: str
    reference: str | None
    author_email: str | None


@dataclass(frozen=True)
class KnownVacancy:
    """A vacancy that the CRM holds from the start."""

    crm_id: str
    reference: str
    title: str


class World(ABC):
    """One CRM's double. Every world has a vacancy that is open, one that is closed, and users."""

    key: ClassVar[str]
    answers: ClassVar[Mapping[str, str]] = {}
    options: ClassVar[Mapping[str, str]] = {}
    """What the workspace chose after signing in."""
    requests: ClassVar[Mapping[Operation, tuple[str, str]]]
    """By which method and path the double sees each operation; `*` stands for one part of a path."""
    open_vacancy: ClassVar[KnownVacancy]
    closed_vacancy: ClassVar[KnownVacancy]
    user_email: ClassVar[str]
    one_person_per_email: ClassVar[bool] = False
    """Whether the CRM refuses a second person of one e-mail, or takes all its records for one person's."""
    nobody: ClassVar[Any] = {"items": []}
    """What its search answers when it finds nobody."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.renewals = 0

    @property
    def crm(self) -> Crm:
        """The connector under test."""
        return every_crm()[self.key]

    @property
    def oauth(self) -> OAuth2:
        """The sign-in as the settings' overrides make it."""
        oauth = self.crm.oauth_for(self.answers, self.app)
        assert oauth is not None
        return oauth

    # --- the double -----------------------------------------------------------------------------------

    @property
    @abstractmethod
    def app(self) -> ClientApp:
        """The client registered with the double, and the double's addresses."""

    @property
    @abstractmethod
    def faults(self) -> Faults:
        """Where trouble is ordered."""

    @abstractmethod
    def start(self) -> None:
        """Begin to serve."""

    @abstractmethod
    def stop(self) -> None:
        """End it."""

    @abstractmethod
    def reset(self) -> None:
        """Back to the first day, for the next scene."""

    @property
    @abstractmethod
    def calls(self) -> list[Call]:
        """What arrived at the double since it was set back, in order."""

    @abstractmethod
    def approve(self, authorize_url: str, allow: bool = True) -> str:
        """A person signs in and consents, or does not; where their browser is sent."""

    @abstractmethod
    def expire_access_tokens(self) -> None:
        """Let every access token run out."""

    @abstractmethod
    def revoke_all(self) -> None:
        """End every sign-in or key, as an administrator of the CRM can; nothing renews it."""

    # --- what it holds --------------------------------------------------------------------------------

    @abstractmethod
    def add_person(self, **fields: Any) -> str:
        """Somebody the CRM has already, by the names of `Person`; the id."""

    @abstractmethod
    def people(self) -> list[dict[str, Any]]:
        """Everybody whom a scene added, by the names of `Person`, with `id`; the oldest first."""

    @abstractmethod
    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        """The names and bytes of the CVs on a person."""

    @abstractmethod
    def notes(self, person_id: str) -> list[SeenNote]:
        """The notes on a person."""

    @abstractmethod
    def links(self, person_id: str) -> list[tuple[str, str]]:
        """The vacancy id and the source of each of a person's applications."""

    def times_asked(self, operation: Operation) -> int:
        """How often the double was asked to do that."""
        method, path = self.requests[operation]
        return sum(call.method == method and fnmatchcase(call.path, path) for call in self.calls)

    # --- what scenes do with it -----------------------------------------------------------------------

    def order(self, kind: Kind, operation: Operation, **more: Any) -> None:
        """Order trouble for the next request of that operation."""
        method, path = self.requests[operation]
        self.faults.add(kind=kind, method=method, path=path, **more)

    def new_code(self) -> str:
        """A person has gone through the sign-in page: the code that came back."""
        url = _oauth.authorize_url(self.oauth, self.app, REDIRECT_URI, "a-state", VERIFIER)
        back = parse_qs(urlsplit(self.approve(url)).query)
        assert back["state"] == ["a-state"]
        return back["code"][0]

    def exchange(self, code: str, **more: Any) -> dict[str, Any]:
        """The token answer for a code."""
        options: dict[str, Any] = {"verifier": VERIFIER, "redirect_uri": REDIRECT_URI, "clock": self.clock}
        options |= more
        app: ClientApp = options.pop("app", self.app)
        return _oauth.exchange_code(self.crm, self.oauth, app, code=code, **options)

    def sign_in(self) -> Credentials:
        """Fresh credentials."""
        if self.crm.oauth is None:
            return self.crm.credentials_from_answers(self.answers, self.app)
        return self.crm.credentials_from_token(self.exchange(self.new_code()), self.answers, self.app)

    def refreshed(self, stale: Credentials, **more: Any) -> Credentials:
        """The credentials after a renewal."""
        options: dict[str, Any] = {"clock": self.clock} | more
        token = _oauth.refresh(self.crm, self.oauth, self.app, stale, **options)
        return self.crm.credentials_from_token(token, self.answers, self.app)

    @property
    def can_renew(self) -> bool:
        """Whether a sign-in that has run out is renewed without a person."""
        return self.crm.oauth is not None or self.crm.keys_expire

    def session(self, credentials: Credentials | None = None, timeout: Timeout = PATIENT) -> Session:
        """Calls to the double, signed in and renewing by themselves."""
        renew: Callable[[Credentials], Credentials] | None = self._renew if self.can_renew else None
        signed_in = credentials or self.sign_in()
        more: dict[str, Any] = {"app": self.app, "options": self.options, "timeout": timeout}
        return Session(self.crm, signed_in, self.answers, renew, **more)

    def _renew(self, stale: Credentials) -> Credentials:
        self.renewals += 1
        return self.sign_in() if self.crm.oauth is None else self.refreshed(stale)


def new_world(key: str, clock: Clock) -> World:
    """The world of a CRM: `World` in the module of its key beneath `worlds`."""
    world: World = importlib.import_module(f"tests.crm.worlds.{key.lower()}").World(clock)
    return world
