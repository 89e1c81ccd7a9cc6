"""What can go wrong on the way back from the sign-in page of every CRM that has one."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.crm._registry import every_crm
from bot.usecases import connect
from tests.story.crm_desk import PUBLIC, Desk
from tests.world import ADMIN, TEAM

KEYS = sorted(key for key, crm in every_crm().items() if crm.oauth is not None)
WITH_SECRETS = sorted(
    key
    for key, crm in every_crm().items()
    if crm.oauth is None and any(question.kind == "secret" for question in crm.questions)
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("desk", KEYS, indirect=True)
def test_a_way_back_without_its_state_connects_nothing(desk: Desk) -> None:
    """A code without a state, or with a made-up one, is not even shown to the CRM; with its own it works."""
    back = desk.crm.approve(desk.consent())
    for state in (None, "", "made-up"):
        page = desk.return_by(_with(back, state=state))
        assert page.status_code == 400
        assert "/handoff-settings" in page.text
    assert desk.crm.times_asked("token") == 0
    assert desk.connection() is None
    assert desk.return_by(back).status_code == 200


@pytest.mark.parametrize("desk", KEYS, indirect=True)
def test_a_denied_consent_connects_nothing(desk: Desk) -> None:
    """Whoever says no at the CRM's own page is told that nothing was connected, and the CRM not asked."""
    page = desk.return_by(desk.crm.approve(desk.consent(), allow=False))
    assert page.status_code == 400
    assert f"{desk.crm.crm.name} was not connected: the consent was not given" in page.text
    assert desk.crm.times_asked("token") == 0
    assert desk.connection() is None


@pytest.mark.parametrize("desk", KEYS, indirect=True)
def test_a_way_back_serves_once(desk: Desk) -> None:
    """The same address again, as from a browser's history, changes nothing and asks the CRM nothing."""
    back = desk.crm.approve(desk.consent())
    assert desk.return_by(back).status_code == 200
    signed_in, asked = desk.connection(), desk.crm.times_asked("token")
    assert desk.return_by(back).status_code == 400
    assert desk.connection() == signed_in
    assert desk.crm.times_asked("token") == asked


@pytest.mark.parametrize("desk", KEYS, indirect=True)
def test_a_code_that_was_used_is_refused_under_another_state(desk: Desk) -> None:
    """A fresh sign-in that comes back with an old code ends with the CRM's refusal; nothing is remembered."""
    used = desk.crm.approve(desk.consent())
    assert desk.return_by(used).status_code == 200
    connect.disconnect(desk.world.house, TEAM, ADMIN, desk.crm.key)
    code = parse_qs(urlsplit(used).query)["code"][0]
    page = desk.return_by(_with(desk.crm.approve(desk.consent()), code=code))
    assert page.status_code == 400
    assert "start it again" in page.text
    assert desk.connection() is None


@pytest.mark.parametrize("desk", WITH_SECRETS, indirect=True)
def test_a_wrong_key_connects_nothing(desk: Desk) -> None:
    """A key that the CRM does not know is told in the open modal at once; the right one then connects."""
    right = dict(desk.crm.answers)
    secrets = [question.key for question in desk.crm.crm.questions if question.kind == "secret"]
    desk.enter(right | {key: f"wrong{right[key][5:]}" for key in secrets if key in right})
    admin = desk.world.slack.as_user(ADMIN)
    assert desk.world.slack.wait_until(lambda: "⚠️" in str(admin.view())), admin.view()
    assert desk.crm.crm.name in str(admin.view())
    assert "Connected as" not in str(admin.view())
    assert desk.connection() is None
    admin.close()
    desk.sign_in()
    assert desk.connection() is not None


@pytest.mark.parametrize("desk", ["ZOHO_RECRUIT"], indirect=True)
def test_a_foreign_sign_in_server_gets_neither_code_nor_secret(desk: Desk) -> None:
    """The address of the way back can be made up: only Zoho's own servers are asked for a token."""
    back = _with(
        desk.crm.approve(desk.consent()), **{"accounts-server": "https://accounts.zoho.eu.evil.example"}
    )
    page = desk.return_by(back)
    assert page.status_code == 400
    assert "a sign-in server that is not Zoho" in page.text
    assert desk.crm.times_asked("token") == 0
    assert desk.connection() is None


@pytest.mark.parametrize("desk", ["ZOHO_RECRUIT"], indirect=True)
def test_the_data_centre_of_the_way_back_is_remembered(desk: Desk) -> None:
    """Whoever chose the wrong data centre, or none, is connected to the one that the account lives in."""
    back = _with(desk.crm.approve(desk.consent()), location="in")
    assert desk.return_by(back).status_code == 200
    signed_in = desk.connection()
    assert signed_in is not None
    assert signed_in.answers == {"data_centre": "in"}


def _with(address: str, **changes: str | None) -> str:
    """That address with other parameters; None takes one away."""
    assert address.startswith(f"{PUBLIC}/")
    parts = urlsplit(address)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    told = {name: value for name, value in query.items() if value is not None}
    return parts._replace(query=urlencode(told)).geturl()
