"""What every use case needs at hand, built once in `bot.app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.config import Config
from bot.crm._base import ClientApp, Crm
from bot.crm._mail import mail_server
from bot.store.database import Database
from bot.store.vault import Vault
from bot.watch import Watch
from bot.workspace import WorkspaceSettings

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class House:
    """Settings, database, keys, the CRMs of this version with their registered apps, and the time."""

    config: Config
    database: Database
    vault: Vault
    crms: Mapping[str, Crm]
    apps: Mapping[str, ClientApp]
    clock: Clock
    watch: Watch = field(default_factory=Watch)

    @property
    def crm_redirect_uri(self) -> str:
        """Where CRMs send people back to after sign-in."""
        return f"{self.config.public_url}/crm/callback"

    def undo_window(self, settings: WorkspaceSettings) -> timedelta:
        """How long a decision of this workspace can be undone."""
        own = settings.undo_seconds
        return timedelta(seconds=self.config.undo_seconds if own is None else own)

    def card_channel(self, settings: WorkspaceSettings) -> str | None:
        """The channel where this workspace's new cards go, None if nobody chose one."""
        return settings.channel or self.config.slack_channel


def client_apps(config: Config, crms: Mapping[str, Crm]) -> dict[str, ClientApp]:
    """The apps that settings register with each CRM, and what else of the settings a CRM may need."""
    url, sender = config.smtp_url, config.smtp_from
    mail = mail_server(url.get_secret_value(), sender) if url and sender else None
    is_shared = config.slack_client_id is not None
    apps = {}
    for key in crms:
        given = config.crm_app(key)
        secret = given.client_secret.get_secret_value() if given.client_secret else ""
        urls = (given.authorize_url, given.token_url, given.api_url)
        apps[key] = ClientApp(given.client_id or "", secret, *urls, mail=mail, is_shared=is_shared)
    return apps
