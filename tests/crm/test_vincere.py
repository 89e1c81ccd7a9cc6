"""What is Vincere's own: two headers, no secret, searches in paths, records replaced whole, sources by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import requests

from bot.crm._base import ClientApp
from bot.crm._errors import AlreadyExists, Declined, SignInNeeded
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.errors import Invalid
from tests.doubles.vincere import API_KEY
from tests.doubles.vincere.records import Record

from .test_fixtures import documented, missing_in
from .worlds.vincere import World

pytestmark = pytest.mark.parametrize("world", ["VINCERE"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")
ANA = Person("Novák", "Ana", email="ana@example.com", source="Indeed")


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), world.answers, app=app, options=options, timeout=(10.0, 30.0)) as api:
        yield api


@pytest.fixture
def candidates(world: World) -> dict[int, Record]:
    """The double's table of candidates."""
    return world.double.site.records.candidates


@pytest.mark.parametrize("exchange", documented("vincere"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    with world.session() as api:
        world.crm.add_note(api, ana, CrmNote("k", "text"))
        world.crm.attach_cv(api, ana, CV)
        world.crm.link(api, ana, "991", "Indeed")
    asked = exchange["request"]
    answer = requests.request(
        asked["method"],
        world.double.api_url + asked["path"].format(candidate=ana),
        params=asked.get("query"),
        json=_filled(asked.get("json"), ana),
        headers={"id-token": world.sign_in().access_token, "x-api-key": API_KEY},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


def _filled(sent: Any, candidate: str) -> Any:
    """What is sent, with the candidate's id where the fixture leaves a gap."""
    if isinstance(sent, dict):
        return {name: _filled(value, candidate) for name, value in sent.items()}
    if isinstance(sent, list):
        return [_filled(value, candidate) for value in sent]
    return int(candidate) if sent == "{candidate}" else sent


# --- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["brightdesk", " BrightDesk ", "brightdesk.vincere.io", "https://brightdesk.vincere.io/app"]
)
def test_the_subdomain_may_come_as_an_address(world: World, typed: str) -> None:
    """People paste what their browser shows; tenants and sign-in are the environment's."""
    given = {"subdomain": typed, "api_key": f" {API_KEY}\n", "environment": "test"}
    answers = world.crm.check_answers(given, ClientApp("id"))
    assert answers == {"subdomain": "brightdesk", "api_key": API_KEY, "environment": "test"}
    oauth = world.crm.oauth_for(answers, ClientApp("id"))
    assert oauth is not None
    assert oauth.token_url == "https://id.vinceredev.com/oauth2/token"
    credentials = world.crm.credentials_from_token({"id_token": "t"}, answers, ClientApp("id"))
    assert credentials.api_base == "https://brightdesk.vinceredev.com/api/v2"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["subdomain", "api_key"]),
        ({"subdomain": "evil@host", "api_key": "k"}, ["subdomain"]),
        ({"subdomain": "brightdesk", "api_key": "two words"}, ["api_key"]),
        ({"subdomain": "brightdesk", "api_key": "k\r\nx: y"}, ["api_key"]),
        ({"subdomain": "brightdesk", "api_key": "k", "environment": "moon"}, ["environment"]),
    ],
)
def test_faults_stand_beside_their_fields(world: World, given: dict[str, str], fields: list[str]) -> None:
    """Nothing can bend the address or the headers, and all that is wrong is told at once."""
    with pytest.raises(Invalid) as refusal:
        world.crm.check_answers(given, world.app)
    assert [fault.field for fault in refusal.value.faults] == fields


def test_an_id_token_ends_when_it_says(world: World) -> None:
    """It may end before the token answer's lifetime, and a renewal tells no lifetime at all."""
    first = world.sign_in()
    assert first.expires_at == world.clock() + timedelta(minutes=30)
    second = world.refreshed(first)
    assert second.expires_at == first.expires_at
    assert second.refresh_token == first.refresh_token


def test_no_secret_is_sent_where_there_is_none(world: World) -> None:
    """An empty one would be refused."""
    world.refreshed(world.sign_in())
    sent = [str(call.body) for call in world.double.calls if call.path == "/oauth2/token"]
    assert len(sent) == 2
    assert not any("client_secret" in body for body in sent)


def test_a_wrong_key_says_what_to_do(world: World) -> None:
    """The tenant's key is checked by the call that tells who is connected."""
    other = dict(world.answers) | {"api_key": "other"}
    with Session(world.crm, world.sign_in(), other) as api, pytest.raises(Declined, match="API key"):
        world.crm.account(api)
    stranger = replace(world.sign_in(), access_token="stranger")
    with Session(world.crm, stranger, world.answers) as api, pytest.raises(SignInNeeded):
        world.crm.account(api)


# --- people -------------------------------------------------------------------------------------------


def test_a_replacement_loses_nothing(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """A PUT replaces the record, so all of it goes back, what only a search tells included."""
    ana = int(world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com"))
    candidates[ana] |= {"nickname": "Annie", "desired_salary": 50000.0, "creator_id": 28959, "note": "Good"}
    world.double.site.records.hidden[ana] = {"skype": "ana.novak"}
    before = dict(candidates[ana])
    world.crm.fill_person(api, str(ana), {"phone": "+44 7700 900123", "email": "other@example.com"})
    kept = {
        name: candidates[ana].get(name)
        for name in before
        if name not in ("updated_timestamp", "availability")
    }
    assert kept == {name: before[name] for name in kept}
    assert candidates[ana]["phone"] == "+44 7700 900123"
    assert world.double.site.records.hidden[ana] == {"skype": "ana.novak"}


def test_a_full_record_is_not_replaced(world: World, api: Session) -> None:
    """Where nothing is to be filled, nothing is written."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "other@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        ("indeed", {}, 29106),
        ("Jobsite", {}, 29105),
        ("Jobsite", {"source": "29106"}, 29106),
        ("Jobsite", {"source": "1"}, 29105),
        ("Website", {"source": "29106"}, 29105),
    ],
)
def test_a_source_is_found_or_chosen(
    world: World, candidates: dict[int, Record], source: str, options: dict[str, str], expected: int
) -> None:
    """By its name, else the workspace's choice, else the first: Vincere takes nobody without one."""
    with chosen(world, options) as api:
        person_id = world.crm.create_person(api, replace(ANA, source=source))
        assert ("29106", "Indeed") in world.crm.option_choices(api, "source")
    assert candidates[int(person_id)]["candidate_source_id"] == expected


@pytest.mark.parametrize("lacking", ["email", "first_name"])
def test_whom_vincere_does_not_take_is_told(world: World, api: Session, lacking: str) -> None:
    """With what is missing and what to do, before anything is sent."""
    person = replace(ANA, email=None) if lacking == "email" else replace(ANA, first_name=None)
    with pytest.raises(Declined, match="by hand"):
        world.crm.create_person(api, person)
    assert world.people() == []


def test_a_twin_is_found_before_it_is_made(world: World, api: Session) -> None:
    """Vincere documents no refusal of a second candidate, so it is asked first."""
    ana = world.crm.create_person(api, replace(ANA, links=("https://www.linkedin.com/in/ana",)))
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, replace(ANA, email="ANA@example.com"))
    assert refusal.value.existing_id == ana


@pytest.mark.parametrize("email", ['a"b@example.com', "a#b@example.com", "a b@example.com"])
def test_no_value_bends_a_search(world: World, api: Session, email: str) -> None:
    """What has a meaning in a search is left out of it."""
    world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    assert world.crm.find_people(api, email=email) == []


# --- CVs, notes, vacancies ----------------------------------------------------------------------------


def test_only_the_first_cv_is_the_original(world: World, api: Session) -> None:
    """A later one stands beside it and does not take its place; same names are told apart."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    world.crm.attach_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, replace(CV, key="application-2"))
    files = world.double.site.records.files[int(ana)]
    assert [file["original_cv"] for file in files] == [True, False]
    assert len({file["file_name"] for file in files}) == 2


def test_notes_and_applications_are_found_in_later_slices(world: World, api: Session) -> None:
    """However many there are."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    for number in range(5):
        world.crm.add_note(api, ana, CrmNote(f"application-{number}", "text"))
    assert world.crm.has_note(api, ana, CrmNote("application-4", "text"))
    assert not world.crm.has_note(api, ana, CrmNote("application", "text"))
    links = [world.crm.link(api, ana, job, "Indeed") for job in ("991", "992", "994")]
    assert world.crm.find_link(api, ana, "994") == links[-1]


@pytest.mark.parametrize(
    ("options", "stage"),
    [({}, "SHORTLISTED"), ({"stage": "SENT"}, "SENT"), ({"stage": "PLACED"}, "SHORTLISTED")],
)
def test_an_application_has_the_chosen_stage(world: World, options: dict[str, str], stage: str) -> None:
    """Vincere makes applications in two stages only."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    with chosen(world, options) as api:
        world.crm.link(api, ana, "991", "Indeed")
    assert [one["stage"] for one in world.double.site.records.applications] == [stage]


def test_a_position_without_a_status_is_open_until_it_is_closed(world: World, api: Session) -> None:
    """Its closing date tells where the status does not; its owner is told."""
    found = world.crm.find_vacancy(api, crm_id="994", reference="")
    assert found is not None
    assert (found.is_open, found.owner_id) == (True, "28959")
    world.double.site.records.positions[994]["closed_date"] = "2026-10-20T09:00:00.000Z"
    found = world.crm.find_vacancy(api, crm_id="994", reference="")
    assert found is not None
    assert not found.is_open


def test_a_reference_in_two_open_jobs_is_not_guessed(world: World, api: Session) -> None:
    """Rather none than the wrong one."""
    world.double.site.records.add_position(995, "Plant Engineer (JOB-42)", "OPEN")
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None


def test_a_refusal_names_what_is_wrong(world: World) -> None:
    """The message and the errors of the answer, each once."""
    body = b'{"message":"Data is invalid","errors":["email is not valid","Data is invalid"]}'
    assert world.crm.detail(Answer(400, {}, body)) == "Data is invalid email is not valid"


def test_the_double_is_strict(world: World, api: Session) -> None:
    """Fields and searches that Vincere does not document are refused, so a slip shows here."""
    with pytest.raises(Declined):
        api.get("/candidate/search/fl=id", params={"q": "primary_email:ana@example.com"})
    with pytest.raises(Declined):
        api.get("/candidate/search/fl=id,headline")
    with pytest.raises(Declined):
        api.post("/candidate", json={"first_name": "Ana", "last_name": "Novák"})
