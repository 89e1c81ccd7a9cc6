"""Who somebody is in the workspace: remembered for a while, asked of Slack when needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.blocks import notices
from bot.errors import NotFound, Refused
from bot.models import Member
from bot.rules import access
from bot.store import members
from bot.store import settings as settings_store
from bot.usecases import slack
from bot.usecases.house import House

_FRESH = timedelta(minutes=10)
_LONG_AGO = timedelta(days=3650)
_ASK_SECONDS = 2  # within the three seconds a click has


def member(house: House, team_id: str, user_id: str, *, fresh: timedelta = _FRESH) -> Member:
    """The person, as Slack knows them. When Slack can't say in time, as remembered, else without any rights."""
    now = house.clock()
    with house.database.reading() as connection:
        known = members.find(connection, team_id, user_id, now - fresh)
    if known is not None:
        return known
    try:
        answer = slack.client_of(house, team_id, _ASK_SECONDS).users_info(user=user_id)
        asked = _from_slack(team_id, answer["user"])
    except (*slack.NETWORK_TROUBLE, NotFound, KeyError):
        return _remembered(house, team_id, user_id)
    with house.database.transaction() as connection:
        members.save(connection, team_id, asked, now)
    return asked


def require_editor(house: House, team_id: str, user_id: str) -> Member:
    """The person, if they may change settings. Raises `Refused` otherwise."""
    person = member(house, team_id, user_id, fresh=timedelta(minutes=1))
    with house.database.reading() as connection:
        settings = settings_store.load(connection, team_id)
    if not access.may_change_settings(person, settings):
        raise Refused("These settings are for workspace admins and the people they name.")
    return person


def known_admins(house: House, team_id: str) -> list[str]:
    """User ids of a few people who may change settings, for telling somebody whom to ask."""
    with house.database.reading() as connection:
        editors = settings_store.load(connection, team_id).editors
        return list(dict.fromkeys([*members.admins(connection, team_id), *editors]))[:3]


def require_decider(house: House, team_id: str, user_id: str) -> Member:
    """The person, if they may decide about applicants. Raises `Refused` otherwise."""
    person = member(house, team_id, user_id)
    if not access.may_decide(person):
        raise Refused(notices.guest_refused())
    return person


def _remembered(house: House, team_id: str, user_id: str) -> Member:
    with house.database.reading() as connection:
        known = members.find(connection, team_id, user_id, house.clock() - _LONG_AGO)
    return known or Member(user_id, user_id)


def _from_slack(team_id: str, user: dict[str, Any]) -> Member:
    profile = user.get("profile") or {}
    return Member(
        user_id=user["id"],
        name=profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"],
        email=profile.get("email"),
        is_admin=bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_stranger=bool(user.get("is_stranger")) or user.get("team_id", team_id) != team_id,
    )
