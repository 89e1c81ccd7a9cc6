"""What is Nutshell's own: e-mail and key, patches, notes in others' names, leads as vacancies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
import requests

from bot.crm._base import Capability, ClientApp
from bot.crm._errors import AlreadyExists, Declined, Missing, SignInNeeded
from bot.crm._http import Session
from bot.crm._records import CrmNote, Person
from bot.errors import Invalid
from tests.doubles.nutshell import EMAIL, KEY

from .test_fixtures import documented, missing_in
from .worlds.nutshell import World

pytestmark = pytest.mark.parametrize("world", ["NUTSHELL"], indirect=True)
ANA = Person("Novák", "Ana", email="ana@example.com", headline="Engineer", skills=("SQL",), source="Indeed")
OWN_LEADS = {"mapping": "lead", "pipeline": "2-stagesets", "stage": "4-stages"}


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), world.answers, app=app, options=options, timeout=(10.0, 30.0)) as api:
        yield api


@pytest.mark.parametrize("exchange", documented("nutshell"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    contact = f"{ana}-contacts"
    note = world.double.site.records.add_note("x", contact, EMAIL)["id"]
    asked = exchange["request"]
    sent = asked.get("body", "").replace("{contact}", contact)
    answer = requests.request(
        asked["method"],
        world.double.api_url + asked["path"].format(contact=contact, note=note),
        params={name: value.format(contact=contact) for name, value in asked.get("query", {}).items()},
        data=sent.encode() or None,
        headers={"Content-Type": asked["content_type"]} if sent else {},
        auth=(EMAIL, KEY),
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json() if answer.content else None, exchange["body"]) == []


# --- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "key", "fields"),
    [
        ("", "", ["email", "api_key"]),
        ("ben", KEY, ["email"]),
        ("ben:x@example.com", KEY, ["email"]),
        (EMAIL, "two words", ["api_key"]),
        (EMAIL, "schlüssel", ["api_key"]),
    ],
)
def test_what_can_be_no_answer_is_refused_beside_its_field(
    world: World, email: str, key: str, fields: list[str]
) -> None:
    """Before anything is sent."""
    with pytest.raises(Invalid) as invalid:
        world.crm.check_answers({"email": email, "api_key": key}, ClientApp())
    assert [fault.field for fault in invalid.value.faults] == fields


def test_copied_answers_lose_their_spaces(world: World) -> None:
    """They come along from the clipboard."""
    kept = world.crm.check_answers({"email": f" {EMAIL} ", "api_key": f"{KEY}\n"}, ClientApp())
    assert kept == {"email": EMAIL, "api_key": KEY}


def test_the_vendors_address_is_used_without_settings(world: World) -> None:
    """A key needs no settings of the bot at all."""
    credentials = world.crm.credentials_from_answers(world.answers, ClientApp())
    assert credentials.api_base == "https://app.nutshell.com/rest"


def test_the_user_is_named(world: World, api: Session) -> None:
    """By the name that Nutshell knows."""
    assert world.crm.account(api) == f"Priya Shah · {EMAIL}"


def test_a_wrong_key_asks_for_a_new_one(world: World) -> None:
    """Its refusal is a page, and told as what it is."""
    wrong = world.crm.credentials_from_answers({"email": EMAIL, "api_key": "wrong"}, world.app)
    with Session(world.crm, wrong, world.answers) as other, pytest.raises(SignInNeeded):
        world.crm.account(other)


# --- people -------------------------------------------------------------------------------------------


def test_files_are_no_capability(world: World) -> None:
    """Nutshell's description has no way to send one, and the settings say so."""
    assert Capability.CV not in world.crm.capabilities


def test_an_account_without_own_fields_gets_the_rest(world: World) -> None:
    """Values for which no field is chosen are left out, and nothing fails."""
    with chosen(world, {"skills_field": "-", "source_field": "-"}) as api:
        world.crm.create_person(api, ANA)
    (person,) = world.people()
    assert (person["headline"], person["skills"], person["source"]) == ("Engineer", None, None)


def test_a_chosen_field_is_used(world: World) -> None:
    """The workspace's choice goes before the name, and is asked for when looking at what is filled."""
    with chosen(world, {"skills_field": "Favorite Number"}) as api:
        ana = world.crm.create_person(api, ANA)
        (found,) = world.crm.find_people(api, email="ana@example.com")
        offered = dict(world.crm.option_choices(api, "skills_field"))
    assert world.double.site.records.own[f"{ana}-contacts"] == {"Favorite Number": "SQL", "Source": "Indeed"}
    assert "skills" in found.filled
    assert list(offered.values()) == ["Leave it out", "Skills", "Source", "Favorite Number"]


def test_links_get_their_labels(world: World, api: Session) -> None:
    """LinkedIn by its name."""
    links = ("https://ana.example", "https://www.linkedin.com/in/ana")
    ana = world.crm.create_person(api, Person("Novák", email="a@example.com", links=links))
    urls = world.double.site.records.contacts[f"{ana}-contacts"]["urls"]
    assert [url["name"] for url in urls] == ["Website", "LinkedIn"]


def test_only_what_is_empty_is_patched(world: World, api: Session) -> None:
    """In Nutshell's paths, one operation a field."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", source="Reed")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"first_name": "Ana", "headline": "CEO", "email": "other@example.com"})
    sent = [call.body for call in world.double.calls if call.method == "PATCH"]
    assert sent == [
        [
            {"op": "replace", "value": "CEO", "path": "/contacts/0/description"},
            {"op": "replace", "value": "Ana Novák", "path": "/contacts/0/name"},
        ]
    ]


def test_nothing_is_sent_when_nothing_is_empty(world: World, api: Session) -> None:
    """A full record is not touched at all."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "ana@example.com"})
    assert {call.method for call in world.double.calls} == {"GET"}


def test_an_address_within_its_value_counts(world: World, api: Session) -> None:
    """Accounts are said to answer addresses that way."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    record = world.double.site.records.contacts[f"{ana}-contacts"]
    record["addresses"] = [{"name": "home", "value": {"city": "Leeds"}}]
    record["jobTitle"] = "CEO"
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert found.filled == {"email", "location", "headline"}


def test_a_number_without_a_country_is_kept(world: World, api: Session) -> None:
    """Its digits alone."""
    ana = world.crm.create_person(api, Person("Novák", email="a@example.com", phone="07700 900 123"))
    phones = world.double.site.records.contacts[f"{ana}-contacts"]["phones"]
    assert phones[0]["value"] == {"number": "07700900123"}


def test_the_existing_contact_is_named(world: World, api: Session) -> None:
    """As Nutshell refuses no duplicate, the connector does, and says who it is."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, ANA)
    assert refusal.value.existing_id == ana


# --- notes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("options", "may"), [({}, True), ({"impersonate": "yes"}, False)])
def test_without_the_permission_notes_are_ones_own(world: World, options: dict[str, str], may: bool) -> None:
    """Unless ticked nobody is impersonated; where the key may not, the note is written all the same, once."""
    world.double.site.may_impersonate = may
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, options) as api:
        world.crm.add_note(api, ana, CrmNote("k", "text", "ben@brightdesk.example"))
        assert world.crm.account(api)
    assert [(note.text, note.author_email) for note in world.notes(ana)] == [("text", EMAIL)]


# --- vacancies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("crm_id", ["994", "994-leads"])
def test_a_lead_is_known_with_and_without_its_kind(world: World, api: Session, crm_id: str) -> None:
    """Both are accepted by Nutshell's own words."""
    found = world.crm.find_vacancy(api, crm_id=crm_id, reference="")
    assert found is not None
    assert (found.id, found.owner_id) == ("994-leads", "5-users")


@pytest.mark.parametrize("crm_id", ["994-contacts", "994-leads/../../users", "leads", "994-"])
def test_other_ids_bend_no_path(world: World, api: Session, crm_id: str) -> None:
    """What is no lead's id is not asked for."""
    world.double.forget_calls()
    assert world.crm.find_vacancy(api, crm_id=crm_id, reference="") is None
    assert world.double.calls == []


def test_a_reference_in_two_open_leads_is_not_guessed(world: World, api: Session) -> None:
    """Rather none than the wrong one."""
    records = world.double.site.records
    records.add_lead({"description": "Plant Engineer (JOB-42)"}, 995)
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    records.leads["991-leads"]["status"] = "won"
    found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
    assert found is not None
    assert found.id == "995-leads"


def test_open_leads_of_all_pages_are_offered(world: World, api: Session) -> None:
    """Closed ones take no place in the list."""
    for _ in range(150):
        world.double.site.records.add_lead({"description": "Old"}, status="lost")
    offered = world.crm.open_vacancies(api)
    assert {one.id for one in offered} == {"991-leads", "992-leads", "994-leads"}


def test_a_deleted_lead_is_gone(world: World, api: Session) -> None:
    """Not found by its id, and nobody is put onto it."""
    world.double.site.records.leads["994-leads"]["deletedTime"] = "2026-10-01"
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    assert world.crm.find_vacancy(api, crm_id="994", reference="") is None
    with pytest.raises(Missing):
        world.crm.link(api, ana, "994-leads", "Indeed")


def test_an_applicant_may_get_a_lead_of_their_own(world: World) -> None:
    """In the chosen pipeline and stage, owned like the vacancy, made once, never taken for a vacancy."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    with chosen(world, OWN_LEADS) as api:
        assert world.crm.find_link(api, ana, "991-leads") is None
        link_id = world.crm.link(api, ana, "991-leads", "Indeed")
        assert world.crm.find_link(api, ana, "991-leads") == link_id
        assert world.crm.find_link(api, ana, "992-leads") is None
        with pytest.raises(AlreadyExists):
            world.crm.link(api, ana, "991-leads", "Indeed")
        with pytest.raises(Declined, match="closed"):
            world.crm.link(api, ana, "993-leads", "Indeed")
        found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
        assert found is not None
        assert found.id == "991-leads"
        assert link_id not in [one.id for one in world.crm.open_vacancies(api)]
    own = world.double.site.records.leads[link_id]
    assert own["name"] == "Ana Novák – Site Engineer (JOB-42) (#991)"
    links = {
        "contacts": [f"{ana}-contacts"],
        "owner": "5-users",
        "stageset": "2-stagesets",
        "stage": "4-stages",
    }
    assert own["links"] == links
    assert world.source(f"{ana}-contacts", link_id) == "Indeed"


def test_a_stage_that_is_refused_costs_nothing(world: World) -> None:
    """The lead stands, and is found again instead of made twice."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, OWN_LEADS | {"stage": "99-stages"}) as api:
        link_id = world.crm.link(api, ana, "991-leads", "Indeed")
        assert world.crm.find_link(api, ana, "991-leads") == link_id


def test_pipelines_and_stages_are_offered(world: World, api: Session) -> None:
    """As Nutshell lists them."""
    assert ("2-stagesets", "Applicants") in world.crm.option_choices(api, "pipeline")
    assert ("4-stages", "Shortlist") in world.crm.option_choices(api, "stage")


# --- users --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["old@brightdesk.example", "aya@brightdesk.example"])
def test_users_who_left_or_resemble_own_nothing(world: World, api: Session, email: str) -> None:
    """Disabled users and parts of addresses are not taken for owners."""
    assert world.crm.find_user(api, email) is None


def test_the_double_is_strict(world: World, api: Session) -> None:
    """Parameters, fields and content types that Nutshell does not document are refused."""
    with pytest.raises(Declined):
        api.get("/leads", params={"reference": "JOB-42"})
    with pytest.raises(Declined):
        api.post("/contacts", json={"contacts": [{"name": "Novák", "headline": "x"}]})
    with pytest.raises(Declined):
        api.json("PATCH", "/leads/991-leads", json=[])
