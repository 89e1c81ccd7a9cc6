"""The Home tab: useful to everybody who opens it, and the place where trouble shows."""

from __future__ import annotations

import json

import pytest

from bot.blocks import ids
from bot.store import connections
from tests.world import ADMIN, ANA, CHANNEL, GUEST, TEAM, World


def _home(world: World, user: str) -> str:
    person = world.slack.as_user(user)
    before = (person.home() or {}).get("hash")
    assert person.open_home().status == 200
    assert world.slack.wait_until(lambda: (person.home() or {}).get("hash") not in (None, before))
    return json.dumps(person.home(), ensure_ascii=False)


@pytest.mark.parametrize(("user", "may_change"), [(ADMIN, True), (ANA, False), (GUEST, False)])
def test_everybody_gets_a_home_tab(world: World, user: str, may_change: bool) -> None:
    """An admin, a member and a guest see what Handoff does here; only who may is offered the settings."""
    home = _home(world, user)
    assert "Decide with one click" in home
    assert f"<#{CHANNEL}>" in home
    assert ("Open settings" in home) is may_change
    assert "Help" in home


def test_it_shows_how_things_stand(world: World) -> None:
    """Counts, the connected account and what the ticked boxes do."""
    world.connect()
    world.tick(send_green=True)
    world.arrive()
    home = _home(world, ADMIN)
    assert "*1*\\nto decide" in home
    assert "Connected as Priya Shah" in home
    assert "presses Green" in home


def test_it_names_the_next_step(world: World) -> None:
    """Without a CRM the admin is told to choose one, a member that an admin does."""
    assert "Choose a CRM" in _home(world, ADMIN)
    assert "An admin chooses a CRM" in _home(world, ANA)


def test_a_broken_sign_in_shows(world: World) -> None:
    """A banner says that the CRM refuses the sign-in, and what to do."""
    world.connect()
    with world.house.database.transaction() as connection:
        found = connections.find(connection, world.house.vault, TEAM, "DEMO")
        assert found is not None
        connections.mark_broken(connection, found, "Demo CRM no longer accepts the sign-in.")
    home = _home(world, ADMIN)
    assert "no longer accepts the sign-in" in home
    assert "/handoff-settings" in home


def test_its_buttons_open_something(world: World) -> None:
    """Settings open the settings, Help opens the help: no button is a dead end."""
    _home(world, ADMIN)
    admin = world.slack.as_user(ADMIN)
    admin.act_in_view(ids.HOME_SETTINGS)
    assert world.slack.wait_until(lambda: (admin.view() or {}).get("callback_id") == ids.SETTINGS)
    admin.close()
    admin.act_in_view(ids.HOME_HELP)
    assert world.slack.wait_until(lambda: "brings applicants into Slack" in json.dumps(admin.view() or {}))


def test_the_settings_button_of_a_demoted_admin_is_refused_privately(world: World) -> None:
    """The tab may be older than the person's rights."""
    _home(world, ADMIN)
    world.slack.change_user(ADMIN, is_admin=False, is_owner=False)
    world.clock.advance(minutes=5)
    world.slack.as_user(ADMIN).act_in_view(ids.HOME_SETTINGS)
    assert world.slack.wait_until(lambda: bool(world.outbox.drain() and world.direct(ADMIN)))
    assert "for workspace admins" in world.direct(ADMIN)[0]


def test_opening_the_messages_tab_publishes_nothing(world: World) -> None:
    """Slack tells of both tabs by one event."""
    event = {"type": "app_home_opened", "user": ANA, "tab": "messages", "channel": "D1"}
    assert world.slack.send_event(event).status == 200
    assert _home(world, GUEST)
    assert world.slack.as_user(ANA).home() is None
