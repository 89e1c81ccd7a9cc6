"""What Save settings and Disconnect do, who may still press them, and what others see of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bot.blocks import ids
from bot.errors import Invalid
from bot.usecases import configure
from bot.usecases.configure import Wish
from bot.workspace import Boxes
from tests.story.logbook import logged
from tests.story.settings_modal import COMMAND, Modal, history, is_connected, stored
from tests.world import ADMIN, ANA, BEN, CHANNEL, TEAM, World


def test_a_trigger_without_a_fit_status_is_refused_and_nothing_stored(world: World) -> None:
    """The use case refuses what no menu offers, whichever way it was sent."""
    for status in (None, "new", "keep_on_file", "rejected", "no_such"):
        wish = Wish(boxes=Boxes(send_status=True, trigger_status=status), undo_seconds=5)
        with pytest.raises(Invalid) as refused:
            configure.save(world.house, TEAM, ADMIN, wish)
        assert [fault.field for fault in refused.value.faults] == ["trigger"]
    assert stored(world).version == 0
    assert history(world) == []


def test_a_missing_status_is_told_beside_its_menu(world: World) -> None:
    """Slack's own check of the field, with the menu in view."""
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_STATUS)
    assert list(modal.save().errors) == [ids.SETTINGS_TRIGGER]
    assert stored(world).boxes == Boxes()


def test_saving_before_the_menu_has_appeared_is_refused_beside_a_field(world: World) -> None:
    """Save pressed while Slack is still drawing the menu: an error that Slack can show, nothing stored."""
    world.connect()
    modal = Modal(world).open()
    world.slack.faults.add("views.update", "error", code="internal_error")
    modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_STATUS])
    outcome = modal.save()
    assert outcome.error is None
    assert "Choose the status" in outcome.errors[ids.SETTINGS_CHANNEL]
    assert stored(world).boxes == Boxes()


def test_save_stores_and_tells_privately(world: World) -> None:
    """Everything chosen is stored, and the sentence is told to the one who saved."""
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_GREEN, ids.BOX_STATUS)
    modal.person.act_in_view(ids.SETTINGS_TRIGGER, "offer")
    modal.until(lambda: "Offer" in modal.sentence())
    modal.person.fill(ids.SETTINGS_CHANNEL, "CENGINEERS")
    modal.person.fill(ids.SETTINGS_UNDO, "30")
    modal.person.fill(ids.SETTINGS_EDITORS, [BEN])
    assert modal.save().ok
    assert modal.person.view() is None
    saved = stored(world)
    assert saved.boxes == Boxes(send_green=True, send_status=True, trigger_status="offer")
    assert (saved.crm, saved.channel, saved.undo_seconds, saved.editors) == ("DEMO", "CENGINEERS", 30, (BEN,))
    assert "Settings saved. An applicant goes to Demo CRM" in world.private(ADMIN)[-1]
    assert all(not world.private(user) for user in (ANA, BEN))


def test_each_save_leaves_who_changed_what(world: World) -> None:
    """The history names the person, the time and the changes, and the modal shows it."""
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_GREEN)
    modal.person.fill(ids.SETTINGS_UNDO, "60")
    modal.save()
    newest = history(world)[0]
    assert (newest.user_id, newest.at) == (ADMIN, world.clock())
    assert newest.changes == ("ticked “the green traffic light”", "time to undo: 60 seconds")
    assert Modal(world).open().shows("the green traffic light")


def test_saving_without_a_change_leaves_no_trace(world: World) -> None:
    """Open and save: no history line, and the bot's own defaults are not written down as choices."""
    modal = Modal(world).open()
    assert modal.save().ok
    assert history(world) == []
    assert (stored(world).channel, stored(world).undo_seconds) == (None, None)


def test_a_cleared_channel_keeps_the_old_one(world: World) -> None:
    """Emptying the field is no way to lose the cards."""
    configure.save(world.house, TEAM, ADMIN, Wish(channel="CENGINEERS"))
    modal = Modal(world).open()
    modal.person.fill(ids.SETTINGS_CHANNEL, None)
    assert modal.save().ok
    assert stored(world).channel == "CENGINEERS"


def test_new_cards_go_to_the_chosen_channel(world: World) -> None:
    """The next applicant appears where the settings say."""
    configure.save(world.house, TEAM, ADMIN, Wish(channel="CENGINEERS"))
    id_ = world.arrive()
    assert world.state(id_)["card"]["channel"] == "CENGINEERS"


def test_the_undo_window_of_the_workspace_counts(world: World) -> None:
    """With no undo window a decision leaves at once."""
    world.connect()
    configure.save(world.house, TEAM, ADMIN, Wish(boxes=Boxes(send_green=True), undo_seconds=0))
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_an_editor_who_is_no_longer_named_is_out(world: World) -> None:
    """Taking a name away takes the right away."""
    configure.save(world.house, TEAM, ADMIN, Wish(editors=(ANA,)))
    configure.save(world.house, TEAM, ADMIN, Wish(editors=()))
    world.slack.as_user(ANA).command(COMMAND, channel=CHANNEL)
    assert world.slack.wait_until(lambda: bool(world.private(ANA)))
    assert world.slack.as_user(ANA).view() is None


def test_two_admins_saving_at_once_lose_nothing(world: World) -> None:
    """Two modals opened side by side and saved at the same moment: both changes are there, with a line
    each.
    """
    world.connect()
    configure.save(world.house, TEAM, ADMIN, Wish(editors=(ANA,)))
    first, second = Modal(world).open(), Modal(world, ANA).open()
    first.tick(ids.BOX_GREEN)
    second.person.act_in_view(ids.SETTINGS_AMBER, values=[ids.BOX_AMBER])
    second.until(lambda: "Amber sends" in second.sentence())
    second.person.fill(ids.SETTINGS_UNDO, "60")
    with ThreadPoolExecutor(2) as both:
        outcomes = list(both.map(lambda modal: modal.person.submit(), (first, second)))
    assert [outcome.ok for outcome in outcomes] == [True, True]
    assert stored(world).boxes == Boxes(send_green=True, send_amber=True)
    assert stored(world).undo_seconds == 60
    assert {change.user_id for change in history(world)[:2]} == {ADMIN, ANA}


def test_an_admin_demoted_while_the_modal_is_open_can_not_save(world: World) -> None:
    """Rights are looked up when it counts: on Save, not on opening."""
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_GREEN)
    world.slack.change_user(ADMIN, is_admin=False, is_owner=False)
    world.clock.advance(seconds=1)
    outcome = modal.save()
    assert "for workspace admins" in outcome.errors[ids.SETTINGS_CHANNEL]
    assert stored(world).boxes == Boxes()


def test_a_demoted_admin_can_not_go_on_clicking(world: World) -> None:
    """A click in the open modal is refused privately, and no fresh Login link is made."""
    modal = Modal(world).open()
    world.slack.change_user(ADMIN, is_admin=False, is_owner=False)
    world.clock.advance(minutes=2)
    modal.person.act_in_view(ids.SETTINGS_CRM, "DEMO")
    modal.until(lambda: world.outbox.drain() and world.direct(ADMIN))
    assert "for workspace admins" in world.direct(ADMIN)[-1]
    assert modal.link is None


def test_disconnect_ends_the_sign_in_on_both_sides(world: World) -> None:
    """The CRM is told, everything secret of it is forgotten, the settings stay."""
    world.connect()
    world.tick(send_green=True)
    modal = Modal(world).open()
    modal.disconnect()
    assert any(call.path == "/oauth/revoke" and call.status == 200 for call in world.crm.calls)
    assert not is_connected(world)
    assert stored(world).boxes.send_green
    assert history(world)[0].changes == ("disconnected Demo CRM",)


def test_disconnect_works_when_the_crm_is_down(world: World) -> None:
    """Secrets are forgotten even if the CRM can't be told."""
    world.connect()
    world.crm.faults.add(kind="status", path="/oauth/revoke", times=None)
    modal = Modal(world).open()
    modal.disconnect()
    assert not is_connected(world)


def test_handoffs_wait_through_a_disconnect_and_go_after_the_next_sign_in(world: World) -> None:
    """What waits stays waiting, says what is missing, and leaves by itself once somebody signs in."""
    world.connect()
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    modal = Modal(world).open()
    modal.disconnect()
    modal.person.close()
    world.deliver(seconds=30)
    assert world.state(id_)["handoff"]["state"] == "waiting"
    assert any(word in str(world.card(id_)).casefold() for word in ("connect", "sign in"))
    world.connect()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_a_second_disconnect_changes_nothing(world: World) -> None:
    """Two admins pressing Disconnect in their modals leave one line in the history."""
    world.connect()
    configure.save(world.house, TEAM, ADMIN, Wish(editors=(ANA,)))
    modals = [Modal(world).open(), Modal(world, ANA).open()]
    for modal in modals:
        modal.disconnect()
    assert [change.changes for change in history(world)].count(("disconnected Demo CRM",)) == 1


def test_a_save_that_breaks_is_told_privately_and_answered(world: World) -> None:
    """The history can't be written: 200 within time, nothing stored, and a word with a reference."""
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_GREEN)
    with world.house.database.transaction() as connection:
        connection.execute(text("DROP TABLE settings_history"))
    with logged():
        outcome = modal.person.submit()
    assert outcome.status == 200
    assert stored(world).boxes == Boxes()
    world.deliver()
    assert "reference" in world.direct(ADMIN)[-1]
