"""OAuth 2 with a CRM through requests-oauthlib: authorization code flow with PKCE, refresh, trusted hosts.

Scopes go into the authorize URL alone: given to the session, a vendor's differing answer would raise.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
from oauthlib.common import add_params_to_uri, urldecode
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import CrmError, Declined, Nonsense, RateLimited, SignInNeeded, Unavailable
from bot.crm._http import TIMEOUT, Answer, Session, Timeout, send
from bot.workspace import Credentials

_FINAL = frozenset(
    {
        *("invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_request"),
        # Not of the standard, but as final: the user or the whole account was switched off.
        *("invalid_client_id", "inactive_user", "inactive_org"),
        # What some vendors say for a wrong secret, and for a code or refresh token that is spent or ended.
        *("invalid_client_secret", "invalid_code"),
    }
)
_HOST = re.compile(r"[a-z0-9.-]+")

Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


def new_code_verifier() -> str:
    """A fresh PKCE code verifier."""
    return WebApplicationClient("").create_code_verifier(64)


def authorize_url(oauth: OAuth2, app: ClientApp, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the person signs in and consents."""
    extra = dict(oauth.authorize_extra)
    if oauth.pkce:
        challenge = WebApplicationClient("").create_code_challenge(verifier, "S256")
        extra |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    scope = oauth.scope_separator.join(oauth.scopes) or None
    with OAuth2Session(app.client_id, redirect_uri=redirect_uri, scope=scope) as session:
        url: str = session.authorization_url(oauth.authorize_url, state=state, **extra)[0]
    return url


def exchange_code(
    crm: Crm,
    oauth: OAuth2,
    app: ClientApp,
    *,
    code: str,
    verifier: str,
    redirect_uri: str,
    timeout: Timeout = TIMEOUT,
    clock: Clock = _now,
) -> dict[str, Any]:
    """The token answer for a code, with `expires_at` as a time. Raises `Declined` when the CRM refuses it."""
    extra: dict[str, Any] = {"code_verifier": verifier} if oauth.pkce else {}
    if oauth.client_auth == "basic":
        extra["auth"] = HTTPBasicAuth(app.client_id, app.client_secret)
    else:
        # Where a vendor gives no secret, an empty one would be a wrong one.
        extra |= {"include_client_id": True, "client_secret": app.client_secret or None}
    extra["force_querystring"] = oauth.client_auth == "query"
    with _TokenSession(crm, oauth, app, redirect_uri) as session:
        try:
            token = session.fetch_token(oauth.token_url, code=code, timeout=timeout, **extra)
        except OAuth2Error as error:
            raise _refused_code(crm, error) from None
        except requests.RequestException:
            raise Unavailable(f"{crm.name} can't be reached at the moment. Please try again.") from None
        except ValueError:
            raise Nonsense(f"{crm.name} answered the sign-in with something that is no token.") from None
    return _checked(crm, token, clock())


def refresh(
    crm: Crm,
    oauth: OAuth2,
    app: ClientApp,
    credentials: Credentials,
    *,
    timeout: Timeout = TIMEOUT,
    clock: Clock = _now,
) -> dict[str, Any]:
    """The token answer to a refresh, with `expires_at` as a time, and the old refresh token if no new one.

    Raises `SignInNeeded` when the CRM refuses for good, `Unavailable` when it can be tried again.
    """
    if not credentials.refresh_token:
        raise SignInNeeded(f"{crm.name} gave no way to renew the sign-in.")
    extra: dict[str, Any] = {}
    if oauth.client_auth == "basic":
        extra["auth"] = HTTPBasicAuth(app.client_id, app.client_secret)
    else:
        secret = {"client_secret": app.client_secret} if app.client_secret else {}
        extra |= {"client_id": app.client_id} | secret
    with _TokenSession(crm, oauth, app) as session:
        try:
            token = session.refresh_token(
                oauth.token_url, refresh_token=credentials.refresh_token, timeout=timeout, **extra
            )
        except OAuth2Error as error:
            if error.error in _FINAL:
                raise SignInNeeded(f"{crm.name} no longer accepts the sign-in.") from None
            raise Unavailable(f"{crm.name} could not renew the sign-in just now.") from None
        except requests.RequestException:
            raise Unavailable(f"{crm.name} can't be reached at the moment.") from None
        except ValueError:
            raise Nonsense(f"{crm.name} answered the renewal with something that is no token.") from None
    return {"refresh_token": credentials.refresh_token} | _checked(crm, token, clock())


def revoke(api: Session, form: Mapping[str, str] | None = None) -> None:
    """Tell the CRM's `revoke_url` (RFC 7009) that this sign-in ends. Raises a `CrmError` if it did not.

    `form` is what a vendor wants to see besides the token, in place of the client's id and secret.
    """
    oauth = api.crm.oauth_for(api.answers, api.app)
    token = api.credentials.refresh_token or api.credentials.access_token
    if oauth is None or oauth.revoke_url is None or not token:
        return
    sent, basic = {"token": token}, None
    if form is not None:
        sent |= form
    elif oauth.client_auth == "basic":
        basic = HTTPBasicAuth(api.app.client_id, api.app.client_secret)
    else:
        sent |= {"client_id": api.app.client_id, "client_secret": api.app.client_secret}
    with requests.Session() as http:
        answer = send(
            http, api.crm.name, "POST", oauth.revoke_url, timeout=api.timeout, data=sent, auth=basic
        )
    if answer.status >= 300:
        raise api.crm.explain(answer)


def trusted_api_base(crm: Crm, oauth: OAuth2 | None, app: ClientApp, url: str) -> str:
    """The API base a token answer named, if its host is the vendor's own or one of our settings'.

    Raises `Nonsense` otherwise: a token must never be sent to a host that somebody slipped in.
    """
    try:
        parts = urlsplit(url)
        trusted = _is_plain(parts) and (_is_overridden(app, parts) or _is_vendors(crm, parts))
    except ValueError:
        trusted = False
    if not trusted:
        raise Nonsense(f"{crm.name} named an API host that is not its own; the sign-in was not used.")
    return f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/")


def _is_plain(parts: SplitResult) -> bool:
    # Parsers differ in what they take for the host once it holds a backslash, an @ or the like.
    authority = parts.netloc.lower()
    named = (parts.hostname or "", f"{parts.hostname}:{parts.port}")
    return bool(_HOST.fullmatch(parts.hostname or "")) and authority in named and not parts.query


def _is_overridden(app: ClientApp, parts: SplitResult) -> bool:
    overrides = [urlsplit(url) for url in (app.authorize_url, app.token_url, app.api_url) if url]
    same_host = [override for override in overrides if override.hostname == parts.hostname]
    return bool(same_host) and parts.scheme in {"https", *(override.scheme for override in same_host)}


def _is_vendors(crm: Crm, parts: SplitResult) -> bool:
    is_named = any(fnmatch.fnmatchcase(parts.hostname or "", pattern) for pattern in crm.trusted_hosts)
    return is_named and parts.scheme == "https" and parts.port in (None, 443)


class _TokenSession(OAuth2Session):
    """A session with a token endpoint that takes no answer for a token which is none."""

    def __init__(self, crm: Crm, oauth: OAuth2, app: ClientApp, redirect_uri: str | None = None) -> None:
        super().__init__(app.client_id, redirect_uri=redirect_uri)
        self._crm, self._oauth, self._app = crm, oauth, app
        # A redirect would carry the secret and the code elsewhere.
        self.max_redirects = int(oauth.token_moves)
        self.register_compliance_hook("access_token_response", self._check)
        self.register_compliance_hook("refresh_token_response", self._check)
        if oauth.client_auth == "query":
            self.register_compliance_hook(  # type: ignore[call-overload]  # the stubs lack this hook
                "refresh_token_request", _all_in_the_query
            )

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Where the endpoint has moved to, if that is the vendor's own host."""
        target = super().get_redirect_target(resp)
        if target is not None and self._oauth.token_moves:
            if resp.status_code not in (307, 308):
                raise Nonsense(f"{self._crm.name} sent us elsewhere instead of answering.")
            moved = urljoin(resp.url, target).partition("?")[0]
            trusted_api_base(self._crm, self._oauth, self._app, moved)
        return target

    def _check(self, response: requests.Response) -> requests.Response:
        name = self._crm.name
        if response.status_code == 429:
            headers = {key.lower(): value for key, value in response.headers.items()}
            wait = Answer(response.status_code, headers, b"").retry_after
            raise RateLimited(f"{name} asks us to slow down.", self._crm.pause if wait is None else wait)
        if response.status_code >= 500:
            raise Unavailable(f"{name} has trouble at the moment (error {response.status_code}).")
        if _is_other_json(response.text):
            raise Nonsense(f"{name} answered with something that is no token.")
        return response


def _all_in_the_query(url: str, headers: Any, body: str) -> tuple[str, Any, str]:
    return add_params_to_uri(url, urldecode(body)), headers, ""


def _is_other_json(text: str) -> bool:
    # The library takes all JSON for an object, and what is no JSON for a form.
    try:
        return not isinstance(json.loads(text), dict)
    except ValueError:
        return False


def _refused_code(crm: Crm, error: OAuth2Error) -> CrmError:
    match error.error:
        case "missing_token":
            return Nonsense(f"{crm.name} answered the sign-in with no token. Please try again.")
        case "invalid_client" | "unauthorized_client" | "invalid_client_id" | "invalid_client_secret":
            names = f"CRM__{crm.key}__CLIENT_ID and CRM__{crm.key}__CLIENT_SECRET"
            return Declined(f"{crm.name} does not know this bot. Whoever runs the bot should check {names}.")
        case "invalid_grant" | "invalid_code":
            return Declined(f"The sign-in at {crm.name} has expired or was used. Please start it again.")
    return Declined(f"{crm.name} did not accept the sign-in ({error.error}). Please start it again.")


def _checked(crm: Crm, token: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    given = {name: value for name, value in token.items() if value is not None}
    if not all(isinstance(given.get(name, ""), str) for name in ("access_token", "refresh_token")):
        raise Nonsense(f"{crm.name} gave tokens that are none.")
    if not given.get("access_token"):
        raise Nonsense(f"{crm.name} answered without a token.")
    try:
        seconds = float(token.get("expires_in") or 0)
    except (TypeError, ValueError):
        raise Nonsense(f"{crm.name} gave a token without a lifetime that makes sense.") from None
    return given | {"expires_at": now + timedelta(seconds=seconds) if seconds else None}
