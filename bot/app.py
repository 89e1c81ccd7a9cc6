"""Builds and connects the parts of the product; starts and stops them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import structlog
import uvicorn
from anyio import to_thread
from apscheduler.schedulers.background import BackgroundScheduler
from fastapi import FastAPI
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.config import Config
from bot.crm._registry import every_crm
from bot.errors import HandoffError, SettingsFaulty
from bot.handlers.background import Background
from bot.handlers.installing import oauth_flow
from bot.handlers.routing import Routes
from bot.outbox import Outbox, Pool
from bot.schedule import scheduler
from bot.store.database import Database, sqlite_file
from bot.store.migrate import is_empty, is_migrated, migrate
from bot.store.vault import Vault, keys_beside
from bot.usecases import cards, forward, install, queue, slack, tell, triage
from bot.usecases.house import House, client_apps
from bot.web import crm as crm_routes
from bot.web import health, intake, problems
from bot.web import slack as slack_routes
from bot.web.metrics import Metrics, Timing

log = structlog.get_logger(__name__)

Role = Literal["all", "web", "worker"]


def utc_now() -> datetime:
    """The time, as everything here is told it."""
    return datetime.now(UTC)


def build_house(config: Config, clock: Callable[[], datetime] = utc_now) -> House:
    """The settings, the database and the CRMs. Raises `SettingsFaulty` when no key can be had."""
    crms = every_crm()
    return House(
        config=config,
        database=Database(config.database_url),
        vault=Vault(_keys(config)),
        crms=crms,
        apps=client_apps(config, crms),
        clock=clock,
    )


def build_outbox(house: House) -> Outbox:
    """The workers. Calls to CRMs have threads of their own: a CRM that hangs must not hold up the cards."""
    to_slack = {
        queue.CARD: lambda job: cards.deliver(house, job),
        queue.CV: lambda job: cards.deliver_cv(house, job),
        queue.UNDO_CLOSED: lambda job: triage.undo_closed(house, job),
        queue.EPHEMERAL: lambda job: tell.deliver_ephemeral(house, job),
        queue.DIRECT: lambda job: tell.deliver_direct(house, job),
    }
    to_crm = {queue.HANDOFF: lambda job: forward.deliver(house, job)}
    pools = [Pool("slack", to_slack, threads=8, per_team=6), Pool("crm", to_crm, threads=16, per_team=4)]
    return Outbox(house.database, pools, house.clock)


class Handoff:
    """The running product in one role: `web` answers, `worker` delivers, `all` does both."""

    def __init__(self, house: House, role: Role = "all") -> None:
        self.house = house
        self._role = role
        self._background = Background()
        self._routes = Routes(house, self._background, oauth_flow(house))
        self._outbox = build_outbox(house)
        self._ticks: BackgroundScheduler = scheduler(house, self._outbox.wake)
        self._socket: SocketModeHandler | None = None
        self.web = self._web()

    def start(self) -> None:
        """Bring an empty database up, make the token's workspace known, and begin."""
        _allow_plain_http_doubles(self.house)
        _prepare(self.house.database)
        self._introduce()
        if self._role != "web":
            self._outbox.start()
        self._ticks.start()
        app_token = self.house.config.slack_app_token
        if self._role != "worker" and app_token is not None:
            self._socket = SocketModeHandler(self._routes.bolt, app_token.get_secret_value())
            self._socket.connect()  # type: ignore[no-untyped-call]  # Bolt's own

    def stop(self) -> None:
        """Take nothing new, finish what is under way, leave the rest to others."""
        if self._socket is not None:
            self._socket.close()  # type: ignore[no-untyped-call]  # Bolt's own
        self._ticks.shutdown(wait=False)
        self._background.stop()
        if self._role != "web":
            self._outbox.stop()
        self.house.database.close()

    def _web(self) -> FastAPI:
        house, config = self.house, self.house.config

        @asynccontextmanager
        async def lifespan(_web: FastAPI) -> AsyncIterator[None]:
            await to_thread.run_sync(self.start)
            try:
                yield
            finally:
                await to_thread.run_sync(self.stop)

        metrics = Metrics()
        web = FastAPI(title="Handoff", lifespan=lifespan, docs_url=None, redoc_url=None)
        problems.install(web)
        web.add_middleware(Timing, metrics=metrics)
        web.include_router(health.router(house, metrics))
        if self._role != "worker":
            secret = config.slack_signing_secret
            signing_secret = secret.get_secret_value() if secret else None
            web.include_router(slack_routes.router(self._routes.bolt, signing_secret))
            web.include_router(crm_routes.router(house, self._routes.settings.signed_in))
            web.include_router(intake.router(house, metrics))
        return web

    def _introduce(self) -> None:
        try:
            install.install_by_token(self.house)
        except slack.NETWORK_TROUBLE as error:
            log.warning("slack_not_reached_at_start", error=type(error).__name__)
            self._ticks.add_job(self._introduce_again, "interval", seconds=5, id="introduce")

    def _introduce_again(self) -> None:
        try:
            install.install_by_token(self.house)
        except (*slack.NETWORK_TROUBLE, HandoffError) as error:
            log.warning("slack_not_reached", error=type(error).__name__)
            return
        self._ticks.remove_job("introduce")


def serve(config: Config, host: str, port: int, role: Role) -> None:
    """Run until SIGTERM or SIGINT."""
    handoff = Handoff(build_house(config), role)
    uvicorn.Server(server_config(handoff.web, host, port)).run()


def server_config(web: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How the web server runs: no access log, as addresses can hold secrets."""
    return uvicorn.Config(
        web, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=10, server_header=False
    )


def _keys(config: Config) -> list[str]:
    if config.keys():
        return config.keys()
    file = sqlite_file(config.database_url)
    if file is None:
        raise SettingsFaulty(["SECRET_KEYS is missing; without an SQLite file to keep keys beside, it has to be set."])
    return keys_beside(Path(file))


def _prepare(database: Database) -> None:
    if is_empty(database):
        migrate(database)
    elif not is_migrated(database):
        raise SettingsFaulty(["The database belongs to another version of Handoff; run `handoff migrate` first."])


def _allow_plain_http_doubles(house: House) -> None:
    # oauthlib refuses plain HTTP unless told otherwise; settings may name a double on this machine.
    addresses = [address for app in house.apps.values() for address in (app.authorize_url, app.token_url) if address]
    if any(urlsplit(address).scheme == "http" for address in addresses):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
