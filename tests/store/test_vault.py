"""The keys kept beside an SQLite file."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from bot.errors import SettingsFaulty
from bot.store.vault import Vault, digest, keys_beside, new_secret


def test_keys_are_made_once_and_stay(tmp_path: Path) -> None:
    """What was encrypted at the first start can be read after the second."""
    database = tmp_path / "handoff.db"
    sealed = Vault(keys_beside(database)).seal({"token": "xoxb"})
    assert Vault(keys_beside(database)).open(sealed) == {"token": "xoxb"}


def test_only_the_owner_may_read_them(tmp_path: Path) -> None:
    """The file is nobody else's, and nothing else is left lying around."""
    keys_beside(tmp_path / "handoff.db")
    (file,) = tmp_path.iterdir()
    assert file.name == "handoff.db.keys"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_all_who_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    """The first one's key stays, whoever else was about to make one."""
    made: list[list[str]] = []
    start = threading.Barrier(12)

    def begin() -> None:
        start.wait()
        made.append(keys_beside(tmp_path / "handoff.db"))

    starters = [threading.Thread(target=begin) for _ in range(12)]
    for starter in starters:
        starter.start()
    for starter in starters:
        starter.join()
    assert len(made) == 12
    assert len({tuple(keys) for keys in made}) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_leftovers_of_a_start_that_was_killed_do_no_harm(tmp_path: Path) -> None:
    """A half-written file beside it, of whatever process, keeps nobody from starting."""
    for number in (1, os.getpid()):
        (tmp_path / f"handoff.db.keys.{number}").write_text("")
    assert Vault(keys_beside(tmp_path / "handoff.db"))


def test_emptied_file_of_keys_is_a_clear_error(tmp_path: Path) -> None:
    """It says to put the file back: a fresh key would open nothing of what is stored."""
    database = tmp_path / "handoff.db"
    keys_beside(database)
    (tmp_path / "handoff.db.keys").write_text("\n")
    with pytest.raises(SettingsFaulty, match="put the file of keys back"):
        Vault(keys_beside(database))


def test_secrets_are_long_and_never_the_same() -> None:
    """Nobody guesses one, and what is stored of it is not it."""
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    assert all(len(secret) >= 43 for secret in secrets)
    assert digest("a") != "a"
