"""The demo CRM's tokens: how they are got, how long they are good, and what ends them."""

import pytest
import requests

from bot.playground.democrm import DemoCrm

from .client import VERIFIER, Client, Clock


def test_the_token_answer_names_the_api(crm: DemoCrm, client: Client) -> None:
    """The answer carries what a client needs, the API's base URL too, and is never cached."""
    response = client.redeem(client.code())
    body = response.json()
    assert body["api"] == crm.api_url
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 300
    assert response.headers["Cache-Control"] == "no-store"


def test_a_code_works_once_and_its_reuse_ends_the_sign_in(client: Client) -> None:
    """Whoever redeems a code again kills all tokens it gave."""
    code = client.code()
    client.tokens = client.redeem(code).json()
    assert client.get("/me").status_code == 200
    again = client.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert client.get("/me").status_code == 401
    assert client.refresh().json()["error"] == "invalid_grant"


def test_a_code_is_good_for_five_minutes(stranger: Client, clock: Clock) -> None:
    """At five minutes it is over."""
    early, late = stranger.code(), stranger.code()
    clock.pass_seconds(299)
    assert stranger.redeem(early).status_code == 200
    clock.pass_seconds(1)
    assert stranger.redeem(late).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "form",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": None},
        {"redirect_uri": "http://127.0.0.1:3001/crm/callback"},
        {"redirect_uri": None},
    ],
)
def test_a_code_needs_its_verifier_and_address(stranger: Client, form: dict[str, str | None]) -> None:
    """A code that was seen on its way is worthless, and a failed attempt burns it."""
    code = stranger.code()
    assert stranger.redeem(code, **form).json()["error"] == "invalid_grant"
    assert stranger.redeem(code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "unknown"}, 400, "invalid_grant"),
    ],
)
def test_token_errors_are_those_of_the_rfc(
    stranger: Client, form: dict[str, str | None], status: int, error: str
) -> None:
    """RFC 6749 section 5.2."""
    response = stranger.redeem("no-such-code", **form)
    assert (response.status_code, response.json()["error"]) == (status, error)


def test_an_access_token_expires_and_refreshing_helps(client: Client, clock: Clock) -> None:
    """After 300 s the API says so in its header; a refreshed token is good."""
    clock.pass_seconds(300)
    expired = client.get("/me")
    assert expired.status_code == 401
    assert 'error="invalid_token"' in expired.headers["WWW-Authenticate"]
    client.tokens = client.refresh().json()
    assert client.get("/me").status_code == 200


def test_a_refresh_token_works_once_and_its_reuse_ends_the_sign_in(client: Client) -> None:
    """Rotation: the old one again revokes the new one and every access token."""
    old = client.tokens["refresh_token"]
    client.tokens = client.refresh().json()
    assert client.tokens["refresh_token"] != old
    assert client.refresh(old).json()["error"] == "invalid_grant"
    assert client.refresh().json()["error"] == "invalid_grant"
    assert client.get("/me").status_code == 401


def test_without_offline_access_there_is_no_refresh_token(stranger: Client) -> None:
    """Staying connected has to be asked for."""
    assert "refresh_token" not in stranger.sign_in(scope="read_people").tokens


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking(crm: DemoCrm, client: Client, kind: str) -> None:
    """An access token ends alone; a refresh token takes all along. Unknown tokens are no error (RFC 7009)."""
    form = {"client_id": crm.client_id, "client_secret": crm.client_secret}
    for token in (client.tokens[kind], "unknown"):
        assert requests.post(crm.revoke_url, form | {"token": token}, timeout=30).status_code == 200
    assert client.get("/me").status_code == 401
    assert client.refresh().status_code == (200 if kind == "access_token" else 400)


def test_revoking_needs_the_client(crm: DemoCrm, client: Client) -> None:
    """A stranger can't end a sign-in."""
    form = {"client_id": crm.client_id, "client_secret": "wrong", "token": client.tokens["refresh_token"]}
    assert requests.post(crm.revoke_url, form, timeout=30).status_code == 401
    assert client.get("/me").status_code == 200


def test_an_administrator_can_end_everything(crm: DemoCrm, client: Client) -> None:
    """`revoke_all` leaves no token good; signing in anew works."""
    crm.revoke_all()
    assert client.get("/me").status_code == 401
    assert client.refresh().json()["error"] == "invalid_grant"
    assert client.sign_in().get("/me").status_code == 200


def test_access_tokens_can_be_made_to_expire(crm: DemoCrm, client: Client) -> None:
    """`expire_access_tokens` leaves the refresh token good."""
    crm.expire_access_tokens()
    assert client.get("/me").status_code == 401
    assert client.refresh().status_code == 200


def test_calls_without_a_good_token(crm: DemoCrm, client: Client) -> None:
    """401 says Bearer; a scope that was not granted gives 403 and names it."""
    bare = requests.get(f"{crm.api_url}/people", timeout=30)
    assert bare.status_code == 401
    assert bare.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert bare.headers["Content-Type"] == "application/problem+json"
    narrow = client.sign_in(scope="read_people")
    refused = narrow.post("/people", last_name="Lee")
    assert refused.status_code == 403
    assert 'scope="write_people"' in refused.headers["WWW-Authenticate"]
    assert all(person.last_name != "Lee" for person in crm.people())
