"""OAuth 2 with a CRM, through requests-oauthlib: the authorization code flow with state and PKCE, refresh, and hosts.

Scopes go into the authorize URL alone: given to the session, a vendor's differing answer would raise.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import requests
from oauthlib.oauth2 import OAuth2Error, WebApplicationClient
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import Declined, Nonsense, SignInNeeded, Unavailable
from bot.crm._http import CONNECT_SECONDS, READ_SECONDS
from bot.models import Credentials

_FINAL = frozenset({"invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "invalid_request"})


def new_code_verifier() -> str:
    """A fresh PKCE code verifier."""
    return WebApplicationClient("").create_code_verifier(64)


def authorize_url(oauth: OAuth2, app: ClientApp, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the person signs in and consents."""
    extra = dict(oauth.authorize_extra)
    if oauth.scopes:
        extra["scope"] = oauth.scope_separator.join(oauth.scopes)
    if oauth.pkce:
        challenge = WebApplicationClient("").create_code_challenge(verifier, "S256")
        extra |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    session = OAuth2Session(app.client_id, redirect_uri=redirect_uri)
    url: str = session.authorization_url(oauth.authorize_url, state=state, **extra)[0]
    return url


def exchange_code(
    crm: Crm, oauth: OAuth2, app: ClientApp, *, code: str, verifier: str, redirect_uri: str
) -> dict[str, Any]:
    """The token answer for a code. Raises `Declined` when the CRM refuses it."""
    extra: dict[str, Any] = {"code_verifier": verifier} if oauth.pkce else {}
    with OAuth2Session(app.client_id, redirect_uri=redirect_uri) as session:
        try:
            token = session.fetch_token(oauth.token_url, code=code, **_client_auth(oauth, app), **extra)
        except OAuth2Error as error:
            raise Declined(f"{crm.name} did not accept the sign-in ({error.error}). Please try again.") from None
        except requests.RequestException:
            raise Unavailable(f"{crm.name} can't be reached at the moment. Please try again.") from None
        except ValueError:
            raise Nonsense(f"{crm.name} answered the sign-in with something that is no token.") from None
    return _with_expiry(token)


def refresh(crm: Crm, oauth: OAuth2, app: ClientApp, credentials: Credentials) -> dict[str, Any]:
    """The token answer to a refresh; where it holds no new refresh token, the old one is put back.

    Raises `SignInNeeded` when the CRM refuses for good, `Unavailable` when it can be tried again.
    """
    if not credentials.refresh_token:
        raise SignInNeeded(f"{crm.name} gave no way to renew the sign-in.")
    auth = _client_auth(oauth, app)
    with OAuth2Session(app.client_id) as session:
        body = {"client_id": app.client_id, "client_secret": app.client_secret} if oauth.client_auth == "body" else {}
        try:
            token = session.refresh_token(
                oauth.token_url,
                refresh_token=credentials.refresh_token,
                auth=auth["auth"],
                timeout=auth["timeout"],
                **body,
            )
        except OAuth2Error as error:
            if error.error in _FINAL:
                raise SignInNeeded(f"{crm.name} no longer accepts the sign-in.") from None
            raise Unavailable(f"{crm.name} could not renew the sign-in just now.") from None
        except requests.RequestException:
            raise Unavailable(f"{crm.name} can't be reached at the moment.") from None
        except ValueError:
            raise Unavailable(f"{crm.name} answered the renewal with something that is no token.") from None
    return {"refresh_token": credentials.refresh_token} | _with_expiry(token)


def trusted_api_base(crm: Crm, oauth: OAuth2 | None, app: ClientApp, url: str) -> str:
    """The API base a token answer named, if its host is the vendor's own or one of our settings'.

    Raises `Nonsense` otherwise: a token must never be sent to a host that somebody slipped in.
    """
    host = urlsplit(url).hostname or ""
    named = [app.authorize_url, app.token_url, app.api_url]
    if host in {urlsplit(address).hostname for address in named if address}:
        return url.rstrip("/")
    is_vendors = any(fnmatch.fnmatchcase(host, pattern) for pattern in crm.trusted_hosts)
    if not is_vendors or urlsplit(url).scheme != "https":
        raise Nonsense(f"{crm.name} named an API host that is not its own; the sign-in was not used.")
    return url.rstrip("/")


def _client_auth(oauth: OAuth2, app: ClientApp) -> dict[str, Any]:
    options: dict[str, Any] = {"timeout": (CONNECT_SECONDS, READ_SECONDS)}
    if oauth.client_auth == "basic":
        return options | {"auth": HTTPBasicAuth(app.client_id, app.client_secret)}
    return options | {"include_client_id": True, "client_secret": app.client_secret, "auth": None}


def _with_expiry(token: Mapping[str, Any]) -> dict[str, Any]:
    seconds = token.get("expires_in")
    lasts = timedelta(seconds=float(seconds)) if seconds else None
    return dict(token) | {"expires_at": datetime.now(UTC) + lasts if lasts else None}
