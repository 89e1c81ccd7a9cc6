"""A world for many rounds: the doubles, a database, running replicas, and one round after the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import requests

from bot.blocks import ids
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.playground.slack.person import Person
from bot.store.database import Database
from tests.processes import settings_for
from tests.world import ADMIN, CHANNEL, login_link

from .promises import broken, is_quiet
from .replicas import running
from .story import Broken, Round, Scene, until
from .weather import Weather

UNDO_SECONDS = 2
SETTLES_WITHIN = 60.0
_DAY = 86_400


@dataclass(frozen=True)
class Report:
    """What a round took, and which promises were not kept."""

    seed: int
    seconds: float
    settled: float
    kills: int
    broken: list[str]


@contextmanager
def a_scene(folder: Path, database_url: str, shape: str, replicas: int) -> Iterator[Scene]:
    """The bot's replicas between a Slack and a CRM, connected, with Green and Amber ticked."""
    # A renewal whose answer is lost ends a sign-in for good: single-use tokens are that way. None here.
    with LocalSlack() as slack, DemoCrm(access_token_seconds=_DAY) as crm:
        settings = settings_for(slack, database_url, crm, UNDO_SECONDS=str(UNDO_SECONDS))
        with running(folder, settings, shape, replicas) as bots:
            slack.pace = 1.0
            slack.bot_url = bots.webs[0].url
            connect_and_tick(slack, crm)
            database = Database(database_url, pool_size=4)
            try:
                yield Scene(slack, crm, bots, database)
            finally:
                database.close()


def play(scene: Scene, seed: int) -> Report:
    """One round, and what came of it."""
    begun, kills = time.monotonic(), scene.replicas.kills
    play = Round(seed, scene)
    found: list[str] = []
    settling = begun
    try:
        with Weather(seed, scene.slack, scene.crm, scene.replicas):
            play.play()
        settling = time.monotonic()
        until(lambda: is_quiet(scene), "Something still waits to leave", SETTLES_WITHIN)
    except Broken as error:
        found.append(str(error))
    settled = time.monotonic()
    if not found:
        found = broken(scene, play.applicants)
    return Report(seed, settled - begun, settled - settling, scene.replicas.kills - kills, found)


def connect_and_tick(slack: LocalSlack, crm: DemoCrm) -> None:
    """An admin connects the demo CRM, ticks Green and Amber, and saves."""
    admin = slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel=CHANNEL)
    _then(admin.view)
    admin.act_in_view(ids.SETTINGS_CRM, "DEMO")
    link = _then(lambda: login_link(admin.view()))
    consent = requests.get(str(link), allow_redirects=False, timeout=30).headers["Location"]
    requests.get(crm.approve(consent), timeout=30).raise_for_status()
    _then(lambda: "Connected as" in str(admin.view()))
    for group, box in ((ids.SETTINGS_BOXES, ids.BOX_GREEN), (ids.SETTINGS_AMBER, ids.BOX_AMBER)):
        drawn = _hash(admin)
        admin.act_in_view(group, values=[box])
        _then(partial(_is_redrawn, admin, drawn))
    assert admin.submit().ok


def _hash(person: Person) -> object:
    return (person.view() or {}).get("hash")


def _is_redrawn(person: Person, drawn: object) -> bool:
    return _hash(person) != drawn


def _then(holds: Callable[[], Any]) -> Any:
    until(holds, "The settings were not drawn", 30)
    return holds()


def seeds(text: str) -> list[int]:
    """The seeds in `1-100` or `7`."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))
