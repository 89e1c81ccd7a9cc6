"""A vacancy that the CRM does not know or has closed is chosen on the card, and remembered."""

from __future__ import annotations

import json
from typing import Any

from bot.blocks import ids
from bot.models import HandoffState
from bot.store import vacancy_choices
from bot.usecases import configure
from bot.usecases.configure import Wish
from bot.workspace import Boxes
from tests.story.acts import connect, handoff_line, person_of, undo_window
from tests.story.settings_modal import is_connected
from tests.world import ADMIN, ANA, BEN, CHANNEL, GUEST, TEAM, World

CLOSED = {"reference": "JOB-48", "title": "Executive Assistant", "client": "Calder Legal"}


def test_a_closed_vacancy_is_replaced_from_the_menu(world: World) -> None:
    """The card offers the open ones; the chosen one gets the applicant, and the card says so."""
    id_ = _failed(world)
    assert "JOB-48 is closed in Demo CRM" in handoff_line(world, id_)
    labels = _offered(world, BEN, id_)
    assert "Site Engineer (JOB-42)" in labels.values()
    assert not [label for label in labels.values() if "JOB-48" in label]

    _choose(world, BEN, id_, "JOB-42")
    assert _vacancies_of(world, id_) == ["JOB-42"]
    line = handoff_line(world, id_)
    assert "sent to Demo CRM and the vacancy Site Engineer" in line
    assert "chosen for JOB-48" in line
    assert not _has_menu(world, id_)


def test_the_menu_is_searched(world: World) -> None:
    """What is typed goes to the CRM; where nothing fits, the menu says so and choosing that does nothing."""
    id_ = _failed(world)
    assert list(_offered(world, BEN, id_, "night shift").values()) == [
        "Registered Nurse, Night Shift (JOB-43)"
    ]
    assert list(_offered(world, BEN, id_, "astronaut").values()) == ["Nothing found for “astronaut”"]
    ts = world.card(id_)["ts"]
    world.slack.as_user(BEN).choose(CHANNEL, ts, ids.CHOOSE_VACANCY, ids.NO_ENTRY)
    world.deliver()
    assert world.application(id_).handoff.state is HandoffState.FAILED


def test_a_choice_is_remembered_for_the_reference(world: World) -> None:
    """Every other failed handoff of that reference goes on, and later applications need no choice."""
    first, second = _failed(world), _failed(world)
    other = _failed(world, reference="JOB-99", title="Cook")
    _choose(world, BEN, first, "JOB-46")
    assert [_vacancies_of(world, id_) for id_ in (first, second)] == [["JOB-46"], ["JOB-46"]]
    assert world.state(other)["handoff"]["state"] == "failed"

    later = _green(world, CLOSED)
    assert _vacancies_of(world, later) == ["JOB-46"]
    assert "chosen for JOB-48" in handoff_line(world, later)


def test_an_id_in_the_application_wins_over_a_remembered_choice(world: World) -> None:
    """The source that names the CRM's own vacancy knows better than what was chosen for the reference."""
    _choose(world, BEN, _failed(world), "JOB-46")
    named = next(vacancy for vacancy in world.crm.vacancies() if vacancy.reference == "JOB-41")
    id_ = _green(world, CLOSED | {"crm_id": str(named.id)})
    assert _vacancies_of(world, id_) == ["JOB-41"]
    assert "chosen for" not in handoff_line(world, id_)


def test_a_choice_that_was_closed_since_is_made_anew(world: World) -> None:
    """The menu comes back, naming what was chosen; the new choice takes the old one's place."""
    _choose(world, BEN, _failed(world), "JOB-46")
    chosen = next(vacancy for vacancy in world.crm.vacancies() if vacancy.reference == "JOB-46")
    world.crm.close_vacancy(chosen.id)
    id_ = _green(world, CLOSED)
    assert "Finance Manager (JOB-46), chosen for JOB-48, is closed" in handoff_line(world, id_)
    _choose(world, ANA, id_, "JOB-44")
    assert _vacancies_of(world, id_) == ["JOB-44"]
    with world.house.database.reading() as connection:
        choice = vacancy_choices.find(connection, TEAM, "DEMO", "JOB-48")
    assert choice is not None
    assert (choice.title, choice.chosen_by) == ("Data Analyst (JOB-44)", ANA)


def test_another_vacancy_is_chosen_before_anything_was_sent(world: World) -> None:
    """From the overflow menu, in a modal: the applicant goes there though the first vacancy is open."""
    _ready(world)
    id_ = world.arrive()
    person = world.slack.as_user(BEN)
    person.choose(CHANNEL, world.card(id_)["ts"], ids.MORE, ids.MORE_VACANCY)
    assert world.slack.wait_until(lambda: person.view() is not None)
    options = person.options(ids.CHOOSE_VACANCY, "")["options"]
    value = next(option["value"] for option in options if "JOB-47" in option["text"]["text"])
    person.fill(ids.CHOOSE_VACANCY, value)
    person.submit()
    assert person.view() is None
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert _vacancies_of(world, id_) == ["JOB-47"]

    person.choose(CHANNEL, world.card(id_)["ts"], ids.MORE, ids.MORE_HISTORY)
    assert world.slack.wait_until(lambda: "chosen for JOB-42" in json.dumps(person.view()))


def test_nothing_is_chosen_once_the_vacancy_has_the_applicant(world: World) -> None:
    """A menu on a card that has not been redrawn yet changes nothing, and says why."""
    id_ = _failed(world)
    labels = _offered(world, BEN, id_)
    value = next(value for value, label in labels.items() if "JOB-42" in label)
    ts = world.card(id_)["ts"]
    world.slack.as_user(BEN).choose(CHANNEL, ts, ids.CHOOSE_VACANCY, value)
    world.slack.as_user(ANA).choose(CHANNEL, ts, ids.CHOOSE_VACANCY, value)  # before it is sent: the same
    world.deliver()
    assert _vacancies_of(world, id_) == ["JOB-42"]
    assert not _has_menu(world, id_)


def test_guests_choose_no_vacancy(world: World) -> None:
    """The menu tells a guest so."""
    id_ = _failed(world)
    (told,) = _offered(world, GUEST, id_).values()
    assert "Only members of this workspace" in told


def test_an_outage_shows_in_the_menu(world: World) -> None:
    """The menu says that the CRM has trouble, and has the vacancies as soon as it is back."""
    id_ = _failed(world)
    world.crm.faults.add(kind="error", method="GET", path="/api/v1/vacancies")
    (told,) = _offered_once(world, BEN, id_).values()
    assert "Demo CRM has trouble" in told
    assert "Site Engineer (JOB-42)" in _offered(world, BEN, id_).values()


def _ready(world: World) -> None:
    if not is_connected(world):
        connect(world)
        undo_window(world, 0)
        configure.save(
            world.house, TEAM, ADMIN, Wish(crm="DEMO", boxes=Boxes(send_green=True, send_amber=True))
        )


def _green(world: World, vacancy: dict[str, Any]) -> str:
    _ready(world)
    id_ = world.arrive(vacancy=vacancy)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    return id_


def _failed(world: World, **vacancy: Any) -> str:
    id_ = _green(world, CLOSED | vacancy)
    assert world.state(id_)["handoff"]["state"] == "failed"
    assert _has_menu(world, id_)
    return id_


def _has_menu(world: World, application_id: str) -> bool:
    return ids.CHOOSE_VACANCY in json.dumps(world.card(application_id)["blocks"])


def _offered(world: World, user: str, application_id: str, search: str = "") -> dict[str, str]:
    # As a person would: opened again where the answer took longer than a menu waits, as on a busy machine.
    for _ in range(5):
        offered = _offered_once(world, user, application_id, search)
        if not any("did not answer in time" in label for label in offered.values()):
            return offered
    raise AssertionError("the CRM had trouble five times")


def _offered_once(world: World, user: str, application_id: str, search: str = "") -> dict[str, str]:
    ts = world.card(application_id)["ts"]
    answer = world.slack.as_user(user).options(ids.CHOOSE_VACANCY, search, channel=CHANNEL, ts=ts)
    return {option["value"]: option["text"]["text"] for option in answer["options"]}


def _choose(world: World, user: str, application_id: str, reference: str) -> None:
    labels = _offered(world, user, application_id)
    value = next(value for value, label in labels.items() if f"({reference})" in label)
    ts = world.card(application_id)["ts"]
    outcome = world.slack.as_user(user).choose(CHANNEL, ts, ids.CHOOSE_VACANCY, value)
    assert outcome.status == 200
    world.deliver()


def _vacancies_of(world: World, application_id: str) -> list[str]:
    person_id = person_of(world, application_id).id
    references = {vacancy.id: vacancy.reference for vacancy in world.crm.vacancies()}
    return [references[one.vacancy_id] for one in world.crm.applications(person_id)]
