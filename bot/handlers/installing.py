"""Installing to a workspace by OAuth: Bolt's flow on our own encrypted store, with states that work once."""

from __future__ import annotations

import logging
from urllib.parse import urljoin

from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk.oauth.installation_store import Bot, Installation, InstallationStore
from slack_sdk.oauth.state_store import OAuthStateStore

from bot import models
from bot.store import installations, tickets
from bot.store.tickets import Ticket
from bot.usecases import install, slack
from bot.usecases.house import House

_STATE = "slack_state"


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
        scopes = installation.bot_scopes or []
        install.install(
            self._house,
            models.Installation(
                team_id=installation.team_id or "",
                team_name=installation.team_name or installation.team_id or "",
                token=installation.bot_token or "",
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


def oauth_flow(house: House) -> OAuthFlow | None:
    """The flow behind `/slack/install`; None where workspaces don't install by OAuth."""
    config = house.config
    if config.slack_client_id is None or config.slack_client_secret is None:
        return None
    return OAuthFlow(
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
        ),
    )
