"""What every route of the demo CRM can reach: records, sign-ins, the request quota, its own address."""

import threading
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from bot.playground.democrm.authserver import AuthServer, TokenRefusedError
from bot.playground.democrm.model import User
from bot.playground.democrm.problems import ProblemError
from bot.playground.democrm.records import Records


@dataclass
class Quota:
    """At most `requests` API calls in each window of `seconds`; 0 requests: no limit."""

    requests: int = 0
    seconds: float = 60.0
    opened_at: float = 0.0
    used: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def set(self, requests: int, seconds: float = 60.0) -> None:
        with self.lock:
            self.requests, self.seconds, self.opened_at, self.used = requests, seconds, 0.0, 0

    def spend(self, now: float) -> None:
        """Count one call, or refuse it with the wait until the next window."""
        with self.lock:
            if now - self.opened_at >= self.seconds:
                self.opened_at, self.used = now, 0
            self.used += 1
            if self.requests and self.used > self.requests:
                wait = max(1, round(self.opened_at + self.seconds - now + 0.5))
                detail = f"No more than {self.requests} requests in {self.seconds:g} s. Wait {wait} s."
                raise ProblemError(429, "rate_limited", detail, {"Retry-After": str(wait)})


@dataclass
class Site:
    """One running demo CRM."""

    records: Records
    auth: AuthServer
    quota: Quota
    base_url: str = ""

    @property
    def revision(self) -> str:
        """Differs whenever a page would: with every change of a record, and of who is signed in."""
        return f"{self.records.rev}.{len(self.auth.active())}"

    def person_url(self, person_id: int) -> str:
        return f"{self.base_url}/people/{person_id}"

    def vacancy_url(self, vacancy_id: int) -> str:
        return f"{self.base_url}/vacancies/{vacancy_id}"


async def current_site(request: Request) -> Site:
    """The site a request came to."""
    site: Site = request.app.state.site
    return site


Here = Annotated[Site, Depends(current_site)]
Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, description="An access token from /oauth/token")),
]


class Allowed:
    """Dependency: the signed-in user, if the access token is good and has the scope."""

    def __init__(self, scope: str = "") -> None:
        self._scope = scope

    async def __call__(self, site: Here, bearer: Bearer) -> User:
        if bearer is None:
            raise _unauthorized("missing_token", "Send an access token as Authorization: Bearer.", "")
        try:
            session = site.auth.session(bearer.credentials)
        except TokenRefusedError as refusal:
            challenge = f', error="invalid_token", error_description="{refusal}"'
            raise _unauthorized("invalid_token", str(refusal), challenge) from None
        if self._scope and self._scope not in session.scopes:
            wanted = f'Bearer realm="api", error="insufficient_scope", scope="{self._scope}"'
            detail = f"This needs the scope {self._scope}; sign in again and ask for it."
            raise ProblemError(403, "insufficient_scope", detail, {"WWW-Authenticate": wanted})
        site.quota.spend(site.auth.clock())
        return session.user


def _unauthorized(code: str, detail: str, challenge: str) -> ProblemError:
    return ProblemError(401, code, detail, {"WWW-Authenticate": f'Bearer realm="api"{challenge}'})
