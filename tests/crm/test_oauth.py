"""OAuth 2 with a CRM: what the token endpoint is sent, which refusals are final, which hosts are trusted."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.crm import _oauth
from bot.crm._base import ClientApp, OAuth2
from bot.crm._errors import Declined, Nonsense, RateLimited, SignInNeeded, Unavailable
from bot.crm._registry import every_crm
from bot.workspace import Credentials
from tests.support import START, Clock, serving

DEMO, JOBADDER = every_crm()["DEMO"], every_crm()["JOBADDER"]
APP = ClientApp("an-id", "a secret&=")
TOKEN = {"access_token": "fresh", "token_type": "Bearer", "expires_in": 300}
OLD = Credentials("stale", "refresh-1")


class TokenEndpoint:
    """Answers what it is told to; keeps what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.answer: Response = JSONResponse(TOKEN)
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str | None] = []

    async def __call__(self, request: Request) -> Response:
        self.forms.append(dict(parse_qsl((await request.body()).decode())))
        self.authorizations.append(request.headers.get("authorization"))
        return self.answer

    def says(self, body: Any, status: int = 200, **headers: str) -> None:
        """The next answers."""
        self.answer = JSONResponse(body, status, headers)

    def oauth(self, **changes: Any) -> OAuth2:
        """A dialect that uses this endpoint."""
        return replace(OAuth2("http://127.0.0.1/authorize", self.url), **changes)

    def exchange(self, **changes: Any) -> dict[str, Any]:
        """A code exchanged here."""
        return _oauth.exchange_code(
            DEMO,
            self.oauth(**changes),
            APP,
            code="a-code",
            verifier="a-verifier",
            redirect_uri="https://bot.example/crm/callback",
            clock=Clock(),
        )

    def refresh(self, **changes: Any) -> dict[str, Any]:
        """A renewal here."""
        return _oauth.refresh(DEMO, self.oauth(**changes), APP, OLD, clock=Clock())


@contextmanager
def _endpoint() -> Iterator[TokenEndpoint]:
    endpoint = TokenEndpoint()

    async def token(request: Request) -> Response:
        return await endpoint(request)

    with serving(Starlette(routes=[Route("/token", token, methods=["GET", "POST"])])) as base:
        endpoint.url = f"{base}/token"
        yield endpoint


@pytest.fixture(scope="module")
def running() -> Iterator[TokenEndpoint]:
    """One server for all tests."""
    with _endpoint() as endpoint:
        yield endpoint


@pytest.fixture
def endpoint(running: TokenEndpoint) -> TokenEndpoint:
    """Nothing asked of it yet."""
    running.answer = JSONResponse(TOKEN)
    running.forms.clear()
    running.authorizations.clear()
    return running


def test_a_code_is_exchanged_with_the_secret_in_the_form(endpoint: TokenEndpoint) -> None:
    """Most vendors want the client in the body; special characters survive."""
    endpoint.exchange()
    assert endpoint.forms == [
        {
            "grant_type": "authorization_code",
            "code": "a-code",
            "client_id": "an-id",
            "client_secret": "a secret&=",
            "redirect_uri": "https://bot.example/crm/callback",
            "code_verifier": "a-verifier",
        }
    ]
    assert endpoint.authorizations == [None]


def test_a_code_is_exchanged_with_basic_authentication(endpoint: TokenEndpoint) -> None:
    """Others want it in the header, and then not in the body."""
    endpoint.exchange(client_auth="basic", pkce=False)
    basic = "Basic " + base64.b64encode(b"an-id:a secret&=").decode()
    assert endpoint.authorizations == [basic]
    assert set(endpoint.forms[0]) == {"grant_type", "code", "redirect_uri"}


def test_a_renewal_says_who_asks(endpoint: TokenEndpoint) -> None:
    """The client goes where the dialect wants it, at a renewal too."""
    endpoint.refresh()
    client = {"client_id": "an-id", "client_secret": "a secret&="}
    assert endpoint.forms == [{"grant_type": "refresh_token", "refresh_token": "refresh-1"} | client]
    endpoint.refresh(client_auth="basic")
    assert "client_secret" not in endpoint.forms[1]
    assert endpoint.authorizations[1]


def test_the_old_refresh_token_is_kept_where_no_new_one_comes(endpoint: TokenEndpoint) -> None:
    """Some vendors rotate it, some do not."""
    assert endpoint.refresh()["refresh_token"] == "refresh-1"
    endpoint.says(TOKEN | {"refresh_token": None})
    assert endpoint.refresh()["refresh_token"] == "refresh-1"
    endpoint.says(TOKEN | {"refresh_token": "refresh-2"})
    assert endpoint.refresh()["refresh_token"] == "refresh-2"


@pytest.mark.parametrize("lifetime", [300, "300"])
def test_a_lifetime_is_a_time(endpoint: TokenEndpoint, lifetime: object) -> None:
    """Number or text, the seconds become the time of expiry."""
    endpoint.says(TOKEN | {"expires_in": lifetime})
    assert endpoint.exchange()["expires_at"] == START + timedelta(seconds=300)


def test_a_token_may_be_without_a_lifetime(endpoint: TokenEndpoint) -> None:
    """Then its end shows by a 401 alone."""
    endpoint.says({"access_token": "fresh"})
    assert endpoint.exchange()["expires_at"] is None


@pytest.mark.parametrize("lifetime", ["soon", [], {}])
def test_a_senseless_lifetime_is_nonsense(endpoint: TokenEndpoint, lifetime: object) -> None:
    """It is told as the CRM's mistake, not ours."""
    endpoint.says(TOKEN | {"expires_in": lifetime or ["x"]})
    with pytest.raises(Nonsense):
        endpoint.exchange()


def test_what_else_the_answer_tells_is_kept(endpoint: TokenEndpoint) -> None:
    """API hosts and the like come through, and another scope than was asked for does no harm."""
    endpoint.says(TOKEN | {"api_domain": "https://x.example", "scope": "something else"})
    assert endpoint.exchange(scopes=("a", "b"))["api_domain"] == "https://x.example"


@pytest.mark.parametrize(
    "code", ["invalid_grant", "invalid_client", "unauthorized_client", "access_denied", "inactive_user"]
)
def test_final_refusals_need_a_person(endpoint: TokenEndpoint, code: str) -> None:
    """A renewal that is refused for good is not tried again."""
    endpoint.says({"error": code}, 400)
    with pytest.raises(SignInNeeded):
        endpoint.refresh()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"error": "temporarily_unavailable"}, 400),
        ({"error": "invalid_grant"}, 503),
        ({}, 200),
        ([], 200),
        ("surprise", 200),
        (None, 200),
        (7, 200),
        ({"access_token": None}, 200),
        ({"access_token": ""}, 200),
        ({"access_token": ["x"]}, 200),
        ({"access_token": "fresh", "refresh_token": {}}, 200),
    ],
)
def test_passing_trouble_is_tried_again(endpoint: TokenEndpoint, body: object, status: int) -> None:
    """Neither an outage nor an empty answer ends a sign-in."""
    endpoint.says(body, status)
    with pytest.raises(Unavailable):
        endpoint.refresh()


def test_a_limit_at_the_token_endpoint_is_one(endpoint: TokenEndpoint) -> None:
    """It tells how long to wait."""
    endpoint.says({"error": "slow_down"}, 429, **{"Retry-After": "9"})
    with pytest.raises(RateLimited) as limit:
        endpoint.refresh()
    assert limit.value.seconds == 9


@pytest.mark.parametrize("status", [302, 307])
def test_the_secret_follows_no_redirect(endpoint: TokenEndpoint, status: int) -> None:
    """A token endpoint that sends elsewhere is asked once and no further."""
    endpoint.answer = RedirectResponse(f"{endpoint.url}?again", status)
    with pytest.raises(Unavailable):
        endpoint.exchange()
    assert len(endpoint.forms) == 1


def test_a_refused_code_is_told_in_words(endpoint: TokenEndpoint) -> None:
    """A person reads what happened and what to do."""
    endpoint.says({"error": "invalid_scope"}, 400)
    with pytest.raises(Declined, match=r"invalid_scope.*start it again"):
        endpoint.exchange()


def test_scopes_are_joined_as_the_vendor_wants() -> None:
    """By spaces or commas; what else the vendor wants goes along."""
    oauth = OAuth2(
        "https://id.example/auth?tenant=7",
        "https://id.example/token",
        scopes=("a.READ", "b.ALL"),
        scope_separator=",",
        authorize_extra={"access_type": "offline"},
    )
    url = _oauth.authorize_url(oauth, APP, "https://bot.example/crm/callback", "s", "v" * 64)
    asked = parse_qs(urlsplit(url).query)
    assert (asked["scope"], asked["tenant"], asked["access_type"]) == (["a.READ,b.ALL"], ["7"], ["offline"])


def test_verifiers_differ() -> None:
    """Each sign-in has its own, long enough for PKCE."""
    first, second = _oauth.new_code_verifier(), _oauth.new_code_verifier()
    assert first != second
    assert 43 <= len(first) <= 128


# --- hosts --------------------------------------------------------------------------------------------

OVERRIDDEN = ClientApp(
    "an-id", "hush", token_url="http://127.0.0.1:4000/token", api_url="https://sandbox.example/v2"
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.jobadder.com/v2",
        "https://us1api.jobadder.com/v2/",
        "https://eu.api.jobadder.com:443/v2",
        "http://127.0.0.1:5000/v2",
        "https://127.0.0.1/v2",
        "https://sandbox.example/other",
    ],
)
def test_own_hosts_are_trusted(url: str) -> None:
    """The vendor's hosts, and those that settings put in their place, may be named."""
    assert _oauth.trusted_api_base(JOBADDER, JOBADDER.oauth, OVERRIDDEN, url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/v2",
        "https://jobadder.com.evil.example/v2",
        "https://evil-jobadder.com/v2",
        "http://api.jobadder.com/v2",
        "http://sandbox.example/v2",
        "https://api.jobadder.com:8443/v2",
        "https://api.jobadder.com@evil.example/v2",
        "https://evil.example\\.jobadder.com/v2",
        "https://evil.example#.jobadder.com/v2",
        "https://evil.example%2f.jobadder.com/v2",
        "https://api.jobadder.com/v2?x=",
        "https://user:pw@api.jobadder.com/v2",
        "https://api.jobadder.com:port/v2",
        "https://[api.jobadder.com/v2",
        "ftp://127.0.0.1/v2",
        "//api.jobadder.com/v2",
        "api.jobadder.com",
        "",
    ],
)
def test_foreign_hosts_are_not(url: str) -> None:
    """Look-alikes, tricks with the address and unencrypted ways are refused."""
    with pytest.raises(Nonsense, match="not its own"):
        _oauth.trusted_api_base(JOBADDER, JOBADDER.oauth, OVERRIDDEN, url)
