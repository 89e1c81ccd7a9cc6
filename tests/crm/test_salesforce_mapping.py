"""What plays the vacancy in a Salesforce organisation, with a package or without, and what may be chosen."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.crm._errors import AlreadyExists, Declined
from bot.crm._http import Session
from bot.crm._records import CrmVacancy
from tests.doubles.salesforce.schema import Record

from .test_salesforce import choosing
from .worlds.salesforce import World

pytestmark = pytest.mark.parametrize("world", ["SALESFORCE"], indirect=True)


def vacancy(world: World, api: Session, reference: str) -> CrmVacancy:
    """The one with that reference."""
    found = world.crm.find_vacancy(api, crm_id=None, reference=reference)
    assert found is not None
    return found


ORGANISATIONS = [
    ("ts2__", {}, "JOB-42", "ts2__Application__c", {"ts2__Stage__c": "Application"}),
    ("TR1__", {}, "JOB-42", "TR1__Application_V2__c", {}),
    (
        "TR1__",
        {"application": "TR1__Submittal__c", "stage": "Submitted"},
        "JOB-42",
        "TR1__Submittal__c",
        {"TR1__Stage__c": "Submitted"},
    ),
    ("", {}, "JOB-42", "OpportunityContactRole", {}),
    ("", {"stage": "Applicant"}, "JOB-42", "OpportunityContactRole", {"Role": "Applicant"}),
    ("", {"vacancies": "Campaign", "stage": "Sent"}, "JOB-42", "CampaignMember", {"Status": "Sent"}),
    (
        "ts2__",
        {"vacancies": "Vacancy__c", "reference": "Code__c", "open": "Status__c=Live", "stage": "Applied"},
        "V-1",
        "Candidacy__c",
        {"Stage__c": "Applied", "Lead_Source__c": "Indeed"},
    ),
]


@pytest.mark.parametrize(
    ("package", "options", "reference", "kind", "values"),
    ORGANISATIONS,
    ids=["jobscience", "bullhorn", "submittal", "opportunity", "role", "campaign", "own"],
)
def test_somebody_is_put_onto_whatever_plays_the_vacancy(
    world: World,
    package: str,
    options: Mapping[str, str],
    reference: str,
    kind: str,
    values: Mapping[str, str],
) -> None:
    """Found by its reference, open, linked once with the chosen stage, and the link is found again."""
    world.double.reset(package)
    tables = world.double.site.records.tables
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, **options) as api:
        found = vacancy(world, api, reference)
        assert found.is_open
        assert found.owner_id
        assert found.id in [one.id for one in world.crm.open_vacancies(api)]
        assert world.crm.find_link(api, ana, found.id) is None
        link_id = world.crm.link(api, ana, found.id, "Indeed")
        assert world.crm.find_link(api, ana, found.id) == link_id
        with pytest.raises(AlreadyExists) as refusal:
            world.crm.link(api, ana, found.id, "Indeed")
        assert refusal.value.existing_id == link_id
    (made,) = tables[kind].values()
    assert {name: made.get(name) for name in values} == dict(values)


@pytest.mark.parametrize(
    ("package", "options", "reference"),
    [
        ("ts2__", {}, "JOB-48"),
        ("TR1__", {}, "JOB-48"),
        ("", {}, "JOB-7"),
        ("", {"vacancies": "Campaign"}, "JOB-7"),
        ("", {"vacancies": "Vacancy__c", "reference": "Code__c", "open": "Status__c=Live"}, "V-2"),
    ],
)
def test_closed_vacancies_take_nobody(
    world: World, package: str, options: Mapping[str, str], reference: str
) -> None:
    """Each object says in its own way that it is closed."""
    world.double.reset(package)
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, **options) as api:
        found = vacancy(world, api, reference)
        assert not found.is_open
        assert found.id not in [one.id for one in world.crm.open_vacancies(api)]
        with pytest.raises(Declined, match="closed"):
            world.crm.link(api, ana, found.id, "Indeed")


def test_what_an_organisation_has_is_asked_once(world: World, api: Session) -> None:
    """Lists of objects and their descriptions are large."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.link(api, ana, vacancy(world, api, "JOB-42").id, "Indeed")
    world.crm.find_link(api, ana, world.open_vacancy.crm_id)
    asked = [call.path for call in world.double.calls]
    known = [path for path in asked if path.endswith(("/sobjects", "/describe"))]
    assert sorted(known) == sorted(set(known))
    assert len(known) == 3


def test_a_source_that_jobscience_lacks_is_left_to_the_note(world: World, api: Session) -> None:
    """Sources are records there; none is made up."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.link(api, ana, world.open_vacancy.crm_id, "A board's name")
    assert world.links(ana) == [(world.open_vacancy.crm_id, "")]


def test_signs_in_a_search_are_looked_for_as_they_are(world: World, api: Session) -> None:
    """A percent sign finds titles with a percent sign, not all of them."""
    jobs = world.double.site.records.tables["ts2__Job__c"]
    jobs[world.open_vacancy.crm_id]["Name"] = "100%_Remote's"
    for search, count in (("0%_r", 1), ("e's", 1), ("%", 1), ("_", 1), ("0_R", 0), ("\\", 0)):
        assert len(world.crm.open_vacancies(api, search=search)) == count


def test_a_reference_in_two_open_vacancies_is_not_guessed(world: World, api: Session) -> None:
    """Rather none than the wrong one; a closed one does not count beside an open one."""
    jobs = world.double.site.records.tables["ts2__Job__c"]
    other = next(one for one in jobs.values() if one["ts2__Job_Number__c"] == "JOB-421")
    other["ts2__Job_Number__c"] = "JOB-42"
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    other["ts2__Status__c"] = "Closed"
    assert vacancy(world, api, "job-42").id == world.open_vacancy.crm_id


@pytest.mark.parametrize(
    "options", [{"vacancies": "User"}, {"application": "Task"}, {"application": "Campaign"}]
)
def test_an_object_that_cannot_play_its_part_is_told(world: World, options: Mapping[str, str]) -> None:
    """The workspace learns that it has to choose another one."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, **options) as api, pytest.raises(Declined, match="/handoff-settings"):
        world.crm.find_link(api, ana, world.open_vacancy.crm_id)


@pytest.mark.parametrize(
    ("package", "options", "key", "offered"),
    [
        (
            "ts2__",
            {},
            "vacancies",
            {"Opportunity": "Opportunity (Opportunity)", "ts2__Job__c": "ts2  Job (ts2__Job__c)"},
        ),
        ("TR1__", {}, "application", {"TR1__Submittal__c": "TR1  Submittal (TR1__Submittal__c)"}),
        (
            "",
            {},
            "application",
            {"OpportunityContactRole": "OpportunityContactRole (OpportunityContactRole)"},
        ),
        ("ts2__", {}, "stage", {"Offer": "Offer"}),
        ("", {"vacancies": "Vacancy__c"}, "open", {"Status__c=Live": "Status: Live"}),
        ("", {"vacancies": "Vacancy__c"}, "reference", {"Code__c": "Code"}),
        ("", {}, "record_type", {"012000000000006AAA": "Client"}),
        ("TR1__", {}, "status", {"TR1__Candidate_Status__c=Available": "TR1  Candidate Status: Available"}),
        ("", {}, "skills", {"Skills__c/1000": "Skills"}),
    ],
)
def test_options_offer_what_the_organisation_has(
    world: World, package: str, options: Mapping[str, str], key: str, offered: Record
) -> None:
    """Every option has its choices, from the organisation's own description; retired values are none."""
    world.double.reset(package)
    with choosing(world, **options) as api:
        choices = dict(world.crm.option_choices(api, key))
    assert offered.items() <= choices.items()
    assert not any("Retired" in value for value in choices)
    assert key in [question.key for question in world.crm.options if question.kind == "live"]
