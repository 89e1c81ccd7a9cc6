"""Installing by OAuth: consent, single-use codes, and what the token may do."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack

from .conftest import Clock
from .test_web_api import refusal

REDIRECT = "http://127.0.0.1:3000/slack/oauth_redirect"


def authorize_url(slack: LocalSlack, **changes: str) -> str:
    query = {
        "client_id": "local-client-id",
        "scope": "chat:write,commands",
        "redirect_uri": REDIRECT,
        "state": "s1",
    }
    return f"{slack.base_url}/oauth/v2/authorize?{urlencode(query | changes)}"


def access(slack: LocalSlack, code: str, **changes: str) -> WebClient:
    client = WebClient(base_url=slack.api_url)
    fields = {
        "client_id": "local-client-id",
        "client_secret": "local-client-secret",
        "redirect_uri": REDIRECT,
    }
    answer = client.oauth_v2_access(code=code, **(fields | changes))
    return WebClient(token=answer["access_token"], base_url=slack.api_url)


def code_of(url: str) -> str:
    return parse_qs(urlsplit(url).query)["code"][0]


def test_consent_leads_back_with_a_code(slack: LocalSlack) -> None:
    """The page names the scopes; Allow redirects with code and state, Cancel with access_denied."""
    page = requests.get(authorize_url(slack), timeout=30)
    assert "<li>chat:write</li>" in page.text
    assert "Maya Okafor" in page.text
    assert "Gwen Ruiz" not in page.text
    fields = {"client_id": "local-client-id", "scope": "chat:write", "redirect_uri": REDIRECT, "state": "s1"}
    where = f"{slack.base_url}/oauth/v2/authorize"
    allow = fields | {"decision": "allow", "user": "UADMIN"}
    allowed = requests.post(where, data=allow, allow_redirects=False, timeout=30).headers["location"]
    denied = requests.post(where, data=fields, allow_redirects=False, timeout=30).headers["location"]
    assert allowed.startswith(f"{REDIRECT}?code=")
    assert allowed.endswith("&state=s1")
    assert denied == f"{REDIRECT}?error=access_denied&state=s1"


def test_a_code_becomes_a_token_once(slack: LocalSlack) -> None:
    """A workspace without the bot gets a living token with just the scopes that were asked for."""
    slack.add_workspace("TNEW", "New Agency", bot_token="xoxb-dead", scopes=[], installed=False)
    dead = WebClient(token="xoxb-dead", base_url=slack.api_url)
    assert refusal(dead.auth_test)["error"] == "account_inactive"
    code = code_of(slack.install_app(authorize_url(slack), "UNEWADMIN"))
    client = access(slack, code)
    assert client.auth_test()["team_id"] == "TNEW"
    assert slack.workspace("TNEW").scopes == {"chat:write", "commands"}
    assert refusal(access, slack=slack, code=code)["error"] == "code_already_used"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "nonsense"}, "invalid_code"),
        ({"client_id": "other"}, "invalid_client_id"),
        ({"client_secret": "wrong"}, "bad_client_secret"),
        ({"redirect_uri": "http://elsewhere.example"}, "bad_redirect_uri"),
    ],
)
def test_exchanges_that_are_refused(slack: LocalSlack, changes: dict[str, str], error: str) -> None:
    """Each with Slack's word for it."""
    code = code_of(slack.install_app(authorize_url(slack)))
    assert refusal(access, slack=slack, **({"code": code} | changes))["error"] == error


def test_codes_expire(slack: LocalSlack, clock: Clock) -> None:
    """After ten minutes."""
    code = code_of(slack.install_app(authorize_url(slack)))
    clock.now += 601
    assert refusal(access, slack=slack, code=code)["error"] == "code_expired"


def test_bad_requests_end_on_slacks_own_page(slack: LocalSlack) -> None:
    """Never redirecting to where the app isn't registered."""
    slack.oauth.redirect_urls = ["http://127.0.0.1:3000/"]
    evil = requests.get(authorize_url(slack, redirect_uri="http://evil.example"), timeout=30)
    other = requests.get(authorize_url(slack, client_id="other"), timeout=30)
    assert (evil.status_code, other.status_code) == (400, 400)
    assert "bad_redirect_uri" in evil.text
    assert requests.get(authorize_url(slack), timeout=30).status_code == 200
