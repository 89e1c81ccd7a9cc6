"""What is TrackerRMS's own: a token that buys another, two APIs, statuses in answers, guesses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.crm import _trackerrms_api as tracker
from bot.crm._base import ClientApp
from bot.crm._errors import AlreadyExists, Declined, SignInNeeded
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.errors import Invalid
from tests.doubles.trackerrms import TOKEN

from .test_fixtures import documented, missing_in
from .worlds.trackerrms import World

pytestmark = pytest.mark.parametrize("world", ["TRACKERRMS"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")


@pytest.mark.parametrize("exchange", documented("trackerrms"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    asked, bought = exchange["request"], world.sign_in().access_token
    token = TOKEN if asked.get("token") == "customer" else bought
    sent = json.dumps(asked["json"]).replace('"{resource}"', ana).replace("{resource_text}", ana)
    answer = requests.request(
        asked["method"],
        world.double.base_url + asked["path"].format(resource=ana),
        json=json.loads(sent.replace("{token}", TOKEN)),
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


# --- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, ["region", "token"]),
        ({"region": "mars", "token": "t"}, ["region"]),
        ({"region": "us", "token": "a b"}, ["token"]),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(
    world: World, answers: dict[str, str], fields: list[str]
) -> None:
    """Before anything is sent."""
    with pytest.raises(Invalid) as invalid:
        world.crm.check_answers(answers, ClientApp())
    assert [fault.field for fault in invalid.value.faults] == fields


def test_a_copied_token_loses_its_spaces(world: World) -> None:
    """They come along from the clipboard."""
    assert world.crm.check_answers({"region": "us", "token": f" {TOKEN}\n"}, ClientApp()) == world.answers


@pytest.mark.parametrize(
    ("region", "rest", "widget"),
    [
        ("us", "https://evousapi.tracker-rms.com", "https://evoapius.tracker-rms.com"),
        ("ca", "https://evocaapi.tracker-rms.com", "https://evoapica.tracker-rms.com"),
        ("gl", "https://evoglapi.tracker-rms.com", "https://evoapi.tracker-rms.com"),
    ],
)
def test_each_region_has_its_two_hosts(world: World, region: str, rest: str, widget: str) -> None:
    """As the vendor lists them; each region can be chosen."""
    assert (tracker.rest_base(region), tracker.widget_base(region)) == (rest, widget)
    assert world.crm.check_answers({"region": region, "token": "t"}, ClientApp())["region"] == region


def test_a_wrong_token_asks_for_another(world: World) -> None:
    """The refusal says what to check."""
    with pytest.raises(SignInNeeded, match="region"):
        world.crm.credentials_from_answers({"region": "us", "token": "stranger"}, world.app)


def test_what_was_bought_is_kept_until_it_is_refused(world: World, api: Session) -> None:
    """Each purchase may end the one before: one for many calls, and another one after a refusal."""
    world.crm.account(api)
    world.crm.open_vacancies(api)
    world.expire_access_tokens()
    assert world.crm.account(api) == "United States · 14 open jobs"
    bought = [call for call in world.double.calls if call.path == "/api/Auth/ExchangeToken"]
    assert (len(bought), world.renewals) == (2, 1)


def test_a_user_who_is_not_active_ends_the_sign_in(world: World, api: Session) -> None:
    """The older API tells it inside an accepted answer."""
    ana = world.add_person(last_name="Novák")
    world.double.site.is_active = False
    with pytest.raises(SignInNeeded, match="active"):
        world.crm.attach_cv(api, ana, CV)


# --- people, CVs and notes ----------------------------------------------------------------------------


def test_an_address_stays_when_a_number_is_filled(world: World, api: Session) -> None:
    """A change replaces all of a candidate's contact details, so what was there goes along."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "email": "other@example.com"})
    (person,) = world.people()
    assert (person["email"], person["phone"]) == ("ana@example.com", "+44 7700 900123")


def test_nothing_is_sent_when_nothing_is_empty(world: World, api: Session) -> None:
    """A full record is not touched at all."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "other@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


def test_the_source_of_a_known_candidate_stays(world: World, api: Session) -> None:
    """Who brought them first did."""
    ana = world.add_person(last_name="Novák", source="Reed")
    world.crm.fill_person(api, ana, {"headline": "Engineer"})
    assert world.people()[0]["source"] == "Reed"


def test_only_the_first_document_is_the_primary_one(world: World, api: Session) -> None:
    """A résumé that people have chosen is not replaced."""
    ana = world.add_person(last_name="Novák")
    world.crm.attach_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, replace(CV, content=b"%PDF-1.7 newer"))
    assert [one["primary"] for one in world.double.site.records.documents.values()] == ["y", "n"]


def test_a_file_that_is_refused_is_told(world: World, api: Session) -> None:
    """With the status and the words of the older API."""
    ana = world.add_person(last_name="Novák")
    with pytest.raises(Declined, match=r"99.*Invalid request"):
        world.crm.attach_cv(api, ana, replace(CV, filename="n" * 300))


def test_a_note_is_written_even_if_notes_can_not_be_searched(world: World, api: Session) -> None:
    """The search is guessed: without it, nothing is known to be there."""
    world.double.site.knows_guesses = False
    ana = world.add_person(last_name="Novák")
    note = CrmNote("application-1", "Applied by Indeed.")
    assert not world.crm.has_note(api, ana, note)
    world.crm.add_note(api, ana, note)
    assert len(world.notes(ana)) == 1


def test_a_name_is_enough(world: World, api: Session) -> None:
    """Whoever has but one name bears it as the surname."""
    ana = world.crm.create_person(api, Person("Novák", phone="+44 7700 900123"))
    assert world.people()[0] | {"id": ana, "last_name": "Novák", "first_name": None} == world.people()[0]


# --- jobs ---------------------------------------------------------------------------------------------


def test_jobs_are_read_to_the_last_page(world: World, api: Session) -> None:
    """Pages hold ten, whatever is asked for; the newest come first."""
    found = world.crm.open_vacancies(api)
    assert len(found) == 14
    assert found[0].id == "1011"


@pytest.mark.parametrize(
    ("options", "listed"),
    [
        ({}, ("long", "resource")),
        ({"link_as": "applied"}, ("long", "resource")),
        ({"link_as": "shortlisted"}, ("short", "user")),
    ],
)
def test_the_workspace_chooses_the_list(
    world: World, options: Mapping[str, str], listed: tuple[str, str]
) -> None:
    """Applied by default, shortlisted where that was chosen; either way found again."""
    ana = world.add_person(last_name="Novák")
    with Session(world.crm, world.sign_in(), world.answers, app=world.app, options=options) as api:
        link = world.crm.link(api, ana, "991", "Indeed")
        assert world.crm.find_link(api, ana, "991") == link
    (one,) = world.double.site.records.listed
    assert (one["assigntolist"], one["shortlistedby"]) == listed


def test_a_second_application_is_told_by_the_crm_itself(world: World, api: Session) -> None:
    """Even where its lists can't be read, which is guessed."""
    world.double.site.knows_guesses = False
    ana = world.add_person(last_name="Novák")
    link = world.crm.link(api, ana, "991", "Indeed")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.link(api, ana, "991", "Indeed")
    assert refusal.value.existing_id == link


def test_of_several_open_jobs_none_is_taken(world: World, api: Session) -> None:
    """Which one was meant is for people to say."""
    world.double.site.records.add_opportunity(1100, "Site Engineer, weekends (JOB-42)", "open")
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
