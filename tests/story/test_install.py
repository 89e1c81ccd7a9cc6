"""Installing: by OAuth into many workspaces, which never meet; or one workspace by its token."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import text

from bot.blocks import ids
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store import installations, intake_tokens
from bot.store.database import Database
from bot.usecases import configure, install
from bot.usecases.configure import Wish
from bot.workspace import Boxes
from tests.story.settings_modal import COMMAND, Modal, history, stored
from tests.story.signed import send_payload
from tests.support import Clock, forget_environment
from tests.world import ADMIN, BOT_TOKEN, TEAM, World, a_world, a_world_config, an_application

OTHER, OTHER_ADMIN, OTHER_ANN, OTHER_CHANNEL = "TOTHER", "UOTHERADMIN", "UOTHERANN", "COTHER"
OTHER_TOKEN, OTHER_INTAKE = "xoxb-other", "an-intake-token-of-the-other"


@pytest.fixture
def many(
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    crm: DemoCrm,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """A bot that workspaces install by OAuth; nobody has yet, and a second workspace waits to."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    slack.add_workspace(OTHER, "Other Desk", bot_token=OTHER_TOKEN, installed=False)
    config = a_world_config(
        database_url,
        slack,
        crm,
        slack_bot_token=None,
        slack_channel=None,
        slack_client_id="local-client-id",
        slack_client_secret="local-client-secret",
        public_url="https://handoff.example.com",
    )
    with a_world(config, database, clock, slack, crm) as world:
        yield world


@dataclass
class Browser:
    """A browser that installs: it keeps the one cookie that ties the way back to itself."""

    world: World
    cookie: str = ""

    def begin(self) -> str:
        """Open the install page; where Slack's consent is."""
        answer = requests.get(f"{self.world.bot_url}/slack/install", allow_redirects=False, timeout=30)
        assert answer.status_code == 302
        self.cookie = answer.headers["Set-Cookie"]
        return answer.headers["Location"]

    def come_back(self, url: str) -> requests.Response:
        """Follow Slack's redirect to the bot, wherever that is served in this test."""
        query = urlsplit(url).query
        headers = {"Cookie": self.cookie.partition(";")[0]} if self.cookie else {}
        return requests.get(f"{self.world.bot_url}/slack/oauth_redirect?{query}", headers=headers, timeout=30)


def _installed(world: World, team: str) -> bool:
    with world.house.database.reading() as connection:
        return installations.find(connection, world.house.vault, team) is not None


def _install(world: World, user: str) -> requests.Response:
    browser = Browser(world)
    page = browser.come_back(world.slack.install_app(browser.begin(), user))
    world.deliver()
    return page


def test_a_second_workspace_installs_by_oauth(many: World) -> None:
    """Consent given: a page with the next step, a token stored, and a welcome to the one who installed."""
    page = _install(many, OTHER_ADMIN)
    assert page.status_code == 200
    assert "Handoff is installed in Other Desk" in page.text
    assert COMMAND in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert _installed(many, OTHER)
    assert not _installed(many, TEAM)
    (welcome,) = many.direct(OTHER_ADMIN)
    assert COMMAND in welcome


def test_the_install_link_leads_straight_to_slack(many: World) -> None:
    """No page in between: Slack's consent, asked for exactly the scopes of the manifest, bound to this
    browser.
    """
    browser = Browser(many)
    url = browser.begin()
    query = parse_qs(urlsplit(url).query)
    assert url.startswith(f"{many.slack.base_url}/oauth/v2/authorize?")
    assert set(query["scope"][0].split(",")) == set(install.SCOPES)
    assert query["redirect_uri"][0].endswith("/slack/oauth_redirect")
    assert all(word in browser.cookie for word in ("Secure", "HttpOnly"))


def test_the_state_works_once_and_in_one_browser(many: World) -> None:
    """Another browser, a used state, an invented one and an old one install nothing, each with a
    friendly page.
    """
    browser = Browser(many)
    back = many.slack.install_app(browser.begin(), OTHER_ADMIN)
    stranger = Browser(many).come_back(back)
    assert stranger.status_code == 400
    assert "browser that began" in stranger.text
    assert not _installed(many, OTHER)
    assert browser.come_back(back).status_code == 200
    again = browser.come_back(back)
    assert again.status_code == 401
    assert "finished before, or took too long" in again.text
    late = Browser(many)
    back = many.slack.install_app(late.begin(), OTHER_ADMIN)
    many.clock.advance(minutes=15)
    assert late.come_back(back).status_code == 401


def test_denied_and_unreachable_end_on_a_friendly_page(many: World) -> None:
    """Cancel at Slack's consent, a forged code, and Slack not answering: a sentence, and the way to try
    again.
    """
    browser = Browser(many)
    state = parse_qs(urlsplit(browser.begin()).query)["state"][0]
    denied = browser.come_back(f"https://x/?error=access_denied&state={state}")
    assert "consent was not given" in denied.text
    forged = browser.come_back(f"https://x/?code=forged&state={state}")
    assert "Slack did not finish the installation" in forged.text
    hostile = browser.come_back("https://x/?error=<script>alert(1)</script>")
    assert "<script>alert" not in hostile.text
    many.slack.faults.add("oauth.v2.access", "reset_before")
    back = many.slack.install_app(browser.begin(), OTHER_ADMIN)
    silent = browser.come_back(back)
    assert (silent.status_code, "Slack did not answer" in silent.text) == (502, True)
    for page in (denied, forged, hostile, silent):
        assert "/slack/install" in page.text
    assert not _installed(many, OTHER)


def test_tokens_are_encrypted_in_the_database(many: World) -> None:
    """Nobody who reads the table reads a token."""
    _install(many, OTHER_ADMIN)
    token = many.slack.workspace(OTHER).token
    with many.house.database.reading() as connection:
        rows = str(connection.execute(text("SELECT * FROM installations")).all())
        found = installations.find(connection, many.house.vault, OTHER)
    assert token not in rows
    assert found is not None
    assert found.token == token


def test_workspaces_never_see_each_other(many: World) -> None:
    """Two workspaces in one bot: settings, cards, clicks and intake tokens stay apart."""
    _install(many, ADMIN)
    _install(many, OTHER_ADMIN)
    assert Modal(many, OTHER_ADMIN).open(OTHER_CHANNEL).person.close().ok
    configure.save(many.house, OTHER, OTHER_ADMIN, Wish(channel=OTHER_CHANNEL, boxes=Boxes(send_green=True)))
    assert stored(many).boxes == Boxes()
    assert history(many) == []
    with many.house.database.transaction() as connection:
        intake_tokens.add(connection, "other", OTHER, OTHER_INTAKE, many.clock())
    sent = requests.post(
        f"{many.bot_url}/api/v1/applications",
        json=an_application(1),
        headers={"Authorization": f"Bearer {OTHER_INTAKE}"},
        timeout=30,
    )
    assert sent.status_code == 201
    many.deliver()
    (card,) = [found for found in many.slack.messages(OTHER_CHANNEL) if found.get("metadata")]
    assert many.cards() == []
    assert many.slack.as_user(OTHER_ANN).click(OTHER_CHANNEL, card["ts"], ids.DECIDE_GREEN).status == 200
    many.deliver()
    assert "Green" in str(many.slack.message(OTHER_CHANNEL, card["ts"]))
    assert {call.team for call in many.slack.calls if call.method == "chat.update"} == {OTHER}


def test_a_click_of_another_workspace_finds_nothing(many: World) -> None:
    """The id of an application is no key: a member of another workspace who names it changes nothing."""
    _install(many, ADMIN)
    _install(many, OTHER_ADMIN)
    configure.save(many.house, TEAM, ADMIN, Wish(channel="CAPPLICANTS"))
    with many.house.database.transaction() as connection:
        intake_tokens.add(connection, "ours", TEAM, "ours", many.clock())
    sent = requests.post(
        f"{many.bot_url}/api/v1/applications",
        json=an_application(1),
        headers={"Authorization": "Bearer ours"},
        timeout=30,
    )
    action = {"action_id": ids.DECIDE_GREEN, "block_id": ids.card_block("lights", sent.json()["id"], 0)}
    answer = send_payload(
        many,
        type="block_actions",
        team={"id": OTHER},
        user={"id": OTHER_ANN, "team_id": OTHER},
        channel={"id": OTHER_CHANNEL},
        actions=[action | {"type": "button"}],
    )
    assert answer.status_code == 200
    assert many.application(sent.json()["id"]).light is None


def test_without_oauth_there_is_no_install_page(world: World) -> None:
    """A bot for one workspace by token has nothing to install at."""
    assert requests.get(f"{world.bot_url}/slack/install", timeout=30).status_code == 404


def test_one_workspace_by_token(world: World) -> None:
    """The token's workspace is known from the start, with the scopes Slack names."""
    with world.house.database.reading() as connection:
        found = installations.find(connection, world.house.vault, TEAM)
    assert found is not None
    assert (found.token, found.team_name) == (BOT_TOKEN, "Bright Desk Recruitment")
    assert set(install.SCOPES) <= set(found.scopes)
