"""Short private words."""

from __future__ import annotations

from bot.blocks import ids, notices
from bot.models import Light
from bot.rules.statuses import DEFAULT_STATUSES

from .samples import ANA, BEN, NOW, decided


def test_a_refusal_names_admins() -> None:
    """So that the person knows whom to ask; only real user ids are mentioned."""
    told = notices.settings_refused([ANA, BEN, "here>"])
    assert "admin" in told
    assert f"<@{ANA}> or <@{BEN}>." in told
    assert "here" not in told


def test_a_refusal_names_no_crowd() -> None:
    """Five are enough to ask."""
    assert notices.settings_refused([f"U000{number}" for number in range(9)]).count("<@") == 5


def test_a_stale_click_learns_who_decided_what() -> None:
    """And that nothing came of the click."""
    told = notices.stale_click(decided(Light.RED, "rejected"), DEFAULT_STATUSES, NOW)
    assert told.startswith("<@U0BEN> already decided: 🔴 Red (status Rejected), <!date^")
    assert told.endswith("Nothing was changed.")


def test_a_broken_sign_in_names_the_next_step() -> None:
    """And says that nothing is lost."""
    told = notices.sign_in_broken("Demo CRM")
    assert "`/handoff-settings`" in told
    assert "Login to Demo CRM" in told
    assert "kept" in told


def test_a_notice_can_carry_the_button_to_the_settings() -> None:
    """The same that the Home tab has."""
    message = notices.with_settings_button("Sign in again.")
    assert message["text"] == "Sign in again."
    assert message["blocks"][1]["elements"][0]["action_id"] == ids.HOME_SETTINGS


def test_a_channel_is_linked_only_by_its_id() -> None:
    """Anything else would not be one."""
    assert notices.channel_link("C1") == "<#C1>"
    assert notices.channel_link("C1|x>") == "the channel"
