"""`/handoff-settings`: who may, what the modal shows while it is filled in, and what a save does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from bot.blocks import ids
from bot.errors import Invalid
from bot.models import Boxes
from bot.playground.slack.model import User
from bot.store import settings as settings_store
from bot.usecases import configure
from bot.usecases.configure import Wish
from tests.story.logbook import logged
from tests.story.settings_modal import COMMAND, Modal, history, is_connected, stored
from tests.world import ADMIN, ANA, BEN, CHANNEL, GUEST, TEAM, World


def test_opens_for_an_admin(world: World) -> None:
    """The command opens the modal, with nothing ticked and the channel where cards go."""
    modal = Modal(world).open()
    assert modal.view["title"]["text"] == "Handoff settings"
    assert modal.view["submit"]["text"] == "Save settings"
    assert modal.shows("Select CRM")
    assert modal.shows(f'"initial_conversation": "{CHANNEL}"')


def test_opens_for_an_owner_and_for_a_named_editor(world: World) -> None:
    """Owners always may, and members whom an admin has named."""
    world.slack.add_user(User("UOWNER", "olga", "Olga Owner", is_owner=True), channels=[CHANNEL])
    Modal(world, "UOWNER").open()
    configure.save(world.house, TEAM, ADMIN, Wish(editors=(ANA,)))
    Modal(world, ANA).open()


@pytest.mark.parametrize("user", [ANA, GUEST, "UCONNECT"])
def test_others_are_refused_privately_with_the_names_of_admins(world: World, user: str) -> None:
    """A member, a guest and somebody unknown to Slack's users.info get a friendly word that names an admin."""
    if user == "UCONNECT":
        world.slack.add_user(User(user, "connie", "Connie Other"), channels=[CHANNEL])
        world.slack.faults.add("users.info", "error", code="user_not_found")
    outcome = world.slack.as_user(user).command(COMMAND, channel=CHANNEL)
    assert outcome.status == 200
    assert world.slack.wait_until(lambda: bool(world.private(user)))
    (word,) = world.private(user)
    assert "for workspace admins" in word
    assert f"<@{ADMIN}>" in word
    assert world.slack.as_user(user).view() is None


def test_a_guest_named_as_editor_stays_out(world: World) -> None:
    """Naming a guest gives them nothing."""
    configure.save(world.house, TEAM, ADMIN, Wish(editors=(GUEST,)))
    world.slack.as_user(GUEST).command(COMMAND, channel=CHANNEL)
    assert world.slack.wait_until(lambda: bool(world.private(GUEST)))
    assert world.slack.as_user(GUEST).view() is None


def test_help_tells_everybody_what_it_does(world: World) -> None:
    """`help` answers privately, to a guest too, however it is written."""
    assert world.slack.as_user(GUEST).command(COMMAND, " HELP ", channel=CHANNEL).status == 200
    (told,) = world.private(GUEST)
    assert "Green" in told
    assert COMMAND in told


def test_an_unknown_word_is_answered_with_the_way_to_help(world: World) -> None:
    """A word it does not know is named, shown as typed, with what to type instead."""
    world.slack.as_user(ANA).command(COMMAND, "<!channel> now", channel=CHANNEL)
    (told,) = world.private(ANA)
    assert "help" in told
    assert "<!channel>" not in told
    assert world.slack.pings == []


def test_choosing_a_crm_shows_login_at_once(world: World) -> None:
    """Select CRM needs no save: Login to it appears, and no box before somebody has signed in."""
    modal = Modal(world).open()
    assert modal.link is None
    link = modal.select_crm()
    assert link.startswith(f"{world.bot_url}/crm/login?ticket=")
    assert modal.shows("Login to Demo CRM")
    assert ids.SETTINGS_BOXES not in modal.block_ids()


def test_the_status_menu_comes_directly_after_its_box(world: World) -> None:
    """Ticking "specific status" shows its menu right below, unticking hides it."""
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_STATUS)
    blocks = modal.block_ids()
    assert blocks.index(ids.SETTINGS_TRIGGER) == blocks.index(ids.SETTINGS_BOXES) + 1
    modal.tick()
    assert ids.SETTINGS_TRIGGER not in modal.block_ids()


def test_the_sentence_follows_the_ticks(world: World) -> None:
    """Every tick, and the chosen status, changes what the modal says will happen."""
    world.connect()
    modal = Modal(world).open()
    assert "Nothing is forwarded" in modal.sentence()
    modal.tick(ids.BOX_GREEN)
    assert "presses Green" in modal.sentence()
    modal.tick(ids.BOX_STATUS)
    assert "No status is chosen yet" in modal.sentence()
    modal.person.act_in_view(ids.SETTINGS_TRIGGER, "interview")
    modal.until(lambda: "Interview" in modal.sentence())
    modal.person.act_in_view(ids.SETTINGS_AMBER, values=[ids.BOX_AMBER])
    modal.until(lambda: "Amber sends to Demo CRM only" in modal.sentence())


def test_quick_clicks_end_with_the_newest_shown(world: World) -> None:
    """Two clicks made before the first was redrawn: the modal ends as the second left it."""
    world.connect()
    modal = Modal(world).open()
    world.slack.faults.add("views.update", "hang", seconds=0.4)
    modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN])
    modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN, ids.BOX_STATUS])
    modal.until(lambda: ids.SETTINGS_TRIGGER in modal.block_ids())
    calls = len(world.slack.calls)
    world.slack.wait_until(lambda: len(world.slack.calls) > calls, seconds=0.3)
    assert ids.SETTINGS_TRIGGER in modal.block_ids()


def test_locked_and_switched_off_statuses_are_never_offered(world: World) -> None:
    """New, Keep on file and Rejected can't be the trigger, nor a status that is switched off."""
    with world.house.database.transaction() as connection:
        statuses = settings_store.load_statuses(connection, TEAM)
        off = [s if s.key != "placed" else type(s)(s.key, s.name, active=False) for s in statuses]
        settings_store.save_statuses(connection, TEAM, off)
    world.connect()
    modal = Modal(world).open()
    modal.tick(ids.BOX_STATUS)
    menu = next(block for block in modal.view["blocks"] if block["block_id"] == ids.SETTINGS_TRIGGER)
    offered = [option["value"] for option in menu["element"]["options"]]
    assert offered == ["shortlist", "phone_screen", "interview", "offer"]


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
    """Two modals opened side by side and saved at the same moment: both changes are there, with a line each."""
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
    modal.person.act_in_view(ids.SETTINGS_DISCONNECT)
    modal.until(lambda: modal.link is not None)
    assert any(call.path == "/oauth/revoke" and call.status == 200 for call in world.crm.calls)
    assert not is_connected(world)
    assert stored(world).boxes.send_green
    assert history(world)[0].changes == ("disconnected Demo CRM",)


def test_disconnect_works_when_the_crm_is_down(world: World) -> None:
    """Secrets are forgotten even if the CRM can't be told."""
    world.connect()
    world.crm.faults.add(kind="status", path="/oauth/revoke", times=None)
    modal = Modal(world).open()
    modal.person.act_in_view(ids.SETTINGS_DISCONNECT)
    modal.until(lambda: modal.link is not None)
    assert not is_connected(world)


def test_handoffs_wait_through_a_disconnect_and_go_after_the_next_sign_in(world: World) -> None:
    """What waits stays waiting, says what is missing, and leaves by itself once somebody signs in."""
    world.connect()
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    modal = Modal(world).open()
    modal.person.act_in_view(ids.SETTINGS_DISCONNECT)
    modal.until(lambda: modal.link is not None)
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
        modal.person.act_in_view(ids.SETTINGS_DISCONNECT)
        modal.until(lambda modal=modal: modal.link is not None)
    assert [change.changes for change in history(world)].count(("disconnected Demo CRM",)) == 1


def test_the_crm_menu_offers_only_what_this_bot_can_sign_in_to(world: World) -> None:
    """JobAdder has no client id here, so it is not offered; a save that names no such CRM is refused."""
    modal = Modal(world).open()
    menu = next(block for block in modal.view["blocks"] if block["block_id"] == ids.SETTINGS_CRM)
    offered = [option["value"] for option in menu["accessory"]["options"]]
    assert "DEMO" in offered
    assert "JOBADDER" not in offered
    with pytest.raises(Invalid) as refused:
        configure.save(world.house, TEAM, ADMIN, Wish(crm="NO_SUCH"))
    assert refused.value.faults[0].field == "crm"


def test_a_stale_modal_is_no_error(world: World) -> None:
    """A redraw that meets a hash conflict, or a modal closed meanwhile, is nobody's business."""
    world.connect()
    modal = Modal(world).open()
    for code in ("hash_conflict", "not_found"):
        fault = world.slack.faults.add("views.update", "error", code=code, times=2 if code == "hash_conflict" else 1)
        modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN])
        modal.until(lambda fault=fault: fault.met == fault.times)
    world.deliver(seconds=1)
    assert world.direct(ADMIN) == []
    assert world.private(ADMIN) == []


def test_slow_slack_still_gets_its_answer_in_time(world: World) -> None:
    """With views.open hanging the command is acknowledged at once, and the person hears that it did not open."""
    world.slack.faults.add("views.open", "hang", seconds=6)
    outcome = world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL)
    assert outcome.status == 200
    assert outcome.elapsed < 1
    assert world.slack.wait_until(lambda: bool(world.private(ADMIN)), seconds=10)
    assert "try it once more" in world.private(ADMIN)[0]


def test_slack_that_can_not_say_who_somebody_is(world: World) -> None:
    """users.info hanging: acknowledged at once, and an admin is not told that they are none."""
    world.slack.faults.add("users.info", "hang", seconds=3)
    outcome = world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL)
    assert outcome.elapsed < 1
    assert world.slack.wait_until(lambda: bool(world.private(ADMIN)))
    assert "did not say in time who you are" in world.private(ADMIN)[0]


def test_a_known_admin_gets_in_while_slack_is_silent(world: World) -> None:
    """Whom Slack named an admin before, the bot remembers when Slack can't say."""
    Modal(world).open().person.close()
    world.clock.advance(minutes=30)
    world.slack.faults.add("users.info", "status", status=503)
    Modal(world).open()


def test_a_trigger_that_expired_is_told_privately(world: World) -> None:
    """Slack let nothing open any more: the person reads that it took too long, and no reference to a log."""
    world.slack.faults.add("views.open", "error", code="expired_trigger_id")
    world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL)
    assert world.slack.wait_until(lambda: bool(world.private(ADMIN)))
    assert "took too long" in world.private(ADMIN)[0]


def test_a_view_that_slack_refuses_is_told_with_a_reference(world: World) -> None:
    """A fault of ours ends in a private word with a reference that is in the log."""
    world.slack.faults.add("views.open", "error", code="invalid_arguments")
    with logged() as log:
        world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL)
        assert world.slack.wait_until(lambda: bool(world.private(ADMIN)))
    reference = world.private(ADMIN)[0].split("`")[1]
    assert reference in log.getvalue()


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


def test_settings_can_be_opened_where_the_bot_is_not(world: World) -> None:
    """The command works in any channel, also one the bot is not in."""
    world.slack.add_channel("CPRIVATE", "partners", [ADMIN], is_private=True)
    Modal(world).open("CPRIVATE")


