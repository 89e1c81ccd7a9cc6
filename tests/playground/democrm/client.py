"""An OAuth client of the demo CRM over real HTTP, and a clock that is moved by hand."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

from bot.playground.democrm import DemoCrm
from bot.playground.democrm.authserver import SCOPES, s256

VERIFIER = "a-verifier-that-is-long-enough-for-the-rules-0123456789"
CALLBACK = "http://127.0.0.1:3000/crm/callback"
ALL_SCOPES = " ".join(SCOPES)


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Client:
    """What an app does: send the browser, redeem the code, refresh, call."""

    crm: DemoCrm
    http: requests.Session = field(default_factory=requests.Session)
    tokens: dict[str, Any] = field(default_factory=dict)

    def authorize_url(self, **changes: str | None) -> str:
        """The sign-in address; a change to None leaves the parameter out."""
        params: dict[str, str | None] = {
            "response_type": "code",
            "client_id": self.crm.client_id,
            "redirect_uri": CALLBACK,
            "scope": ALL_SCOPES,
            "state": "st&te/ü",
            "code_challenge": s256(VERIFIER),
            "code_challenge_method": "S256",
        }
        params |= changes
        return (
            self.crm.authorize_url
            + "?"
            + urlencode({name: value for name, value in params.items() if value is not None})
        )

    def code(self, email: str = "priya@brightdesk.example", **changes: str | None) -> str:
        """A fresh code, by way of the sign-in pages."""
        return answer(self.crm.approve(self.authorize_url(**changes), email))["code"]

    def token(self, **form: str | None) -> requests.Response:
        """A call of the token endpoint; a field set to None is left out."""
        fields: dict[str, str | None] = {
            "client_id": self.crm.client_id,
            "client_secret": self.crm.client_secret,
        }
        return self.http.post(self.crm.token_url, fields | form, timeout=30)

    def redeem(self, given_code: str, **form: str | None) -> requests.Response:
        """Tokens for a code."""
        fields: dict[str, str | None] = {
            "grant_type": "authorization_code",
            "code": given_code,
            "redirect_uri": CALLBACK,
            "code_verifier": VERIFIER,
        }
        return self.token(**fields | form)

    def refresh(self, refresh_token: str | None = None) -> requests.Response:
        """New tokens for the refresh token (the one this client holds, unless another is given)."""
        held = refresh_token or str(self.tokens["refresh_token"])
        return self.token(grant_type="refresh_token", refresh_token=held)

    def sign_in(self, email: str = "priya@brightdesk.example", **changes: str | None) -> "Client":
        """Go all the way and keep the tokens."""
        response = self.redeem(self.code(email, **changes))
        assert response.status_code == 200, response.text
        self.tokens = response.json()
        return self

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """An API call with the access token."""
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"} | options.pop("headers", {})
        options.setdefault("timeout", 5)
        return self.http.request(method, self.crm.api_url + path, headers=headers, **options)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, **body: Any) -> requests.Response:
        return self.call("POST", path, json=body)

    def patch(self, path: str, **body: Any) -> requests.Response:
        return self.call("PATCH", path, json=body)


def answer(address: str) -> dict[str, str]:
    """The query of an address that the browser was sent back to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def fields_named(response: requests.Response) -> set[str]:
    """The fields that a problem document names."""
    return {error["field"] for error in response.json()["errors"]}
