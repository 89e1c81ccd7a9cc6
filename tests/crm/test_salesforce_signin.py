"""Signing in to Salesforce: which host the answers name, and which hosts ever see a token."""

from __future__ import annotations

import pytest

from bot.crm._base import ClientApp
from bot.crm._errors import Nonsense, SignInNeeded
from bot.crm._http import Session
from bot.crm.salesforce import CRM
from bot.errors import Invalid

from .worlds.salesforce import World

pytestmark = pytest.mark.parametrize("world", ["SALESFORCE"], indirect=True)


@pytest.mark.parametrize(
    ("answers", "host"),
    [
        ({}, "login.salesforce.com"),
        ({"environment": "production", "domain": "left over"}, "login.salesforce.com"),
        ({"environment": "sandbox"}, "test.salesforce.com"),
        (
            {"environment": "domain", "domain": " https://Acme.my.salesforce.com/home "},
            "acme.my.salesforce.com",
        ),
        (
            {"environment": "domain", "domain": "acme--sb.sandbox.my.salesforce.com"},
            "acme--sb.sandbox.my.salesforce.com",
        ),
    ],
)
def test_the_sign_in_is_where_the_answers_say(world: World, answers: dict[str, str], host: str) -> None:
    """Production, sandbox, or the organisation's own domain however it was pasted."""
    kept = CRM.check_answers(answers, ClientApp())
    oauth = CRM.oauth_for(kept, ClientApp())
    assert oauth is not None
    base = f"https://{host}/services/oauth2"
    assert oauth.authorize_url == f"{base}/authorize"
    assert oauth.token_url == f"{base}/token"
    assert oauth.revoke_url == f"{base}/revoke"


@pytest.mark.parametrize(
    ("answers", "field", "told"),
    [
        ({"environment": "moon"}, "environment", "Choose"),
        ({"environment": "domain"}, "domain", "no address"),
        ({"environment": "domain", "domain": "acme.lightning.force.com"}, "domain", "acme.my.salesforce.com"),
        ({"environment": "domain", "domain": "my.salesforce.com.evil.example"}, "domain", "no address"),
        ({"environment": "domain", "domain": "evil.example/.my.salesforce.com"}, "domain", "no address"),
        ({"environment": "domain", "domain": "login.salesforce.com"}, "domain", "no address"),
    ],
)
def test_a_wrong_address_is_told_beside_its_field(
    world: World, answers: dict[str, str], field: str, told: str
) -> None:
    """Nobody's password is asked for at an address that is not Salesforce's."""
    with pytest.raises(Invalid) as refusal:
        CRM.check_answers(answers, ClientApp())
    (fault,) = refusal.value.faults
    assert fault.field == field
    assert told in fault.message


def test_the_organisations_host_is_used(world: World) -> None:
    """Calls go where the token answer says, as long as that is Salesforce's own."""
    credentials = world.sign_in()
    assert credentials.api_base == f"{world.double.base_url}/services/data/v62.0"
    assert credentials.expires_at is None
    for foreign in (
        "https://salesforce.com.evil.example",
        "http://acme.my.salesforce.com",
        "https://evil.example",
    ):
        world.double.site.instance = foreign
        with pytest.raises(Nonsense, match="not its own"):
            world.refreshed(credentials)
        world.double.site.instance = world.double.base_url
        credentials = world.sign_in()


def test_the_token_is_shown_to_the_organisations_host_alone(world: World, api: Session) -> None:
    """Who signed in is asked for there, whatever host the identity names; without one nobody is connected."""
    world.double.site.identity = "https://evil.example"
    with world.session() as other:
        assert world.crm.account(other) == "Priya Shah · priya@brightdesk.example.prod"
    world.order(
        "nonsense", "token", body={"access_token": "t", "instance_url": world.double.base_url, "id": "x"}
    )
    with pytest.raises(Nonsense, match="who signed in"):
        world.sign_in()


def test_a_spent_refresh_token_is_worthless(world: World) -> None:
    """Refresh tokens work once, so the new one must be kept."""
    first = world.sign_in()
    assert world.refreshed(first).refresh_token != first.refresh_token
    with pytest.raises(SignInNeeded):
        world.refreshed(first)
