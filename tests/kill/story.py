"""One seeded round: applicants arrive and recruiters decide while the weather rages."""

from __future__ import annotations

import base64
import random
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

import requests

from bot.blocks import ids
from bot.models import Application
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.playground.slack.model import NotPossibleError
from bot.playground.slack.person import Person
from bot.store import applications
from bot.store.database import Database
from tests.world import ANA, BEN, CHANNEL, INTAKE_TOKEN, PDF, TEAM, an_application

from .replicas import Replicas

GREEN, AMBER, RED, UNDO = "green", "amber", "red", "undo"
PLANS: Sequence[tuple[str, ...]] = (
    (GREEN,),
    (GREEN,),
    (AMBER,),
    (AMBER, GREEN),
    (GREEN, UNDO),
    (RED, UNDO, GREEN),
    (RED,),
    (),
)
"""What may be decided about an applicant, one after the other."""
APPLICANTS = 5
PATIENCE = 90.0
"""Seconds in which everything has to come about; far more than it takes."""
_ACTIONS = {light.value: action for light, action in ids.DECIDE.items()} | {UNDO: ids.UNDO}
_PAUSE = 0.1
_VACANCIES = ("JOB-41", "JOB-42", "JOB-43", "JOB-44", "JOB-45")


class Broken(AssertionError):
    """A promise was not kept; the message says which."""


@dataclass
class Applicant:
    """Somebody who applies, what is decided about them, and what was acknowledged of it."""

    number: int
    body: dict[str, Any]
    cv: bytes
    plan: tuple[str, ...]
    id: str = ""
    done: list[str] = field(default_factory=list)

    @property
    def email(self) -> str:
        return str(self.body["candidate"]["email"])


@dataclass(frozen=True)
class Scene:
    """Where a round plays."""

    slack: LocalSlack
    crm: DemoCrm
    replicas: Replicas
    database: Database

    def stored(self, applicant: Applicant) -> Application:
        """The application as it is stored at this moment."""
        with self.database.reading() as connection:
            found = applications.find(connection, TEAM, applicant.id)
        if found is None:
            raise Broken(f"The application {applicant.id} was accepted and is gone.")
        return found

    def cards(self, applicant: Applicant) -> list[dict[str, Any]]:
        """Every card of the applicant."""
        return [
            message for message in self.slack.messages(CHANNEL) if application_of(message) == applicant.id
        ]


def application_of(message: Mapping[str, Any]) -> str | None:
    """The application that a message is the card of."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("application")


def version_of(card: Mapping[str, Any]) -> int:
    """The version that a card was drawn with."""
    named = [block["block_id"] for block in card["blocks"] if block.get("block_id", "").startswith("card:")]
    return ids.subject_of(named[0]).version


def applicants(seed: int) -> list[Applicant]:
    """Who applies in this round; the last is the first one again, for another vacancy."""
    chance = random.Random(f"applicants {seed}")  # noqa: S311  chance that can be repeated, nothing secret
    found = [_applicant(seed * 10 + place, chance.choice(PLANS), chance) for place in range(APPLICANTS)]
    first, last = found[0], found[-1]
    last.body["candidate"] = first.body["candidate"]
    first.body["vacancy"]["reference"], last.body["vacancy"]["reference"] = "JOB-46", "JOB-47"
    return found


def _applicant(number: int, plan: tuple[str, ...], chance: random.Random) -> Applicant:
    cv = PDF + f"% {number}\n".encode()
    body = an_application(number)
    body["vacancy"]["reference"] = chance.choice(_VACANCIES)
    body["cv"] |= {"filename": f"cv-{number}.pdf", "content": base64.b64encode(cv).decode()}
    return Applicant(number, body, cv, plan)


class Round:
    """The people of one round, each acting in a thread of their own."""

    def __init__(self, seed: int, scene: Scene) -> None:
        self.applicants = applicants(seed)
        self._scene = scene
        self._chance = random.Random(f"acts {seed}")  # noqa: S311  likewise
        self._delays = [self._chance.uniform(0, 3) for _ in self.applicants]

    def play(self) -> None:
        """Have everybody apply and all be decided, whatever happens meanwhile."""
        with ThreadPoolExecutor(len(self.applicants)) as threads:
            lives = [
                threads.submit(self._live, applicant, delay)
                for applicant, delay in zip(self.applicants, self._delays, strict=True)
            ]
            for life in lives:
                life.result(PATIENCE * 3)

    def _live(self, applicant: Applicant, delay: float) -> None:
        time.sleep(delay)
        until(lambda: self._apply(applicant), f"{applicant.number} could not apply")
        until(lambda: self._scene.cards(applicant), f"{applicant.id} has no card")
        for act in applicant.plan:
            until(partial(self._decide, applicant, act), f"{applicant.id}: {act} had no effect")

    def _apply(self, applicant: Applicant) -> bool:
        try:
            answer = requests.post(
                f"{self._scene.replicas.url(self._chance)}/api/v1/applications",
                json=applicant.body,
                headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
                timeout=30,
            )
        except requests.RequestException:
            return False  # as a source does that got no answer: send it again
        if answer.status_code not in (200, 201):
            raise Broken(f"The intake answered {answer.status_code}.")
        applicant.id = str(answer.json()["id"])
        return True

    def _decide(self, applicant: Applicant, act: str) -> bool:
        """Press the button on the card as it is; whether the decision stands or can't be made any more."""
        (card, *_), before = self._scene.cards(applicant), self._scene.stored(applicant)
        if before.version > len(applicant.done):  # an earlier press was stored after Slack gave its answer up
            applicant.done.append(act)
            return True
        if version_of(card) != before.version:
            return False  # the recruiter waits for the card to be redrawn
        if act == UNDO and not before.can_be_undone(datetime.now(UTC)):
            return True
        self._scene.slack.bot_url = self._scene.replicas.url(self._chance)
        person = self._scene.slack.as_user(self._chance.choice([ANA, BEN]))
        told = _private_words(person)
        try:
            outcome = person.click(CHANNEL, card["ts"], _ACTIONS[act])
        except NotPossibleError:
            return False  # the card has just been redrawn
        after = self._scene.stored(applicant)
        if after.version > before.version:
            applicant.done.append(act)
            return True
        if outcome.ok:  # acknowledged without effect: then the person is told why, whatever happens
            untold = f"{applicant.id}: {act} was acknowledged, is not stored, and nobody was told"
            until(lambda: _private_words(person) > told, untold)
        return False


def _private_words(person: Person) -> int:
    return sum(bool(message.get("ephemeral")) for message in person.sees(CHANNEL))


def until(holds: Callable[[], Any], otherwise: str, seconds: float = PATIENCE) -> None:
    """Wait for something to hold; raise `Broken` with these words if it never does."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise Broken(f"{otherwise} within {seconds:.0f} s.")
        time.sleep(_PAUSE)
