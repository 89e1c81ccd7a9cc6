"""The queue's modal: opened, decided in, moved on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks import ids, notices
from bot.blocks.review import about
from bot.errors import HandoffError, NotFound, Refused
from bot.handlers.background import Background
from bot.handlers.private import Private
from bot.handlers.request import Click, metadata_of
from bot.models import Application, Choice
from bot.store import settings as settings_store
from bot.usecases import review, slack, triage
from bot.usecases.house import House
from bot.usecases.review import Bookmark

_TAKEN_BACK = "Taken back. Decide anew, or skip."
_CARD_COMES = "The card is being posted in the channel. The CV can be opened here in a few seconds."
_ONLY_CARD_COMES = "The card is being posted in the channel."


class ReviewHandlers:
    """Turns clicks in the queue into use cases, and shows what comes next."""

    def __init__(self, house: House, background: Background, private: Private) -> None:
        self._house = house
        self._background = background
        self._private = private

    def open(self, click: Click) -> None:
        """Open the queue was pressed: on a summary, a card, or the Home tab."""
        self._background.start(lambda: self._open(click), self._private.on_error(click))

    def light(self, click: Click) -> None:
        """Green, Amber or Red was pressed."""
        self._decide(click, Choice(light=ids.LIGHT_OF_ACTION[click.action["action_id"]]))

    def status(self, click: Click) -> None:
        """A status was chosen from the menu."""
        if click.selected:
            self._decide(click, Choice(status=click.selected))

    def undo(self, click: Click) -> None:
        """Undo was pressed: the one it is about comes back."""
        subject, bookmark = click.subject, _bookmark(click)
        try:
            triage.undo(self._house, click.team_id, click.user_id, subject.application_id, subject.version)
        except triage.Stale as stale:
            self._show(click, bookmark, self._stale(click, stale.application))
        except HandoffError as error:
            self._show(click, bookmark, str(error))
        else:
            self._show(click, replace(bookmark, stay=subject.application_id, last=None), _TAKEN_BACK)

    def skip(self, click: Click) -> None:
        """Skip was pressed."""
        self._show(click, _bookmark(click).on_from(click.subject.application_id))

    def again(self, click: Click) -> None:
        """From the oldest on, once more."""
        self._show(click, replace(_bookmark(click), after="", stay=None))

    def post_card(self, click: Click) -> None:
        """The CV of somebody who is held back was asked for, or their card."""
        subject = click.subject
        bookmark = replace(_bookmark(click), stay=subject.application_id)
        try:
            review.post_card(self._house, click.team_id, click.user_id, subject.application_id)
        except HandoffError as error:
            self._show(click, bookmark, str(error))
            return
        self._background.start(lambda: self._redraw_with_cv(click, bookmark), self._private.on_error(click))

    def _open(self, click: Click) -> None:
        house = self._house
        try:
            review.require_reader(house, click.team_id, click.user_id, click.channel)
            view = review.draw(house, click.team_id, click.user_id, Bookmark())
        except Refused as refused:
            view = notices.notice_modal(str(refused))
        client = slack.client_of(house, click.team_id, slack.OPENING_SECONDS)
        client.views_open(trigger_id=click.trigger_id, view=view)

    def _decide(self, click: Click, choice: Choice) -> None:
        subject, bookmark = click.subject, _bookmark(click)
        decided = replace(bookmark, stay=None, last=subject.application_id)
        try:
            triage.decide(
                self._house, click.team_id, click.user_id, subject.application_id, subject.version, choice
            )
        except triage.Stale as stale:
            self._show(click, replace(bookmark, stay=None), self._stale(click, stale.application))
        except NotFound as gone:
            self._show(click, replace(bookmark, stay=None), str(gone))
        except HandoffError as error:
            self._show(click, replace(bookmark, stay=subject.application_id), str(error))
        else:
            self._show(click, decided)

    def _stale(self, click: Click, application: Application) -> str:
        with self._house.database.reading() as connection:
            statuses = settings_store.load_statuses(connection, click.team_id)
        return about(application, notices.stale_click(application, statuses, self._house.clock()))

    def _show(self, click: Click, bookmark: Bookmark, said: str = "") -> None:
        def redraw() -> None:
            self._redraw(click, bookmark, said)

        self._background.start(redraw, self._private.on_error(click))

    def _redraw(self, click: Click, bookmark: Bookmark, said: str) -> dict[str, Any] | None:
        """Show who is next; the view as Slack has it now, None if it is closed or somebody was quicker."""
        view = review.draw(self._house, click.team_id, click.user_id, bookmark, said)
        shown = click.view or {}
        client = slack.client_of(self._house, click.team_id)
        try:
            answer = client.views_update(view=view, view_id=shown["id"], hash=shown.get("hash"))
        except SlackApiError as error:
            code = slack.error_code(error)
            if code not in ("not_found", "hash_conflict"):
                raise
            if said and code == "not_found":
                self._private.tell(click, said)
            return None
        return dict(answer["view"])

    def _redraw_with_cv(self, click: Click, bookmark: Bookmark) -> None:
        is_cv_wanted = click.action.get("value") == ids.REVIEW_CV
        view = self._redraw(click, bookmark, _CARD_COMES if is_cv_wanted else _ONLY_CARD_COMES)
        if view is not None and is_cv_wanted:
            application_id = click.subject.application_id
            review.when_cv_is_there(self._house, click.team_id, click.user_id, view, application_id, bookmark)


def _bookmark(click: Click) -> Bookmark:
    return Bookmark.read(metadata_of(click.view or {}))
