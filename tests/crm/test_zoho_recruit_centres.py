"""Zoho's data centres: chosen beforehand, or found out on the way back, and never somebody else's host."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from bot.crm import _zoho_recruit_centres as centres
from bot.crm._base import ClientApp
from bot.crm._errors import Nonsense
from bot.errors import Invalid

from .worlds.zoho_recruit import World

pytestmark = pytest.mark.parametrize("world", ["ZOHO_RECRUIT"], indirect=True)


@pytest.mark.parametrize(
    ("end", "accounts", "recruit"),
    [
        ("com", "accounts.zoho.com", "recruit.zoho.com"),
        ("com.au", "accounts.zoho.com.au", "recruit.zoho.com.au"),
        ("ca", "accounts.zohocloud.ca", "recruit.zohocloud.ca"),
    ],
)
def test_everything_happens_in_the_data_centre(world: World, end: str, accounts: str, recruit: str) -> None:
    """Sign-in, tokens, revocation and calls all go where the account lives."""
    app, answers = ClientApp("id", "secret"), {"data_centre": end}
    assert world.crm.check_answers(answers, app) == answers
    oauth = world.crm.oauth_for(answers, app)
    assert oauth is not None
    urls = [oauth.authorize_url, oauth.token_url, str(oauth.revoke_url)]
    assert {urlsplit(url).hostname for url in urls} == {accounts}
    token = {"access_token": "t", "api_domain": "https://www.zohoapis.com"}
    credentials = world.crm.credentials_from_token(token, answers, app)
    assert credentials.api_base == f"https://{recruit}/recruit/v2"


@pytest.mark.parametrize("end", ["", "de", "evil.example/", "com "])
def test_only_zohos_data_centres_are_taken(world: World, end: str) -> None:
    """What is none is told beside the field; spaces do no harm; a sign-in that is not told begins at .com."""
    if end.strip() in ("", "com"):
        assert world.crm.check_answers({"data_centre": end}, world.app) == {"data_centre": "com"}
        return
    with pytest.raises(Invalid) as refusal:
        world.crm.check_answers({"data_centre": end}, world.app)
    assert [fault.field for fault in refusal.value.faults] == ["data_centre"]


@pytest.mark.parametrize(
    ("returned", "end"),
    [
        ({}, "in"),
        ({"location": "eu", "accounts-server": "https://accounts.zoho.eu"}, "eu"),
        ({"location": "ca", "accounts-server": "https://accounts.zohocloud.ca/"}, "ca"),
        ({"location": "us", "accounts-server": "https://accounts.zoho.com"}, "com"),
        ({"location": "au"}, "com.au"),
        ({"location": "atlantis"}, "in"),
        ({"accounts-server": ""}, "in"),
    ],
)
def test_the_way_back_names_the_data_centre(world: World, returned: dict[str, str], end: str) -> None:
    """The code is redeemed, and all else done, where the account turned out to live."""
    app = ClientApp("id", "secret")
    answers = world.crm.answers_after({"data_centre": "in"}, returned, app)
    assert answers == {"data_centre": end}
    oauth = world.crm.oauth_for(answers, app)
    assert oauth is not None
    assert oauth.token_url == f"https://accounts.{centres.DOMAINS[end]}/oauth/v2/token"


@pytest.mark.parametrize(
    "server",
    [
        "https://accounts.zoho.eu.evil.example",
        "https://accounts.zoho.eu@evil.example",
        "https://evil.example/accounts.zoho.eu",
        "https://accounts.zoho.evil",
        "https://evil.zoho.eu",
        "http://accounts.zoho.eu",
        "https://accounts.zoho.eu:444",
        "https://accounts.zoho.eu\\@evil.example",
        "//accounts.zoho.eu",
        "accounts.zoho.eu",
        "https://ACCOUNTS.zoho.eu",
        " https://accounts.zoho.eu",
    ],
)
def test_a_sign_in_server_that_is_not_zohos_gets_nothing(world: World, server: str) -> None:
    """Whoever made up the address of the way back learns neither code nor secret."""
    with pytest.raises(Nonsense, match="not Zoho's"):
        world.crm.answers_after(
            {"data_centre": "eu"}, {"accounts-server": server, "location": "eu"}, world.app
        )
