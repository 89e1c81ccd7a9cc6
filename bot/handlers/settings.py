"""`/handoff-settings`: the command and its modal."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import ids, notices
from bot.blocks.sentences import what_will_happen
from bot.blocks.settings import settings_modal
from bot.blocks.settings_input import SettingsInput, read_settings
from bot.blocks.settings_screen import SettingsScreen
from bot.crm._errors import CrmError
from bot.errors import HandoffError, Invalid, Refused
from bot.handlers.background import Background
from bot.handlers.private import Private
from bot.handlers.request import Click, metadata_of, team_of
from bot.models import Boxes
from bot.usecases import configure, connect, people, slack
from bot.usecases.configure import Overview, Wish
from bot.usecases.connect import SignedIn
from bot.usecases.house import House

Body = Mapping[str, Any]
_BLOCK_OF_FIELD = {"trigger": ids.SETTINGS_TRIGGER, "crm": ids.SETTINGS_CRM, "undo": ids.SETTINGS_UNDO}
_NOT_SHOWN = {"not_found", "hash_conflict", "expired_trigger_id", "trigger_expired", "trigger_exchanged"}


class SettingsHandlers:
    """Opens the modal, redraws it while it is filled in, and saves it."""

    def __init__(self, house: House, background: Background, private: Private) -> None:
        self._house = house
        self._background = background
        self._private = private

    def command(self, body: Body, respond: Callable[[str], None]) -> str | None:
        """`/handoff-settings`: what to answer at once, None while the modal is being opened."""
        words = (body.get("text") or "").strip().casefold()
        if words == "help":
            return notices.help_text()
        if words:
            return notices.unknown_argument(words)

        def fail(error: Exception) -> None:
            respond(self._refusal(body) if isinstance(error, Refused) else self._private.sentence(error))

        self._background.start(
            lambda: self._open(body["team_id"], body["user_id"], body["trigger_id"], body.get("channel_id")), fail
        )
        return None

    def open_from_home(self, click: Click) -> None:
        """The Home tab's button."""
        self._background.start(
            lambda: self._open(click.team_id, click.user_id, click.trigger_id, None), self._private.on_error(click)
        )

    def changed(self, click: Click) -> None:
        """Something was chosen or ticked: show what follows from it."""
        self._background.start(lambda: self._redraw(click), self._private.on_error(click))

    def check_answers(self, click: Click) -> None:
        """The CRM's questions were answered: check them, and offer the sign-in or connect."""
        self._background.start(lambda: self._check_answers(click), self._private.on_error(click))

    def disconnect(self, click: Click) -> None:
        """Disconnect was confirmed."""
        self._background.start(lambda: self._disconnect(click), self._private.on_error(click))

    def submit(self, body: Body) -> dict[str, str]:
        """Save settings was pressed: errors by block id, none when all was stored."""
        view, team_id, user_id = body["view"], team_of(body), body["user"]["id"]
        entered = read_settings(view["state"]["values"])
        try:
            settings = configure.save(self._house, team_id, user_id, _wish(entered))
        except Invalid as invalid:
            return {_block_of(fault.field): fault.message for fault in invalid.faults}
        except Refused as refused:
            return {ids.SETTINGS_CHANNEL: str(refused)}
        seen = configure.overview(self._house, team_id)
        sentence = self._sentence(settings.boxes, seen, settings.crm)
        channel = metadata_of(view).get("channel")
        self._private.say(team_id, user_id, channel, notices.settings_saved(sentence))
        return {}

    def signed_in(self, signed_in: SignedIn) -> None:
        """A sign-in was finished in the browser: show it in the modal that is still open."""
        if signed_in.view_id is None:
            return
        view_id = signed_in.view_id
        self._background.start(lambda: self._redraw_after_sign_in(signed_in, view_id), lambda _error: None)

    def _open(self, team_id: str, user_id: str, trigger_id: str, channel: str | None) -> None:
        people.require_editor(self._house, team_id, user_id)
        view = self._view(team_id, user_id, SettingsInput(), {"channel": channel}, view_id=None)
        client = slack.client_of(self._house, team_id)
        opened = client.views_open(trigger_id=trigger_id, view=view)
        # Only now is the modal's id known, which the Login link needs to find it again after the sign-in.
        link = _login_url(view)
        if link:
            connect.attach_view(self._house, link, opened["view"]["id"])

    def _redraw(self, click: Click, **extra: Any) -> None:
        people.require_editor(self._house, click.team_id, click.user_id)
        view = click.view or {}
        entered = read_settings(view["state"]["values"])
        notes = metadata_of(view)
        if extra.get("checked") is None and notes.get("crm") != entered.crm:
            notes.pop("checked", None)
        notes["crm"] = entered.crm
        fresh = self._view(click.team_id, click.user_id, entered, notes, view_id=view["id"], **extra)
        self._show(click.team_id, lambda client: client.views_update(view_id=view["id"], hash=view["hash"], view=fresh))

    def _redraw_after_sign_in(self, signed_in: SignedIn, view_id: str) -> None:
        draft = _input_from(signed_in.draft)
        notes = {"channel": signed_in.draft.get("channel_of_command"), "crm": signed_in.crm.key}
        entered = replace(draft, crm=signed_in.crm.key)
        fresh = self._view(signed_in.team_id, signed_in.user_id, entered, notes, view_id=view_id)
        self._show(signed_in.team_id, lambda client: client.views_update(view_id=view_id, view=fresh))

    def _show(self, team_id: str, call: Callable[[WebClient], object]) -> None:
        try:
            call(slack.client_of(self._house, team_id))
        except SlackApiError as error:
            # Closed meanwhile, or redrawn by a later click: there is nothing left to show.
            if slack.error_code(error) not in _NOT_SHOWN:
                raise

    def _check_answers(self, click: Click) -> None:
        entered = read_settings((click.view or {})["state"]["values"])
        key = entered.crm or ""
        crm = self._house.crms.get(key)
        if crm is None:
            return
        try:
            if crm.oauth is None:
                connect.sign_in_with_keys(self._house, click.team_id, click.user_id, key, entered.answers)
                self._redraw(click)
            else:
                people.require_editor(self._house, click.team_id, click.user_id)
                checked = connect.check_answers(self._house, key, entered.answers)
                self._redraw(click, checked=dict(checked))
        except (Invalid, CrmError) as error:
            self._redraw(click, error=_words(error))

    def _disconnect(self, click: Click) -> None:
        entered = read_settings((click.view or {})["state"]["values"])
        key = entered.crm or configure.overview(self._house, click.team_id).settings.crm
        if key in self._house.crms:
            connect.disconnect(self._house, click.team_id, click.user_id, str(key))
        self._redraw(click)

    def _view(
        self,
        team_id: str,
        user_id: str,
        entered: SettingsInput,
        notes: dict[str, Any],
        *,
        view_id: str | None,
        checked: Mapping[str, str] | None = None,
        error: str | None = None,
    ) -> dict[str, Any]:
        seen = configure.overview(self._house, team_id, entered.crm)
        key = entered.crm or seen.settings.crm
        crm = self._house.crms.get(key or "")
        is_ready = crm is not None and crm.oauth is not None and (not crm.questions or checked is not None)
        needs_sign_in = seen.sign_in is None or seen.sign_in.broken is not None
        login_url = None
        if crm is not None and is_ready and needs_sign_in:
            draft = asdict(entered) | {"answers": {}, "channel_of_command": notes.get("channel")}
            login_url = connect.login_link(
                self._house, team_id, user_id, crm.key, answers=checked or {}, view_id=view_id, draft=draft
            )
        sign_in = seen.sign_in
        return settings_modal(
            SettingsScreen(
                crms=[(offered.key, offered.name) for offered in seen.crms],
                crm=key if crm else None,
                crm_name=crm.name if crm else None,
                questions=crm.questions if crm else (),
                answers=entered.answers,
                login_url=login_url,
                account=sign_in.account if sign_in else None,
                broken=sign_in.broken if sign_in else None,
                boxes=entered.boxes or seen.settings.boxes,
                statuses=seen.statuses,
                green_status=seen.settings.green_status,
                channel=entered.channel or seen.channel,
                undo_seconds=seen.undo_seconds if entered.undo_seconds is None else entered.undo_seconds,
                editors=seen.settings.editors if entered.editors is None else entered.editors,
                history=seen.history,
                waiting=seen.waiting,
                error=error,
                private_metadata=json.dumps(notes),
                has_login=crm is None or crm.oauth is not None,
            )
        )

    def _sentence(self, boxes: Boxes, seen: Overview, crm_key: str | None) -> str:
        names = {status.key: status.name for status in seen.statuses}
        crm = self._house.crms.get(crm_key or "")
        return what_will_happen(
            boxes,
            crm.name if crm else None,
            names.get(boxes.trigger_status or ""),
            names.get(seen.settings.green_status, seen.settings.green_status),
        )

    def _refusal(self, body: Body) -> str:
        return notices.settings_refused(people.known_admins(self._house, body["team_id"]))


def _wish(entered: SettingsInput) -> Wish:
    return Wish(entered.crm, entered.boxes, entered.channel or None, entered.undo_seconds, entered.editors)


def _block_of(field: str) -> str:
    return _BLOCK_OF_FIELD.get(field, ids.SETTINGS_CHANNEL)


def _input_from(draft: Mapping[str, Any]) -> SettingsInput:
    boxes = draft.get("boxes")
    editors = draft.get("editors")
    return SettingsInput(
        crm=draft.get("crm"),
        boxes=Boxes(**boxes) if boxes else None,
        channel=draft.get("channel"),
        undo_seconds=draft.get("undo_seconds"),
        editors=tuple(editors) if editors is not None else None,
    )


def _words(error: HandoffError) -> str:
    if isinstance(error, Invalid):
        return " ".join(fault.message for fault in error.faults)
    return str(error)


def _login_url(view: Mapping[str, Any]) -> str | None:
    elements = (element for block in view["blocks"] for element in block.get("elements", ()))
    return next((el.get("url") for el in elements if el.get("action_id") == ids.SETTINGS_LOGIN), None)
