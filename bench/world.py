"""The product as it is served, between a local Slack and a demo CRM, with applications to click on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
from pydantic import SecretStr
from ulid import ULID

from bench.names import ADMIN, BOT_TOKEN, CHANNEL, CV_BYTES, INTAKE_TOKEN, SIGNING_SECRET, TEAM, VAULT_KEY
from bench.processes import Running, free_port, process
from bot.app import build_house
from bot.config import Config, CrmApp
from bot.crm import _oauth
from bot.models import Application, Candidate, Card, CvFile, Vacancy
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store import applications, connections, installations, settings
from bot.store.migrate import migrate
from bot.usecases.house import House
from bot.workspace import Boxes, Connection, Installation, WorkspaceSettings

_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class World:
    """The doubles, a migrated database, and the product's own parts on that database."""

    slack: LocalSlack
    crm: DemoCrm
    house: House
    folder: Path
    undo_seconds: int

    @property
    def environment(self) -> dict[str, str]:
        """The settings of a process in this world."""
        return {
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_CHANNEL": CHANNEL,
            "SLACK_API_URL": self.slack.api_url,
            "DATABASE_URL": self.house.config.database_url,
            "SECRET_KEYS": VAULT_KEY,
            "INTAKE_TOKEN": INTAKE_TOKEN,
            "UNDO_SECONDS": str(self.undo_seconds),
            "CRM__DEMO__CLIENT_ID": self.crm.client_id,
            "CRM__DEMO__CLIENT_SECRET": self.crm.client_secret,
            "CRM__DEMO__AUTHORIZE_URL": self.crm.authorize_url,
            "CRM__DEMO__TOKEN_URL": self.crm.token_url,
            "CRM__DEMO__API_URL": self.crm.api_url,
        }

    @contextmanager
    def serving(self, role: str = "all") -> Iterator[Running]:
        """`handoff serve` in a process of its own, ready."""
        port = free_port()
        words = ["bot", "serve", "--port", str(port), "--role", role]
        with process(words, port, self.environment, "/readyz") as running:
            yield running

    @contextmanager
    def split(self) -> Iterator[tuple[Running, Running]]:
        """A web process and a worker process."""
        with self.serving("web") as web, self.serving("worker") as worker:
            yield web, worker

    def connect(self) -> None:
        """Have the workspace signed in to the demo CRM, with Green sending."""
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # the demo CRM speaks plain HTTP
        crm, app = self.house.crms["DEMO"], self.house.apps["DEMO"]
        oauth = crm.oauth_for({}, app)
        if oauth is None:
            raise RuntimeError("The demo CRM has no sign-in.")
        redirect_uri, verifier = "http://127.0.0.1:3000/crm/callback", _oauth.new_code_verifier()
        asked = _oauth.authorize_url(oauth, app, redirect_uri, "bench", verifier)
        (code,) = parse_qs(urlsplit(self.crm.approve(asked)).query)["code"]
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
        }
        answer = requests.post(self.crm.token_url, form, timeout=10)
        answer.raise_for_status()
        now = datetime.now(UTC)
        token = answer.json() | {"expires_at": now + timedelta(seconds=_DAY_SECONDS)}
        credentials = crm.credentials_from_token(token, {}, app)
        signed_in = Connection(0, TEAM, "DEMO", "Bench", {}, credentials, ADMIN, now, version=1)
        with self.house.database.transaction() as connection:
            connections.save(connection, self.house.vault, signed_in)
            settings.save(
                connection, WorkspaceSettings(TEAM, crm="DEMO", boxes=Boxes(send_green=True), version=1)
            )

    def fill(
        self, count: int, *, team: str = TEAM, card: str | None = None, cv: bool = False, **changes: Any
    ) -> list[str]:
        """So many applications, undecided unless `changes` say otherwise; their ids.

        `card` is the timestamp of the message in Slack that stands for all their cards.
        """
        file = CvFile("ines.pdf", "application/pdf", CV_BYTES) if cv else None
        content = b"%PDF-1.4\n" + b"x" * (CV_BYTES - 9) if cv else None
        made = [replace(_application(), team_id=team, cv=file, **changes) for _ in range(count)]
        with self.house.database.transaction() as connection:
            for application in made:
                applications.add(connection, application, content)
                applications.save_decision(connection, application)
                if card is not None:
                    applications.save_card(connection, team, application.id, Card(CHANNEL, card))
        return [application.id for application in made]

    def further_team(self, number: int) -> tuple[str, str]:
        """Another workspace that has installed the bot; its id, and the channel of its cards."""
        team, token = f"TBENCH{number}", f"{BOT_TOKEN}-{number}"
        made = self.slack.add_workspace(team, f"Bench {number}", bot_token=token)
        channel = f"CBENCH{number}"
        installed = Installation(
            team_id=team,
            team_name=made.name,
            token=token,
            bot_user_id=made.bot_user,
            bot_id=made.bot_id,
            scopes=tuple(sorted(made.scopes)),
            installed_by=None,
            installed_at=datetime.now(UTC),
        )
        with self.house.database.transaction() as connection:
            installations.save(connection, self.house.vault, installed)
            settings.save(connection, WorkspaceSettings(team, channel=channel, version=1))
        return team, channel

    def a_card(self) -> str:
        """Post a message that stands for cards; its timestamp."""
        answer = requests.post(
            f"{self.slack.api_url}chat.postMessage",
            json={"channel": CHANNEL, "text": "A card"},
            headers={"Authorization": f"Bearer {BOT_TOKEN}"},
            timeout=10,
        )
        return str(answer.json()["ts"])


@contextmanager
def world(database_url: str | None = None, *, undo_seconds: int = 10) -> Iterator[World]:
    """A Slack, a CRM and a migrated database: the one at that address, else an SQLite file."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="handoff-bench-")))
        slack = stack.enter_context(LocalSlack(signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN))
        crm = stack.enter_context(DemoCrm(access_token_seconds=_DAY_SECONDS))
        house = build_house(_config(slack, crm, database_url or f"sqlite:///{folder}/bench.db"))
        stack.callback(house.database.close)
        migrate(house.database)
        yield World(slack, crm, house, folder, undo_seconds)


def _config(slack: LocalSlack, crm: DemoCrm, database_url: str) -> Config:
    registered = CrmApp(
        client_id=crm.client_id,
        client_secret=SecretStr(crm.client_secret),
        authorize_url=crm.authorize_url,
        token_url=crm.token_url,
        api_url=crm.api_url,
    )
    return Config(
        _env_file=None,  # type: ignore[call-arg]  # pydantic-settings' own argument
        slack_signing_secret=SecretStr(SIGNING_SECRET),
        slack_api_url=slack.api_url,
        slack_channel=CHANNEL,
        database_url=database_url,
        secret_keys=SecretStr(VAULT_KEY),
        crm={"demo": registered},
    )


def _application() -> Application:
    now, id_ = datetime.now(UTC), str(ULID())
    return Application(
        id=id_,
        team_id=TEAM,
        source="Bench",
        external_id=id_,
        received_at=now,
        applied_at=now,
        candidate=Candidate(last_name=f"Person {id_}", first_name="Ines", email=f"{id_.lower()}@example.com"),
        vacancy=Vacancy("JOB-42", "Site Engineer", "Acme", "Leeds"),
    )
