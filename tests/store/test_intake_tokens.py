"""Bearer tokens of the intake API: named, hashed, revocable."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.store import intake_tokens, tables

from ..support import START, TEAM


def test_token_opens_its_workspace(connection: Connection) -> None:
    """And no other token does."""
    intake_tokens.add(connection, "careers page", TEAM, "hi_secret", START)
    assert intake_tokens.team_of(connection, "hi_secret") == TEAM
    for other in ("", "hi_Secret", "hi_secret ", "careers page"):
        assert intake_tokens.team_of(connection, other) is None


def test_only_a_hash_is_stored(connection: Connection) -> None:
    """A stolen row opens nothing: what stands in it is no token."""
    intake_tokens.add(connection, "careers page", TEAM, "hi_secret", START)
    row = connection.execute(select(tables.intake_tokens)).mappings().one()
    assert "hi_secret" not in str(dict(row))
    assert intake_tokens.team_of(connection, row["digest"]) is None


def test_a_name_is_given_once(connection: Connection) -> None:
    """The second token of a name is refused, and the first one stays as it was."""
    assert intake_tokens.add(connection, "careers page", TEAM, "hi_one", START)
    assert not intake_tokens.add(connection, "careers page", "T0002", "hi_two", START)
    assert intake_tokens.team_of(connection, "hi_one") == TEAM
    assert intake_tokens.team_of(connection, "hi_two") is None


def test_revoked_token_opens_nothing(connection: Connection) -> None:
    """Revoking works once; the list keeps when that was."""
    intake_tokens.add(connection, "one", TEAM, "hi_one", START)
    intake_tokens.add(connection, "two", TEAM, "hi_two", START)
    assert intake_tokens.revoke(connection, "one", START)
    assert not intake_tokens.revoke(connection, "one", START)
    assert not intake_tokens.revoke(connection, "unknown", START)
    assert intake_tokens.team_of(connection, "hi_one") is None
    assert intake_tokens.team_of(connection, "hi_two") == TEAM
    listed = [(token.name, token.revoked_at) for token in intake_tokens.every(connection)]
    assert listed == [("one", START), ("two", None)]
