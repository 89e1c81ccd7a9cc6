"""Who owns a new person in the CRM: chosen in the settings, decided at the handoff, told on the card."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from bot.blocks import ids
from bot.playground.slack.model import User
from bot.usecases import configure
from bot.usecases.configure import Wish
from bot.workspace import Boxes
from tests.story.acts import handoff_line, person_of
from tests.story.settings_modal import Modal, history, stored
from tests.world import ADMIN, ANA, BEN, CHANNEL, TEAM, World

STRANGE = {"reference": "JOB-99", "title": "Cook"}


@pytest.fixture
def ready(world: World) -> World:
    """Connected by Maya; lights leave at once."""
    world.connect()
    boxes = Boxes(send_all=False, send_green=True, send_amber=True)
    configure.save(world.house, TEAM, ADMIN, Wish(crm="DEMO", boxes=boxes, undo_seconds=0))
    return world


def test_an_admin_chooses_the_default_owner(ready: World) -> None:
    """The field is there once a CRM is connected; what was chosen is stored, shown, and in the history."""
    modal = Modal(ready).open()
    modal.person.fill(ids.SETTINGS_OWNER, BEN)
    assert modal.save().ok
    assert stored(ready).default_owner == BEN
    assert history(ready)[0].changes == (f"default owner: <@{BEN}>",)
    again = Modal(ready).open()
    assert f'"initial_user": "{BEN}"' in json.dumps(again.view)
    assert {"type": "user", "user_id": BEN} in again.view["blocks"][-1]["elements"][0]["elements"]


def test_the_default_owner_can_be_taken_back(ready: World) -> None:
    """Emptied, the field means whoever connected; untouched, it changes nothing."""
    configure.save(ready.house, TEAM, ADMIN, Wish(default_owner=BEN))
    assert Modal(ready).open().save().ok
    assert stored(ready).default_owner == BEN
    modal = Modal(ready).open()
    modal.person.fill(ids.SETTINGS_OWNER, None)
    assert modal.save().ok
    assert stored(ready).default_owner is None
    assert history(ready)[0].changes == ("default owner: whoever connected",)


def test_without_a_crm_nobody_is_asked_for_an_owner(world: World) -> None:
    """Before the sign-in there are no users to match."""
    assert ids.SETTINGS_OWNER not in Modal(world).open().block_ids()


def test_the_default_owner_stands_in_where_the_vacancy_has_none(ready: World) -> None:
    """Ana is no user of the CRM and it lacks the vacancy: Ben, the default, owns the person."""
    configure.save(ready.house, TEAM, ADMIN, Wish(default_owner=BEN))
    line = _kept_on_file(ready, ANA)
    assert "owner: Ben Carter (the default owner, as Ana Lindqvist has no Demo CRM user" in line


def test_the_one_who_decided_goes_before_the_default_owner(ready: World) -> None:
    """A decider with a CRM user needs nobody to stand in, and the card gives no reason."""
    configure.save(ready.house, TEAM, ADMIN, Wish(default_owner=ADMIN))
    assert "owner: Ben Carter" in _kept_on_file(ready, BEN)
    assert "the default owner" not in _kept_on_file(ready, BEN)


def test_a_default_owner_without_a_crm_user_is_passed_over(ready: World) -> None:
    """Whoever connected stands in, and the card says why it was neither of the two before."""
    configure.save(ready.house, TEAM, ADMIN, Wish(default_owner=ANA))
    ready.slack.add_user(User("UOLGA", "olga", "Olga Stern"), channels=[CHANNEL])
    line = _kept_on_file(ready, "UOLGA")
    assert "owner: Maya Okafor (who connected Demo CRM, as Olga Stern has no Demo CRM user" in line
    assert "and the default owner, Ana Lindqvist, is no Demo CRM user" in line


def test_whoever_connected_stands_in_where_there_is_no_default(ready: World) -> None:
    """Kept on file for a vacancy that the CRM lacks: somebody owns the person nevertheless, if they can."""
    line = _kept_on_file(ready, ANA)
    assert "owner: Maya Okafor (who connected Demo CRM, as Ana Lindqvist has no Demo CRM user" in line


def test_what_nobody_decided_says_so(ready: World) -> None:
    """Forwarded on arrival to no vacancy of the CRM: the default owner has it because of that."""
    configure.save(ready.house, TEAM, ADMIN, Wish(boxes=Boxes(send_all=True), default_owner=BEN))
    id_ = ready.arrive(vacancy=STRANGE)
    ready.deliver()
    owner = next(user for user in ready.crm.users() if user.name == "Ben Carter")
    assert person_of(ready, id_).owner_id == owner.id
    with ready.house.database.reading() as connection:
        note = connection.execute(text("SELECT owner_note FROM handoffs")).scalar_one()
    assert note == "the default owner, as nobody decided: it was forwarded on arrival"


def test_a_stand_in_that_the_crm_refuses_gives_way_to_the_next(ready: World) -> None:
    """Ben, the vacancy's owner, may have left the CRM: the default owner has the person, told on the card."""
    configure.save(ready.house, TEAM, ADMIN, Wish(default_owner=ADMIN))
    line = _refusing(ready, times=1)
    assert "owner: Maya Okafor (the default owner, as " in line
    assert "and Demo CRM did not take Ben Carter" in line


def test_stand_ins_that_the_crm_refuses_cost_nobody_the_applicant(ready: World) -> None:
    """Where it takes none of them, the person is made without an owner."""
    configure.save(ready.house, TEAM, ADMIN, Wish(default_owner=ADMIN))
    line = _refusing(ready, times=2)
    assert "sent to Demo CRM and the vacancy" in line
    assert "owner: not set (" in line


def _kept_on_file(world: World, user: str) -> str:
    id_ = world.arrive(vacancy=STRANGE)
    world.click(user, id_, ids.DECIDE_AMBER)
    world.deliver()
    return handoff_line(world, id_)


def _refusing(world: World, times: int) -> str:
    id_ = world.arrive()
    world.crm.faults.add(kind="error", method="POST", path="/api/v1/people", status=422, times=times)
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver()
    return handoff_line(world, id_)
