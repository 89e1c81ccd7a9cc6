"""`manifest.yml` creates the app as the code is: scopes, commands, events and addresses, within Slack's
limits.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import yaml  # type: ignore[import-untyped]  # it has no types of its own
from slack_bolt.oauth import OAuthFlow
from slack_sdk import WebClient

import bot
from bot.handlers import routing
from bot.handlers.background import Background
from bot.handlers.installing import oauth_flow
from bot.handlers.routing import Routes
from bot.usecases import install
from bot.usecases.house import House
from bot.web.pages import page

ROOT = Path(__file__).parents[1]
SCHEMA = ROOT.parent / "shared" / "slack" / "manifest.schema.2.0.0.json"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text())

# What each scope is for: the Web API methods that need it, and `commands` for the slash command itself.
USED_FOR = {
    "channels:history": {"conversations_history", "conversations_replies"},
    "groups:history": {"conversations_history", "conversations_replies"},
    "channels:join": {"conversations_join"},
    "chat:write": {"chat_postMessage", "chat_update", "chat_postEphemeral"},
    "commands": {"command"},
    "files:write": {"files_upload_v2"},
    "im:write": {"chat_postMessage"},
    "users:read": {"users_info", "users_list"},
    "users:read.email": {"users_info"},
}
# These need no scope.
FREE = {
    "auth_test",
    "views_open",
    "views_update",
    "views_publish",
    "oauth_v2_access",
    "apps_connections_open",
}


def _calls() -> Iterator[str]:
    """The attribute calls of the product's own code, the playground left out."""
    root = Path(bot.__file__).parent
    for file in root.rglob("*.py"):
        if "playground" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                yield node.func.attr


def test_the_scopes_are_those_the_code_asks_for() -> None:
    """What an OAuth install asks for and what the manifest names are the same, in the same order."""
    assert tuple(MANIFEST["oauth_config"]["scopes"]["bot"]) == install.SCOPES
    assert "user" not in MANIFEST["oauth_config"]["scopes"]


def test_every_scope_is_used_and_every_call_has_its_scope() -> None:
    """Each scope has a call in the code that needs it, and each Web API call has its scope."""
    methods = {call for call in _calls() if callable(getattr(WebClient, call, None)) and "__" not in call}
    assert set(USED_FOR) == set(install.SCOPES)
    for scope, needing in USED_FOR.items():
        assert needing & (methods | {"command"}), f"nothing needs {scope}"
    known = FREE.union(*USED_FOR.values())
    assert methods <= known, f"no scope is known for {sorted(methods - known)}"


def test_commands_and_events_are_those_that_are_routed(house: House) -> None:
    """Every command and event of the manifest has a listener, and the other way round."""
    bolt = Routes(house, Background()).bolt
    commands = [command["command"] for command in MANIFEST["features"]["slash_commands"]]
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert commands == [routing.COMMAND]
    assert sorted(events) == sorted(routing.EVENTS)
    named = {name for listener in bolt._listeners for name in _names(listener)}
    assert set(commands) | set(events) <= named


def test_the_addresses_are_those_that_are_served(house: House) -> None:
    """Events, interactivity and the command arrive at one address, and OAuth returns to ours."""
    settings = MANIFEST["settings"]
    addresses = [
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in MANIFEST["features"]["slash_commands"]),
    ]
    assert {urlsplit(address).path for address in addresses} == {"/slack/events"}
    config = house.config.model_copy(
        update={"slack_client_id": "1.2", "slack_client_secret": house.config.slack_signing_secret}
    )
    flow = oauth_flow(House(config, house.database, house.vault, house.crms, house.apps, house.clock), page)
    assert isinstance(flow, OAuthFlow)
    redirects = [urlsplit(url).path for url in MANIFEST["oauth_config"]["redirect_urls"]]
    assert redirects == [flow.redirect_uri_path]
    hosts = {urlsplit(url).netloc for url in (*addresses, *MANIFEST["oauth_config"]["redirect_urls"])}
    assert len(hosts) == 1


def test_what_the_code_relies_on_is_switched_on() -> None:
    """Home tab, direct messages that nobody answers into the void, interactivity, and ids in the
    command's text.
    """
    features, settings = MANIFEST["features"], MANIFEST["settings"]
    assert features["app_home"]["home_tab_enabled"]
    assert features["app_home"]["messages_tab_enabled"]
    assert features["app_home"]["messages_tab_read_only_enabled"]
    assert settings["interactivity"]["is_enabled"]
    assert all(command["should_escape"] for command in features["slash_commands"])
    assert not settings["token_rotation_enabled"]
    assert not settings["org_deploy_enabled"]


def test_it_keeps_slacks_limits() -> None:
    """Lengths and characters that Slack's schema leaves unchecked."""
    shown, bot_user = MANIFEST["display_information"], MANIFEST["features"]["bot_user"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert re.fullmatch("#[0-9a-fA-F]{6}", shown["background_color"])
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,80}", bot_user["display_name"])
    for command in MANIFEST["features"]["slash_commands"]:
        assert re.fullmatch("/[a-z0-9_-]{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    assert all(url.startswith("https://") for url in MANIFEST["oauth_config"]["redirect_urls"])
    assert len(set(install.SCOPES)) == len(install.SCOPES)


def test_it_fits_slacks_schema() -> None:
    """Slack's own JSON Schema accepts it, where the schema is at hand."""
    if SCHEMA.exists():
        jsonschema.validate(MANIFEST, json.loads(SCHEMA.read_text()))


def _names(listener: Any) -> Iterator[str]:
    """The strings a listener's matchers were made of."""
    for matcher in listener.matchers:
        for cell in getattr(matcher.func, "__closure__", None) or ():
            value = cell.cell_contents
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict):
                yield from (inner for inner in value.values() if isinstance(inner, str))
