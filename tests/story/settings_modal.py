"""The settings modal as one person has it open, for the stories about settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests

from bot.blocks import ids
from bot.playground.slack.model import Outcome
from bot.store import connections
from bot.store import settings as settings_store
from bot.workspace import SettingsChange, WorkspaceSettings
from tests.world import ADMIN, CHANNEL, TEAM, World, login_link

COMMAND = "/handoff-settings"


class Modal:
    """A person's settings modal; what is asked of it waits until the bot has redrawn it."""

    def __init__(self, world: World, user: str = ADMIN) -> None:
        self.world = world
        self.user = user
        self.person = world.slack.as_user(user)

    def open(self, channel: str = CHANNEL) -> Modal:
        """Type the command and wait for the modal."""
        before = (self.person.view() or {}).get("id")
        assert self.person.command(COMMAND, channel=channel).status == 200
        self.until(lambda: (self.person.view() or {}).get("id") not in (None, before))
        return self

    @property
    def view(self) -> dict[str, Any]:
        """The modal as it is shown now."""
        view = self.person.view()
        assert view is not None, "no modal is open"
        return view

    @property
    def link(self) -> str | None:
        """The address behind Login."""
        return login_link(self.person.view())

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for the bot."""
        assert self.world.slack.wait_until(lambda: bool(holds())), self.person.view()

    def shows(self, words: str) -> bool:
        """Whether the modal says this somewhere."""
        return words in json.dumps(self.person.view(), ensure_ascii=False)

    def block_ids(self) -> list[str]:
        """The modal's blocks from top to bottom."""
        return [block["block_id"] for block in self.view["blocks"]]

    def select_crm(self, key: str = "DEMO") -> str:
        """Choose a CRM and wait for its Login; the link."""
        before = self.link
        self.person.act_in_view(ids.SETTINGS_CRM, key)
        self.until(lambda: self.link not in (None, before))
        return str(self.link)

    def fresh_link(self, used: str | None = None) -> str:
        """Wait for a Login link that is not this one."""
        self.until(lambda: self.link not in (None, used))
        return str(self.link)

    def disconnect(self) -> None:
        """Press Disconnect, confirm, and wait until Login is offered again."""
        self.person.act_in_view(ids.SETTINGS_DISCONNECT)
        self.fresh_link()

    def tick(self, *boxes: str) -> None:
        """Have exactly these of the three boxes ticked, and wait for the sentence to follow."""
        before = self.view["hash"]
        self.person.act_in_view(ids.SETTINGS_BOXES, values=list(boxes))
        self.until(lambda: self.view["hash"] != before)

    def sentence(self) -> str:
        """What the modal says will happen."""
        block = next(block for block in self.view["blocks"] if block["block_id"] == ids.SETTINGS_SENTENCE)
        return str(block["elements"][0]["text"])

    def save(self) -> Outcome:
        """Press Save settings and let the private word arrive."""
        outcome = self.person.submit()
        self.world.deliver(seconds=0)
        return outcome


def browse(world: World, link: str, *, allow: bool = True) -> requests.Response:
    """Follow a Login link as a person in a browser; the page they end on."""
    begun = requests.get(link, allow_redirects=False, timeout=30)
    if begun.status_code != 303:
        return begun
    back = world.crm.approve(begun.headers["Location"], "priya@brightdesk.example", allow)
    return requests.get(back, timeout=30)


def stored(world: World, team: str = TEAM) -> WorkspaceSettings:
    """The settings in the database."""
    with world.house.database.reading() as connection:
        return settings_store.load(connection, team)


def history(world: World, team: str = TEAM) -> list[SettingsChange]:
    """Who changed what, newest first."""
    with world.house.database.reading() as connection:
        return settings_store.history(connection, team)


def is_connected(world: World, team: str = TEAM) -> bool:
    """Whether a sign-in to the demo CRM is stored."""
    with world.house.database.reading() as connection:
        return connections.find(connection, world.house.vault, team, "DEMO") is not None
