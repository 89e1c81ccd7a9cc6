"""An OAuth 2 authorization server for doubles: one client, codes and refresh tokens that work once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

ASKED = frozenset({"response_type", "client_id", "redirect_uri", "state"})
"""What every authorize URL may have."""
PKCE = frozenset({"code_challenge", "code_challenge_method"})
SENT = frozenset({"client_id", "client_secret", "grant_type", "code", "redirect_uri", "refresh_token"})
"""What every token form may have."""
_OTHERS = {"authorization_code": "refresh_token", "refresh_token": "code"}
"""What belongs to the other kind of grant."""


class RefusedError(Exception):
    """An OAuth error by its RFC 6749 name."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


async def form_of(request: Request) -> dict[str, str]:
    """The fields of the form that was sent."""
    async with request.form() as sent:
        return {name: str(value) for name, value in sent.items()}


@dataclass
class Grant:
    """What one consent gave; all its tokens live and die together."""

    scopes: frozenset[str]
    redirect_uri: str
    code_until: float
    challenge: str | None = None
    access: dict[str, float] = field(default_factory=dict)
    refresh: str | None = None


@dataclass
class SignIn:
    """`known` are the only parameters the authorize URL and the token form may have.

    A PKCE challenge is held to its verifier. `refresh_scope` is what brings a refresh token, None: any does.
    """

    clock: Callable[[], float]
    client_id: str
    client_secret: str
    redirect_uri: str
    scopes: frozenset[str]
    known_authorize: frozenset[str]
    known_token: frozenset[str]
    code_seconds: float = 300
    access_seconds: int = 3600
    refresh_scope: str | None = "offline_access"
    rotates: bool = True

    def __post_init__(self) -> None:
        self._codes: dict[str, Grant] = {}
        self._grants: list[Grant] = []

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        """A person signs in and answers; where their browser is sent. `RefusedError` for a bad request."""
        pairs = parse_qsl(urlsplit(authorize_url).query, strict_parsing=True, keep_blank_values=True)
        asked = dict(pairs)
        if len(asked) != len(pairs) or not set(asked) <= self.known_authorize or not asked.get("state"):
            raise RefusedError("invalid_request")
        if (asked.get("client_id"), asked.get("redirect_uri")) != (self.client_id, self.redirect_uri):
            raise RefusedError("unauthorized_client")
        if asked.get("response_type") != "code":
            raise RefusedError("unsupported_response_type")
        scopes = frozenset(asked.get("scope", "").split(" "))
        if not scopes <= self.scopes or scopes == {self.refresh_scope}:
            raise RefusedError("invalid_scope")
        answer = {"error": "access_denied"} if not allow else {"code": self._new_code(scopes, asked)}
        return f"{self.redirect_uri}?{urlencode(answer | {'state': asked['state']})}"

    def token(self, form: Mapping[str, str]) -> dict[str, str | int]:
        """The token answer to a form."""
        if not set(form) <= self.known_token or _OTHERS.get(form.get("grant_type", "")) in form:
            raise RefusedError("invalid_request")
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            raise RefusedError("invalid_client")
        match form.get("grant_type"):
            case "authorization_code":
                return self._issue(self._redeemed(form))
            case "refresh_token":
                return self._issue(self._refreshed(form))
        raise RefusedError("unsupported_grant_type")

    def scopes_of(self, access_token: str) -> frozenset[str] | None:
        """What a token allows; None for one that is unknown, expired or revoked."""
        for grant in self._grants:
            if grant.access.get(access_token, 0) > self.clock():
                return grant.scopes
        return None

    def expire_access_tokens(self) -> None:
        """Let every access token run out now."""
        for grant in self._grants:
            grant.access.clear()

    def revoke(self, token: str, access_too: bool = True) -> bool:
        """End the sign-in that a refresh or access token is of; whether there is one."""
        for grant in self._grants:
            if token == grant.refresh or token in grant.access:
                grant.refresh = None
                if access_too:
                    grant.access.clear()
                return True
        return False

    def revoke_all(self) -> None:
        """End every sign-in."""
        self._grants.clear()

    def _new_code(self, scopes: frozenset[str], asked: Mapping[str, str]) -> str:
        code, challenge = secrets.token_urlsafe(16), asked.get("code_challenge")
        self._codes[code] = Grant(scopes, self.redirect_uri, self.clock() + self.code_seconds, challenge)
        return code

    def _redeemed(self, form: Mapping[str, str]) -> Grant:
        grant = self._codes.pop(form.get("code", ""), None)
        if (
            grant is None
            or grant.code_until <= self.clock()
            or form.get("redirect_uri") != grant.redirect_uri
            or (grant.challenge and _challenge(form.get("code_verifier", "")) != grant.challenge)
        ):
            raise RefusedError("invalid_grant")
        self._grants.append(grant)
        return grant

    def _refreshed(self, form: Mapping[str, str]) -> Grant:
        token = form.get("refresh_token")
        for grant in self._grants:
            if token and grant.refresh == token:
                return grant
        raise RefusedError("invalid_grant")

    def _issue(self, grant: Grant) -> dict[str, str | int]:
        access = secrets.token_urlsafe(24)
        grant.access = {access: self.clock() + self.access_seconds}
        answer: dict[str, str | int] = {
            "access_token": access,
            "expires_in": self.access_seconds,
            "token_type": "Bearer",
        }
        if self.refresh_scope is None or self.refresh_scope in grant.scopes:
            if self.rotates or grant.refresh is None:
                grant.refresh = secrets.token_urlsafe(24)
            answer["refresh_token"] = grant.refresh
        return answer


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
