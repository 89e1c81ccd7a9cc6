"""`/handoff-settings`: who may, what the modal shows while it is filled in, and a Slack that is slow."""

from __future__ import annotations

import pytest

from bot.blocks import ids
from bot.errors import Invalid
from bot.playground.slack.model import User
from bot.store import settings as settings_store
from bot.usecases import configure
from bot.usecases.configure import Wish
from tests.story.acts import HANGS
from tests.story.logbook import logged
from tests.story.settings_modal import COMMAND, Modal
from tests.world import ADMIN, ANA, CHANNEL, GUEST, TEAM, World


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
    """A member, a guest and somebody unknown to Slack's users.info get a friendly word that names an
    admin.
    """
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
    conflict = world.slack.faults.add("views.update", "error", code="hash_conflict", times=2)
    modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN])
    modal.until(lambda: conflict.met == 2)
    closed = world.slack.faults.add("views.update", "error", code="not_found")
    modal.person.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_ALL])
    modal.until(lambda: closed.met == 1)
    world.deliver(seconds=1)
    assert world.direct(ADMIN) == []
    assert world.private(ADMIN) == []


def test_slow_slack_still_gets_its_answer_in_time(world: World) -> None:
    """With views.open hanging the command is acknowledged at once, and the person hears that it did not
    open.
    """
    world.slack.faults.add("views.open", "hang", seconds=HANGS)
    outcome = world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL)
    assert outcome.status == 200
    assert outcome.elapsed < HANGS / 2
    assert world.slack.wait_until(lambda: bool(world.private(ADMIN)))
    assert "try it once more" in world.private(ADMIN)[0]


def test_slack_that_can_not_say_who_somebody_is(world: World) -> None:
    """users.info hanging: acknowledged at once, and an admin is not told that they are none."""
    world.slack.faults.add("users.info", "hang", seconds=HANGS)
    outcome = world.slack.as_user(ADMIN).command(COMMAND, channel=CHANNEL)
    assert outcome.elapsed < HANGS / 2
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


def test_settings_can_be_opened_where_the_bot_is_not(world: World) -> None:
    """The command works in any channel, also one the bot is not in."""
    world.slack.add_channel("CPRIVATE", "partners", [ADMIN], is_private=True)
    Modal(world).open("CPRIVATE")
