"""The product beside the double of one CRM, for the stories that every CRM has to tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from bot.app import Handoff, build_outbox
from bot.blocks import ids
from bot.config import Config
from bot.crm._registry import every_crm
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store import connections
from bot.store.database import Database
from bot.store.vault import Vault
from bot.usecases.house import House, client_apps
from bot.workspace import Connection
from tests.crm.world import World as CrmWorld
from tests.support import VAULT_KEY, Clock, serving
from tests.world import ADMIN, CHANNEL, TEAM, World, login_link

PUBLIC = "http://127.0.0.1"
"""Where the doubles send people back to; the stories put the port in."""


@dataclass
class Desk:
    """An admin signs in to the CRM from the settings modal, step by step."""

    world: World
    crm: CrmWorld

    def consent(self, *, stay: bool = False) -> str:
        """Choose the CRM, answer its questions, follow Login: the address of the CRM's sign-in page.

        The modal is closed then, unless they `stay`.
        """
        self.enter(self.crm.answers)
        admin = self.world.slack.as_user(ADMIN)
        assert self.world.slack.wait_until(lambda: login_link(admin.view()) is not None), admin.view()
        link = self.here(str(login_link(admin.view())))
        if not stay:
            admin.close()
        begun = requests.get(link, allow_redirects=False, timeout=30)
        assert begun.status_code == 303, begun.text
        return begun.headers["Location"]

    def sign_in(self) -> None:
        """All of it, until the modal says who is connected."""
        if self.crm.crm.oauth is not None:
            page = self.return_by(self.crm.approve(self.consent()))
            assert page.status_code == 200, page.text
        else:
            self.enter(self.crm.answers)
        admin = self.world.slack.as_user(ADMIN)
        if admin.view() is None:
            self._open()
        assert self.world.slack.wait_until(lambda: "Connected as" in str(admin.view())), admin.view()
        admin.close()
        self.world.deliver()

    def return_by(self, address: str) -> requests.Response:
        """The page that a person sees whom the CRM sent to that address."""
        return requests.get(self.here(address), timeout=20)

    def here(self, address: str) -> str:
        """Our own address with the port that we are on."""
        return address.replace(f"{PUBLIC}/", f"{self.world.bot_url}/", 1)

    def connection(self) -> Connection | None:
        """The sign-in that is remembered."""
        house = self.world.house
        with house.database.reading() as connection:
            return connections.find(connection, house.vault, TEAM, self.crm.key)

    def _open(self) -> None:
        admin = self.world.slack.as_user(ADMIN)
        admin.command("/handoff-settings", channel=CHANNEL)
        assert self.world.slack.wait_until(lambda: admin.view() is not None)

    def enter(self, answers: Mapping[str, str]) -> None:
        """Choose the CRM in a fresh modal, answer its questions, and have the answers checked."""
        self._open()
        admin, questions = self.world.slack.as_user(ADMIN), self.crm.crm.questions
        admin.act_in_view(ids.SETTINGS_CRM, self.crm.key)
        if not questions:
            return
        first = ids.question_action(questions[0].key)
        assert self.world.slack.wait_until(lambda: first in str(admin.view()))
        for question in questions:
            if answers.get(question.key):
                admin.fill(ids.question_action(question.key), answers[question.key])
        admin.act_in_view(ids.SETTINGS_CHECK_ANSWERS)


@contextmanager
def a_desk(
    config: Config, database: Database, clock: Clock, slack: LocalSlack, crm: CrmWorld, demo: DemoCrm
) -> Iterator[Desk]:
    """The desk, served; the CRM's double runs already."""
    crms = every_crm()
    apps = client_apps(config, crms) | {crm.key: crm.app}
    house = House(config, database, Vault([VAULT_KEY]), crms, apps, clock)
    outbox = build_outbox(house)
    with serving(Handoff(house, "web").web) as address:
        slack.bot_url = address
        yield Desk(World(slack, demo, house, outbox, address, clock), crm)
