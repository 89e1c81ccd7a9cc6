"""The stage of the demo: a local Slack, a demo CRM and the real bot between them, each on a port."""

from __future__ import annotations

import secrets
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn
from pydantic import SecretStr

from bot.app import Handoff, build_house
from bot.config import Config, CrmApp
from bot.errors import HandoffError
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.serving import server_config

HOST = "127.0.0.1"
CHANNEL = "CAPPLICANTS"
ADMIN, ANA, BEN, GUEST = "UADMIN", "UANA", "UBEN", "UGUEST"
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Stage:
    """Everything running. `intake` is what a job board would send applications with."""

    slack: LocalSlack
    crm: DemoCrm
    bot: Handoff
    bot_url: str
    intake_token: str

    def send(self, application: dict[str, Any]) -> dict[str, Any]:
        """Send an application to the bot as a source would; its answer."""
        response = requests.post(
            f"{self.bot_url}/api/v1/applications",
            json=application,
            headers={"Authorization": f"Bearer {self.intake_token}"},
            timeout=30,
        )
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


@contextmanager
def stage(page_port: int, *, undo_seconds: int = 10) -> Iterator[Stage]:
    """Build everything up, and take it down at the end. Raises `HandoffError` if `page_port` is taken."""
    with tempfile.TemporaryDirectory(prefix="handoff-demo-") as folder, DemoCrm() as crm:
        signing_secret, bot_token = secrets.token_hex(16), f"xoxb-{secrets.token_hex(12)}"
        slack = LocalSlack(page_port, signing_secret=signing_secret, bot_token=bot_token)
        try:
            slack.start()
        except OSError:
            raise HandoffError(f"Port {page_port} is in use. Choose another one with --port.") from None
        try:
            told = {
                "slack_signing_secret": signing_secret,
                "slack_bot_token": bot_token,
                "undo_seconds": undo_seconds,
            }
            with _bot(slack, crm, Path(folder), told) as running:
                yield running
        finally:
            slack.stop()


@contextmanager
def _bot(slack: LocalSlack, crm: DemoCrm, folder: Path, told: dict[str, Any]) -> Iterator[Stage]:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind((HOST, 0))
    bot_url = f"http://{HOST}:{listener.getsockname()[1]}"
    intake_token = secrets.token_urlsafe(24)
    config = Config(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        **told,
        slack_client_id=None,
        slack_client_secret=None,
        slack_app_token=None,
        slack_channel=CHANNEL,
        slack_api_url=slack.api_url,
        database_url=f"sqlite:///{folder / 'demo.db'}",
        secret_keys=None,
        public_url=bot_url,
        intake_token=SecretStr(intake_token),
        crm={"demo": _registered(crm)},
    )
    bot = Handoff(build_house(config))
    server = _Server(server_config(bot.web, HOST, 0))
    thread = threading.Thread(target=server.run, args=([listener],), name="handoff", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(_START_SECONDS) or not thread.is_alive():
            raise HandoffError("The bot did not start; what it printed above says why.")
        slack.bot_url = bot_url
        slack.crm_url = crm.base_url
        yield Stage(slack, crm, bot, bot_url, intake_token)
    finally:
        server.should_exit = True
        thread.join(15)
        listener.close()


def _registered(crm: DemoCrm) -> CrmApp:
    return CrmApp(
        client_id=crm.client_id,
        client_secret=SecretStr(crm.client_secret),
        authorize_url=crm.authorize_url,
        token_url=crm.token_url,
        api_url=crm.api_url,
    )


class _Server(uvicorn.Server):
    """A server in a thread that says when it serves, and when it failed to."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()
