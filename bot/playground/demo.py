"""`handoff demo`: the page to play with, applicants arriving, and what to try first."""

from __future__ import annotations

import signal
import threading
import webbrowser
from collections.abc import Iterator
from typing import Any

import click
import structlog
from requests import RequestException
from sqlalchemy import func, select

from bot import logs
from bot.models import HandoffState, Light
from bot.playground.applicants import sample_applicants
from bot.playground.slack.model import Json
from bot.playground.stage import Stage, stage
from bot.store.burst_tables import bursts
from bot.store.tables import applications, connections, decisions, handoffs, workspace_settings

log = structlog.get_logger(__name__)

_ARRIVE_BY_THEMSELVES = 4
_SECONDS_BETWEEN = 5.0
_AT_ONCE = 20
_HINTS = (
    ("connect", "As *Maya* (an admin), type `/handoff-settings`, select *Demo CRM* and log in to it."),
    ("tick", "Tick *green traffic light*, then *Save settings*."),
    (
        "green",
        "Be *Ana* or *Ben* and press *Green* on a card. Ten seconds later the person is in the CRM, with CV.",
    ),
    ("undo", "Press *Undo* in time: nothing leaves."),
    (
        "queue",
        "In `/handoff-settings` set *Cards at a time* to 10, let *20 at once* in, and *Open the queue*.",
    ),
    ("other", "Press *Amber* or *Red*, or choose a status from the menu."),
)


def run_demo(port: int, *, open_browser: bool) -> None:
    """Run until Ctrl-C."""
    logs.set_up("text", level=logs.WARNING)
    with stage(port) as running:
        ended = threading.Event()
        doors = Doors(running)
        running.slack.new_applicant = doors.next_applicant
        running.slack.burst = doors.burst
        threads = [
            threading.Thread(target=doors.open, args=(ended,), name="applicants", daemon=True),
            threading.Thread(target=_follow, args=(running, ended), name="hints", daemon=True),
        ]
        for thread in threads:
            thread.start()
        click.echo(f"\nHandoff is ready to play with:  {running.slack.base_url}\n")
        click.echo(f"  the demo CRM   {running.crm.base_url}\n  the bot        {running.bot_url}\n")
        click.echo("Ctrl-C stops everything; nothing is kept.")
        if open_browser:
            webbrowser.open(running.slack.base_url)
        for signal_number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_number, lambda *_: ended.set())
        ended.wait()
        click.echo("\nStopping.")
        for thread in threads:
            thread.join(5)


class Doors:
    """Where applicants come in: a few by themselves, then one for each press of the button."""

    def __init__(self, running: Stage) -> None:
        self._running = running
        self._queue: Iterator[dict[str, Any]] = sample_applicants()
        self._lock = threading.Lock()

    def next_applicant(self) -> None:
        """Let the next one in."""
        with self._lock:
            self._running.send(next(self._queue))

    def burst(self) -> None:
        """Let many in at once."""
        with self._lock:
            for _ in range(_AT_ONCE):
                self._running.send(next(self._queue))

    def open(self, ended: threading.Event) -> None:
        """Let the first few in, one after the other."""
        for number in range(_ARRIVE_BY_THEMSELVES):
            if ended.wait(_SECONDS_BETWEEN if number else 0.5):
                return
            try:
                self.next_applicant()
            except RequestException as error:
                log.warning("applicant_not_let_in", error=type(error).__name__)


def _follow(running: Stage, ended: threading.Event) -> None:
    shown: list[Json] = []
    while not ended.wait(0.7):
        done = _done(running)
        hints: list[Json] = [{"id": id_, "text": text, "done": id_ in done} for id_, text in _HINTS]
        if hints != shown:
            running.slack.hints = shown = hints


def _done(running: Stage) -> set[str]:
    """Which hints were followed, read off what the bot remembers."""
    boxes = workspace_settings.c
    happened = {
        "connect": select(func.count()).select_from(connections),
        "tick": select(func.count()).where(
            boxes.send_all | boxes.send_green | boxes.send_status | boxes.send_amber
        ),
        "green": select(func.count()).where(handoffs.c.state == HandoffState.SENT),
        "undo": select(func.count()).where(decisions.c.kind == "undo"),
        "queue": select(func.count()).select_from(bursts),
        "other": select(func.count()).where(applications.c.light.in_([Light.AMBER, Light.RED])),
    }
    with running.bot.house.database.reading() as connection:
        return {name for name, query in happened.items() if connection.execute(query).scalar_one()}
