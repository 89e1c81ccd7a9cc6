"""Encrypts what must not be readable in a stolen database, and hashes what is only ever compared."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SettingsFaulty


class Vault:
    """Fernet under one or more keys: the first encrypts, all decrypt, so that keys can be rotated."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, value: Mapping[str, Any]) -> str:
        """The JSON value, encrypted, as text."""
        return self._fernet.encrypt(json.dumps(value).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """What `seal` was given. Raises `SettingsFaulty` when no key of `SECRET_KEYS` fits."""
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise SettingsFaulty(
                ["SECRET_KEYS holds no key that opens what this database stores; put the earlier key back into the list."]
            ) from None
        return opened


def digest(secret: str) -> str:
    """How a secret that is only compared is stored: SHA-256, enough for values with 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A URL-safe secret with 256 random bits."""
    return secrets.token_urlsafe(32)


def keys_beside(database_file: Path) -> list[str]:
    """The keys kept beside an SQLite file, made on first use and readable by their owner alone."""
    file = database_file.with_name(database_file.name + ".keys")
    if not file.exists():
        partial = file.with_name(f"{file.name}.{os.getpid()}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as opened:
            opened.write(Fernet.generate_key().decode() + "\n")
        try:
            os.link(partial, file)  # of two processes starting at once, the first one's key stays
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return file.read_text().split()
