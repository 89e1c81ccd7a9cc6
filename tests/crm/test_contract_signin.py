"""The contract of every CRM: signing in, renewing, disconnecting."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.crm import _oauth
from bot.crm._base import OAuth2
from bot.crm._errors import CrmError, Declined, Nonsense, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.playground.democrm.faults import Kind

from .contract import over_all, over_oauth
from .world import HANGS, HASTY, REDIRECT_URI, VERIFIER, World

ELSEWHERE = "https://api.elsewhere.example/v2"


@over_oauth()
def test_the_sign_in_page_is_asked_for_rightly(world: World) -> None:
    """The address names client, redirect, scopes and state, a challenge where PKCE is known, no secret."""
    url = urlsplit(_oauth.authorize_url(world.oauth, world.app, REDIRECT_URI, "a-state", VERIFIER))
    asked = parse_qs(url.query)
    assert f"{url.scheme}://{url.netloc}{url.path}" == world.app.authorize_url
    assert asked["response_type"] == ["code"]
    assert asked["client_id"] == [world.app.client_id]
    assert asked["redirect_uri"] == [REDIRECT_URI]
    assert asked["state"] == ["a-state"]
    assert asked.get("scope", [""])[0] == world.oauth.scope_separator.join(world.oauth.scopes)
    assert ("code_challenge" in asked) == world.oauth.pkce
    assert not world.app.client_secret or world.app.client_secret not in url.query
    assert VERIFIER not in url.query


@over_all()
def test_whoever_signs_in_is_named(world: World, api: Session) -> None:
    """After the sign-in a live call tells who is connected."""
    assert world.crm.account(api).strip()


@over_oauth()
def test_a_code_works_once(world: World) -> None:
    """A code that was used is refused with what to do about it."""
    code = world.new_code()
    world.exchange(code)
    with pytest.raises(Declined, match="start it again"):
        world.exchange(code)


@over_oauth()
def test_a_code_expires(world: World) -> None:
    """A person who comes back too late starts again."""
    code = world.new_code()
    world.clock.advance(minutes=11)
    with pytest.raises(Declined, match="start it again"):
        world.exchange(code)


@over_oauth()
def test_a_code_is_bound_to_its_redirect(world: World) -> None:
    """A code is no good for another address."""
    with pytest.raises(Declined):
        world.exchange(world.new_code(), redirect_uri="http://127.0.0.1:1/crm/callback")


@over_oauth()
def test_a_wrong_secret_names_the_settings(world: World) -> None:
    """Whoever runs the bot learns which settings to check."""
    stranger = replace(world.app, client_secret="wrong")
    with pytest.raises(Declined, match=f"CRM__{world.key}__CLIENT_SECRET"):
        world.exchange(world.new_code(), app=stranger)


@over_oauth()
def test_a_lifetime_becomes_a_time(world: World) -> None:
    """Where the CRM says how long a token lasts, the credentials know until when."""
    credentials = world.sign_in()
    assert credentials.expires_at is None or credentials.expires_at > world.clock()


@over_oauth()
def test_a_token_never_goes_to_a_host_that_is_slipped_in(world: World) -> None:
    """A token answer that names a foreign API host gives no credentials for it."""
    token = {"access_token": "t", "token_type": "Bearer", "api": ELSEWHERE, "api_domain": ELSEWHERE}
    world.order("nonsense", "token", body=token | {"instance_url": ELSEWHERE, "api_server": ELSEWHERE})
    try:
        credentials = world.sign_in()
    except Nonsense:
        return
    assert urlsplit(credentials.api_base).hostname != urlsplit(ELSEWHERE).hostname


@over_oauth()
@pytest.mark.parametrize(
    ("kind", "error"),
    [("html", Nonsense), ("nonsense", Nonsense), ("error", Unavailable), ("reset_before", Unavailable)],
)
def test_a_broken_sign_in_can_be_tried_again(world: World, kind: Kind, error: type[CrmError]) -> None:
    """Trouble at the token endpoint is told as trouble, not as a refusal; the next sign-in works."""
    world.order(kind, "token")
    with pytest.raises(error):
        world.sign_in()
    assert world.sign_in().access_token


@over_oauth()
def test_a_slow_sign_in_ends(world: World) -> None:
    """Nobody waits for ever."""
    code = world.new_code()
    world.order("hang", "token", seconds=HANGS)
    with pytest.raises(Unavailable):
        world.exchange(code, timeout=HASTY)


# --- renewing -----------------------------------------------------------------------------------------


@over_oauth()
def test_an_expired_sign_in_renews_itself_once(world: World, api: Session) -> None:
    """A token that runs out in the middle is renewed, and the call is made after all."""
    world.crm.account(api)
    world.expire_access_tokens()
    ana = world.crm.find_people(api, email="ana@example.com")
    assert ana == []
    assert world.renewals == 1


@over_oauth()
def test_a_renewed_sign_in_that_is_refused_needs_a_person(world: World, api: Session) -> None:
    """There is one renewal to a call, not an endless circle."""
    world.order("error", "find", times=2, status=401)
    with pytest.raises(SignInNeeded):
        world.crm.find_people(api, email="ana@example.com")
    assert world.renewals == 1


@over_oauth()
def test_refresh_tokens_follow_each_other(world: World) -> None:
    """Each renewal works with what the one before gave."""
    first = world.sign_in()
    second = world.refreshed(first)
    third = world.refreshed(second)
    assert len({first.access_token, second.access_token, third.access_token}) == 3
    assert third.refresh_token
    with world.session(third) as api:
        assert world.crm.account(api)


@over_oauth()
def test_a_revoked_sign_in_needs_a_person(world: World, api: Session) -> None:
    """Ended from the CRM's side, the sign-in asks for a new one, in words."""
    world.revoke_all()
    with pytest.raises(SignInNeeded, match=world.crm.name):
        world.crm.account(api)


@over_oauth()
@pytest.mark.parametrize("kind", ["html", "nonsense", "error", "ratelimited", "reset_before", "reset_after"])
def test_a_renewal_in_trouble_is_no_refusal(world: World, kind: Kind) -> None:
    """A CRM that stumbles over a renewal has not ended the sign-in."""
    credentials = world.sign_in()
    world.order(kind, "token")
    with pytest.raises(Unavailable):
        world.refreshed(credentials)


@over_oauth()
def test_a_slow_renewal_ends(world: World) -> None:
    """A worker is not held for ever."""
    credentials = world.sign_in()
    world.order("hang", "token", seconds=HANGS)
    with pytest.raises(Unavailable):
        world.refreshed(credentials, timeout=HASTY)


@over_oauth()
def test_a_sign_in_without_a_refresh_token_needs_a_person(world: World) -> None:
    """Where the CRM gave no way to renew, a person has to sign in."""
    with pytest.raises(SignInNeeded):
        world.refreshed(replace(world.sign_in(), refresh_token=None))


# --- disconnecting ------------------------------------------------------------------------------------


@over_all()
def test_disconnecting_ends_the_sign_in_where_the_crm_wants_to_know(world: World, api: Session) -> None:
    """With a revocation endpoint nothing works afterwards; without one the CRM is left alone."""
    oauth: OAuth2 | None = world.crm.oauth_for(world.answers, world.app)
    world.crm.revoke(api)
    if oauth is not None and oauth.revoke_url is not None:
        with pytest.raises(SignInNeeded):
            world.crm.account(api)
    else:
        assert world.crm.account(api)
