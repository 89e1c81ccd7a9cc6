"""A CRM's own options: chosen in the settings, kept for each CRM, and heeded when an applicant goes there."""

from __future__ import annotations

import json
from typing import Any

from bot.blocks import ids
from bot.usecases import configure
from bot.usecases.configure import Wish
from bot.workspace import Boxes, Picked
from tests.story import signed
from tests.story.acts import connect, person_of, undo_window
from tests.story.settings_modal import Modal, history, stored
from tests.world import ADMIN, BEN, TEAM, World

STAGE = ids.option_action("stage")
SHORTLIST = Picked("shortlist", "Shortlist")


def test_an_option_is_offered_once_the_crm_is_connected(world: World) -> None:
    """Before there is a sign-in there is nobody to ask what there is to choose."""
    modal = Modal(world).open()
    modal.select_crm()
    assert STAGE not in _actions(modal)
    modal.person.close()
    connect(world)
    assert STAGE in _actions(Modal(world).open())


def test_the_choices_are_the_crms_own_and_can_be_searched(world: World) -> None:
    """All of them at first, after a way to choose none; then those that contain what is typed."""
    connect(world)
    modal = Modal(world).open()
    offered = _offered(modal)
    assert list(offered)[:3] == [ids.NO_CHOICE, "new", "shortlist"]
    assert offered["phone_screen"] == "Phone screen"
    assert list(_offered(modal, "SCREEN")) == ["phone_screen"]
    assert list(_offered(modal, "zzz").values()) == ["Nothing found for “zzz”"]


def test_a_choice_is_saved_told_in_the_history_and_heeded(world: World) -> None:
    """The next applicant arrives in the chosen stage; the modal shows the choice again."""
    connect(world)
    undo_window(world, 0)
    configure.save(world.house, TEAM, ADMIN, Wish(boxes=Boxes(send_green=True)))
    _choose(Modal(world).open(), "shortlist")

    assert stored(world).crm_options == {"DEMO": {"stage": SHORTLIST}}
    assert history(world)[0].changes == ("Demo CRM, “Stage of a new application”: Shortlist",)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    (application,) = world.crm.applications(person_of(world, id_).id)
    assert application.stage == "shortlist"
    again = Modal(world).open()
    assert _element(again)["initial_option"]["text"]["text"] == "Shortlist"


def test_a_choice_is_taken_back(world: World) -> None:
    """Choosing none puts all as it was, and the history says so."""
    connect(world)
    _choose(Modal(world).open(), "shortlist")
    _choose(Modal(world).open(), ids.NO_CHOICE)
    assert stored(world).crm_options == {}
    assert history(world)[0].changes == ("Demo CRM, “Stage of a new application”: no choice",)


def test_a_save_leaves_alone_what_another_admin_chose_meanwhile(world: World) -> None:
    """Only what was changed in this modal is taken over."""
    connect(world)
    modal = Modal(world).open()
    configure.save(world.house, TEAM, ADMIN, Wish(options={"DEMO": {"stage": SHORTLIST}}))
    modal.save()
    assert stored(world).crm_options == {"DEMO": {"stage": SHORTLIST}}


def test_a_choice_outlives_a_new_sign_in(world: World) -> None:
    """Options belong to the workspace and the CRM, not to a sign-in."""
    connect(world)
    _choose(Modal(world).open(), "shortlist")
    Modal(world).open().disconnect()
    world.slack.as_user(ADMIN).close()
    connect(world)
    assert stored(world).crm_options == {"DEMO": {"stage": SHORTLIST}}


def test_an_outage_shows_in_the_menu_and_changes_nothing(world: World) -> None:
    """The menu says what is wrong; saving with that entry keeps what is stored; then the choices are back."""
    connect(world)
    _choose(Modal(world).open(), "shortlist")
    modal = Modal(world).open()
    world.crm.faults.add(kind="error", path="/api/v1/stages")
    offered = _offered(modal)
    assert list(offered) == [ids.NO_ENTRY]
    assert "Demo CRM has trouble" in offered[ids.NO_ENTRY]
    modal.person.fill(STAGE, ids.NO_ENTRY)
    modal.save()
    assert stored(world).crm_options == {"DEMO": {"stage": SHORTLIST}}
    assert "shortlist" in _offered(Modal(world).open())


def test_a_slow_crm_holds_nobody_up(world: World) -> None:
    """The menu answers within Slack's three seconds, and has the choices as soon as the CRM answered."""
    connect(world)
    modal = Modal(world).open()
    world.crm.faults.add(kind="hang", path="/api/v1/stages", seconds=30)
    assert "Demo CRM did not answer in time" in str(_offered_once(modal))
    assert world.slack.wait_until(lambda: "shortlist" in _offered(modal))


def test_the_choices_are_remembered_for_a_minute(world: World) -> None:
    """Every keystroke asks us, but the CRM is asked once."""
    connect(world)
    modal = Modal(world).open()
    _offered(modal)
    asked = _asked(world)
    for typed in ("s", "sh", "sho"):
        _offered(modal, typed)
    assert _asked(world) == asked
    world.clock.advance(seconds=61)
    _offered(modal)
    assert _asked(world) > asked


def test_what_a_crm_lacks_is_told_when_it_is_chosen(world: World) -> None:
    """One quiet line, before anybody signs in; a CRM that can do all has none."""
    modal = Modal(world).open()
    modal.person.act_in_view(ids.SETTINGS_CRM, "NUTSHELL")
    modal.until(lambda: modal.shows("Nutshell takes no CV files."))
    modal.person.act_in_view(ids.SETTINGS_CRM, "ODOO")
    modal.until(lambda: not modal.shows("takes no CV files"))


def test_only_who_may_change_settings_sees_the_choices(world: World) -> None:
    """A forged look into a menu gets no more than a refusal."""
    connect(world)
    view = Modal(world).open().view
    block = ids.option_block("DEMO", "stage")
    answer = signed.send_payload(
        world,
        type="block_suggestion",
        user={"id": BEN, "team_id": TEAM},
        action_id=STAGE,
        block_id=block,
        value="",
        view=view,
    )
    assert [option["value"] for option in answer.json()["options"]] == [ids.NO_ENTRY]


def test_a_fault_is_shown_right_below_its_question(world: World) -> None:
    """Before sign-in: what was typed stays, and the sentence stands below the field that it is about."""
    modal = Modal(world).open()
    modal.person.act_in_view(ids.SETTINGS_CRM, "ODOO")
    modal.until(lambda: modal.shows("Database"))
    block = ids.question_block("ODOO", "url")
    modal.person.fill(block, "not an address")
    modal.person.fill(ids.question_block("ODOO", "key"), "a key")
    modal.person.act_in_view(ids.SETTINGS_CHECK_ANSWERS)
    modal.until(lambda: modal.shows("⚠️"))

    blocks = modal.view["blocks"]
    place = next(at for at, one in enumerate(blocks) if one["block_id"] == block)
    assert blocks[place + 1]["type"] == "context"
    assert "⚠️" in blocks[place + 1]["elements"][0]["text"]
    (state,) = modal.view["state"]["values"][block].values()
    assert state["value"] == "not an address"


def _actions(modal: Modal) -> list[str]:
    return [one.get("element", {}).get("action_id", "") for one in modal.view["blocks"]]


def _element(modal: Modal) -> dict[str, Any]:
    blocks = modal.view["blocks"]
    found = next(one["element"] for one in blocks if one.get("element", {}).get("action_id") == STAGE)
    return dict(found)


def _offered(modal: Modal, search: str = "") -> dict[str, str]:
    # Opened again where the answer took longer than a menu waits, as a person would.
    for _ in range(5):
        offered = _offered_once(modal, search)
        if "did not answer in time" not in str(offered):
            return offered
    raise AssertionError("the CRM was too slow five times")


def _offered_once(modal: Modal, search: str = "") -> dict[str, str]:
    answer = modal.person.options(STAGE, search)
    return {option["value"]: option["text"]["text"] for option in answer["options"]}


def _choose(modal: Modal, value: str) -> None:
    _offered(modal)
    modal.person.fill(STAGE, value)
    assert modal.save().error is None


def _asked(world: World) -> int:
    return json.dumps([call.path for call in world.crm.calls]).count("/stages")
