"""Which handler answers what: the one module that knows Bolt.

Bolt runs each listener to its end before the answer goes out, so a listener is one short transaction at most. No
exception leaves a listener: Bolt would answer it with 404 or 500.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from slack_bolt import Ack, App, Respond
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.oauth import OAuthFlow

from bot.blocks import ids
from bot.handlers.background import Background
from bot.handlers.home import HomeHandlers
from bot.handlers.private import Private
from bot.handlers.request import Click
from bot.handlers.settings import SettingsHandlers
from bot.handlers.triage import TriageHandlers
from bot.store import deliveries, installations
from bot.usecases import install, slack
from bot.usecases.house import House

log = structlog.get_logger(__name__)

Body = Mapping[str, Any]
COMMAND = "/handoff-settings"
EVENTS = ("app_home_opened", "app_uninstalled", "tokens_revoked")


class Routes:
    """Bolt with every route of the product. `settings` also hears of CRM sign-ins finished in the browser."""

    def __init__(self, house: House, background: Background, oauth_flow: OAuthFlow | None = None) -> None:
        self._house = house
        self._private = Private(house)
        self.settings = SettingsHandlers(house, background, self._private)
        self._triage = TriageHandlers(house, background, self._private)
        self._home = HomeHandlers(house, background)
        self.bolt = self._app(oauth_flow)
        self._route_clicks()
        self._route_settings()
        self._route_events()

    def _app(self, oauth_flow: OAuthFlow | None) -> App:
        bolt_log = logging.getLogger("slack_bolt.handoff")
        bolt_log.setLevel(logging.ERROR)  # its warnings quote whole requests
        app = App(
            client=slack.web_client(self._house, ""),
            authorize=_authorizer(self._house),  # type: ignore[arg-type]  # None is allowed, Bolt's annotation forgets it
            # The web server verifies signatures before Bolt sees a request; Socket Mode has none.
            request_verification_enabled=False,
            ssl_check_enabled=False,
            token_verification_enabled=False,
            process_before_response=True,
            listener_executor=ThreadPoolExecutor(2, thread_name_prefix="bolt"),
            logger=bolt_log,
        )
        app._oauth_flow = oauth_flow  # noqa: SLF001  # the constructor would set up a token store of its own
        return app

    def _route_clicks(self) -> None:
        triage = self._triage
        for action_id in ids.LIGHT_OF_ACTION:
            self._on_click(action_id, triage.light)
        self._on_click(ids.CHOOSE_STATUS, triage.status)
        self._on_click(ids.UNDO, triage.undo)
        self._on_click(ids.RETRY_HANDOFF, triage.retry)
        self._on_click(ids.OPEN_DETAILS, triage.details)
        self._on_click(ids.MORE, triage.more)
        for link in (ids.OPEN_CV, ids.OPEN_IN_CRM, ids.SETTINGS_LOGIN, ids.HOME_HELP):
            self._on_click(link, lambda _click: None)  # a button with a link still wants an answer

    def _route_settings(self) -> None:
        settings = self.settings
        for action_id in (ids.SETTINGS_CRM, ids.SETTINGS_BOXES, ids.SETTINGS_AMBER, ids.SETTINGS_TRIGGER):
            self._on_click(action_id, settings.changed)
        self._on_click(ids.SETTINGS_CHECK_ANSWERS, settings.check_answers)
        self._on_click(ids.SETTINGS_DISCONNECT, settings.disconnect)
        self._on_click(ids.HOME_SETTINGS, settings.open_from_home)

        @self.bolt.command(COMMAND)
        def command(ack: Ack, respond: Respond, body: Body) -> None:
            self._answer_command(ack, respond, body)

        @self.bolt.view(ids.SETTINGS)
        def submit(ack: Ack, body: Body) -> None:
            self._answer_submission(ack, body)

    def _answer_command(self, ack: Ack, respond: Respond, body: Body) -> None:
        def tell(text: str) -> None:
            respond(text=text, response_type="ephemeral")

        try:
            answer = self.settings.command(body, tell)
        except Exception as error:
            answer = self._private.sentence(error)
        if answer is None:
            ack()
        else:
            ack(text=answer, response_type="ephemeral")

    def _answer_submission(self, ack: Ack, body: Body) -> None:
        try:
            errors = self.settings.submit(body)
        except Exception as error:
            self._private.say(str(body["team"]["id"]), body["user"]["id"], None, self._private.sentence(error))
            ack()
            return
        if errors:
            ack(response_action="errors", errors=errors)
        else:
            ack()

    def _route_events(self) -> None:
        @self.bolt.event("app_home_opened")
        def home_opened(ack: Ack, body: Body, event: Body) -> None:
            ack()
            if event.get("tab", "home") == "home":
                self._once(body, lambda: self._home.opened(body["team_id"], event["user"]))

        @self.bolt.event("app_uninstalled")
        def uninstalled(ack: Ack, body: Body) -> None:
            ack()
            self._quietly(lambda: install.uninstall(self._house, body["team_id"]))

        @self.bolt.event("tokens_revoked")
        def revoked(ack: Ack, body: Body, event: Body) -> None:
            ack()
            if (event.get("tokens") or {}).get("bot"):
                self._quietly(lambda: install.uninstall(self._house, body["team_id"]))

    def _on_click(self, action_id: str, handle: Callable[[Click], None]) -> None:
        @self.bolt.action(action_id)
        def clicked(ack: Ack, body: Body) -> None:
            try:
                click = Click.read(body)
                handle(click)
            except Exception as error:
                self._tell_failure(body, error)
            ack()

    def _tell_failure(self, body: Body, error: Exception) -> None:
        text = self._private.sentence(error)
        self._quietly(lambda: self._private.tell(Click.read(body), text))

    def _once(self, body: Body, act: Callable[[], None]) -> None:
        key = f"event:{body.get('team_id')}:{body.get('event_id')}"
        with self._house.database.transaction() as connection:
            is_first = deliveries.is_first(connection, key, self._house.clock())
        if is_first:
            self._quietly(act)

    @staticmethod
    def _quietly(act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            log.error("handler_failed", error=type(error).__name__, exc_info=error)


def _authorizer(house: House) -> Callable[[str | None, str | None], AuthorizeResult | None]:
    def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult | None:
        with house.database.reading() as connection:
            found = installations.find(connection, house.vault, team_id or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=found.token,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
        )

    return authorize
