"""What is OrangeHRM's own: everything replaced at each write, one vacancy a candidate, marks, addresses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.crm._base import ClientApp
from bot.crm._errors import AlreadyExists, Declined, Nonsense, SignInNeeded
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.errors import Invalid
from tests.doubles.orangehrm.records import REMOVED, Record

from .test_fixtures import documented, missing_in
from .worlds.orangehrm import World

pytestmark = pytest.mark.parametrize("world", ["ORANGEHRM"], indirect=True)
ANA = Person("Novák", "Ana", email="ana@example.com", phone="+44 7700 900123", skills=("SQL",))
FIRST = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 first")
SECOND = CvDocument("application-2", "ana.pdf", "application/pdf", b"%PDF-1.7 second one")
OTHER_VACANCY = "44"


def rows(world: World) -> dict[int, Record]:
    """The table of candidates."""
    return world.double.records.candidates


# --- one vacancy a candidate ------------------------------------------------------------------------------


def test_green_after_amber_makes_only_the_link(world: World, api: Session) -> None:
    """The candidate on file gets the vacancy, and keeps CV, note and everything else."""
    ana = world.crm.create_person(api, ANA)
    world.crm.attach_cv(api, ana, FIRST)
    world.crm.add_note(api, ana, CrmNote("application-1", "Kept on file. Applied via Indeed."))
    before = dict(rows(world)[int(ana)])
    assert world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed") == ana
    after = rows(world)[int(ana)]
    assert after == before | {"vacancyId": 41, "status": "APPLICATION INITIATED"}
    assert world.cvs(ana) == [(FIRST.filename, FIRST.content)]


def test_a_second_application_is_a_candidate_of_its_own(world: World, api: Session) -> None:
    """Another vacancy in the place of the first would silently end that application."""
    first = world.crm.create_person(api, ANA)
    world.crm.attach_cv(api, first, FIRST)
    world.crm.link(api, first, world.open_vacancy.crm_id, "Indeed")
    before = dict(rows(world)[int(first)])
    (found,) = world.crm.find_people(api, email="ana@example.com")
    world.crm.attach_cv(api, found.id, SECOND)
    world.crm.add_note(api, found.id, CrmNote("application-2", "Applied via LinkedIn."))
    second = world.crm.link(api, found.id, OTHER_VACANCY, "LinkedIn")
    assert rows(world)[int(first)] == before
    assert [(one["email"], one["vacancyId"]) for one in rows(world).values()] == [
        ("ana@example.com", 41),
        ("ana@example.com", 44),
    ]
    assert world.cvs(first) == [(FIRST.filename, FIRST.content)]
    assert world.cvs(second) == [(SECOND.filename, SECOND.content)]
    assert len(world.crm.find_people(api, email="ana@example.com")) == 1
    lines = [line for history in world.double.records.history.values() for line in history]
    assert REMOVED not in [line["action"] for line in lines]


def test_a_colleagues_candidate_keeps_their_vacancy(world: World, api: Session) -> None:
    """Somebody typed in by hand is known again, and gets a second record for the second vacancy."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="Ana@example.com")
    world.double.records.replace(int(ana), rows(world)[int(ana)] | {"vacancyId": 42})
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert found.id == ana
    link = world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    assert link != ana
    assert rows(world)[int(ana)]["vacancyId"] == 42
    assert world.crm.find_link(api, ana, "42") == ana
    assert world.crm.find_link(api, ana, world.open_vacancy.crm_id) == link
    with pytest.raises(AlreadyExists):
        world.crm.link(api, link, "42", "Indeed")


def test_a_candidate_has_room_for_one_cv(world: World, api: Session) -> None:
    """A second file would break the candidate's page there: it goes to a candidate of its own."""
    ana = world.crm.create_person(api, ANA)
    world.crm.attach_cv(api, ana, FIRST)
    world.crm.attach_cv(api, ana, SECOND)
    assert sorted(len(files) for files in world.double.records.attachments.values()) == [1, 1]
    assert world.crm.has_cv(api, ana, SECOND)


# --- everything is written ---------------------------------------------------------------------------------


def test_nothing_is_forgotten(world: World, api: Session) -> None:
    """What is left out of a write would be emptied, the vacancy and the day of the application included."""
    records = world.double.records
    known = {
        "firstName": "Ana",
        "middleName": "Maria",
        "lastName": "Novák",
        "email": "ana@example.com",
        "keywords": "steel, concrete",
        "comment": "Call after five.",
        "dateOfApplication": "2025-02-03",
        "consentToKeepData": True,
        "vacancyId": 42,
    }
    number = records.add(known)
    before = dict(rows(world)[number])
    world.crm.fill_person(api, str(number), {"phone": "+44 7700 900123", "skills": ("SQL",)})
    assert rows(world)[number] == before | {"contactNumber": "+44 7700 900123"}


def test_a_colleagues_comment_and_keywords_stay(world: World, api: Session) -> None:
    """A note is written behind what is there, cut where the 250 characters end."""
    number = world.double.records.add(
        {"firstName": "Ana", "lastName": "Novák", "email": "ana@example.com"}
        | {"comment": "Call after five.", "keywords": "steel"}
    )
    world.crm.add_note(api, str(number), CrmNote("application-1", "N" * 400))
    record = rows(world)[number]
    assert record["comment"].startswith("Call after five.\nNNN")
    assert len(record["comment"]) == 250
    assert record["keywords"] == "steel, handoff:note-application-1"
    world.crm.add_note(api, str(number), CrmNote("application-2", "No room"))
    assert len(record["comment"]) == 250


def test_sizes_and_characters_are_kept(world: World, api: Session) -> None:
    """Long names, many skills, dots in a number and a missing first name do not lose the applicant."""
    many = tuple(f"skill, number {number}" for number in range(40))
    odd = Person("N" * 40, email="ana@example.com", phone="+44.7700.900123", skills=many)
    ana = world.crm.create_person(api, odd)
    record = rows(world)[int(ana)]
    assert (record["firstName"], len(record["lastName"])) == ("-", 30)
    assert record["contactNumber"] == "+44 7700 900123"
    assert len(record["keywords"]) <= 250
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert found.filled == {"email", "phone", "skills"}
    world.crm.fill_person(api, ana, {"first_name": "Ana"})
    assert record["firstName"] == "Ana"


def test_nobody_comes_without_an_e_mail(world: World, api: Session) -> None:
    """The refusal says what to do."""
    with pytest.raises(Declined, match="e-mail"):
        world.crm.create_person(api, Person("Novák", phone="+44 7700 900123"))


def test_somebody_is_found_among_many(world: World, api: Session) -> None:
    """Neither e-mail nor phone can be searched for: the pages are turned to the last."""
    for number in range(405):
        world.add_person(last_name=f"Aaron{number:03}")
    ana = world.add_person(last_name="Zeman", email="ana@example.com", phone="07700 900 123")
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [ana]
    assert [one.id for one in world.crm.find_people(api, phone="+44 7700 900123")] == [ana]


# --- CVs, vacancies, options ------------------------------------------------------------------------------


def test_a_cv_with_a_long_name_is_attached(world: World, api: Session) -> None:
    """The name is cut before its ending."""
    ana = world.crm.create_person(api, ANA)
    world.crm.attach_cv(
        api, ana, CvDocument("application-1", "a" * 300 + ".pdf", "application/pdf", b"%PDF-1.7")
    )
    ((name, _),) = world.cvs(ana)
    assert len(name) == 200
    assert name.endswith(".pdf")


def test_a_closed_vacancy_is_not_written(world: World, api: Session) -> None:
    """OrangeHRM would take it, so it is asked first."""
    ana = world.crm.create_person(api, ANA)
    with pytest.raises(Declined, match="closed"):
        world.crm.link(api, ana, world.closed_vacancy.crm_id, "Indeed")
    assert rows(world)[int(ana)]["vacancyId"] is None


@pytest.mark.parametrize(("ticked", "status"), [("", "APPLICATION INITIATED"), ("yes", "SHORTLISTED")])
def test_the_workspace_chooses_to_shortlist(world: World, api: Session, ticked: str, status: str) -> None:
    """With the source in the history, where OrangeHRM shows who moved whom."""
    options = {"shortlist": ticked}
    with Session(world.crm, api.credentials, api.answers, app=world.app, options=options) as chosen:
        ana = world.crm.create_person(chosen, ANA)
        world.crm.link(chosen, ana, world.open_vacancy.crm_id, "Indeed")
    assert rows(world)[int(ana)]["status"] == status
    notes = [line["note"] for line in world.double.records.history[int(ana)] if line["note"]]
    assert ["Indeed" in note for note in notes] == ([True] if ticked else [])


# --- signing in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://acme.orangehrmlive.com", "https://acme.orangehrmlive.com"),
        ("hr.acme.com/orangehrm/", "https://hr.acme.com/orangehrm"),
        ("https://HR.acme.com/hr/web/index.php/auth/login", "https://hr.acme.com/hr"),
        ("http://localhost:8080/web/index.php", "http://localhost:8080"),
    ],
)
def test_an_address_is_kept_to_what_matters(world: World, typed: str, kept: str) -> None:
    """People paste the page they are on; the sign-in, the API and the links are at that instance."""
    answers = world.crm.check_answers({"url": typed}, ClientApp())
    assert answers == {"url": kept}
    oauth = world.crm.oauth_for(answers, ClientApp())
    assert oauth is not None
    assert oauth.authorize_url == f"{kept}/web/index.php/oauth2/authorize"
    credentials = world.crm.credentials_from_token({"access_token": "t"}, answers, ClientApp())
    assert credentials.api_base == f"{kept}/web/index.php"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "http://hr.acme.com",
        "https://u:p@hr.acme.com",
        "https://hr.acme.com?x=1",
        "https://hr.acme.com/a b",
    ],
)
def test_no_other_address_gets_the_secret(world: World, typed: str) -> None:
    """What is no plain https address is refused beside its field."""
    with pytest.raises(Invalid) as refusal:
        world.crm.check_answers({"url": typed}, ClientApp())
    assert [fault.field for fault in refusal.value.faults] == ["url"]


def test_a_spent_refresh_token_needs_a_person(world: World) -> None:
    """OrangeHRM says so with another status and name than others do."""
    first = world.sign_in()
    world.refreshed(first)
    with pytest.raises(SignInNeeded):
        world.refreshed(first)


def test_a_way_to_the_login_page_is_not_followed(world: World, api: Session) -> None:
    """Without exactly the right header a bad token leads in circles; the header is always sent."""
    assert api.get("/api/v2/pim/myself")["data"]["lastName"] == "Shah"
    stale = replace(api.credentials, access_token="stale")
    with Session(world.crm, stale, api.answers) as lost:
        with pytest.raises(Nonsense, match="elsewhere"):
            lost.get("/api/v2/pim/myself", headers={"Accept": "*/*"})
        with pytest.raises(SignInNeeded):
            lost.get("/api/v2/pim/myself")


def test_a_refused_value_names_its_field(world: World, api: Session) -> None:
    """A 422 tells which parameter to correct, and what to do then."""
    with pytest.raises(Declined, match=r"Invalid Parameter: email.*press Retry"):
        world.crm.create_person(api, Person("Novák", email="no-address"))


@pytest.mark.parametrize("exchange", documented("orangehrm"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(
        first_name="Ana", last_name="Novák", email="ana@example.com", phone="+44 7700 900123", skills=["SQL"]
    )
    asked = exchange["request"]
    token = "wrong" if exchange["status"] == 401 else world.sign_in().access_token
    body = json.dumps(asked.get("json")).replace('"{candidate}"', ana)
    answer = requests.request(
        asked["method"],
        f"{world.double.base_url}/web/index.php" + asked["path"].format(candidate=ana),
        params=asked.get("query"),
        data=None if asked.get("json") is None else body,
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "Content-Type": "application/json",
        },
        allow_redirects=False,
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []
