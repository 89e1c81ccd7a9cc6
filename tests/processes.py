"""The real `handoff` command in processes of its own, with settings of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from bot.__main__ import main
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack

from .support import HOST, VAULT_KEY, forget_environment
from .world import BOT_TOKEN, CHANNEL, INTAKE_TOKEN, SIGNING_SECRET

HANDOFF = str(Path(sys.executable).with_name("handoff"))
_START_SECONDS = 60.0

Settings = Mapping[str, str]


def settings_for(
    slack: LocalSlack, database_url: str, crm: DemoCrm | None = None, **changes: str
) -> dict[str, str]:
    """The environment of a bot between these; an empty string takes a setting away."""
    settings = {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_CHANNEL": CHANNEL,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "SECRET_KEYS": VAULT_KEY,
        "INTAKE_TOKEN": INTAKE_TOKEN,
        "UNDO_SECONDS": "0",
    }
    if crm is not None:
        settings |= {
            "CRM__DEMO__CLIENT_ID": crm.client_id,
            "CRM__DEMO__CLIENT_SECRET": crm.client_secret,
            "CRM__DEMO__AUTHORIZE_URL": crm.authorize_url,
            "CRM__DEMO__TOKEN_URL": crm.token_url,
            "CRM__DEMO__API_URL": crm.api_url,
        }
    return {name: value for name, value in (settings | changes).items() if value}


def run(folder: Path, settings: Settings, *words: str, command: tuple[str, ...] = (HANDOFF,)) -> Finished:
    """Run the command to its end."""
    done = subprocess.run(
        [*command, *words],
        cwd=folder,
        env=_environment(settings),
        capture_output=True,
        text=True,
        timeout=240,
    )
    return Finished(done.returncode, done.stdout, done.stderr)


def run_here(monkeypatch: pytest.MonkeyPatch, folder: Path, settings: Settings, *words: str) -> Finished:
    """The same without a process of its own, which saves the start: for what neither serves nor waits."""
    forget_environment(monkeypatch)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(main, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Finished(done.exit_code, done.stdout, done.stderr)


@dataclass(frozen=True)
class Finished:
    """What came of a command."""

    status: int
    out: str
    err: str


class Serving:
    """`handoff serve` in a process."""

    def __init__(self, process: subprocess.Popen[str], url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self._log = log

    @property
    def log(self) -> str:
        """All that it has printed."""
        return self._log.read_text()

    def until_ready(self) -> None:
        """Wait until /readyz says so."""
        deadline = time.monotonic() + _START_SECONDS
        while True:
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            try:
                if requests.get(f"{self.url}/readyz", timeout=30).status_code == 200:
                    return
            except requests.RequestException:
                time.sleep(0.05)

    def terminate(self, seconds: float = 60.0) -> tuple[int, float]:
        """Send SIGTERM; the exit status, and how long it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds), time.monotonic() - begun


@contextmanager
def serving(folder: Path, settings: Settings, *words: str, port: int | None = None) -> Iterator[Serving]:
    """Start `handoff serve`; killed at the end if it still runs."""
    port = port or free_port()
    log = folder / f"serve-{port}.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [HANDOFF, "serve", "--port", str(port), *words],
            cwd=folder,
            env=_environment(settings),
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            yield Serving(process, f"http://{HOST}:{port}", log)
        finally:
            process.kill()
            process.wait(30)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _environment(settings: Settings) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}
    return kept | dict(settings)
