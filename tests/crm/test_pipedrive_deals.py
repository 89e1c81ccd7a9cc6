"""Pipedrive's deals as vacancies: found by reference, offered, and an applicant's own."""

from __future__ import annotations

import pytest

from bot.crm._errors import AlreadyExists, Declined, Unavailable
from bot.crm._http import Session
from tests.doubles.pipedrive import PipedriveDouble
from tests.doubles.pipedrive.records import REFERENCE, Record

from .test_pipedrive import chosen
from .worlds.pipedrive import World

pytestmark = pytest.mark.parametrize("world", ["PIPEDRIVE"], indirect=True)
OWN_DEALS = {"mapping": "deal", "stage": "22", "vacancy_pipeline": "1"}


@pytest.fixture
def double(world: World) -> PipedriveDouble:
    """The double behind the world."""
    return world.double


def test_a_reference_in_a_deals_own_field_is_found(world: World, api: Session) -> None:
    """A field of the deal that holds exactly the reference will do."""
    found = world.crm.find_vacancy(api, crm_id=None, reference="REF 44")
    assert found is not None
    assert found.id == "994"
    assert world.crm.find_vacancy(api, crm_id=None, reference="REF") is None


def test_a_reference_in_two_open_deals_is_not_guessed(
    world: World, api: Session, double: PipedriveDouble
) -> None:
    """Rather none than the wrong one."""
    deals = double.site.records.deals
    deals[995] = deals[991] | {"id": 995}
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    deals[991]["status"] = "won"
    found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
    assert found is not None
    assert (found.id, found.owner_id) == ("995", "5")


def test_a_deleted_deal_is_no_vacancy(world: World, api: Session, double: PipedriveDouble) -> None:
    """Not by its id either."""
    double.site.records.deals[994]["is_deleted"] = True
    assert world.crm.find_vacancy(api, crm_id="994", reference="nothing such") is None


def test_the_newest_deals_of_all_pages_are_offered(world: World, api: Session) -> None:
    """The list goes on past its first page."""
    for _ in range(150):
        world.double.site.records.add_deal({"title": "Welder", "pipeline_id": 2})
    offered = world.crm.open_vacancies(api, limit=500)
    assert len(offered) == 153
    assert [one.title for one in offered[:1]] == ["Welder"]
    with chosen(world, {"vacancy_pipeline": "1"}) as in_pipeline:
        assert {one.id for one in world.crm.open_vacancies(in_pipeline)} == {"991", "992", "994"}
        assert world.crm.open_vacancies(in_pipeline, search="weld") == []


def test_an_applicant_may_get_a_deal_of_their_own(world: World, double: PipedriveDouble) -> None:
    """In the chosen stage, owned like the vacancy, made once, and never taken for a vacancy."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    with chosen(world, OWN_DEALS) as api:
        assert world.crm.find_link(api, ana, "991") is None
        link_id = world.crm.link(api, ana, "991", "Indeed")
        assert world.crm.find_link(api, ana, "991") == link_id
        assert world.crm.find_link(api, ana, "992") is None
        with pytest.raises(AlreadyExists):
            world.crm.link(api, ana, "991", "Indeed")
        with pytest.raises(Declined, match="closed"):
            world.crm.link(api, ana, "993", "Indeed")
        found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
        assert found is not None
        assert found.id == "991"
        assert link_id not in [one.id for one in world.crm.open_vacancies(api, search="site")]
    own: Record = double.site.records.deals[int(link_id)]
    told = {key: own[key] for key in ("title", "person_id", "stage_id", "pipeline_id", "owner_id")}
    assert told == {
        "title": "Ana Novák – Site Engineer (JOB-42) (#991)",
        "person_id": int(ana),
        "stage_id": 22,
        "pipeline_id": 2,
        "owner_id": 5,
    }
    assert own["custom_fields"] == {REFERENCE: None}
    assert world.source(int(ana), int(link_id)) == "Indeed"
    assert double.site.records.participants == []


def test_pipelines_and_stages_are_offered(world: World, api: Session) -> None:
    """Stages say whose they are."""
    assert world.crm.option_choices(api, "vacancy_pipeline") == [("1", "Vacancies"), ("2", "Applicants")]
    assert ("22", "Applicants: Shortlist") in world.crm.option_choices(api, "stage")


def test_the_source_is_noted_once(world: World, api: Session) -> None:
    """A repeat after a broken link does not write it again."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.order("error", "link", status=500)
    with pytest.raises(Unavailable):
        world.crm.link(api, ana, "991", "Indeed")
    world.crm.link(api, ana, "991", "Indeed")
    assert world.links(ana) == [("991", "Indeed")]
