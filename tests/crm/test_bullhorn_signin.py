"""Bullhorn's own way in: data centres, everything in the query, a second login, pages for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.crm import _oauth
from bot.crm._base import ClientApp
from bot.crm._errors import Nonsense, RateLimited, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.errors import Invalid
from bot.workspace import Credentials
from tests.doubles.bullhorn import BullhornDouble

from .test_fixtures import documented, missing_in
from .world import REDIRECT_URI, VERIFIER
from .worlds.bullhorn import World

pytestmark = pytest.mark.parametrize("world", ["BULLHORN"], indirect=True)
ELSEWHERE = "https://rest.elsewhere.example"
LOGIN = "/rest-services/login"


@pytest.fixture
def double(world: World) -> BullhornDouble:
    """The double behind the world."""
    return world.double


@pytest.fixture
def asking(world: World) -> ClientApp:
    """Settings that name nothing but the API: the sign-in is where the data centre says."""
    return replace(world.app, authorize_url=None, token_url=None)


# --- the data centre ----------------------------------------------------------------------------------


def test_the_user_name_finds_the_data_centre(world: World, double: BullhornDouble, asking: ClientApp) -> None:
    """What Bullhorn tells is kept with the answers, and the whole sign-in goes there."""
    kept = world.crm.check_answers({"username": " priya ", "rest_url": ELSEWHERE}, asking)
    assert kept == {"username": "priya", "oauth_url": f"{double.base_url}/oauth", "rest_url": double.api_url}
    oauth = world.crm.oauth_for(kept, asking)
    assert oauth is not None
    assert (oauth.authorize_url, oauth.token_url) == (double.authorize_url, double.token_url)


def test_a_sign_in_that_the_settings_name_needs_no_data_centre(world: World, double: BullhornDouble) -> None:
    """Bullhorn's own host is not asked about the users of a double."""
    assert world.crm.check_answers({"username": "priya"}, world.app) == {"username": "priya"}
    assert double.calls == []


@pytest.mark.parametrize("username", ["", "  ", "nobody", "priya&username=ben"])
def test_a_wrong_user_name_is_told_beside_its_field(world: World, asking: ClientApp, username: str) -> None:
    """Before anybody is sent to a sign-in page that could not be theirs."""
    with pytest.raises(Invalid) as trouble:
        world.crm.check_answers({"username": username}, asking)
    assert [fault.field for fault in trouble.value.faults] == ["username"]


@pytest.mark.parametrize(
    "told",
    [
        {
            "oauthUrl": f"{ELSEWHERE}/oauth",
            "restUrl": "https://rest-emea.bullhornstaffing.com/rest-services/",
        },
        {
            "oauthUrl": "https://auth-emea.bullhornstaffing.com/oauth",
            "restUrl": f"{ELSEWHERE}/rest-services/",
        },
        {"oauthUrl": "https://auth.bullhornstaffing.com.elsewhere.example/oauth", "restUrl": ELSEWHERE},
        {"oauthUrl": "http://auth.bullhornstaffing.com/oauth", "restUrl": "http://rest.bullhornstaffing.com"},
        {"restUrl": "https://rest.bullhornstaffing.com/rest-services/"},
    ],
)
def test_a_data_centre_must_be_bullhorns(world: World, asking: ClientApp, told: Mapping[str, Any]) -> None:
    """A host that somebody slipped in is never signed in to."""
    world.faults.add(kind="nonsense", path="/rest-services/loginInfo", body=told)
    with pytest.raises(Nonsense):
        world.crm.check_answers({"username": "priya"}, asking)


def test_bullhorns_own_data_centres_are_taken(world: World, asking: ClientApp) -> None:
    """As documented, with the slash that it ends in."""
    told = {"oauthUrl": "https://auth-emea.bullhornstaffing.com/oauth"}
    told["restUrl"] = "https://rest-emea.bullhornstaffing.com/rest-services/"
    world.faults.add(kind="nonsense", path="/rest-services/loginInfo", body=told)
    kept = world.crm.check_answers({"username": "priya"}, asking)
    assert kept["rest_url"] == "https://rest-emea.bullhornstaffing.com/rest-services"


def test_a_silent_data_centre_is_no_fault_of_the_user_name(world: World, asking: ClientApp) -> None:
    """Trouble is told as trouble."""
    world.faults.add(kind="error", path="/rest-services/loginInfo", status=503)
    with pytest.raises(Unavailable):
        world.crm.check_answers({"username": "priya"}, asking)


def test_the_wrong_data_centre_sends_on(world: World, double: BullhornDouble, asking: ClientApp) -> None:
    """Its 307 is followed: for the user name, the tokens and the login."""
    double.move()
    kept = world.crm.check_answers({"username": "priya"}, asking)
    assert kept["oauth_url"] == f"{double.base_url}/emea/oauth"
    credentials = world.refreshed(
        world.crm.credentials_from_token(world.exchange(_code(world)), world.answers, world.app)
    )
    with world.session(credentials) as api:
        assert world.crm.account(api) == "Priya Shah · Bright Desk"


def test_nobody_is_sent_to_foreign_hosts(world: World, double: BullhornDouble, asking: ClientApp) -> None:
    """Neither the user name nor a secret goes where a 307 to another's host points."""
    credentials = world.sign_in()
    double.move(ELSEWHERE)
    with pytest.raises(Nonsense, match="not its own"):
        world.crm.check_answers({"username": "priya"}, asking)
    with pytest.raises(Nonsense, match="not its own"):
        world.refreshed(credentials)


# --- tokens and sessions ------------------------------------------------------------------------------


def test_tokens_are_asked_for_by_query_alone(world: World, double: BullhornDouble) -> None:
    """At the code and at the renewal; the double refuses a body."""
    world.refreshed(world.sign_in())
    asked = [call.query for call in double.calls if call.path == "/oauth/token"]
    client = {"client_id", "client_secret", "grant_type"}
    assert [set(query) for query in asked] == [client | {"code", "redirect_uri"}, client | {"refresh_token"}]


def test_one_login_serves_many_calls(world: World, double: BullhornDouble) -> None:
    """Logins are limited: the session is kept until it ends."""
    with world.session() as api:
        for _ in range(5):
            world.crm.account(api)
    assert double.site.logins == 1


def test_a_session_that_is_not_seen_is_renewed(world: World, api: Session) -> None:
    """Bullhorn says 412 where others say 401."""
    world.order("error", "find", status=412)
    assert world.crm.find_people(api, email="ana@example.com") == []
    assert world.renewals == 1


def test_a_spent_refresh_token_is_worthless(world: World) -> None:
    """Refresh tokens work once, so the new one must be kept."""
    first = world.sign_in()
    assert world.refreshed(first).refresh_token != first.refresh_token
    with pytest.raises(SignInNeeded):
        world.refreshed(first)


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "error", "status": 500},
        {"kind": "ratelimited"},
        {"kind": "reset_before"},
        {"kind": "html"},
        {"kind": "nonsense", "body": {"BhRestToken": ""}},
        {"kind": "nonsense", "body": {"BhRestToken": "t", "restUrl": f"{ELSEWHERE}/rest-services/e999/"}},
        {"kind": "error", "status": 401},
    ],
)
def test_a_login_that_stumbles_does_not_cost_the_sign_in(world: World, fault: dict[str, Any]) -> None:
    """The refresh token that came before it is kept and used at once; nothing is sent anywhere meanwhile."""
    stale = world.sign_in()
    world.faults.add(method="POST", path=LOGIN, **fault)
    half = world.refreshed(stale)
    assert (half.access_token, half.api_base) == ("", "")
    assert half.refresh_token not in (None, stale.refresh_token)
    assert half.expires_at is not None
    assert half.expires_at < world.clock()
    with Session(world.crm, half, world.answers) as api:
        for deed in (world.crm.account, world.crm.open_vacancies):
            with pytest.raises(Unavailable, match="Bullhorn"):
                deed(api)
    with world.session(world.refreshed(half)) as api:
        assert world.crm.account(api)


def test_a_first_login_that_stumbles_says_why(world: World) -> None:
    """Whoever signs in reads what is the matter, not that something is."""
    world.faults.add(kind="ratelimited", method="POST", path=LOGIN)
    with world.session() as api, pytest.raises(Unavailable, match="slow down"):
        world.crm.account(api)


def test_a_client_without_refresh_tokens_can_still_sign_in(world: World) -> None:
    """Bullhorn gives them to some clients only; then the session is all there is."""
    token = world.exchange(world.new_code()) | {"refresh_token": None}
    credentials = world.crm.credentials_from_token(token, world.answers, world.app)
    assert credentials.access_token
    world.faults.add(kind="ratelimited", method="POST", path=LOGIN)
    with pytest.raises(RateLimited):
        world.crm.credentials_from_token(token, world.answers, world.app)


def test_an_account_that_hides_its_name_can_be_connected(world: World, api: Session) -> None:
    """The user's name is enough."""
    world.faults.add(kind="error", path="/rest-services/*/settings/corporationName", status=400)
    assert world.crm.account(api) == "Priya Shah"


def test_disconnecting_ends_the_session(world: World, double: BullhornDouble, api: Session) -> None:
    """There is nothing else that Bullhorn would end."""
    world.crm.revoke(api)
    assert double.site.sessions == {}


# --- the pages ----------------------------------------------------------------------------------------


def test_a_person_signs_in_and_agrees(world: World, double: BullhornDouble) -> None:
    """Login, then the terms; whoever agreed is who is connected."""
    url = _authorize_url(world)
    assert "Login" in requests.get(url, timeout=30).text
    typed = {"username": "ben", "password": "bullhorn"}
    assert "Agree" in requests.post(url, typed, timeout=30).text
    back = requests.post(url, typed | {"answer": "agree"}, timeout=30, allow_redirects=False).headers[
        "location"
    ]
    token = world.exchange(parse_qs(urlsplit(back).query)["code"][0])
    with world.session(world.crm.credentials_from_token(token, world.answers, world.app)) as api:
        assert world.crm.account(api) == "Ben Carter · Bright Desk"


def test_a_person_may_mistype_or_cancel(world: World) -> None:
    """A wrong password leads back to the page; cancelling leads back to the bot without a code."""
    url = _authorize_url(world)
    assert "wrong" in requests.post(url, {"username": "ben", "password": "x"}, timeout=30).text
    typed = {"username": "ben", "password": "bullhorn", "answer": "cancel"}
    back = requests.post(url, typed, timeout=30, allow_redirects=False).headers["location"]
    assert parse_qs(urlsplit(back).query) == {"error": ["access_denied"], "state": ["a-state"]}
    assert requests.get(url.replace("bullhorn-client", "stranger"), timeout=30).status_code == 400


# --- the documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("exchange", documented("bullhorn"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com", location="Leeds")
    credentials: Credentials = world.sign_in()
    asked = exchange["request"]
    base = credentials.api_base.removesuffix("/e999") if "../" in asked["path"] else credentials.api_base
    body = {
        name: {"id": int(ana)} if value == {"id": "{candidate}"} else value
        for name, value in asked.get("json", {}).items()
    }
    answer = requests.request(
        asked["method"],
        base + asked["path"].removeprefix("..").format(candidate=ana),
        params=asked.get("query"),
        json=body or None,
        headers={"BhRestToken": credentials.access_token},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


def _authorize_url(world: World) -> str:
    return _oauth.authorize_url(world.oauth, world.app, REDIRECT_URI, "a-state", VERIFIER)


def _code(world: World) -> str:
    """A code while the account is elsewhere: browsers follow the 307 by themselves."""
    url = _authorize_url(world)
    typed = {"username": "priya", "password": "bullhorn", "answer": "agree"}
    moved = requests.get(url, timeout=30).url
    back = requests.post(moved, typed, timeout=30, allow_redirects=False).headers["location"]
    return parse_qs(urlsplit(back).query)["code"][0]
