"""Which handler answers what: the one module that knows Bolt.

Bolt runs each listener to its end before the answer goes out, so a listener is one short transaction at
most. No exception leaves a listener: Bolt would answer a click with 404 or 500. An event that failed is
answered with 503, for Slack to send it again.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import structlog
from slack_bolt import Ack, App, BoltRequest, BoltResponse, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth import OAuthFlow

from bot.blocks import ids, menus, notices
from bot.handlers import calm
from bot.handlers.background import Background
from bot.handlers.home import HomeHandlers
from bot.handlers.menus import MenuHandlers
from bot.handlers.notes import NoteHandlers
from bot.handlers.private import Private
from bot.handlers.request import Click, team_of
from bot.handlers.review import ReviewHandlers
from bot.handlers.settings import SettingsHandlers
from bot.handlers.tracing import TracedApp
from bot.handlers.triage import TriageHandlers
from bot.store import deliveries, installations
from bot.usecases import install, slack
from bot.usecases.house import House

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]
COMMAND = "/handoff-settings"
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")
_ANY = re.compile("")
_NOT_INSTALLED = "Handoff is no longer installed in this workspace. An admin can install it again."


class Routes:
    """Bolt with every route of the product. `settings` also hears of CRM sign-ins finished in the browser."""

    def __init__(self, house: House, background: Background, oauth_flow: OAuthFlow | None = None) -> None:
        self._house = house
        self._background = background
        self._private = Private(house)
        self.settings = SettingsHandlers(house, background, self._private)
        self._notes = NoteHandlers(house, background, self._private)
        self._triage = TriageHandlers(house, background, self._private, self._notes)
        self._review = ReviewHandlers(house, background, self._private)
        self._home = HomeHandlers(house, background, self._private)
        self._menus = MenuHandlers(house, background)
        self.bolt = self._app(oauth_flow)
        self._route_clicks()
        self._route_settings()
        self._route_menus()
        self._route_events()
        self._route_the_rest()

    def _app(self, oauth_flow: OAuthFlow | None) -> App:
        bolt_log = logging.getLogger("slack_bolt.handoff")
        bolt_log.setLevel(logging.ERROR)  # its warnings quote whole requests
        app = TracedApp(
            client=slack.web_client(self._house, ""),
            authorize=_authorizer(self._house),  # type: ignore[arg-type]  # None is allowed, Bolt's annotation forgets it
            # The web server verifies signatures before Bolt sees a request; Socket Mode has none.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            token_verification_enabled=False,
            process_before_response=True,
            listener_executor=ThreadPoolExecutor(2, thread_name_prefix="bolt"),
            logger=bolt_log,
            user_facing_authorize_error_message=_NOT_INSTALLED,
        )
        app._oauth_flow = oauth_flow  # the constructor would set up a token store of its own
        app.error(self._not_dispatched)
        return app

    def _route_clicks(self) -> None:
        triage, review = self._triage, self._review
        for action_id in ids.LIGHT_OF_ACTION:
            self._on_click(action_id, _on_card_or_in_queue(triage.light, review.light))
        self._on_click(ids.CHOOSE_STATUS, _on_card_or_in_queue(triage.status, review.status))
        self._on_click(ids.UNDO, _on_card_or_in_queue(triage.undo, review.undo))
        self._on_click(ids.OPEN_QUEUE, review.open)
        self._on_click(ids.REVIEW_SKIP, review.skip)
        self._on_click(ids.REVIEW_AGAIN, review.again)
        self._on_click(ids.REVIEW_POST_CARD, review.post_card)
        self._on_click(ids.RETRY_HANDOFF, triage.retry)
        self._on_click(ids.OPEN_DETAILS, triage.details)
        self._on_click(ids.MORE, self._more)
        self._on_click(ids.CHOOSE_VACANCY, triage.vacancy)
        self._on_click(ids.REMOVE_NOTE, self._notes.remove)
        self._on_click(ids.RETRY_NOTES, self._notes.retry)
        for link in (ids.OPEN_CV, ids.OPEN_IN_CRM, ids.SETTINGS_LOGIN):
            self._on_click(link, lambda _click: None)  # a button with a link still wants an answer

    def _more(self, click: Click) -> None:
        (self._review.open if click.selected == ids.MORE_QUEUE else self._triage.more)(click)

    def _route_settings(self) -> None:
        settings = self.settings
        boxes = (ids.SETTINGS_BOXES, ids.SETTINGS_AMBER, ids.SETTINGS_NOTES)
        for action_id in (ids.SETTINGS_CRM, *boxes, ids.SETTINGS_TRIGGER):
            self._on_click(action_id, settings.changed)
        self._on_click(ids.SETTINGS_CHECK_ANSWERS, settings.check_answers)
        self._on_click(ids.SETTINGS_DISCONNECT, settings.disconnect)
        self._on_click(ids.HOME_SETTINGS, settings.open_from_home)
        self._on_click(ids.HOME_HELP, self._home.help)

        @self.bolt.command(COMMAND)
        def command(ack: Ack, respond: Respond, body: Body) -> None:
            self._answer_command(ack, respond, body)

        @self.bolt.view(ids.SETTINGS)
        def submit(ack: Ack, body: Body) -> None:
            self._answer_submission(ack, body, self.settings.submit)

    def _route_menus(self) -> None:
        self._on_menu(re.compile(f"^{ids.SETTINGS_OPTION}:"), self._menus.options)
        self._on_menu(ids.CHOOSE_VACANCY, self._menus.vacancies)

        @self.bolt.view(ids.CHOOSE_VACANCY)
        def submit(ack: Ack, body: Body) -> None:
            self._answer_submission(ack, body, self._triage.submit_vacancy)

        @self.bolt.view(ids.ADD_NOTE)
        def add_note(ack: Ack, body: Body) -> None:
            self._answer_submission(ack, body, self._notes.submit)

    def _answer_command(self, ack: Ack, respond: Respond, body: Body) -> None:
        def tell(text: str) -> None:
            respond(text=text, response_type="ephemeral")

        try:
            answer = self.settings.command(body, tell)
        except Exception as error:  # noqa: BLE001  no exception leaves a listener
            answer = self._private.sentence(error)
        if answer is None:
            ack()
        else:
            ack(text=answer, response_type="ephemeral")

    def _answer_submission(self, ack: Ack, body: Body, handle: Callable[[Body], dict[str, str]]) -> None:
        try:
            errors = handle(body)
        except Exception as error:  # noqa: BLE001  no exception leaves a listener
            text = self._private.sentence(error)
            self._quietly(lambda: self._private.say(team_of(body), body["user"]["id"], None, text))
            ack()
            return
        if errors:
            ack(response_action="errors", errors=errors)
        else:
            ack()

    def _route_events(self) -> None:
        self._on_event("app_home_opened", self._home_opened)
        self._on_event("app_uninstalled", self._uninstalled)
        self._on_event("tokens_revoked", self._tokens_revoked)

    def _home_opened(self, body: Body, _is_repeat: bool) -> None:
        event = body["event"]
        if event.get("tab", "home") == "home" and self._is_first(body):
            self._home.opened(body["team_id"], event["user"])

    def _uninstalled(self, body: Body, is_repeat: bool) -> None:
        # A repeat may come when the workspace has installed the bot anew.
        happened = datetime.fromtimestamp(float(body.get("event_time") or 0), UTC) if is_repeat else None
        install.uninstall(self._house, body["team_id"], before=happened)

    def _tokens_revoked(self, body: Body, is_repeat: bool) -> None:
        if (body["event"].get("tokens") or {}).get("bot"):
            self._uninstalled(body, is_repeat)

    def _route_the_rest(self) -> None:
        """What this version doesn't know, such as a button on a card that an earlier one drew:
        acknowledged calmly.
        """

        @self.bolt.action(_ANY)
        @self.bolt.view(_ANY)
        @self.bolt.view_closed(_ANY)
        @self.bolt.shortcut(_ANY)
        @self.bolt.event(_ANY)
        def unknown(ack: Ack) -> None:
            ack()

        @self.bolt.options(_ANY)
        def no_options(ack: Ack) -> None:
            ack(options=[])

        @self.bolt.command(_ANY)
        def unknown_command(ack: Ack, body: Body) -> None:
            ack(text=notices.unknown_argument(str(body.get("command"))), response_type="ephemeral")

    def _on_click(self, action_id: str, handle: Callable[[Click], None]) -> None:
        @self.bolt.action(action_id)
        def clicked(ack: Ack, body: Body) -> None:
            try:
                click = Click.read(body)
                handle(click)
            except Exception as error:  # noqa: BLE001  no exception leaves a listener
                self._tell_failure(body, error)
            ack()

    def _on_menu(
        self, action_id: str | re.Pattern[str], answer: Callable[[Body], list[dict[str, Any]]]
    ) -> None:
        @self.bolt.options(action_id)
        def opened(ack: Ack, body: Body) -> None:
            try:
                found = answer(body)
            except Exception as error:  # noqa: BLE001  no exception leaves a listener
                found = menus.sorry(self._private.sentence(error))
            ack(options=found)

    def _tell_failure(self, body: Body, error: Exception) -> None:
        text = self._private.sentence(error)
        if calm.is_away(error):
            calm.tell(body, self._background)
            return
        self._quietly(lambda: self._private.tell(Click.read(body), text))

    def _on_event(self, name: str, act: Callable[[Body, bool], None]) -> None:
        @self.bolt.event(name)
        def happened(body: Body, request: BoltRequest) -> BoltResponse | None:
            try:
                act(body, "x-slack-retry-num" in request.headers)
            except Exception as error:
                log.exception("event_failed", event_type=name, error=type(error).__name__)
                return BoltResponse(status=503, body="")
            return None

    def _is_first(self, body: Body) -> bool:
        key = f"event:{body.get('team_id')}:{body.get('event_id')}"
        with self._house.database.transaction() as connection:
            return deliveries.is_first(connection, key, self._house.clock())

    def _not_dispatched(self, error: Exception, body: Body) -> BoltResponse:
        """What goes out when something breaks before a listener is reached."""
        log.error("delivery_not_dispatched", error=type(error).__name__)
        if calm.is_away(error):
            return calm.answer(body, self._background)
        return BoltResponse(status=400, body="")

    @staticmethod
    def _quietly(act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            log.exception("handler_failed", error=type(error).__name__)


def _on_card_or_in_queue(
    on_card: Callable[[Click], None], in_queue: Callable[[Click], None]
) -> Callable[[Click], None]:
    return lambda click: (in_queue if click.view else on_card)(click)


def _authorizer(house: House) -> Callable[[str | None, str | None], AuthorizeResult | None]:
    def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult | None:
        with house.database.glance() as connection:
            bot = installations.bot_of(connection, team_id or "")
        if bot is None:
            return None
        # No token: whoever calls Slack reads it then, and Bolt never holds one.
        bot_id, bot_user_id = bot
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_id=bot_id, bot_user_id=bot_user_id
        )

    return authorize
