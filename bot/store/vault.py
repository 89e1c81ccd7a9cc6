"""Encrypts what must not be readable in a stolen database, and hashes what is only ever compared."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import SettingsFaulty

_NO_KEY = (
    "There is no usable key to encrypt with: set SECRET_KEYS, "
    "or put the file of keys back beside the database."
)
_WRONG_KEY = (
    "SECRET_KEYS holds no key that opens what this database stores; put the earlier key back into the list."
)


class Vault:
    """Fernet under one or more keys: the first encrypts, all decrypt, so that keys can be rotated.

    Raises `SettingsFaulty` when there is no key, or one that is none.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsFaulty([_NO_KEY]) from None

    def seal(self, value: Mapping[str, Any]) -> str:
        """The JSON value, encrypted, as text."""
        return self._fernet.encrypt(json.dumps(dict(value)).encode()).decode()

    def open(self, sealed: str) -> dict[str, Any]:
        """What `seal` was given. Raises `SettingsFaulty` when no key of `SECRET_KEYS` fits."""
        try:
            opened: dict[str, Any] = json.loads(self._fernet.decrypt(sealed.encode()))
        except InvalidToken:
            raise SettingsFaulty([_WRONG_KEY]) from None
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
        _make_keys(file)
    return file.read_text().split()


def _make_keys(file: Path) -> None:
    # The file appears whole and at once; of two starting at the same time, the first one's key stays.
    descriptor, name = tempfile.mkstemp(prefix=f"{file.name}.", dir=file.parent)
    partial = Path(name)
    try:
        with os.fdopen(descriptor, "w") as opened:
            opened.write(Fernet.generate_key().decode() + "\n")
        with suppress(FileExistsError):
            os.link(partial, file)
    finally:
        partial.unlink()
