"""The Home tab."""

from __future__ import annotations

import structlog

from bot.blocks import notices
from bot.blocks.home import HomeScreen, home
from bot.handlers.background import Background
from bot.handlers.private import Private
from bot.handlers.request import Click
from bot.rules import access
from bot.usecases import configure, people, slack
from bot.usecases.house import House
from bot.usecases.notes import are_sent_to
from bot.workspace import Connection

log = structlog.get_logger(__name__)


class HomeHandlers:
    """Publishes a person's Home tab when they look at it."""

    def __init__(self, house: House, background: Background, private: Private) -> None:
        self._house = house
        self._background = background
        self._private = private

    def opened(self, team_id: str, user_id: str) -> None:
        """Somebody opened the tab."""
        self._background.start(
            lambda: self._publish(team_id, user_id), lambda error: self._missed(team_id, error)
        )

    def help(self, click: Click) -> None:
        """The Help button."""
        self._background.start(lambda: self._open_help(click), self._private.on_error(click))

    def _open_help(self, click: Click) -> None:
        client = slack.client_of(self._house, click.team_id, slack.OPENING_SECONDS)
        client.views_open(trigger_id=click.trigger_id, view=notices.notice_modal(notices.help_text()))

    def _publish(self, team_id: str, user_id: str) -> None:
        seen = configure.overview(self._house, team_id)
        settings, sign_in = seen.settings, seen.sign_in
        member = people.member(self._house, team_id, user_id)
        names = {status.key: status.name for status in seen.statuses}
        crm = self._house.crms.get(settings.crm or "")
        view = home(
            HomeScreen(
                is_decider=access.may_decide(member),
                is_editor=access.may_change_settings(member, settings),
                crm_name=crm.name if crm else None,
                account=_account(sign_in),
                broken=sign_in.broken if sign_in else None,
                boxes=settings.boxes,
                send_notes=are_sent_to(settings, crm),
                trigger_name=names.get(settings.boxes.trigger_status or ""),
                green_name=names.get(settings.green_status, settings.green_status),
                channel=seen.channel,
                undecided=seen.undecided,
                waiting=seen.waiting,
                failed=seen.failed,
                now=self._house.clock(),
            )
        )
        slack.client_of(self._house, team_id).views_publish(user_id=user_id, view=view)

    @staticmethod
    def _missed(team_id: str, error: Exception) -> None:
        log.error("home_not_published", team=team_id, error=type(error).__name__, exc_info=error)


def _account(sign_in: Connection | None) -> str | None:
    return sign_in.account if sign_in else None
