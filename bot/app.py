"""Builds and connects the parts of the product; starts and stops them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import structlog
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
from bot.handlers.socket import open_socket
from bot.outbox import Outbox
from bot.pools import Pool
from bot.schedule import scheduler
from bot.store.database import Database, sqlite_file
from bot.store.migrate import is_empty, is_migrated, migrate
from bot.store.vault import Vault, keys_beside
from bot.usecases import (
    bursts,
    cards,
    forward,
    forward_notes,
    install,
    queue,
    reconcile,
    review,
    slack,
    tell,
    triage,
)
from bot.usecases.house import House, client_apps
from bot.web import crm as crm_routes
from bot.web import health, intake, pages, problems
from bot.web import slack as slack_routes
from bot.web.metrics import Metrics, Timing
from bot.web.tracing import Tracing

log = structlog.get_logger(__name__)

Role = Literal["all", "web", "worker"]
_ASK_AGAIN_SECONDS = 5


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
        queue.SUMMARY: lambda job: bursts.deliver(house, job),
        queue.REVIEW: lambda job: review.deliver(house, job),
        queue.RELEASE: lambda job: cards.deliver_waiting(house, job),
        queue.CV: lambda job: cards.deliver_cv(house, job),
        queue.UNDO_CLOSED: lambda job: triage.undo_closed(house, job),
        queue.EPHEMERAL: lambda job: tell.deliver_ephemeral(house, job),
        queue.DIRECT: lambda job: tell.deliver_direct(house, job),
    }
    to_crm = {
        queue.HANDOFF: lambda job: forward.deliver(house, job),
        queue.NOTES: lambda job: forward_notes.deliver(house, job),
    }
    to_compare = {queue.RECONCILE: lambda job: reconcile.deliver(house, job)}
    pools = [
        Pool("slack", to_slack, threads=8, per_team=6),
        Pool("crm", to_crm, threads=16, per_team=4),
        Pool("compare", to_compare, threads=2, per_team=1),
    ]
    return Outbox(house.database, pools, house.clock, house.watch)


class Handoff:
    """The running product in one role: `web` answers, `worker` delivers, `all` does both."""

    def __init__(self, house: House, role: Role = "all") -> None:
        metrics = Metrics()
        house = replace(house, watch=metrics)
        self.house = house
        self._role = role
        self._background = Background()
        self._routes = Routes(house, self._background, oauth_flow(house, pages.page))
        self._outbox = build_outbox(house)
        self._ticks: BackgroundScheduler = scheduler(house, self._outbox.wake)
        self._socket: SocketModeHandler | None = None
        self._is_started = False
        self.web = self._web(metrics)

    def start(self) -> None:
        """Bring an empty database up, make the token's workspace known, and begin. Again: nothing.

        Raises `SettingsFaulty` where Slack refuses a token, and `HandoffError` where the database can't
        be used.
        """
        if self._is_started:
            return
        _allow_plain_http_doubles(self.house)
        prepare(self.house.database)
        self._until_slack_answers("introduce", lambda: install.install_by_token(self.house))
        if self._role != "worker" and self.house.config.slack_app_token is not None:
            self._until_slack_answers("socket", self._open_socket)
        if self._role != "web":
            self._outbox.start()
        self._ticks.start()
        self._is_started = True

    def stop(self) -> None:
        """Take nothing new, finish what is under way, leave the rest to others."""
        if not self._is_started:
            return
        self._is_started = False
        self._ticks.shutdown(wait=False)
        if self._socket is not None:
            self._socket.close()  # type: ignore[no-untyped-call]  # Bolt's own
        self._background.stop()
        if self._role != "web":
            self._outbox.stop()
        self.house.database.close()

    def _web(self, metrics: Metrics) -> FastAPI:
        house, config = self.house, self.house.config

        @asynccontextmanager
        async def lifespan(_web: FastAPI) -> AsyncIterator[None]:
            await to_thread.run_sync(self.start)
            try:
                yield
            finally:
                await to_thread.run_sync(self.stop)

        web = FastAPI(title="Handoff", lifespan=lifespan, docs_url=None, redoc_url=None)
        problems.install(web)
        web.add_middleware(Timing, metrics=metrics)
        web.add_middleware(Tracing)
        web.include_router(health.router(house, metrics))
        if self._role != "worker":
            secret = config.slack_signing_secret
            signing_secret = secret.get_secret_value() if secret else None
            web.include_router(slack_routes.router(self._routes.bolt, signing_secret))
            web.include_router(crm_routes.router(house, self._routes.settings.returned))
            web.include_router(intake.router(house, metrics))
        return web

    def _open_socket(self) -> None:
        token = self.house.config.slack_app_token
        self._socket = open_socket(self._routes.bolt, token.get_secret_value() if token else "")

    def _until_slack_answers(self, name: str, ask: Callable[[], object]) -> None:
        try:
            ask()
        except slack.NETWORK_TROUBLE as error:
            log.warning("slack_not_reached_at_start", wanted_for=name, error=type(error).__name__)
            self._ticks.add_job(self._ask_again, "interval", [name, ask], seconds=_ASK_AGAIN_SECONDS, id=name)

    def _ask_again(self, name: str, ask: Callable[[], object]) -> None:
        try:
            ask()
        except slack.NETWORK_TROUBLE as error:
            log.warning("slack_not_reached", wanted_for=name, error=type(error).__name__)
            return
        except SettingsFaulty as faulty:
            log.error("settings_faulty", faults=faulty.faults)  # noqa: TRY400  the sentences say it all
            return
        log.info("slack_reached", wanted_for=name)
        self._ticks.remove_job(name)


@contextmanager
def opened(config: Config) -> Iterator[House]:
    """The house for a short command, an empty database brought up first."""
    house = build_house(config)
    try:
        prepare(house.database)
        yield house
    finally:
        house.database.close()


def _keys(config: Config) -> list[str]:
    if config.keys():
        return config.keys()
    file = sqlite_file(config.database_url)
    if file is None:
        raise SettingsFaulty(
            ["SECRET_KEYS is missing; without an SQLite file to keep keys beside, it has to be set."]
        )
    try:
        return keys_beside(Path(file))
    except OSError as error:
        advice = f"DATABASE_URL: {file} can't be used ({error.strerror}); name a folder Handoff may write to."
        raise SettingsFaulty([advice]) from None


def prepare(database: Database) -> None:
    """Bring an empty database up. Raises `HandoffError` when it can't be used as it is."""
    if not database.is_reachable():
        raise HandoffError(
            "The database does not answer. Check DATABASE_URL, and that it runs and lets Handoff in."
        )
    if is_empty(database):
        migrate(database)
    elif not is_migrated(database):
        raise SettingsFaulty(
            ["The database belongs to another version of Handoff; run `handoff migrate` first."]
        )


def _allow_plain_http_doubles(house: House) -> None:
    # oauthlib refuses plain HTTP unless told otherwise; settings may name a double on this machine.
    addresses = [
        address for app in house.apps.values() for address in (app.authorize_url, app.token_url) if address
    ]
    if any(urlsplit(address).scheme == "http" for address in addresses):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
