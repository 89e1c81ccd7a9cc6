"""What is Zoho Recruit's own: refusals inside accepted answers, résumés, statuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.crm import _oauth
from bot.crm._errors import AlreadyExists, Declined, Missing, SignInNeeded, Unavailable
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from tests.doubles.zoho_recruit.records import Record

from .test_fixtures import documented, missing_in
from .world import REDIRECT_URI, VERIFIER
from .worlds.zoho_recruit import World

pytestmark = pytest.mark.parametrize("world", ["ZOHO_RECRUIT"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), world.answers, app=app, options=options, timeout=(10.0, 30.0)) as api:
        yield api


@pytest.mark.parametrize("exchange", documented("zoho_recruit"))
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
        files={asked["file"]: ("ana.pdf", b"%PDF-1.7")} if "file" in asked else None,
        headers={"Authorization": f"Zoho-oauthtoken {world.sign_in().access_token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json() if answer.content else None, exchange["body"]) == []


def _filled(sent: Any, candidate: str) -> Any:
    """What is sent, with the candidate's id where the fixture leaves a gap."""
    if isinstance(sent, dict):
        return {name: _filled(value, candidate) for name, value in sent.items()}
    if isinstance(sent, list):
        return [_filled(value, candidate) for value in sent]
    return sent.replace("{candidate}", candidate) if isinstance(sent, str) else sent


# --- signing in ---------------------------------------------------------------------------------------


def test_a_lasting_sign_in_is_asked_for(world: World) -> None:
    """Without offline access and consent there would be no refresh token; scopes stand between commas."""
    url = _oauth.authorize_url(world.oauth, world.app, REDIRECT_URI, "a-state", VERIFIER)
    asked = parse_qs(urlsplit(url).query)
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert asked["scope"][0].split(",")[0] == "ZohoRecruit.modules.ALL"


def test_the_refresh_token_stays(world: World) -> None:
    """A renewal brings no new one, so the old one is kept."""
    first = world.sign_in()
    assert first.refresh_token
    assert world.refreshed(first).refresh_token == first.refresh_token


def test_a_token_of_another_kind_is_not_taken(world: World) -> None:
    """Zoho wants its own word before the token."""
    token = world.sign_in().access_token
    answer = requests.get(
        f"{world.double.api_url}/users?type=CurrentUser",
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert answer.status_code == 401


def test_a_stranger_is_asked_to_sign_in(world: World) -> None:
    """A token that Zoho never gave needs a person."""
    stranger = replace(world.sign_in(), access_token="stranger")
    with Session(world.crm, stranger, world.answers) as api, pytest.raises(SignInNeeded):
        world.crm.account(api)


# --- people -------------------------------------------------------------------------------------------


@pytest.fixture
def candidates(world: World) -> dict[str, Record]:
    """The double's table of candidates."""
    return world.double.site.records.candidates


def test_a_second_address_or_number_finds_them(
    world: World, api: Session, candidates: dict[str, Record]
) -> None:
    """A secondary e-mail and the other field for numbers are theirs, too."""
    ana = world.add_person(last_name="Novák", email="ana@work.example")
    candidates[ana] |= {"Secondary_Email": "ana@example.com", "Phone": "07700 900123"}
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [ana]
    (found,) = world.crm.find_people(api, phone="+44 7700 900123")
    assert (found.id, "phone" in found.filled) == (ana, True)


def test_a_refusal_in_an_accepted_answer_names_the_twin(world: World, api: Session) -> None:
    """A duplicate is refused with 202; the record in the way is told, and nothing of it is changed."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", headline="Graduate engineer")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, Person("Other", email="ana@example.com", headline="Engineer"))
    assert refusal.value.existing_id == ana
    assert world.people()[0]["headline"] == "Graduate engineer"


def test_only_the_empty_fields_are_sent(world: World, api: Session) -> None:
    """Owner, status and source of a known candidate never leave us."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "email": "other@example.com"})
    sent = [call.body for call in world.double.calls if call.method == "PUT"]
    assert sent == [{"data": [{"Mobile": "+44 7700 900123"}]}]


def test_the_chosen_status_is_given(world: World, candidates: dict[str, Record]) -> None:
    """New candidates have the status that the workspace prefers; one that is gone names its field."""
    with chosen(world, {"candidate_status": "Qualified"}) as api:
        person_id = world.crm.create_person(api, Person("Novák", links=("https://ana.example",)))
        assert ("Qualified", "Qualified") in world.crm.option_choices(api, "candidate_status")
    assert candidates[person_id]["Candidate_Status"] == "Qualified"
    assert candidates[person_id]["Website"] == "https://ana.example"
    with (
        chosen(world, {"candidate_status": "Gone"}) as api,
        pytest.raises(Declined, match="Candidate_Status"),
    ):
        world.crm.create_person(api, Person("Novák"))


# --- CVs and notes ------------------------------------------------------------------------------------


def test_a_second_resume_becomes_another_file(world: World, api: Session) -> None:
    """Zoho takes one résumé; the CV of a later application is attached all the same."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    newer = replace(CV, key="application-2", filename="newer.pdf")
    world.crm.attach_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, newer)
    files = world.double.site.records.files[ana]
    assert [(file["File_Name"], file["category"]) for file in files] == [
        ("ana.pdf", "Resume"),
        ("newer.pdf", "Others"),
    ]
    assert world.crm.has_cv(api, ana, newer)


def test_a_note_is_found_on_a_later_page(world: World, api: Session) -> None:
    """However many notes came since."""
    ana = world.add_person(last_name="Novák")
    for number in range(world.double.site.page + 2):
        world.crm.add_note(api, ana, CrmNote(f"application-{number}", "text"))
    assert world.crm.has_note(api, ana, CrmNote("application-11", "text"))
    assert not world.crm.has_note(api, ana, CrmNote("application-12", "text"))


# --- vacancies ----------------------------------------------------------------------------------------


def test_a_chosen_status_is_set_on_the_job_opening(world: World) -> None:
    """After the association, which has no status of its own; the source stands in the comment."""
    ana = world.add_person(last_name="Novák")
    with chosen(world, {"stage": "Qualified"}) as api:
        world.crm.link(api, ana, "991", "Indeed")
    link = world.double.site.records.associated[(ana, "991")]
    assert link == {"status": "Qualified", "comments": "Applied via Indeed"}
    with chosen(world, {"stage": "Gone"}) as api, pytest.raises(Declined, match="Candidate_Status"):
        world.crm.link(api, ana, "992", "Indeed")


def test_a_status_that_an_attempt_did_not_reach_is_set(world: World) -> None:
    """Only while the association stands as it began: whom somebody moved on stays there."""
    ana, pair = world.add_person(last_name="Novák"), world.double.site.records.associated
    with chosen(world, {"stage": "Qualified"}) as api:
        world.faults.add(kind="reset_before", method="PUT", path="/recruit/v2/Candidates/status")
        with pytest.raises(Unavailable):
            world.crm.link(api, ana, "991", "Indeed")
        world.crm.finish_link(api, ana, "991", "Indeed")
        assert pair[(ana, "991")]["status"] == "Qualified"
        pair[(ana, "991")]["status"] = "Offer-Made"
        world.crm.finish_link(api, ana, "991", "Indeed")
        assert pair[(ana, "991")]["status"] == "Offer-Made"


def test_a_locked_candidate_says_what_to_do(
    world: World, api: Session, candidates: dict[str, Record]
) -> None:
    """A refusal with HTTP 200 is no success."""
    ana = world.add_person(last_name="Novák")
    candidates[ana]["locked"] = True
    with pytest.raises(Declined, match="Unlock"):
        world.crm.link(api, ana, "991", "Indeed")
    assert world.links(ana) == []


def test_a_title_may_carry_the_reference(world: World, api: Session) -> None:
    """Where Zoho's own number is another; two that carry it are not guessed between."""
    found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-44")
    assert found is not None
    assert (found.id, found.owner_id) == ("994", "4868000000000005")
    records = world.double.site.records
    for number in ("995", "996"):
        records.add_job(number, f"ZR_{number}", "Plant Engineer (JOB-50)", "In-progress")
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-50") is None


@pytest.mark.parametrize(("options", "is_open"), [({}, False), ({"unapproved": "yes"}, True)])
def test_a_job_opening_that_waits_for_approval(world: World, options: dict[str, str], is_open: bool) -> None:
    """It counts as open where the workspace says so."""
    with chosen(world, options) as api:
        found = world.crm.find_vacancy(api, crm_id="994", reference="")
        assert found is not None
        assert found.is_open is is_open
        assert ("994" in [job.id for job in world.crm.open_vacancies(api)]) is is_open


# --- users and refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["old@brightdesk.example", "aya@brightdesk.example"])
def test_users_who_left_own_nothing(world: World, api: Session, email: str) -> None:
    """Disabled users and parts of addresses are not taken for owners."""
    assert world.crm.find_user(api, email) is None


@pytest.mark.parametrize(
    ("body", "error", "words"),
    [
        (b'{"code":"INVALID_DATA","message":"the id given seems to be invalid"}', Missing, "no such record"),
        (b'{"code":"NO_PERMISSION","message":"permission denied"}', Declined, "/handoff-settings"),
        (b'{"data":[{"code":"DUPLICATE_DATA","details":{"id":"7"}}]}', AlreadyExists, "already"),
        (b'{"code":"INVALID_QUERY","message":"invalid query formed"}', Declined, "invalid query"),
        (b"", Declined, "did not say why"),
    ],
)
def test_a_refused_request_is_read_by_its_code(
    world: World, body: bytes, error: type[Exception], words: str
) -> None:
    """The code says more than the status, wherever in the answer it stands."""
    refusal = world.crm.explain(Answer(400, {}, body))
    assert type(refusal) is error
    assert words in str(refusal)


def test_the_double_is_strict(world: World, api: Session) -> None:
    """Parameters and fields that Zoho does not document are refused, so a slip shows here."""
    with pytest.raises(Declined):
        api.get("/Job_Openings", params={"Reference": "JOB-42"})
    with pytest.raises(Declined):
        api.post("/Candidates", json={"data": [{"Last_Name": "Novák", "Headline": "x"}]})
