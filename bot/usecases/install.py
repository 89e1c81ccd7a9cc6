"""Workspaces come and go: installed by token or by OAuth, uninstalled, tokens revoked."""

from __future__ import annotations

from datetime import datetime

from slack_sdk.errors import SlackApiError
from sqlalchemy import Connection

from bot.blocks import notices
from bot.errors import SettingsFaulty
from bot.store import connections, installations, jobs
from bot.store import settings as settings_store
from bot.usecases import bursts, queue, slack
from bot.usecases.house import House
from bot.workspace import Installation

SCOPES = (
    "channels:history",
    "channels:join",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "im:write",
    "users:read",
    "users:read.email",
)
"""The bot scopes the manifest asks for; each is used, and nothing else is."""

_REFUSED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


def install(house: House, installation: Installation) -> None:
    """A workspace installed the bot: remember it, and tell the installer the next step."""
    with house.database.transaction() as connection:
        installations.save(connection, house.vault, installation)
        _release(house, connection, installation.team_id)
        if installation.installed_by:
            queue.direct(
                house, connection, installation.team_id, installation.installed_by, notices.welcome()
            )


def install_by_token(house: House) -> Installation | None:
    """Make the workspace of `SLACK_BOT_TOKEN` known; None where that setting is not used.

    Raises `SettingsFaulty` when Slack refuses the token, and one of `slack.NETWORK_TROUBLE` when Slack
    can't say now.
    """
    if house.config.slack_bot_token is None:
        return None
    token = house.config.slack_bot_token.get_secret_value()
    try:
        answer = slack.web_client(house, token, timeout=5).auth_test()
    except SlackApiError as error:
        code = slack.error_code(error)
        if code not in _REFUSED:
            raise
        raise SettingsFaulty(
            [
                f"SLACK_BOT_TOKEN is refused by Slack ({code}): "
                "copy it anew from your app's OAuth & Permissions."
            ]
        ) from None
    installation = Installation(
        team_id=answer["team_id"],
        team_name=answer.get("team") or answer["team_id"],
        token=token,
        bot_user_id=answer.get("user_id") or "",
        bot_id=answer.get("bot_id") or "",
        scopes=scopes_of(answer.headers),
        installed_by=None,
        installed_at=house.clock(),
    )
    with house.database.transaction() as connection:
        known = installations.find(connection, house.vault, installation.team_id)
        if known is None or known.token != token or known.scopes != installation.scopes:
            installations.save(connection, house.vault, installation)
        if known is None:
            _release(house, connection, installation.team_id)
    return installation


def _release(house: House, connection: Connection, team_id: str) -> None:
    """What came while it was not installed is to be seen."""
    bursts.settle(house, connection, settings_store.load(connection, team_id))


def scopes_of(headers: object) -> tuple[str, ...]:
    """The scopes Slack names in an answer's `x-oauth-scopes` header."""
    named = {str(key).lower(): value for key, value in dict(headers or {}).items()}  # type: ignore[call-overload]  # the SDK types its headers as object
    return tuple(scope.strip() for scope in str(named.get("x-oauth-scopes", "")).split(",") if scope.strip())


def uninstall(house: House, team_id: str, *, before: datetime | None = None) -> None:
    """The workspace removed the app: forget its token and its CRM sign-ins, and send nothing more.

    With `before`, only an installation older than that is meant: news that comes late spares a new one.
    """
    with house.database.transaction() as connection:
        if before is not None:
            present = installations.find(connection, house.vault, team_id)
            if present is not None and present.installed_at > before:
                return
        installations.remove(connection, team_id)
        connections.remove_all(connection, team_id)
        jobs.remove_team(connection, team_id)


def every(house: House) -> list[Installation]:
    """All workspaces that have the bot."""
    with house.database.reading() as connection:
        return installations.every(connection, house.vault)
