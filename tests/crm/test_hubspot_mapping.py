"""What plays the vacancy in HubSpot, how somebody is put onto it, and what a workspace may choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.crm._errors import AlreadyExists, Declined
from bot.crm._http import Session
from bot.crm._records import CrmVacancy
from tests.doubles.hubspot.records import OBJECT, Records

from .worlds.hubspot import World

pytestmark = pytest.mark.parametrize("world", ["HUBSPOT"], indirect=True)


@pytest.fixture
def records(world: World) -> Records:
    """What the double keeps."""
    return world.double.site.records


def choosing(world: World, **options: str) -> Session:
    """Signed in to a workspace that chose these options alone."""
    return Session(world.crm, world.sign_in(), {}, app=world.app, options=options, timeout=(2.0, 5.0))


# --- vacancies ----------------------------------------------------------------------------------------


def found(vacancies: Any) -> list[str]:
    """The ids of some vacancies."""
    return [vacancy.id for vacancy in vacancies]


def test_without_a_choice_deals_of_every_pipeline_are_vacancies(world: World, api: Session) -> None:
    """With one, only that pipeline's are offered; the newest first."""
    assert found(world.crm.open_vacancies(api)) == ["992", "991"]
    with choosing(world) as other:
        assert found(world.crm.open_vacancies(other)) == ["994", "992", "991"]


def test_a_reference_may_have_a_property(world: World, records: Records) -> None:
    """Where the workspace says which property holds it, the name does not matter."""
    records.objects["deals"]["991"]["properties"]["dealname"] = "Site Engineer"
    with choosing(world, vacancies="deals/jobs", reference="job_reference") as api:
        vacancy = world.crm.find_vacancy(api, crm_id=None, reference=" job-42")
        assert vacancy == CrmVacancy("991", "Site Engineer", "JOB-42", owner_id="61")
        assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-4") is None


def test_a_reference_in_two_open_deals_is_not_guessed(world: World, api: Session, records: Records) -> None:
    """Rather none than the wrong one; a closed one does not count beside an open one."""
    deals = records.objects["deals"]
    deals["992"]["properties"]["dealname"] = "Foreman (JOB-42)"
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    deals["992"]["properties"]["dealstage"] = "filled"
    assert found([world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")]) == ["991"]


def test_a_label_says_what_the_contact_is(world: World, records: Records) -> None:
    """The association gets the label that the workspace chose."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, vacancies="deals/jobs", application="label/USER_DEFINED/51") as api:
        link_id = world.crm.link(api, ana, "991", "Indeed")
        assert world.crm.find_link(api, ana, "991") == link_id
    assert records.tied("contacts", ana, "deals")["991"][0]["typeId"] == 51


def test_an_application_may_be_a_deal_of_its_own(world: World, records: Records) -> None:
    """Then it stands in the chosen stage, tied to contact and vacancy, with its source; once."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    options = {"vacancies": "deals/jobs", "application": "deal/candidates/applied"}
    with choosing(world, **options) as api:
        assert world.crm.find_link(api, ana, "991") is None
        deal = world.crm.link(api, ana, "991", "Indeed")
        assert world.crm.find_link(api, ana, "991") == deal
        assert world.crm.find_link(api, ana, "992") is None
        with pytest.raises(AlreadyExists) as refusal:
            world.crm.link(api, ana, "991", "Indeed")
        assert refusal.value.existing_id == deal
    values = records.objects["deals"][deal]["properties"]
    assert values["dealname"] == "Ana Novák – Site Engineer (JOB-42)"
    assert (values["pipeline"], values["dealstage"]) == ("candidates", "applied")
    assert values["description"] == "Applied via Indeed."


@pytest.mark.parametrize(
    "application", ["", "label/USER_DEFINED/55", "deal/candidates/applied"], ids=["plain", "label", "deal"]
)
def test_a_custom_object_may_play_the_vacancy(world: World, records: Records, application: str) -> None:
    """Its title, its stages and its kinds of association are the account's own."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, vacancies=OBJECT, reference="code", application=application) as api:
        assert found(world.crm.open_vacancies(api)) == ["71"]
        vacancy = world.crm.find_vacancy(api, crm_id="72", reference="")
        assert vacancy is not None
        assert not vacancy.is_open
        assert found([world.crm.find_vacancy(api, crm_id=None, reference="v-71")]) == ["71"]
        with pytest.raises(Declined, match="closed"):
            world.crm.link(api, ana, "72", "Indeed")
        link_id = world.crm.link(api, ana, "71", "Indeed")
        assert world.crm.find_link(api, ana, "71") == link_id


# --- options ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "offered"),
    [
        ("vacancies", {"deals/jobs": "Deals in Jobs", OBJECT: "Vacancies"}),
        (
            "application",
            {
                "label/USER_DEFINED/51": "is associated as Applicant",
                "deal/candidates/applied": "gets a deal in Candidates › Applied",
            },
        ),
        ("reference", {"job_reference": "Job reference"}),
        ("lead_status", {"NEW": "New"}),
        ("source", {"candidate_source": "Candidate source"}),
        ("skills", {"candidate_skills": "Candidate skills"}),
    ],
)
def test_options_offer_what_the_account_has(
    world: World, api: Session, key: str, offered: Mapping[str, str]
) -> None:
    """Every option of the connector has live choices, without what may not be written."""
    choices = dict(world.crm.option_choices(api, key))
    assert offered.items() <= choices.items()
    assert not {"createdate", "hs_additional_emails", "hs_is_closed"} & set(choices)
    assert key in [question.key for question in world.crm.options]


def test_an_account_without_custom_objects_has_its_pipelines(world: World, api: Session) -> None:
    """A refusal to list custom objects costs nothing else."""
    world.faults.add(kind="error", method="GET", path="/crm/v3/schemas", status=403)
    values = [value for value, _ in world.crm.option_choices(api, "vacancies")]
    assert values == ["deals/default", "deals/jobs", "deals/candidates"]
