"""Removing the bot: secrets are forgotten at once, later clicks answered calmly, and it can come back."""

from __future__ import annotations

import time
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from bot.blocks import ids
from bot.store import installations, job_counts
from bot.usecases import install
from tests.story.settings_modal import COMMAND, is_connected
from tests.story.signed import FORM, send, send_event, send_payload
from tests.world import ANA, CHANNEL, TEAM, World

UNINSTALLED = {"type": "app_uninstalled"}
REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["UHANDOFF"]}}


def _is_installed(world: World) -> bool:
    with world.house.database.reading() as connection:
        return installations.find(connection, world.house.vault, TEAM) is not None


@pytest.mark.parametrize("order", [(UNINSTALLED, REVOKED), (REVOKED, UNINSTALLED)])
def test_secrets_go_in_whatever_order_slack_tells(world: World, order: tuple[dict[str, object], ...]) -> None:
    """The bot token, the CRM's tokens and all that was queued are gone after the first event; the
    second is calm.
    """
    world.connect()
    world.post()
    for number, event in enumerate(order):
        assert send_event(world, event, event_id=f"Ev{number}").status_code == 200
        assert not _is_installed(world)
        assert not is_connected(world)
    with world.house.database.reading() as connection:
        assert job_counts.depth(connection) == {}
        assert connection.execute(text("SELECT count(*) FROM connections")).scalar_one() == 0


def test_a_revoked_user_token_changes_nothing(world: World) -> None:
    """Only the bot's own token counts."""
    event = {"type": "tokens_revoked", "tokens": {"oauth": ["UADMIN"], "bot": []}}
    assert send_event(world, event).status_code == 200
    assert _is_installed(world)


def test_later_clicks_are_answered_calmly(world: World) -> None:
    """A card still stands in the channel: clicks and commands get 200, nothing is decided, nothing is
    called.
    """
    id_ = world.arrive()
    block_id = ids.card_block("lights", id_, 0)
    send_event(world, UNINSTALLED)
    calls = len(world.slack.calls)
    action = {"type": "button", "action_id": ids.DECIDE_GREEN, "block_id": block_id}
    assert send_payload(world, type="block_actions", actions=[action]).status_code == 200
    fields = {"command": COMMAND, "team_id": TEAM, "user_id": ANA, "trigger_id": "1", "channel_id": CHANNEL}
    answer = send(world, urlencode(fields), FORM)
    assert answer.status_code == 200
    assert "no longer installed" in answer.text
    world.deliver(seconds=30)
    assert world.application(id_).light is None
    assert len(world.slack.calls) == calls


def test_a_token_that_died_without_a_word_stops_the_outbox(world: World) -> None:
    """Slack refuses the token before its event arrives: the delivery is set aside, not repeated for ever."""
    world.slack.workspace().dead = "account_inactive"
    world.post()
    world.deliver()
    calls = len(world.slack.calls)
    world.deliver(minutes=10)
    assert len(world.slack.calls) == calls


def test_it_can_be_installed_again(world: World) -> None:
    """After the way out and back in everything works as before, but for the CRM, which wants a new
    sign-in.
    """
    world.tick(send_green=True)
    send_event(world, UNINSTALLED)
    install.install_by_token(world.house)
    id_ = world.arrive()
    assert world.state(id_)["card"]["channel"] == CHANNEL
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=15)
    assert world.state(id_)["handoff"]["state"] == "waiting"
    world.connect()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_cards_that_could_not_be_posted_follow_after_the_reinstall(world: World) -> None:
    """An applicant of the hour without a token appears once it is back."""
    id_ = str(world.post().json()["id"])
    send_event(world, UNINSTALLED)
    world.deliver(minutes=5)
    assert world.cards() == []
    install.install_by_token(world.house)
    world.deliver()
    assert world.state(id_)["card"]["channel"] == CHANNEL


def test_news_of_an_earlier_uninstall_spares_the_new_installation(world: World) -> None:
    """Slack repeats an event the bot missed; the workspace has installed it anew since."""
    long_ago = int(world.clock().timestamp()) - 600
    again = {"X_Slack_Retry_Num": "1", "X_Slack_Retry_Reason": "http_error"}
    assert send_event(world, UNINSTALLED, headers=again, event_time=long_ago).status_code == 200
    assert _is_installed(world)
    assert (
        send_event(world, UNINSTALLED, headers=again, event_time=int(time.time()) + 10**8).status_code == 200
    )
    assert not _is_installed(world)


def test_another_workspace_is_not_touched(world: World) -> None:
    """The event names whose installation it was."""
    assert send_event(world, UNINSTALLED, team_id="TOTHER").status_code == 200
    assert _is_installed(world)
