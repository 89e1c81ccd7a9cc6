"""Worlds over a double: what is the same wherever a server of this machine plays the CRM."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from bot.crm._base import ClientApp
from bot.playground.democrm.faults import Faults
from bot.playground.democrm.wire import Call
from tests.crm.world import REDIRECT_URI, KnownVacancy, World
from tests.doubles._double import CrmDouble, OAuthDouble
from tests.support import Clock


class Player(Protocol):
    """What plays a CRM."""

    @property
    def faults(self) -> Faults: ...

    @property
    def calls(self) -> list[Call]: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def reset(self) -> None: ...


PlayerT = TypeVar("PlayerT", bound=Player)
KeyT = TypeVar("KeyT", bound=CrmDouble)
OAuthT = TypeVar("OAuthT", bound=OAuthDouble)


class DoubleWorld(World, Generic[PlayerT]):
    """Jobs have no reference of their own, unless a CRM's world says so; it stands in their titles."""

    open_vacancy = KnownVacancy("991", "JOB-42", "Site Engineer (JOB-42)")
    closed_vacancy = KnownVacancy("993", "JOB-48", "Executive Assistant (JOB-48)")
    user_email = "maya@brightdesk.example"

    def __init__(self, clock: Clock, double: PlayerT) -> None:
        super().__init__(clock)
        self.double = double

    @property
    def faults(self) -> Faults:
        return self.double.faults

    @property
    def calls(self) -> list[Call]:
        return self.double.calls

    def start(self) -> None:
        self.double.start()

    def stop(self) -> None:
        self.double.stop()

    def reset(self) -> None:
        self.double.reset()


class KeyWorld(DoubleWorld[KeyT]):
    """Signed in to with keys, which do not run out by themselves unless a CRM's world says so."""

    kind: Callable[[Callable[[], float]], KeyT]

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, self.kind(lambda: clock().timestamp()))

    @property
    def app(self) -> ClientApp:
        return ClientApp(api_url=self.double.api_url)

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        raise NotImplementedError("There is no sign-in page.")

    def expire_access_tokens(self) -> None:
        raise NotImplementedError("A key stays.")


class OAuthWorld(DoubleWorld[OAuthT]):
    """Signed in to by OAuth 2."""

    kind: Callable[[Callable[[], float], str], OAuthT]

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, self.kind(lambda: clock().timestamp(), REDIRECT_URI))

    @property
    def app(self) -> ClientApp:
        double, sign_in = self.double, self.double.sign_in
        urls = (double.authorize_url, double.token_url, double.api_url)
        return ClientApp(sign_in.client_id, sign_in.client_secret, *urls)

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        return self.double.sign_in.approve(authorize_url, allow)

    def expire_access_tokens(self) -> None:
        self.double.sign_in.expire_access_tokens()

    def revoke_all(self) -> None:
        self.double.sign_in.revoke_all()
