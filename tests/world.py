"""The whole product on real parts: the local Slack, the demo CRM, the bot between them on a real database.

The bot answers over HTTP; what it has to deliver is delivered when the test says so, at the test's time.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import requests
from pydantic import SecretStr

from bot.app import Handoff, build_outbox
from bot.blocks import ids
from bot.config import Config, CrmApp
from bot.crm._registry import every_crm
from bot.models import Application
from bot.outbox import Outbox
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store import applications
from bot.store.database import Database
from bot.store.vault import Vault
from bot.usecases import configure, queue
from bot.usecases.configure import Wish
from bot.usecases.house import House, client_apps
from bot.workspace import Boxes

from .support import VAULT_KEY, Clock, serving

TEAM = "TDEMO"
ADMIN, ANA, BEN, GUEST = "UADMIN", "UANA", "UBEN", "UGUEST"
CHANNEL = "CAPPLICANTS"
SIGNING_SECRET, BOT_TOKEN = "local-signing-secret", "xoxb-local"
INTAKE_TOKEN = "an-intake-token"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass
class World:
    """What a test acts on and looks at."""

    slack: LocalSlack
    crm: DemoCrm
    house: House
    outbox: Outbox
    bot_url: str
    clock: Clock
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def post(self, **changes: Any) -> requests.Response:
        """Send an application to the intake API as a source does; `changes` replace top-level fields."""
        body = an_application(next(self._numbers)) | changes
        return requests.post(
            f"{self.bot_url}/api/v1/applications",
            json={key: value for key, value in body.items() if value is not None},
            headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
            timeout=30,
        )

    def arrive(self, **changes: Any) -> str:
        """An application comes in and everything due is delivered; its id.

        A second passes first: Slack takes no more than a card a second in a channel.
        """
        self.clock.advance(seconds=queue.POST_GAP)
        response = self.post(**changes)
        assert response.status_code == 201, response.text
        self.deliver()
        return str(response.json()["id"])

    def state(self, application_id: str) -> dict[str, Any]:
        """What the intake API says of an application."""
        response = requests.get(
            f"{self.bot_url}/api/v1/applications/{application_id}",
            headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
            timeout=30,
        )
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def application(self, application_id: str) -> Application:
        """An application as it is stored."""
        with self.house.database.reading() as connection:
            found = applications.find(connection, TEAM, application_id)
        assert found is not None
        return found

    def deliver(self, **later: float) -> None:
        """Let time pass (as `timedelta` takes it) and deliver all that is due then."""
        self.clock.advance(**later)
        self.outbox.drain()

    def card(self, application_id: str) -> dict[str, Any]:
        """The application's card, as it stands in the channel."""
        return next(message for message in self.cards() if _application_of(message) == application_id)

    def cards(self) -> list[dict[str, Any]]:
        """All cards in the channel, oldest first."""
        return [message for message in self.slack.messages(CHANNEL) if _application_of(message)]

    def click(self, user: str, application_id: str, action_id: str) -> Any:
        """A person presses a button of the application's card, as the card is drawn."""
        return self.slack.as_user(user).click(CHANNEL, self.card(application_id)["ts"], action_id)

    def choose_status(self, user: str, application_id: str, status: str) -> Any:
        """A person picks a status from the card's menu."""
        card = self.card(application_id)
        return self.slack.as_user(user).choose(CHANNEL, card["ts"], ids.CHOOSE_STATUS, status)

    def private(self, user: str) -> list[str]:
        """What only this person sees in the channel."""
        return [
            message["text"] for message in self.slack.as_user(user).sees(CHANNEL) if message.get("ephemeral")
        ]

    def direct(self, user: str) -> list[str]:
        """The bot's direct messages to this person."""
        calls = [call for call in self.slack.calls if call.method == "chat.postMessage"]
        return [call.args["text"] for call in calls if call.args.get("channel") == user]

    def tick(self, **boxes: Any) -> None:
        """An admin ticks these boxes and saves."""
        configure.save(self.house, TEAM, ADMIN, Wish(crm="DEMO", boxes=Boxes(**boxes)))

    def connect(self, email: str = "priya@brightdesk.example") -> requests.Response:
        """An admin signs in to the demo CRM through the settings modal; the page they end on."""
        admin = self.slack.as_user(ADMIN)
        admin.command("/handoff-settings", channel=CHANNEL)
        assert self.slack.wait_until(lambda: admin.view() is not None)
        if login_link(admin.view()) is None:
            admin.act_in_view(ids.SETTINGS_CRM, "DEMO")
            assert self.slack.wait_until(lambda: login_link(admin.view()) is not None)
        link = str(login_link(admin.view()))
        consent = requests.get(link, allow_redirects=False, timeout=30).headers["Location"]
        page = requests.get(self.crm.approve(consent, email), timeout=30)
        if page.status_code == 200:
            assert self.slack.wait_until(lambda: "Connected as" in str(admin.view()))
        admin.close()
        self.deliver()
        return page


@contextmanager
def a_world(
    config: Config, database: Database, clock: Clock, slack: LocalSlack, crm: DemoCrm
) -> Iterator[World]:
    """Build the bot up between a Slack and a CRM that run already, and take it down at the end."""
    crms = every_crm()
    house = House(config, database, Vault([VAULT_KEY]), crms, client_apps(config, crms), clock)
    bot = Handoff(house, "web")
    with serving(bot.web) as address:
        slack.bot_url = address
        object.__setattr__(house.config, "public_url", address)  # known only once the port is
        yield World(slack, crm, house, build_outbox(house), address, clock)


def a_world_config(database_url: str, slack: LocalSlack, crm: DemoCrm, **changes: Any) -> Config:
    """Settings as an operator would write them for this Slack and this CRM."""
    registered = CrmApp(
        client_id=crm.client_id,
        client_secret=SecretStr(crm.client_secret),
        authorize_url=crm.authorize_url,
        token_url=crm.token_url,
        api_url=crm.api_url,
    )
    settings = {
        "slack_signing_secret": SIGNING_SECRET,
        "slack_bot_token": BOT_TOKEN,
        "slack_channel": CHANNEL,
        "slack_api_url": slack.api_url,
        "database_url": database_url,
        "secret_keys": VAULT_KEY,
        "intake_token": INTAKE_TOKEN,
        "crm": {"demo": registered},
    }
    return Config(_env_file=None, **(settings | changes))  # type: ignore[call-arg]  # pydantic-settings' own argument


def an_application(number: int = 1) -> dict[str, Any]:
    """A complete application, a different person for each number."""
    return {
        "external_id": f"indeed-{number}",
        "source": "Indeed",
        "vacancy": {"reference": "JOB-42", "title": "Site Engineer", "client": "Acme", "location": "Leeds"},
        "candidate": {
            "first_name": "Ines",
            "last_name": f"Marsh{number}",
            "email": f"ines.marsh{number}@example.com",
            "phone": f"+44 7700 9{number:05d}",
            "headline": "Site Engineer at Bolt Ltd",
            "location": "Leeds",
            "skills": ["AutoCAD", "Surveying"],
        },
        "cover_letter": "I have built bridges for ten years.",
        "answers": [{"question": "Right to work?", "answer": "Yes"}],
        "cv": {
            "filename": "ines.pdf",
            "content_type": "application/pdf",
            "content": base64.b64encode(PDF).decode(),
        },
    }


def login_link(view: dict[str, Any] | None) -> str | None:
    """The address behind the Login button of the settings modal."""
    elements = (element for block in (view or {}).get("blocks", []) for element in block.get("elements", []))
    return next((el.get("url") for el in elements if el.get("action_id") == ids.SETTINGS_LOGIN), None)


def _application_of(message: dict[str, Any]) -> str | None:
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    found = payload.get("application")
    return str(found) if found else None
