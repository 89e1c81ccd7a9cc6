"""Notes: written in a modal that a card opens, removed where they are read, sent again beside the card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.blocks import ids
from bot.blocks.notes import Shelf, add_note_modal, read_note, what_becomes_of_it
from bot.errors import HandoffError, Invalid
from bot.handlers import details_view
from bot.handlers.background import Background
from bot.handlers.private import Private
from bot.handlers.request import Click, team_of
from bot.models import Target
from bot.store import notes as note_store
from bot.store import settings as settings_store
from bot.usecases import notes, slack
from bot.usecases.house import House


class NoteHandlers:
    """Turns what is done with notes into use cases; refusals are told to the one who did it."""

    def __init__(self, house: House, background: Background, private: Private) -> None:
        self._house = house
        self._background = background
        self._private = private

    def open(self, click: Click) -> None:
        """Add note was chosen on a card."""
        self._background.start(lambda: self._open(click), self._private.on_error(click))

    def submit(self, body: Mapping[str, Any]) -> dict[str, str]:
        """A note was typed and sent off: errors by block id."""
        view = body["view"]
        block_id, typed = read_note(view["state"]["values"])
        team_id, user_id = team_of(body), body["user"]["id"]
        try:
            application_id = ids.subject_of(block_id).application_id
            notes.add(self._house, team_id, user_id, application_id, typed, once=str(view.get("id")))
        except Invalid as invalid:
            return {block_id: " ".join(fault.message for fault in invalid.faults)}
        except HandoffError as error:
            return {block_id: str(error)}
        return {}

    def remove(self, click: Click) -> None:
        """Remove was confirmed beside a note."""
        try:
            notes.remove(self._house, click.team_id, click.user_id, ids.note_of(click.action.get("block_id")))
        except HandoffError as error:
            self._private.tell(click, str(error))
        self._background.start(lambda: self._redraw(click), self._private.on_error(click))

    def retry(self, click: Click) -> None:
        """Retry was pressed beside the notes."""
        try:
            notes.retry(self._house, click.team_id, click.user_id, click.subject.application_id)
        except HandoffError as error:
            self._private.tell(click, str(error))

    def _open(self, click: Click) -> None:
        house, application_id = self._house, click.subject.application_id
        application = notes.require_writer(house, click.team_id, click.user_id, application_id)
        with house.database.reading() as connection:
            settings = settings_store.load(connection, click.team_id)
            written = note_store.of_application(connection, click.team_id, application_id)
        crm = house.crms.get(application.handoff.crm or settings.crm or "")
        name = crm.name if crm else None
        is_there = application.handoff.sent is not Target.NONE
        is_wanted = notes.are_sent_to(settings, crm)
        told = what_becomes_of_it(name, is_wanted=is_wanted, is_there=is_there)
        view = add_note_modal(application, told, Shelf(written, (), name), house.clock())
        slack.client_of(house, click.team_id, slack.OPENING_SECONDS).views_open(
            trigger_id=click.trigger_id, view=view
        )

    def _redraw(self, click: Click) -> None:
        shown = click.view or {}
        fresh = details_view.draw(
            self._house,
            click.team_id,
            click.user_id,
            str(shown.get("private_metadata")),
            str(shown.get("callback_id")),
        )
        client = slack.client_of(self._house, click.team_id)
        # It may have been closed meanwhile.
        slack.ignoring({"not_found"}, lambda: client.views_update(view_id=shown.get("id"), view=fresh))
