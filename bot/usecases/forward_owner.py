"""Whose a new person in the CRM becomes, and why, where it is not the one who decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.crm._base import Capability
from bot.crm._http import Session
from bot.crm._records import CrmUser, CrmVacancy
from bot.models import Application
from bot.store import settings as settings_store
from bot.usecases import people, sessions
from bot.usecases.house import House
from bot.workspace import Member


@dataclass(frozen=True)
class Owner:
    """A user of the CRM, in the words of the card. `why` is there where it is not the one who decided."""

    id: str | None
    name: str
    why: str | None = None

    @property
    def stands_in(self) -> bool:
        """Whether it is somebody who did not decide."""
        return self.id is not None and self.why is not None


def nobody(why: str) -> Owner:
    """No owner, or whom the CRM takes by itself."""
    return Owner(None, "not set", why)


def owner_of(
    house: House,
    api: Session,
    application: Application,
    vacancy: Callable[[], CrmVacancy | None],
    refused: Mapping[str, str],
) -> Owner | None:
    """The one who decided, else the vacancy's owner, else the workspace's default, else whoever connected.

    All but the vacancy's are matched by e-mail. `refused` are the stand-ins that the CRM did not take, by
    id. None where the CRM knows no owners.
    """
    crm = api.crm
    if Capability.OWNER not in crm.capabilities:
        return None
    decider = _member(house, application.team_id, application.decided_by)
    decided = _user(api, decider)
    if decided is not None:
        return Owner(decided.id, decided.name)
    why = _why(decider, crm.name, refused.values())
    found = vacancy() if Capability.VACANCIES in crm.capabilities else None
    if found is not None and found.owner_id and found.owner_id not in refused:
        if found.owner_name is None:
            return Owner(found.owner_id, "the vacancy's owner", why)
        return Owner(found.owner_id, found.owner_name, f"the vacancy's owner, as {why}")
    return _stand_in(house, api, application, why, refused)


def _why(decider: Member | None, crm_name: str, refused: Iterable[str]) -> str:
    why = "nobody decided: it was forwarded on arrival"
    if decider is not None:
        why = f"{decider.name} has no {crm_name} user with the same e-mail"
    return "".join([why, *(f", and {crm_name} did not take {name}" for name in refused)])


def _stand_in(
    house: House, api: Session, application: Application, why: str, refused: Mapping[str, str]
) -> Owner:
    crm, team_id = api.crm, application.team_id
    with house.database.reading() as connection:
        chosen = settings_store.load(connection, team_id).default_owner
    default = _member(house, team_id, chosen)
    user = _user(api, default)
    if user is not None and user.id not in refused:
        return Owner(user.id, user.name, f"the default owner, as {why}")
    if default is not None and user is None and chosen != application.decided_by:
        why = f"{why}, and the default owner, {default.name}, is no {crm.name} user"
    sign_in = sessions.find(house, team_id, crm.key)
    user = _user(api, _member(house, team_id, sign_in.connected_by if sign_in else None))
    if user is not None and user.id not in refused:
        return Owner(user.id, user.name, f"who connected {crm.name}, as {why}")
    return nobody(why)


def _member(house: House, team_id: str, user_id: str | None) -> Member | None:
    return people.member(house, team_id, user_id) if user_id else None


def _user(api: Session, member: Member | None) -> CrmUser | None:
    return api.crm.find_user(api, member.email) if member and member.email else None
