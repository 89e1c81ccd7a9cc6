"""Intake tokens, as the `handoff token` command manages them."""

from __future__ import annotations

from bot.errors import NotFound, Refused
from bot.store import installations, intake_tokens
from bot.store.vault import new_secret
from bot.usecases import install, slack
from bot.usecases.house import House


def create(house: House, name: str, team_id: str | None) -> str:
    """A new token for the workspace; the only time it can be read.

    Raises `Refused` saying what to do instead.
    """
    team_id = team_id or _only_team(house)
    token = f"hi_{new_secret()}"
    with house.database.transaction() as connection:
        if not intake_tokens.add(connection, name, team_id, token, house.clock()):
            raise Refused(f"There is a token named {name} already; choose another name.")
    return token


def describe_all(house: House) -> list[str]:
    """A line for each token."""
    with house.database.reading() as connection:
        known = intake_tokens.every(connection)
    return [
        f"{token.name}  {token.team_id}  made {token.created_at:%Y-%m-%d}"
        + (f"  revoked {token.revoked_at:%Y-%m-%d}" if token.revoked_at else "")
        for token in known
    ]


def revoke(house: House, name: str) -> None:
    """End a token's life. Raises `NotFound` if there is no live one of that name."""
    with house.database.transaction() as connection:
        if not intake_tokens.revoke(connection, name, house.clock()):
            raise NotFound(f"There is no live token named {name}; see `handoff token list`.")


def _only_team(house: House) -> str:
    try:
        install.install_by_token(house)
    except slack.NETWORK_TROUBLE:
        return _only_known_team(
            house, "Slack can't be reached just now: try again, or name the workspace with --team."
        )
    return _only_known_team(
        house, "No workspace has installed Handoff yet. Set SLACK_BOT_TOKEN, or install it at /slack/install."
    )


def _only_known_team(house: House, advice: str) -> str:
    with house.database.reading() as connection:
        teams = [found.team_id for found in installations.every(connection, house.vault)]
    if len(teams) == 1:
        return teams[0]
    if not teams:
        raise Refused(advice)
    raise Refused(f"Several workspaces have installed Handoff; name one with --team: {', '.join(teams)}.")
