"""What all parts of the double share: who is signed in, where it lives, what it holds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from tests.doubles._signin import Grant, SignIn

from .records import Records


class RefusalError(Exception):
    """An answer other than success, in Bullhorn's words."""

    def __init__(self, status: int, message: str, key: str = "", *fields: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.key = key
        self.fields = fields


class BullhornSignIn(SignIn):
    """Without scopes; every token comes with a new refresh token, and the one before is spent."""

    def _issue(self, grant: Grant) -> dict[str, str | int]:
        answer = super()._issue(grant)
        grant.refresh = str(uuid.uuid4())
        return answer | {"refresh_token": grant.refresh}


@dataclass
class Site:
    """`home` is the base of the data centre that everything lives in; elsewhere calls are sent there by 307.

    `rest_url` replaces the base that a login names. `user_id` is who consented last; `forced_back` counts
    confidential values that somebody tried to write.
    """

    sign_in: BullhornSignIn
    records: Records = field(default_factory=Records)
    home: str = ""
    rest_url: str | None = None
    user_id: int = 5
    logins: int = 0
    forced_back: int = 0
    sessions: dict[str, int] = field(default_factory=dict)
    until: dict[str, float] = field(default_factory=dict)

    def new_session(self, minutes: int) -> str:
        """A REST session of whoever consented, which ends after so many minutes."""
        self.logins += 1
        token = str(uuid.uuid4())
        self.sessions[token] = self.user_id
        self.until[token] = self.sign_in.clock() + 60 * minutes
        return token

    def is_open(self, token: str) -> bool:
        """Whether a session has not ended."""
        return token in self.sessions and self.until[token] > self.sign_in.clock()

    def end_sessions(self) -> None:
        """Every session and every access token run out."""
        self.sessions.clear()
        self.sign_in.expire_access_tokens()
