"""Who somebody is in the workspace: remembered for a while, asked of Slack when needed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.blocks import notices
from bot.errors import NotFound, Refused
from bot.rules import access
from bot.store import members
from bot.store import settings as settings_store
from bot.usecases import slack
from bot.usecases.house import House
from bot.workspace import Member

_FRESH = timedelta(minutes=10)
_RECENT = timedelta(minutes=1)
_LONG_AGO = timedelta(days=3650)
_ASK_SECONDS = 2  # within the three seconds a click has
_NOT_OF_HERE = frozenset({"user_not_found", "user_not_visible"})
_PAGES_OF_PEOPLE = 5
_MOST_ADMINS = 3


class NotAnEditor(Refused):
    """The person is known, and settings are not theirs to change."""


def member(house: House, team_id: str, user_id: str, *, fresh: timedelta = _FRESH) -> Member:
    """The person, as Slack knows them.

    When Slack can't say in time, as remembered, else without any rights.
    """
    return _told(house, team_id, user_id, fresh) or Member(user_id, user_id)


def require_editor(house: House, team_id: str, user_id: str, *, fresh: timedelta = _RECENT) -> Member:
    """The person, if they may change settings.

    Raises `NotAnEditor` for everybody else, `Refused` when Slack can't say who it is, and `NotFound`
    where the workspace has removed the bot.
    """
    slack.installation(house, team_id)
    person = _told(house, team_id, user_id, fresh)
    if person is None:
        raise Refused("Slack did not say in time who you are. Please try again in a moment.")
    with house.database.reading() as connection:
        settings = settings_store.load(connection, team_id)
    if not access.may_change_settings(person, settings):
        raise NotAnEditor(
            "These settings are for workspace admins and the people they name. Nothing was changed."
        )
    return person


def admins(house: House, team_id: str) -> list[str]:
    """User ids of a few people who may change settings, for telling somebody whom to ask; Slack is
    asked if need be.
    """
    known = _known_admins(house, team_id)
    if not known:
        _learn_admins(house, team_id)
        known = _known_admins(house, team_id)
    return known


def require_decider(house: House, team_id: str, user_id: str) -> Member:
    """The person, if they may decide about applicants. Raises `Refused` otherwise."""
    person = member(house, team_id, user_id)
    if not access.may_decide(person):
        raise Refused(notices.guest_refused())
    return person


def _told(house: House, team_id: str, user_id: str, fresh: timedelta) -> Member | None:
    now = house.clock()
    with house.database.glance() as connection:
        known = members.find(connection, team_id, user_id, now - fresh)
    if known is not None:
        return known
    try:
        answer = slack.client_of(house, team_id, _ASK_SECONDS).users_info(user=user_id)
        asked = _from_slack(team_id, answer["user"])
    except SlackApiError as error:
        if slack.error_code(error) in _NOT_OF_HERE:
            return Member(user_id, user_id, is_stranger=True)
        return _remembered(house, team_id, user_id)
    except (*slack.NETWORK_TROUBLE, NotFound, KeyError):
        return _remembered(house, team_id, user_id)
    with house.database.transaction() as connection:
        members.save(connection, team_id, asked, now)
    return asked


def _remembered(house: House, team_id: str, user_id: str) -> Member | None:
    with house.database.glance() as connection:
        return members.find(connection, team_id, user_id, house.clock() - _LONG_AGO)


def _known_admins(house: House, team_id: str) -> list[str]:
    with house.database.reading() as connection:
        editors = settings_store.load(connection, team_id).editors
        return list(dict.fromkeys([*members.admins(connection, team_id), *editors]))[:_MOST_ADMINS]


def _learn_admins(house: House, team_id: str) -> None:
    found: list[Member] = []
    try:
        client = slack.client_of(house, team_id, _ASK_SECONDS)
        cursor = None
        for _ in range(_PAGES_OF_PEOPLE):
            page = client.users_list(limit=200, cursor=cursor)
            active = [user for user in page["members"] if not (user.get("deleted") or user.get("is_bot"))]
            found += [person for person in (_from_slack(team_id, user) for user in active) if person.is_admin]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor or len(found) >= _MOST_ADMINS:
                break
    except (*slack.NETWORK_TROUBLE, NotFound, KeyError):
        return  # whoever asks is told to ask an admin all the same
    with house.database.transaction() as connection:
        for person in found[:_MOST_ADMINS]:
            members.save(connection, team_id, person, house.clock())


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
