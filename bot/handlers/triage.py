"""Clicks on an application's card."""

from __future__ import annotations

from bot.blocks import ids, notices
from bot.blocks.details import details, history
from bot.errors import HandoffError, NotFound
from bot.handlers.background import Background
from bot.handlers.private import Private
from bot.handlers.request import Click
from bot.models import Application, Choice
from bot.store import applications, decisions
from bot.store import settings as settings_store
from bot.usecases import forward, slack, triage
from bot.usecases.house import House


class TriageHandlers:
    """Turns clicks on cards into use cases; refusals are told to the one who clicked."""

    def __init__(self, house: House, background: Background, private: Private) -> None:
        self._house = house
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
        self._background.start(lambda: self._open_details(click), self._private.on_error(click))

    def more(self, click: Click) -> None:
        """An entry of the overflow menu was chosen."""
        if click.selected == ids.MORE_HISTORY:
            self._background.start(lambda: self._open_history(click), self._private.on_error(click))

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

    def _open_details(self, click: Click) -> None:
        house, application_id = self._house, click.subject.application_id
        with house.database.reading() as connection:
            application = applications.find(connection, click.team_id, application_id)
            if application is None:
                raise NotFound("This application is no longer here.")
            view = details(
                application,
                applications.earlier(connection, application),
                decisions.history(connection, click.team_id, application_id)[::-1],
                settings_store.load_statuses(connection, click.team_id),
                house.clock(),
            )
        slack.client_of(house, click.team_id, slack.OPENING_SECONDS).views_open(
            trigger_id=click.trigger_id, view=view
        )

    def _open_history(self, click: Click) -> None:
        house, application_id = self._house, click.subject.application_id
        with house.database.reading() as connection:
            application = applications.find(connection, click.team_id, application_id)
            if application is None:
                raise NotFound("This application is no longer here.")
            lines = decisions.history(connection, click.team_id, application_id)[::-1]
            statuses = settings_store.load_statuses(connection, click.team_id)
        view = history(application, lines, statuses, house.clock())
        slack.client_of(house, click.team_id, slack.OPENING_SECONDS).views_open(
            trigger_id=click.trigger_id, view=view
        )
