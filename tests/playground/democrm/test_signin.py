"""The demo CRM's sign-in in the browser: who is let in, who is sent back, and with what."""

import pytest
import requests

from bot.playground.democrm import DemoCrm

from .client import CALLBACK, Client, answer


def test_allow_sends_back_a_code_and_the_state_untouched(crm: DemoCrm, stranger: Client) -> None:
    """The state comes back letter for letter beside the code, at the address that asked."""
    back = crm.approve(stranger.authorize_url())
    assert back.startswith(f"{CALLBACK}?")
    assert set(answer(back)) == {"code", "state"}
    assert answer(back)["state"] == "st&te/ü"


def test_deny_sends_back_access_denied(crm: DemoCrm, stranger: Client) -> None:
    """Deny gives an error in place of a code, with the state."""
    back = answer(crm.approve(stranger.authorize_url(), allow=False))
    assert back["error"] == "access_denied"
    assert back["state"] == "st&te/ü"
    assert "code" not in back


@pytest.mark.parametrize(
    "email", ["priya@brightdesk.example", "ben@brightdesk.example", "maya@brightdesk.example"]
)
def test_the_chosen_account_is_the_one_signed_in(stranger: Client, email: str) -> None:
    """Each of the CRM's users can be chosen, and `/me` says who it was."""
    me = stranger.sign_in(email).get("/me").json()
    assert me["email"] == email
    assert me["company"] == "Bright Desk Recruitment"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "somebody-else"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example/crm/callback"},
        {"redirect_uri": f"{CALLBACK}/extra"},
        {"redirect_uri": "http://127.0.0.1:3000@evil.example/crm/callback"},
    ],
)
def test_an_untrusted_request_is_never_sent_back(stranger: Client, changes: dict[str, str | None]) -> None:
    """An unknown client or address gets a page; the browser is sent nowhere."""
    response = requests.get(stranger.authorize_url(**changes), allow_redirects=False, timeout=30)
    assert response.status_code == 400
    assert "Location" not in response.headers
    assert "can&#39;t go on" in response.text


def test_registered_addresses_are_taken_exactly() -> None:
    """With a list of addresses, only those in it are good."""
    mine = "https://handoff.example/crm/callback"
    with DemoCrm(redirect_uris=[mine]) as crm:
        client = Client(crm)
        assert crm.approve(client.authorize_url(redirect_uri=mine)).startswith(mine)
        assert requests.get(client.authorize_url(), timeout=30).status_code == 400
        client.http.close()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": "read_people everything"}, "invalid_scope"),
        ({"scope": None}, "invalid_scope"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
    ],
)
def test_a_faulty_request_goes_back_with_its_error(
    stranger: Client, changes: dict[str, str | None], error: str
) -> None:
    """A trusted app learns what was wrong, with its state."""
    response = requests.get(stranger.authorize_url(**changes), allow_redirects=False, timeout=30)
    assert response.status_code == 303
    back = answer(response.headers["Location"])
    assert back["error"] == error
    assert back["state"] == "st&te/ü"


def test_a_parameter_given_twice_is_refused(stranger: Client) -> None:
    """RFC 6749: parameters must not be repeated."""
    response = requests.get(stranger.authorize_url() + "&state=other", allow_redirects=False, timeout=30)
    assert answer(response.headers["Location"])["error"] == "invalid_request"


def test_an_answered_consent_page_is_over(crm: DemoCrm, stranger: Client) -> None:
    """Answering the same consent again gives no second code."""
    page = requests.get(stranger.authorize_url(), timeout=30).text
    request_id = page.split("consent?request=")[1].split("&")[0]
    form = {"request": request_id, "user": "11", "decision": "allow"}
    first = requests.post(f"{crm.base_url}/oauth/consent", form, allow_redirects=False, timeout=30)
    second = requests.post(f"{crm.base_url}/oauth/consent", form, allow_redirects=False, timeout=30)
    assert (first.status_code, second.status_code) == (303, 400)


def test_sign_in_pages_can_not_be_framed(stranger: Client) -> None:
    """Nobody can lay a page over Allow."""
    response = requests.get(stranger.authorize_url(), timeout=30)
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
