"""The demo CRM's OAuth 2 rules (RFC 6749, 7009, 7636): who asks, what they may, codes and tokens."""

import base64
import hashlib
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit, urlunsplit

from bot.playground.democrm.model import User

SCOPES = {
    "read_people": "See people, their files and notes",
    "write_people": "Add and update people, attach files and notes",
    "read_vacancies": "See vacancies",
    "read_applications": "See who is on which vacancy",
    "write_applications": "Put people on vacancies and move them along",
    "read_users": "See who works here",
    "offline_access": "Stay connected until you disconnect it",
}
CODE_SECONDS = 300
REQUEST_SECONDS = 900
LOOPBACK_CALLBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d{1,5})?/crm/callback")
CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class UntrustedRequestError(Exception):
    """The client or its redirect address is not known, so nobody may be sent there; shown as a page."""


class OAuthError(Exception):
    """An RFC 6749 error: `code` is its name, `redirect_to` where the browser takes it, if anywhere."""

    def __init__(self, code: str, description: str, status: int = 400, redirect_to: str = "") -> None:
        super().__init__(description)
        self.code = code
        self.status = status
        self.redirect_to = redirect_to


class TokenRefusedError(Exception):
    """An access token that is unknown, expired or revoked."""


@dataclass(frozen=True)
class SignInRequest:
    """A checked authorization request, waiting for its person."""

    id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None
    challenge: str
    expires_at: float


@dataclass
class Family:
    """All that came from one consent: its tokens live and die together."""

    user: User
    scopes: tuple[str, ...]
    access: dict[str, float] = field(default_factory=dict)
    refresh: str | None = None
    spent: set[str] = field(default_factory=set)
    revoked: bool = False


@dataclass
class _Code:
    request: SignInRequest
    family: Family
    expires_at: float
    used: bool = False


@dataclass
class AuthServer:
    """The authorization server for one registered client."""

    clock: Callable[[], float]
    client_id: str
    client_secret: str
    redirect_uris: list[str] | None
    access_token_seconds: int

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._requests: dict[str, SignInRequest] = {}
        self._codes: dict[str, _Code] = {}
        self._families: list[Family] = []

    # in the browser

    def begin(self, params: Mapping[str, str], repeated: bool) -> SignInRequest:
        """Check an authorization request and remember it; `repeated`: some parameter came twice."""
        redirect_uri = self._trusted(params)
        back = _back(redirect_uri, params.get("state"))

        def refuse(code: str, description: str) -> OAuthError:
            return OAuthError(code, description, redirect_to=back(error=code, error_description=description))

        if repeated:
            raise refuse("invalid_request", "A parameter was given twice.")
        if params.get("response_type") != "code":
            raise refuse("unsupported_response_type", "Only response_type=code is supported.")
        if params.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(
            params.get("code_challenge", "")
        ):
            raise refuse("invalid_request", "PKCE with code_challenge_method=S256 is required.")
        scopes = tuple(dict.fromkeys(params.get("scope", "").split()))
        if not scopes or not set(scopes) <= set(SCOPES):
            raise refuse("invalid_scope", f"Ask for some of: {' '.join(SCOPES)}.")
        request = SignInRequest(
            secrets.token_urlsafe(24),
            redirect_uri,
            scopes,
            params.get("state"),
            params["code_challenge"],
            self.clock() + REQUEST_SECONDS,
        )
        with self._lock:
            self._requests[request.id] = request
        return request

    def _trusted(self, params: Mapping[str, str]) -> str:
        if params.get("client_id") != self.client_id:
            raise UntrustedRequestError("The app that sent you here is not registered with this CRM.")
        redirect_uri = params.get("redirect_uri", "")
        known = (
            LOOPBACK_CALLBACK.fullmatch(redirect_uri)
            if self.redirect_uris is None
            else redirect_uri in self.redirect_uris
        )
        if not known:
            raise UntrustedRequestError("The app asked to return to an address it has not registered.")
        return redirect_uri

    def waiting(self, request_id: str) -> SignInRequest:
        """The request a person is looking at."""
        with self._lock:
            request = self._requests.get(request_id)
        if request is None or request.expires_at <= self.clock():
            raise UntrustedRequestError("This sign-in is over. Start again from the app that sent you here.")
        return request

    def decide(self, request_id: str, user: User, allow: bool) -> str:
        """End a request with the person's answer; the address the browser goes to next."""
        with self._lock:
            request = self.waiting(request_id)
            del self._requests[request_id]
            back = _back(request.redirect_uri, request.state)
            if not allow:
                return back(error="access_denied", error_description="The request was denied.")
            code = secrets.token_urlsafe(24)
            family = Family(user, request.scopes)
            self._families.append(family)
            self._codes[code] = _Code(request, family, self.clock() + CODE_SECONDS)
            return back(code=code)

    # from the client

    def token(self, form: Mapping[str, str]) -> dict[str, str | int]:
        """Answer of the token endpoint."""
        self._authenticate(form)
        with self._lock:
            match form.get("grant_type"):
                case "authorization_code":
                    return self._issue(self._redeem(form))
                case "refresh_token":
                    return self._issue(self._refresh(form))
                case None | "":
                    raise OAuthError("invalid_request", "grant_type is missing.")
        raise OAuthError("unsupported_grant_type", "Use authorization_code or refresh_token.")

    def _authenticate(self, form: Mapping[str, str]) -> None:
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        known = (self.client_id, self.client_secret)
        if not all(secrets.compare_digest(g.encode(), k.encode()) for g, k in zip(given, known, strict=True)):
            raise OAuthError("invalid_client", "client_id or client_secret is wrong.", status=401)

    def _redeem(self, form: Mapping[str, str]) -> Family:
        code = self._codes.get(_needed(form, "code"))
        if code is None:
            raise OAuthError("invalid_grant", "This code is unknown.")
        if code.used:
            code.family.revoked = True
            raise OAuthError("invalid_grant", "This code was used before; all that it gave is revoked.")
        # Whatever comes of this attempt, there is no second.
        code.used = True
        if code.expires_at <= self.clock() or code.family.revoked:
            raise OAuthError("invalid_grant", "This code has expired.")
        if form.get("redirect_uri") != code.request.redirect_uri:
            raise OAuthError("invalid_grant", "redirect_uri is not the one that the code was given to.")
        if not secrets.compare_digest(s256(form.get("code_verifier", "")), code.request.challenge):
            raise OAuthError("invalid_grant", "code_verifier does not match.")
        return code.family

    def _refresh(self, form: Mapping[str, str]) -> Family:
        token = _needed(form, "refresh_token")
        for family in self._families:
            if token in family.spent:
                family.revoked = True
                raise OAuthError("invalid_grant", "This refresh token was used before; sign in again.")
            if token == family.refresh and not family.revoked:
                if not set(form.get("scope", "").split()) <= set(family.scopes):
                    raise OAuthError("invalid_scope", "More was asked for than was granted.")
                family.spent.add(token)
                return family
        raise OAuthError("invalid_grant", "This refresh token is unknown or revoked; sign in again.")

    def _issue(self, family: Family) -> dict[str, str | int]:
        access = secrets.token_urlsafe(32)
        family.access[access] = self.clock() + self.access_token_seconds
        answer: dict[str, str | int] = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.access_token_seconds,
            "scope": " ".join(family.scopes),
        }
        if "offline_access" in family.scopes:
            family.refresh = secrets.token_urlsafe(32)
            answer["refresh_token"] = family.refresh
        return answer

    def revoke(self, form: Mapping[str, str]) -> None:
        """RFC 7009: a refresh token takes all of its sign-in along; an unknown token is no error."""
        self._authenticate(form)
        token = _needed(form, "token")
        with self._lock:
            for family in self._families:
                family.access.pop(token, None)
                if token == family.refresh or token in family.spent:
                    family.revoked = True

    # for the API, and for whoever runs the CRM

    def session(self, access_token: str) -> Family:
        """The sign-in behind an access token."""
        with self._lock:
            for family in self._families:
                if access_token in family.access and not family.revoked:
                    if family.access[access_token] <= self.clock():
                        raise TokenRefusedError("The access token has expired.")
                    return family
        raise TokenRefusedError("The access token is unknown or revoked.")

    def active(self) -> list[Family]:
        """Sign-ins that have been redeemed and not revoked."""
        with self._lock:
            return [f for f in self._families if f.access and not f.revoked]

    def revoke_all(self) -> None:
        with self._lock:
            for family in self._families:
                family.revoked = True

    def expire_access_tokens(self) -> None:
        with self._lock:
            for family in self._families:
                family.access = dict.fromkeys(family.access, self.clock())


def s256(verifier: str) -> str:
    """The PKCE challenge that belongs to a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _needed(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise OAuthError("invalid_request", f"{name} is missing.")
    return form[name]


def _back(redirect_uri: str, state: str | None) -> Callable[..., str]:
    def address(**answer: str) -> str:
        parts = urlsplit(redirect_uri)
        query = urlencode(answer | ({} if state is None else {"state": state}))
        return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))

    return address
