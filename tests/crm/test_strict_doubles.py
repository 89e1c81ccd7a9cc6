"""The doubles of Bullhorn and JobAdder refuse what the vendors' documents don't allow."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests

from bot.crm import _oauth

from .world import REDIRECT_URI, VERIFIER, World

bullhorn = pytest.mark.parametrize("world", ["BULLHORN"], indirect=True)
jobadder = pytest.mark.parametrize("world", ["JOBADDER"], indirect=True)
both = pytest.mark.parametrize("world", ["BULLHORN", "JOBADDER"], indirect=True)


def ask(world: World, method: str, path: str, **more: Any) -> requests.Response:
    """A call of a fresh sign-in."""
    credentials = world.sign_in()
    headers = world.crm.headers(credentials, world.answers)
    return requests.request(method, credentials.api_base + path, headers=headers, timeout=30, **more)


@both
@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": "x", "code_challenge_method": "S256"},
        {"state": None},
        {"response_type": "token"},
        {"client_id": "stranger"},
        {"redirect_uri": "https://elsewhere.example/"},
        {"scope": "offline_access"},
        {"scope": "read_everything"},
    ],
)
def test_the_sign_in_page_takes_what_is_documented_alone(
    world: World, changes: dict[str, str | None]
) -> None:
    """An unknown, missing or foreign parameter ends on a page that goes nowhere."""
    url = _oauth.authorize_url(world.oauth, world.app, REDIRECT_URI, "a-state", VERIFIER)
    assert requests.get(url, timeout=30).status_code == 200
    query = dict(parse_qsl(urlsplit(url).query)) | changes
    changed = urlencode({name: value for name, value in query.items() if value is not None})
    assert requests.get(f"{world.app.authorize_url}?{changed}", timeout=30).status_code == 400


@both
@pytest.mark.parametrize("place", ["params", "data"])
def test_a_token_is_asked_for_in_the_documented_place_alone(world: World, place: str) -> None:
    """Bullhorn wants all in the address, JobAdder all in a form; neither takes another grant's parameters."""
    app, is_right = world.app, (place == "params") == (world.key == "BULLHORN")

    def status(**more: str) -> int:
        form = {"client_id": app.client_id, "client_secret": app.client_secret, "code": world.new_code()}
        form |= {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI} | more
        if place == "params":
            return requests.post(str(app.token_url), params=form, timeout=30).status_code
        return requests.post(str(app.token_url), data=form, timeout=30).status_code

    assert status() == (200 if is_right else 400)
    assert status(refresh_token="x") == 400


@bullhorn
def test_a_rest_session_ends_by_itself(world: World) -> None:
    """After ten minutes a call is answered with 401, and the next session is bought."""
    credentials = world.sign_in()
    headers = world.crm.headers(credentials, world.answers)
    assert requests.get(f"{credentials.api_base}/ping", headers=headers, timeout=30).status_code == 200
    world.clock.advance(minutes=10)
    assert requests.get(f"{credentials.api_base}/ping", headers=headers, timeout=30).status_code == 401
    with world.session(credentials) as api:
        assert world.crm.account(api)
    assert world.renewals == 1


@bullhorn
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/search/Candidate", {"query": "isDeleted:0"}),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "*"}),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id,,email"}),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id,owner(id"}),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id,shoeSize"}),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id", "count": "501"}),
        ("/search/Candidate", {"query": "isDeleted:0", "fields": "id", "sort": "shoeSize"}),
        ("/search/Candidate", {"query": "shoeSize:44", "fields": "id"}),
        ("/search/Candidate", {"query": 'email:"a', "fields": "id"}),
        ("/search/Candidate", {"query": 'email:"' + "a" * 7500 + '"', "fields": "id"}),
        ("/search/JobSubmission", {"query": "isDeleted:0", "fields": "id"}),
        ("/query/JobOrder", {"where": "isDeleted=false", "fields": "id"}),
        ("/query/CorporateUser", {"where": "isDeleted:0", "fields": "id"}),
        ("/query/CorporateUser", {"where": "shoeSize=44", "fields": "id"}),
        ("/settings/shoeSize", {}),
    ],
)
def test_bullhorn_refuses_a_question_that_is_not_in_order(
    world: World, path: str, query: dict[str, str]
) -> None:
    """Field lists, both query languages, sizes and names are held to the documents."""
    answer = ask(world, "GET", path, params=query)
    assert answer.status_code == 400
    assert answer.json()["errorMessage"]


@bullhorn
@pytest.mark.parametrize(
    ("entity", "changes"),
    [
        ("Candidate", {"name": None}),
        ("Candidate", {"shoeSize": 44}),
        ("Candidate", {"status": "Hired away"}),
        ("Candidate", {"phone": "0" * 21}),
        ("Candidate", {"category": {"id": 7}}),
        ("Candidate", {"owner": {"id": 7777}}),
        ("Candidate", {"owner": {"id": "5"}}),
        ("JobSubmission", {"status": "Hired away"}),
        ("JobSubmission", {"dateWebResponse": None}),
        ("JobSubmission", {"dateWebResponse": 1_800_000_000}),
        ("JobSubmission", {"jobOrder": {"id": 7777}}),
        ("Note", {"action": "Shouted"}),
        ("Note", {"comments": ""}),
        ("Note", {"candidates": [{"id": 1}]}),
    ],
)
def test_bullhorn_refuses_a_record_that_is_not_in_order(
    world: World, entity: str, changes: dict[str, Any]
) -> None:
    """Required and unknown fields, sizes, values of its lists, references: each fault is refused."""
    ana = {"id": int(world.add_person(first_name="Ana", last_name="Novák"))}
    good: dict[str, dict[str, Any]] = {
        "Candidate": {"firstName": "Ben", "lastName": "Orr", "name": "Ben Orr"},
        "JobSubmission": {
            "candidate": ana,
            "jobOrder": {"id": 991},
            "status": "New Lead",
            "dateWebResponse": 1_800_000_000_000,
        },
        "Note": {"action": "Other", "comments": "x", "personReference": ana, "commentingPerson": {"id": 5}},
    }
    assert ask(world, "PUT", f"/entity/{entity}", json=good[entity]).status_code == 200
    body = {name: value for name, value in (good[entity] | changes).items() if value is not None}
    assert ask(world, "PUT", f"/entity/{entity}", json=body).status_code in (400, 404)


@jobadder
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/candidates", {"Shoe": "44"}),
        ("/candidates", {"Limit": "many"}),
        ("/jobs", {"Active": "perhaps"}),
        ("/jobs", {"Sort": "shoe"}),
        ("/users", {"Email": "a@b.example"}),
    ],
)
def test_jobadder_refuses_a_question_that_is_not_in_order(
    world: World, path: str, query: dict[str, str]
) -> None:
    """Names and values that its description does not have."""
    assert ask(world, "GET", path, params=query).status_code == 400


@jobadder
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/candidates", {"lastName": "Orr", "shoeSize": 44}),
        ("/candidates", {"lastName": "Orr", "recruiterUserId": [7]}),
        ("/candidates", {"lastName": "Orr", "recruiterUserId": [8]}),
        ("/candidates", {"lastName": "Orr", "statusId": 999}),
        ("/candidates", {"lastName": "Orr", "source": "x" * 51}),
        ("/candidates/{ana}/notes", {"text": ""}),
        ("/candidates/{ana}/notes", {"text": "x", "type": "Shout"}),
        ("/candidates/{ana}/notes", {"text": "x", "applicationId": [7]}),
        ("/candidates/{ana}/notes", {"text": "x", "createdBy": {"email": "old@brightdesk.example"}}),
        ("/candidates/{ana}/applications", {"jobId": []}),
        ("/candidates/{ana}/applications", {"jobId": [993]}),
    ],
)
def test_jobadder_refuses_a_record_that_is_not_in_order(
    world: World, path: str, body: dict[str, Any]
) -> None:
    """With 422, as described."""
    ana = world.add_person(first_name="Ana", last_name="Novák")
    assert ask(world, "POST", path.format(ana=ana), json=body).status_code == 422
