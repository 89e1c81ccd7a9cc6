"""Installing to a workspace by OAuth: Bolt's flow on our own encrypted store, with states that work once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from urllib.parse import urlencode, urljoin

import structlog
from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.error import BoltError
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

from bot import workspace
from bot.store import installations, tickets
from bot.store.tickets import Ticket
from bot.usecases import install, slack
from bot.usecases.house import House

log = structlog.get_logger(__name__)

Page = Callable[..., str]
_STATE = "slack_state"
_AGAIN = "Start again from the install link."
_WHY_NOT = {
    "access_denied": f"The consent was not given, so nothing was installed. {_AGAIN}",
    "invalid_browser": f"This page was not opened in the browser that began the installation. {_AGAIN}",
    "invalid_state": f"This installation was finished before, or took too long. {_AGAIN}",
    "slack_unreachable": f"Slack did not answer just now. {_AGAIN}",
}


class _States(OAuthStateStore):
    """OAuth's `state`, in the table of single-use secrets."""

    def __init__(self, house: House) -> None:
        self._house = house

    @property
    def logger(self) -> logging.Logger:
        """The SDK wants one; nothing is logged here."""
        return logging.getLogger(__name__)

    def issue(self, *_args: object, **_options: object) -> str:
        """A fresh state."""
        empty = Ticket(None, None, None, {})
        with self._house.database.transaction() as connection:
            return tickets.issue(connection, self._house.vault, _STATE, empty, self._house.clock())

    def consume(self, state: str) -> bool:
        """Whether the state is ours, unused and not too old; it is used up by this."""
        with self._house.database.transaction() as connection:
            ticket = tickets.redeem(connection, self._house.vault, _STATE, state, self._house.clock())
        return ticket is not None


class _Installations(InstallationStore):
    """Bolt's view of our installations."""

    def __init__(self, house: House) -> None:
        self._house = house

    def save(self, installation: Installation) -> None:
        """Remember what a finished install gave."""
        if not installation.team_id or not installation.bot_token:
            raise BoltError("an installation for a whole organisation is not offered")
        scopes = installation.bot_scopes or []
        install.install(
            self._house,
            workspace.Installation(
                team_id=installation.team_id,
                team_name=installation.team_name or installation.team_id,
                token=installation.bot_token,
                bot_user_id=installation.bot_user_id or "",
                bot_id=installation.bot_id or "",
                scopes=tuple(scopes.split(",") if isinstance(scopes, str) else scopes),
                installed_by=installation.user_id,
                installed_at=self._house.clock(),
            ),
        )

    def find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The workspace's bot, None without an installation."""
        with self._house.database.reading() as connection:
            found = installations.find(connection, self._house.vault, team_id or "")
        if found is None:
            return None
        return Bot(
            team_id=found.team_id,
            bot_token=found.token,
            bot_id=found.bot_id,
            bot_user_id=found.bot_user_id,
            bot_scopes=list(found.scopes),
            installed_at=found.installed_at.timestamp(),
        )


class _Flow(OAuthFlow):
    """Bolt's flow, which also says so when Slack can't be reached."""

    def handle_callback(self, request: BoltRequest) -> BoltResponse:
        """The page for whoever comes back from Slack's consent."""
        try:
            return super().handle_callback(request)
        except slack.NETWORK_TROUBLE as error:
            log.warning("slack_not_reached", error=type(error).__name__)
            trouble = FailureArgs(
                request=request,
                reason="slack_unreachable",
                suggested_status_code=502,
                settings=self.settings,
                default=self.default_callback_options,
            )
            return self.failure_handler(trouble)


def _installed(page: Page, done: SuccessArgs) -> BoltResponse:
    installation = done.installation
    query = urlencode({"app": installation.app_id or "", "team": installation.team_id or ""})
    body = page(
        "installed.html",
        workspace=installation.team_name or "your workspace",
        link=f"https://slack.com/app_redirect?{query}",
    )
    return BoltResponse(status=200, body=body, headers=_headers(done))


def _not_installed(page: Page, failed: FailureArgs) -> BoltResponse:
    # The reason comes from the address bar: only what is known is told or logged.
    log.warning("installation_not_finished", reason=failed.reason if failed.reason in _WHY_NOT else "other")
    sentence = _WHY_NOT.get(failed.reason, f"Slack did not finish the installation. {_AGAIN}")
    status = failed.suggested_status_code
    body = page("not_installed.html", sentence=sentence)
    return BoltResponse(status=status, body=body, headers=_headers(failed))


def _headers(args: SuccessArgs | FailureArgs) -> dict[str, str | Sequence[str]]:
    return {
        "Content-Type": "text/html; charset=utf-8",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
        "Set-Cookie": [args.settings.state_utils.build_set_cookie_for_deletion()],
    }


def oauth_flow(house: House, page: Page) -> OAuthFlow | None:
    """The flow behind `/slack/install`; None where workspaces don't install by OAuth.

    `page` renders a template's name and values to HTML.
    """
    config = house.config
    if config.slack_client_id is None or config.slack_client_secret is None:
        return None
    return _Flow(
        client=slack.web_client(house, ""),
        logger=logging.getLogger("slack_bolt.handoff"),
        settings=OAuthSettings(
            client_id=config.slack_client_id,
            client_secret=config.slack_client_secret.get_secret_value(),
            scopes=list(install.SCOPES),
            redirect_uri=f"{config.public_url}/slack/oauth_redirect",
            install_path="/slack/install",
            redirect_uri_path="/slack/oauth_redirect",
            # A link in a directory must lead to Slack's consent at once.
            install_page_rendering_enabled=False,
            authorization_url=urljoin(config.slack_api_url, "../oauth/v2/authorize"),
            installation_store=_Installations(house),
            state_store=_States(house),
            callback_options=CallbackOptions(
                success=lambda args: _installed(page, args), failure=lambda args: _not_installed(page, args)
            ),
        ),
    )
