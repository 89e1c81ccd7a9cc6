"""Clicks on an application's card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blocks import ids, notices
from bot.blocks.vacancy_menu import choose_vacancy_modal, read_vacancy
from bot.errors import HandoffError
from bot.handlers import details_view
from bot.handlers.background import Background
from bot.handlers.notes import NoteHandlers
from bot.handlers.private import Private
from bot.handlers.request import Click, team_of
from bot.models import Application, Choice
from bot.store import settings as settings_store
from bot.usecases import choose_vacancy, forward, slack, triage
from bot.usecases.house import House


class TriageHandlers:
    """Turns clicks on cards into use cases; refusals are told to the one who clicked."""

    def __init__(self, house: House, background: Background, private: Private, notes: NoteHandlers) -> None:
        self._house = house
        self._notes = notes
        self._background = background
        self._private = private

    def light(self, click: Click) -> None:
        """Green, Amber or Red was pressed."""
        self._decide(click, Choice(light=ids.LIGHT_OF_ACTION[click.action["action_id"]]))

    def status(self, click: Click) -> None:
        """A status was chosen from the menu."""
        if click.selected:
            self._decide(click, Choice(status=click.selected))

    def undo(self, click: Click) -> None:
        """Undo was pressed."""
        subject = click.subject
        try:
            triage.undo(self._house, click.team_id, click.user_id, subject.application_id, subject.version)
        except triage.Stale as stale:
            self._tell_stale(click, stale.application)
        except HandoffError as error:
            self._private.tell(click, str(error))

    def retry(self, click: Click) -> None:
        """Retry was pressed on a handoff that failed or waits."""
        try:
            forward.retry(self._house, click.team_id, click.user_id, click.subject.application_id)
        except HandoffError as error:
            self._private.tell(click, str(error))

    def details(self, click: Click) -> None:
        """Answers and contact data were asked for."""
        self._background.start(lambda: self._open(click, ids.DETAILS), self._private.on_error(click))

    def more(self, click: Click) -> None:
        """An entry of the overflow menu was chosen."""
        if click.selected == ids.MORE_HISTORY:
            self._background.start(lambda: self._open(click, ids.HISTORY), self._private.on_error(click))
        elif click.selected == ids.MORE_NOTE:
            self._notes.open(click)
        elif click.selected == ids.MORE_VACANCY:
            self._background.start(lambda: self._open_vacancies(click), self._private.on_error(click))

    def vacancy(self, click: Click) -> None:
        """A vacancy was chosen on the card."""
        chosen = read_vacancy(click.action)
        if chosen is not None and click.channel is not None:  # in a modal, it is sent off later
            choose_vacancy.choose(
                self._house, click.team_id, click.user_id, click.subject.application_id, *chosen
            )

    def submit_vacancy(self, body: Mapping[str, Any]) -> dict[str, str]:
        """A vacancy was chosen in the modal: errors by block id."""
        ((block_id, block),) = body["view"]["state"]["values"].items()
        chosen = read_vacancy(block[ids.CHOOSE_VACANCY])
        if chosen is None:
            return {block_id: "Choose a vacancy, or close this with Cancel."}
        try:
            application_id = ids.subject_of(block_id).application_id
            choose_vacancy.choose(self._house, team_of(body), body["user"]["id"], application_id, *chosen)
        except HandoffError as error:
            return {block_id: str(error)}
        return {}

    def _decide(self, click: Click, choice: Choice) -> None:
        subject = click.subject
        try:
            triage.decide(
                self._house, click.team_id, click.user_id, subject.application_id, subject.version, choice
            )
        except triage.Stale as stale:
            self._tell_stale(click, stale.application)
        except HandoffError as error:
            self._private.tell(click, str(error))

    def _tell_stale(self, click: Click, application: Application) -> None:
        with self._house.database.reading() as connection:
            statuses = settings_store.load_statuses(connection, click.team_id)
        self._private.tell(click, notices.stale_click(application, statuses, self._house.clock()))

    def _open(self, click: Click, which: str) -> None:
        house = self._house
        view = details_view.draw(house, click.team_id, click.user_id, click.subject.application_id, which)
        slack.client_of(house, click.team_id, slack.OPENING_SECONDS).views_open(
            trigger_id=click.trigger_id, view=view
        )

    def _open_vacancies(self, click: Click) -> None:
        house, application_id = self._house, click.subject.application_id
        application = choose_vacancy.require_choosable(house, click.team_id, click.user_id, application_id)
        with house.database.reading() as connection:
            crm = house.crms.get(settings_store.load(connection, click.team_id).crm or "")
        view = choose_vacancy_modal(application, crm.name if crm else None)
        slack.client_of(house, click.team_id, slack.OPENING_SECONDS).views_open(
            trigger_id=click.trigger_id, view=view
        )
