"""What a workspace chooses of JobAdder: statuses of new candidates and of new applications."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from bot.crm._errors import Declined, Unavailable
from bot.crm._http import Session
from bot.crm._records import Person

from .world import PATIENT
from .worlds.jobadder import World

pytestmark = pytest.mark.parametrize("world", ["JOBADDER"], indirect=True)
ANA = Person("Novák", "Ana", email="ana@example.com")


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), world.answers, app=app, options=options, timeout=PATIENT) as api:
        yield api


def status_of(world: World, person_id: str) -> str:
    """The status of a person's one application."""
    (application,) = world.double.site.records.applications[int(person_id)]
    return str(application["status"]["name"])


def test_statuses_are_offered(world: World, api: Session) -> None:
    """The account's own; for applications none that rejects, and none that is out of use."""
    assert world.crm.option_choices(api, "candidate_status") == [("11", "New"), ("21", "Active")]
    assert world.crm.option_choices(api, "stage") == [("11", "New"), ("12", "Shortlisted")]


def test_a_new_candidate_has_the_chosen_status(world: World) -> None:
    """Whom JobAdder has already keeps theirs: a fill sends no status."""
    with chosen(world, {"candidate_status": "21"}) as api:
        ana = world.crm.create_person(api, ANA)
        (sent,) = [call.body for call in world.calls if call.method == "POST" and call.body]
        assert sent["statusId"] == 21
        world.double.forget_calls()
        world.crm.fill_person(api, ana, {"phone": "+44 7700 900123"})
        assert ["statusId" in call.body for call in world.calls if call.method == "PUT"] == [False]


@pytest.mark.parametrize(("options", "status"), [({}, "New"), ({"stage": "12"}, "Shortlisted")])
def test_an_applicant_stands_where_the_workspace_chose(
    world: World, options: Mapping[str, str], status: str
) -> None:
    """Shortlist instead of online response, or JobAdder's own beginning."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, options) as api:
        world.crm.link(api, ana, "991", "Indeed")
    assert status_of(world, ana) == status


def test_a_status_that_an_attempt_did_not_reach_is_set(world: World) -> None:
    """Only while the application stands where new ones do: whom somebody moved on stays there."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, {"stage": "12"}) as api:
        world.faults.add(kind="reset_before", method="PUT", path="/v2/applications/*/status")
        with pytest.raises(Unavailable):
            world.crm.link(api, ana, "991", "Indeed")
        assert status_of(world, ana) == "New"
        world.crm.finish_link(api, ana, "991", "Indeed")
        assert status_of(world, ana) == "Shortlisted"
        (application,) = world.double.site.records.applications[int(ana)]
        application["status"] = {"statusId": 13, "name": "Unsuccessful"}
        world.crm.finish_link(api, ana, "991", "Indeed")
    assert status_of(world, ana) == "Unsuccessful"


def test_a_status_that_is_gone_is_told(world: World) -> None:
    """The refusal names the field, for an admin to choose another."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, {"stage": "99"}) as api, pytest.raises(Declined, match="statusId"):
        world.crm.link(api, ana, "991", "Indeed")
