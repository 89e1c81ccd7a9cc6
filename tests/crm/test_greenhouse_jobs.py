"""Greenhouse's jobs: found by requisition id or name, applied for once, moved only where it was chosen."""

from __future__ import annotations

import pytest

from bot.crm._errors import AlreadyExists, Declined, Unavailable
from bot.crm._http import Session
from bot.crm._records import Person

from .test_greenhouse import chosen
from .worlds.greenhouse import World

pytestmark = pytest.mark.parametrize("world", ["GREENHOUSE"], indirect=True)


def test_the_newest_jobs_come_first(world: World, api: Session) -> None:
    """By when they were opened, whatever Greenhouse's order."""
    assert [job.id for job in world.crm.open_vacancies(api)] == ["991", "995", "994"]


def test_a_reference_may_stand_in_a_jobs_name(world: World, api: Session) -> None:
    """Where no requisition id is that reference; an id that begins like it is another."""
    found = world.crm.find_vacancy(api, crm_id=None, reference="REF 44")
    assert found is not None
    assert found.id == "995"


def test_of_several_open_jobs_none_is_taken(world: World, api: Session) -> None:
    """Which one was meant is for people to say."""
    world.double.site.records.add_job(1000, "Site Engineer, weekends", "open", "JOB-42")
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None


def test_an_application_is_not_moved_by_itself(world: World, api: Session) -> None:
    """Moving runs rules that may mail candidates; the workspace has to choose it, and is warned."""
    ana = world.add_person(last_name="Novák")
    world.crm.link(api, ana, "991", "Indeed")
    assert world.double.site.records.moves == []
    (hint,) = [option.hint for option in world.crm.options if option.key == "stage"]
    assert hint is not None
    assert "mail candidates" in hint


def test_an_application_goes_to_the_chosen_stage(world: World, api: Session) -> None:
    """By the stage's name, as each job has stages of its own; those in use are offered once each."""
    assert world.crm.option_choices(api, "stage") == [
        (name, name) for name in ("Application Review", "Phone Screen", "Offer")
    ]
    ana = world.add_person(last_name="Novák")
    with chosen(world, {"stage": "Phone Screen"}) as other:
        world.crm.link(other, ana, "991", "Indeed")
    (move,) = world.double.site.records.moves
    assert move["to"] == "Phone Screen"


def test_a_move_that_an_attempt_did_not_reach_is_made_once(world: World) -> None:
    """From the first stage alone: who has gone on from there is not moved back."""
    ana = world.add_person(last_name="Novák")
    with chosen(world, {"stage": "Phone Screen"}) as api:
        world.faults.add(kind="reset_before", method="POST", path="/v3/applications/*/move")
        with pytest.raises(Unavailable):
            world.crm.link(api, ana, "991", "Indeed")
        for _ in range(2):
            world.crm.finish_link(api, ana, "991", "Indeed")
    assert [move["to"] for move in world.double.site.records.moves] == ["Phone Screen"]


def test_the_first_stage_needs_no_move(world: World) -> None:
    """Who is there already is not moved."""
    ana = world.add_person(last_name="Novák")
    with chosen(world, {"stage": "Application Review"}) as api:
        world.crm.link(api, ana, "991", "Indeed")
    assert world.double.site.records.moves == []


def test_a_job_without_the_chosen_stage_takes_nobody(world: World) -> None:
    """Before anything was written."""
    ana = world.add_person(last_name="Novák")
    with chosen(world, {"stage": "Coffee"}) as api, pytest.raises(Declined, match="Coffee"):
        world.crm.link(api, ana, "991", "Indeed")
    assert (world.links(ana), world.notes(ana)) == ([], [])


def test_a_prospect_is_not_yet_an_applicant(world: World, api: Session) -> None:
    """The prospect's own application is no link to a job."""
    ana = world.crm.create_person(api, Person("Novák", "Ana", email="a@example.com"))
    link = world.crm.link(api, ana, "991", "Indeed")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.link(api, ana, "991", "Indeed")
    assert refusal.value.existing_id == link
    assert len(world.notes(ana)) == 1
