"""`/handoff-settings`: the command and its modal."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks import ids, notices
from bot.blocks.sentences import what_will_happen
from bot.blocks.settings_input import SettingsInput, read_settings
from bot.crm._errors import CrmError
from bot.errors import HandoffError, Invalid
from bot.handlers import settings_view
from bot.handlers.background import Background
from bot.handlers.private import Private
from bot.handlers.request import Click, metadata_of, team_of
from bot.usecases import configure, connect, people, slack
from bot.usecases.connect import Attempt
from bot.usecases.house import House
from bot.usecases.notes import are_sent_to
from bot.usecases.people import NotAnEditor
from bot.workspace import WorkspaceSettings

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]
_BLOCK_OF_FIELD = {"trigger": ids.SETTINGS_TRIGGER, "undo": ids.SETTINGS_UNDO, "cards": ids.SETTINGS_CARDS}
_MOST_VIEWS = 1000


class SettingsHandlers:
    """Opens the modal, redraws it while it is filled in, and saves it."""

    def __init__(self, house: House, background: Background, private: Private) -> None:
        self._house = house
        self._background = background
        self._private = private
        self._newest = _NewestClicks()

    def command(self, body: Body, respond: Callable[[str], None]) -> str | None:
        """`/handoff-settings`: what to answer at once, None while the modal is being opened."""
        words = (body.get("text") or "").strip().casefold()
        if words == "help":
            return notices.help_text()
        if words:
            return notices.unknown_argument(words)
        team_id, user_id, trigger_id = body["team_id"], body["user_id"], body["trigger_id"]
        self._background.start(
            lambda: self._open(team_id, user_id, trigger_id, body.get("channel_id")),
            lambda error: respond(self._sentence(team_id, error)),
        )
        return None

    def open_from_home(self, click: Click) -> None:
        """The Home tab's button, and that of notices."""
        self._start(click, lambda: self._open(click.team_id, click.user_id, click.trigger_id, click.channel))

    def changed(self, click: Click) -> None:
        """Something was chosen or ticked: show what follows from it."""
        self._start(click, lambda: self._redraw(click))

    def check_answers(self, click: Click) -> None:
        """The CRM's questions were answered: check them, and offer the sign-in or connect."""
        self._start(click, lambda: self._check_answers(click))

    def disconnect(self, click: Click) -> None:
        """Disconnect was confirmed."""
        self._start(click, lambda: self._disconnect(click))

    def submit(self, body: Body) -> dict[str, str]:
        """Save settings was pressed: errors by block id, none when all was stored."""
        view, team_id, user_id = body["view"], team_of(body), body["user"]["id"]
        notes = metadata_of(view)
        wish = settings_view.wish(read_settings(view["state"]["values"]), notes)
        try:
            settings = configure.save(self._house, team_id, user_id, wish)
        except Invalid as invalid:
            return {_block_of(fault.field, view): fault.message for fault in invalid.faults}
        except HandoffError as refused:
            return {ids.SETTINGS_CHANNEL: str(refused)}
        saved = notices.settings_saved(self._what_will_happen(team_id, settings))
        self._private.say(team_id, user_id, notes.get("channel"), saved)
        return {}

    def returned(self, attempt: Attempt, failure: str | None) -> None:
        """Somebody came back from a CRM's sign-in: show in the modal that is still open what came of it."""
        view_id = attempt.view_id
        if view_id is not None:
            self._background.start(
                lambda: self._redraw_after_return(attempt, view_id, failure), self._not_redrawn
            )

    def _start(self, click: Click, task: Callable[[], None]) -> None:
        self._newest.note(click)
        self._background.start(
            task, lambda error: self._private.tell(click, self._sentence(click.team_id, error))
        )

    def _sentence(self, team_id: str, error: Exception) -> str:
        if isinstance(error, NotAnEditor):
            return notices.settings_refused(people.admins(self._house, team_id))
        return self._private.sentence(error)

    def _open(self, team_id: str, user_id: str, trigger_id: str, channel: str | None) -> None:
        people.require_editor(self._house, team_id, user_id)
        notes = settings_view.first_notes(channel)
        view = settings_view.draw(self._house, team_id, user_id, SettingsInput(), notes)
        client = slack.client_of(self._house, team_id, slack.OPENING_SECONDS)
        client.views_open(trigger_id=trigger_id, view=view)

    def _redraw(self, click: Click, **extra: Any) -> None:
        people.require_editor(self._house, click.team_id, click.user_id)
        view = click.view or {}
        entered = read_settings(view["state"]["values"])
        fresh = settings_view.draw(
            self._house, click.team_id, click.user_id, entered, metadata_of(view), **extra
        )
        # Two quick clicks carry the same hash: whichever is drawn first, the newer one is to be seen.
        is_current = self._show(click.team_id, fresh, view_id=view["id"], hash=view.get("hash"))
        if not is_current and self._newest.is_newest(click):
            self._show(click.team_id, fresh, view_id=view["id"])

    def _redraw_after_return(self, attempt: Attempt, view_id: str, failure: str | None) -> None:
        draft = attempt.draft
        entered = replace(
            self._newest.entered(view_id) or settings_view.input_from(draft), crm=attempt.crm.key
        )
        notes = dict(draft.get("notes") or {})
        fresh = settings_view.draw(
            self._house,
            attempt.team_id,
            attempt.user_id,
            entered,
            notes,
            checked=attempt.answers,
            error=failure,
        )
        self._show(attempt.team_id, fresh, external_id=view_id)

    @staticmethod
    def _not_redrawn(error: Exception) -> None:
        log.warning("modal_not_redrawn", error=type(error).__name__)

    def _show(self, team_id: str, view: dict[str, Any], **which: str | None) -> bool:
        """Redraw the modal if it is still open; False if it was redrawn since it had the `hash` given."""
        client = slack.client_of(self._house, team_id)
        try:
            client.views_update(view=view, **which)
        except SlackApiError as error:
            code = slack.error_code(error)
            if code not in ("not_found", "hash_conflict"):
                raise
            return code == "not_found"
        return True

    def _check_answers(self, click: Click) -> None:
        entered = read_settings((click.view or {})["state"]["values"])
        key = entered.crm or ""
        crm = self._house.crms.get(key)
        if crm is None:
            return
        answers = settings_view.with_kept_secrets(self._house, click.team_id, crm, entered.answers)
        try:
            if crm.oauth is None:
                connect.sign_in_with_keys(self._house, click.team_id, click.user_id, key, answers)
                self._redraw(click)
            else:
                people.require_editor(self._house, click.team_id, click.user_id)
                checked = connect.check_answers(self._house, key, answers)
                self._redraw(click, checked=dict(checked))
        except Invalid as invalid:
            faults = {fault.field: fault.message for fault in invalid.faults}
            asked = {question.key for question in crm.questions}
            beside = {field: message for field, message in faults.items() if field in asked}
            above = " ".join(message for field, message in faults.items() if field not in asked)
            self._redraw(click, faults=beside, error=above or None)
        except CrmError as error:
            self._redraw(click, error=str(error))

    def _disconnect(self, click: Click) -> None:
        entered = read_settings((click.view or {})["state"]["values"])
        key = entered.crm or configure.overview(self._house, click.team_id).settings.crm
        if key in self._house.crms:
            connect.disconnect(self._house, click.team_id, click.user_id, str(key))
        self._redraw(click)

    def _what_will_happen(self, team_id: str, settings: WorkspaceSettings) -> str:
        names = {status.key: status.name for status in configure.overview(self._house, team_id).statuses}
        crm = self._house.crms.get(settings.crm or "")
        return what_will_happen(
            settings.boxes,
            crm.name if crm else None,
            names.get(settings.boxes.trigger_status or ""),
            names.get(settings.green_status, settings.green_status),
            with_notes=are_sent_to(settings, crm),
        )


class _NewestClicks:
    """The newest click in each open modal: when it was, and what had been entered by then.

    Only a help: another process knows nothing of it, and then draws what the Login link remembers.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: OrderedDict[str, tuple[float, SettingsInput]] = OrderedDict()

    def note(self, click: Click) -> None:
        view = click.view or {}
        entered = replace(read_settings((view.get("state") or {}).get("values")), answers={})
        with self._lock:
            known = self._newest.pop(_key(click), None)
            self._newest[_key(click)] = known if known and known[0] > click.at else (click.at, entered)
            if len(self._newest) > _MOST_VIEWS:
                self._newest.popitem(last=False)

    def is_newest(self, click: Click) -> bool:
        with self._lock:
            known = self._newest.get(_key(click))
        return known is None or click.at >= known[0]

    def entered(self, external_id: str) -> SettingsInput | None:
        with self._lock:
            known = self._newest.get(external_id)
        return known[1] if known else None


def _key(click: Click) -> str:
    return str((click.view or {}).get("external_id"))


def _block_of(field: str, view: Mapping[str, Any]) -> str:
    """The input that a fault is shown beside: Slack takes errors for inputs of the modal as it stands,
    nothing else.
    """
    inputs = {block.get("block_id") for block in view.get("blocks", ()) if block.get("type") == "input"}
    block_id = _BLOCK_OF_FIELD.get(field, ids.SETTINGS_CHANNEL)
    return block_id if block_id in inputs else ids.SETTINGS_CHANNEL
