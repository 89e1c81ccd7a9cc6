"""Installations and sign-ins: nobody reads a token in a stolen database, and keys can be changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import Connection as Transaction
from sqlalchemy import Table, select

from bot.errors import SettingsFaulty
from bot.store import connections, installations, tables
from bot.store.database import Database
from bot.store.vault import Vault
from bot.workspace import Connection, Credentials

from ..support import START, TEAM, VAULT_KEY, an_installation
from .samples import a_connection

OLD_KEY, NEW_KEY = VAULT_KEY, Fernet.generate_key().decode()


def _raw(connection: Transaction, table: Table) -> str:
    return str(dict(connection.execute(select(table)).mappings().one()))


def _saved(connection: Transaction, vault: Vault, **changes: Any) -> Connection:
    connections.save(connection, vault, a_connection(**changes))
    found = connections.find(connection, vault, TEAM, "DEMO")
    assert found is not None
    return found


def test_bot_token_is_not_readable_in_the_row(connection: Transaction, vault: Vault) -> None:
    """The raw column holds nothing of the token; whoever has the key gets all of it."""
    installed = an_installation(token="xoxb-very-secret")
    installations.save(connection, vault, installed)
    assert "xoxb" not in _raw(connection, tables.installations)
    assert installations.find(connection, vault, TEAM) == installed


def test_sign_in_is_not_readable_in_the_row(connection: Transaction, vault: Vault) -> None:
    """Neither credentials nor answers, which may hold keys, stand there in clear text."""
    found = _saved(connection, vault)
    assert "secret" not in _raw(connection, tables.connections)
    assert found.credentials == a_connection().credentials
    assert found.answers == {"domain": "secret-domain"}


def test_secrets_do_not_show_in_repr() -> None:
    """What ends up in a log or a traceback holds no token."""
    assert "secret" not in repr(a_connection().credentials)
    assert "xoxb" not in repr(an_installation(token="xoxb-very-secret"))


def test_keys_can_be_rotated(database: Database) -> None:
    """A new key in front encrypts; the old one behind it still opens; later the old one can go."""
    rotated = Vault([NEW_KEY, OLD_KEY])
    with database.transaction() as connection:
        installations.save(connection, Vault([OLD_KEY]), an_installation())
        found = installations.find(connection, rotated, TEAM)
        assert found is not None
        installations.save(connection, rotated, found)
        assert installations.find(connection, Vault([NEW_KEY]), TEAM) == found


def test_missing_key_is_a_clear_error(connection: Transaction, vault: Vault) -> None:
    """It names the setting and the way out, and nothing of what is stored."""
    _saved(connection, vault)
    with pytest.raises(SettingsFaulty, match=r"SECRET_KEYS .* put the earlier key back"):
        connections.find(connection, Vault([NEW_KEY]), TEAM, "DEMO")


@pytest.mark.parametrize("keys", [[], ["not a key"], [VAULT_KEY, ""]])
def test_vault_without_a_usable_key_is_a_clear_error(keys: list[str]) -> None:
    """It says what to set, rather than how the cipher failed."""
    with pytest.raises(SettingsFaulty, match="SECRET_KEYS"):
        Vault(keys)


def test_installing_again_replaces_the_token(connection: Transaction, vault: Vault) -> None:
    """One workspace, one installation."""
    installations.save(connection, vault, an_installation(token="xoxb-1"))
    installations.save(
        connection, vault, an_installation(token="xoxb-2", scopes=("chat:write", "files:write"))
    )
    (found,) = installations.every(connection, vault)
    assert (found.token, found.scopes) == ("xoxb-2", ("chat:write", "files:write"))


def test_uninstalling_forgets_the_token(connection: Transaction, vault: Vault) -> None:
    """The other workspace keeps its own."""
    for team in (TEAM, "T0002"):
        installations.save(connection, vault, an_installation(team))
    assert installations.remove(connection, TEAM)
    assert not installations.remove(connection, TEAM)
    assert installations.find(connection, vault, TEAM) is None
    assert [found.team_id for found in installations.every(connection, vault)] == ["T0002"]


def test_sign_ins_belong_to_one_workspace_and_crm(connection: Transaction, vault: Vault) -> None:
    """Another workspace or another CRM has none of it."""
    _saved(connection, vault)
    assert connections.find(connection, vault, "T0002", "DEMO") is None
    assert connections.find(connection, vault, TEAM, "JOBADDER") is None


def test_broken_is_noted_once(connection: Transaction, vault: Vault) -> None:
    """Only the first to notice tells the admins."""
    found = _saved(connection, vault)
    assert connections.mark_broken(connection, found, "Revoked.")
    assert not connections.mark_broken(connection, found, "Revoked again.")
    broken = connections.find(connection, vault, TEAM, "DEMO", lock=True)
    assert broken is not None
    assert broken.broken == "Revoked."


def test_signing_in_again_heals(connection: Transaction, vault: Vault) -> None:
    """A new sign-in has no mark, and news of the old one's end does not reach it."""
    old = _saved(connection, vault)
    assert connections.mark_broken(connection, old, "Revoked.")
    assert _saved(connection, vault, version=2).broken is None
    assert not connections.mark_broken(connection, old, "Revoked.")


def test_renewed_credentials_are_kept(connection: Transaction, vault: Vault) -> None:
    """All of them, the time they end included."""
    old = _saved(connection, vault)
    renewed = Credentials("new-access", "new-refresh", None)
    connections.save_credentials(connection, vault, old, renewed)
    found = connections.find(connection, vault, TEAM, "DEMO")
    assert found == replace(old, credentials=renewed)


def test_renewal_of_an_old_sign_in_does_not_replace_a_new_one(connection: Transaction, vault: Vault) -> None:
    """Somebody signed in anew while the old sign-in was being renewed: the new one stays."""
    old = _saved(connection, vault)
    new = _saved(connection, vault, version=2, credentials=Credentials("of-the-new-sign-in"))
    connections.save_credentials(connection, vault, old, Credentials("of-the-old-sign-in", None, START))
    assert connections.find(connection, vault, TEAM, "DEMO") == new


def test_disconnecting_forgets_everything_secret(connection: Transaction, vault: Vault) -> None:
    """One CRM, or all of a workspace that is gone, and nobody else's."""
    for team, crm in ((TEAM, "DEMO"), (TEAM, "JOBADDER"), (TEAM, "ODOO"), ("T0002", "DEMO")):
        connections.save(connection, vault, a_connection(team_id=team, crm=crm))
    connections.remove(connection, TEAM, "DEMO")
    assert connections.find(connection, vault, TEAM, "DEMO") is None
    assert connections.find(connection, vault, TEAM, "ODOO") is not None
    connections.remove_all(connection, TEAM)
    assert connections.find(connection, vault, TEAM, "ODOO") is None
    assert connections.find(connection, vault, "T0002", "DEMO") is not None
