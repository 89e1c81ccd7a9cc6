"""Signing in again where a sign-in ended: what was answered before serves once more."""

from __future__ import annotations

import pytest
import requests

from bot.blocks import ids
from bot.playground.slack.person import Person
from bot.store import connections
from bot.usecases import configure
from bot.usecases.configure import Wish
from tests.story.crm_desk import Desk
from tests.world import ADMIN, CHANNEL, TEAM, login_link

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("desk", ["BULLHORN", "VINCERE", "JOBADDER"], indirect=True)
def test_login_is_offered_at_once(desk: Desk) -> None:
    """No question has to be answered anew, and no secret is shown."""
    admin = _reopened_after_its_end(desk)
    assert desk.world.slack.wait_until(lambda: login_link(admin.view()) is not None), admin.view()
    shown = str(admin.view())
    secrets = [one.key for one in desk.crm.crm.questions if one.kind == "secret"]
    assert [key for key in secrets if desk.crm.answers[key] in shown] == []
    link = desk.here(str(login_link(admin.view())))
    begun = requests.get(link, allow_redirects=False, timeout=30)
    assert desk.return_by(desk.crm.approve(begun.headers["Location"])).status_code == 200
    assert _works(desk)


@pytest.mark.parametrize("desk", ["NUTSHELL", "RECRUITCRM"], indirect=True)
def test_a_key_left_blank_is_the_stored_one(desk: Desk) -> None:
    """One press of Connect is enough where the CRM takes the old keys again."""
    admin = _reopened_after_its_end(desk)
    admin.act_in_view(ids.SETTINGS_CHECK_ANSWERS)
    assert desk.world.slack.wait_until(lambda: _works(desk)), admin.view()


@pytest.mark.parametrize("desk", ["BULLHORN", "VINCERE"], indirect=True)
def test_a_declined_sign_in_can_be_tried_again(desk: Desk) -> None:
    """The open window says why nothing came of it, and its fresh Login asks no question anew."""
    admin = desk.world.slack.as_user(ADMIN)
    consent = desk.consent(stay=True)
    assert desk.return_by(desk.crm.approve(consent, allow=False)).status_code == 400
    assert desk.world.slack.wait_until(lambda: "consent was not given" in str(admin.view()))
    link = desk.here(str(login_link(admin.view())))
    begun = requests.get(link, allow_redirects=False, timeout=30)
    assert desk.return_by(desk.crm.approve(begun.headers["Location"])).status_code == 200
    assert _works(desk)


def _reopened_after_its_end(desk: Desk) -> Person:
    """The settings of an admin whose CRM has just refused the sign-in."""
    desk.sign_in()
    ended = desk.connection()
    assert ended is not None
    with desk.world.house.database.transaction() as connection:
        connections.mark_broken(connection, ended, "The CRM no longer accepts the sign-in.")
    configure.save(desk.world.house, TEAM, ADMIN, Wish(crm=desk.crm.key))
    admin = desk.world.slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel=CHANNEL)
    assert desk.world.slack.wait_until(lambda: "Sign in again below" in str(admin.view())), admin.view()
    return admin


def _works(desk: Desk) -> bool:
    found = desk.connection()
    return found is not None and found.broken is None
