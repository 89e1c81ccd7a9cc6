"""Private words reach the person, wherever they asked from."""

from __future__ import annotations

from bot.blocks import ids
from tests.world import ADMIN, World


def test_a_word_for_a_channel_without_the_bot_comes_as_a_direct_message(world: World) -> None:
    """Settings opened from a channel that Handoff is not in are confirmed all the same."""
    world.slack.add_channel("CELSEWHERE", "elsewhere", members=[ADMIN])
    admin = world.slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel="CELSEWHERE")
    assert world.slack.wait_until(lambda: admin.view() is not None)
    admin.act_in_view(ids.SETTINGS_CRM, "DEMO")
    admin.submit()
    world.deliver()
    assert any("Settings saved" in text for text in world.direct(ADMIN))
