"""`handoff demo --tour`: the story without a browser, each step with what was seen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import click
import requests

from bot import logs
from bot.blocks import ids
from bot.playground.applicants import sample_applicants
from bot.playground.slack.model import Json
from bot.playground.stage import ADMIN, ANA, CHANNEL, Stage, stage

_PATIENCE_SECONDS = 60.0
_UNDO_SECONDS = 5  # long enough to see that it waits, on a busy machine too


class StoryFailed(Exception):
    """The story did not go on as it should; the message says what was seen instead."""


def run_tour() -> int:
    """Play the story; 0 only if all of it held."""
    logs.set_up("text", level=logs.ERROR)
    try:
        with stage(0, undo_seconds=_UNDO_SECONDS) as running:
            running.slack.be_patient()
            _Tour(running).play()
    except StoryFailed as failed:
        click.echo(f"  ✗ {failed}")
        return 1
    click.echo("\nAll of it held.")
    return 0


class _Tour:
    """One play of the story."""

    def __init__(self, running: Stage) -> None:
        self._running = running
        self._slack = running.slack
        self._application = next(sample_applicants())

    def play(self) -> None:
        self._connect()
        self._tick()
        card = self._arrive()
        self._decide(card)
        self._look_into_the_crm()

    def _connect(self) -> None:
        admin = self._slack.as_user(ADMIN)
        admin.command("/handoff-settings", channel=CHANNEL)
        self._until("the settings modal opens", lambda: admin.view() is not None)
        admin.act_in_view(ids.SETTINGS_CRM, "DEMO")
        self._until("Demo CRM chosen: the Login button appears", lambda: _login_link(admin.view()))
        link = str(_login_link(admin.view()))
        consent = requests.get(link, allow_redirects=False, timeout=10).headers["Location"]
        back = self._running.crm.approve(consent)
        page = requests.get(back, timeout=10)
        if page.status_code != 200 or "is connected" not in page.text:
            raise StoryFailed(f"the sign-in came back with status {page.status_code}")
        self._say("signed in to the demo CRM as Priya Shah, and came back to a page that says so")
        self._until("the open modal shows who is connected", lambda: "Connected as" in str(admin.view()))

    def _tick(self) -> None:
        admin = self._slack.as_user(ADMIN)
        admin.act_in_view(ids.SETTINGS_BOXES, values=[ids.BOX_GREEN])
        admin.submit()
        self._until("“green traffic light” is ticked and saved", lambda: admin.view() is None)

    def _arrive(self) -> Json:
        self._running.send(self._application)
        self._until("an application arrives as a card", lambda: self._card() is not None)
        self._until("its CV is in the thread", lambda: bool(self._slack.files))
        return self._card() or {}

    def _decide(self, card: Json) -> None:
        self._until("the card offers the CV", lambda: ids.OPEN_CV in str(self._card()))
        outcome = self._slack.as_user(ANA).click(CHANNEL, card["ts"], ids.DECIDE_GREEN)
        if outcome.status != 200:
            raise StoryFailed(f"Green was answered with status {outcome.status}")
        self._say(f"Ana presses Green, acknowledged after {outcome.elapsed * 1000:.0f} ms")
        self._until(
            "the card says who decided, and waits while Undo runs", lambda: "waiting" in str(self._card())
        )
        self._until("the card says it was sent", lambda: "Open in Demo CRM" in str(self._card()))

    def _look_into_the_crm(self) -> None:
        crm, candidate = self._running.crm, self._application["candidate"]
        found = [person for person in crm.people() if person.email == candidate["email"]]
        if len(found) != 1:
            raise StoryFailed(f"the CRM has {len(found)} people with the applicant's e-mail")
        person = found[0]
        files, links = crm.files(person.id), crm.applications(person.id)
        if len(files) != 1 or len(links) != 1:
            raise StoryFailed(f"the CRM has {len(files)} CVs and {len(links)} applications of the candidate")
        vacancy = next(known for known in crm.vacancies() if known.id == links[0].vacancy_id)
        if vacancy.reference != self._application["vacancy"]["reference"]:
            raise StoryFailed(f"the candidate is on {vacancy.reference}")
        self._say(f"the candidate is in the CRM with {files[0].name}, on {vacancy.reference} {vacancy.title}")

    def _card(self) -> Json | None:
        cards = [message for message in self._slack.messages(CHANNEL) if message.get("metadata")]
        return cards[-1] if cards else None

    def _until(self, what: str, holds: Callable[[], Any]) -> None:
        began = time.monotonic()
        if not self._slack.wait_until(lambda: bool(holds()), _PATIENCE_SECONDS):
            raise StoryFailed(f"{what}: not within {_PATIENCE_SECONDS:.0f} s")
        self._say(f"{what} ({time.monotonic() - began:.1f} s)")

    @staticmethod
    def _say(what: str) -> None:
        click.echo(f"  ✓ {what}")


def _login_link(view: Json | None) -> str | None:
    elements = (element for block in (view or {}).get("blocks", []) for element in block.get("elements", []))
    return next((el.get("url") for el in elements if el.get("action_id") == ids.SETTINGS_LOGIN), None)
