"""Socket Mode: what Slack sends comes over a line that the bot opens."""

from __future__ import annotations

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError

from bot.errors import SettingsFaulty
from bot.usecases import slack

_LOOK_SECONDS = 3  # a line that broke is noticed and replaced after this


def open_socket(bolt: App, app_token: str) -> SocketModeHandler:
    """An open line. Raises `SettingsFaulty` for a refused token, else one of `slack.NETWORK_TROUBLE`."""
    handler = SocketModeHandler(bolt, app_token, ping_interval=_LOOK_SECONDS)
    try:
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt's own
    except Exception as error:
        handler.close()  # type: ignore[no-untyped-call]  # Bolt's own
        if isinstance(error, SlackApiError) and slack.error_code(error) in slack.SOCKET_REFUSALS:
            raise SettingsFaulty([slack.SOCKET_ADVICE]) from None
        raise
    return handler
