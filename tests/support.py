"""What tests of every room share: a clock moved by hand, settings of their own, an app served on a port."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.config import Config
from bot.workspace import Installation

HOST = "127.0.0.1"
VAULT_KEY = "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlISE="
START = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
TEAM = "T0001"


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move on by what `timedelta` takes, such as `seconds=10`; the new time."""
        self.now += timedelta(**duration)
        return self.now


def forget_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    names = {name.upper() for name in Config.model_fields}
    for variable in list(os.environ):
        if variable.upper() in names or variable.upper().startswith("CRM__"):
            monkeypatch.delenv(variable)


def a_config(**changes: Any) -> Config:
    """Settings of one small workspace, read from nothing but `changes`."""
    settings = {
        "slack_signing_secret": "a-signing-secret",
        "public_url": "https://handoff.example.com",
        "secret_keys": VAULT_KEY,
    }
    return Config(_env_file=None, **(settings | changes))  # type: ignore[call-arg]  # pydantic-settings' own argument


def an_installation(team_id: str = TEAM, **changes: Any) -> Installation:
    """A workspace that has installed the bot."""
    plain = Installation(
        team_id=team_id,
        team_name="Bright Desk",
        token=f"xoxb-{team_id}",
        bot_user_id="U0BOT",
        bot_id="B0BOT",
        scopes=("chat:write",),
        installed_by="U0ADMIN",
        installed_at=START,
    )
    return replace(plain, **changes)


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an app on a free port of this machine; its base address, without a slash at the end."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((HOST, 0))
    config = uvicorn.Config(
        app, loop="asyncio", ws="none", log_config=None, access_log=False, timeout_graceful_shutdown=2
    )
    server = _Server(config)
    thread = threading.Thread(target=server.run, args=([listener],), name="served-app", daemon=True)
    thread.start()
    try:
        assert server.ready.wait(30), "the app did not start"
        yield f"http://{HOST}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
