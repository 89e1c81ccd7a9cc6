"""Whose a new person in the CRM becomes, and why, where it is not the one who decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.crm._base import Capability
from bot.crm._http import Session
from bot.crm._records import CrmVacancy
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
    team_id: str,
    decider: Member | None,
    vacancy: Callable[[], CrmVacancy | None],
) -> Owner | None:
    """The one who decided, else the vacancy's owner, else whoever connected the CRM, all matched by e-mail.

    None where the CRM knows no owners.
    """
    crm = api.crm
    if Capability.OWNER not in crm.capabilities:
        return None
    decided = crm.find_user(api, decider.email) if decider and decider.email else None
    if decided is not None:
        return Owner(decided.id, decided.name)
    why = _why(decider, crm.name)
    found = vacancy() if Capability.VACANCIES in crm.capabilities else None
    if found is not None and found.owner_id:
        if found.owner_name is None:
            return Owner(found.owner_id, "the vacancy's owner", why)
        return Owner(found.owner_id, found.owner_name, f"the vacancy's owner, as {why}")
    return _connector(house, api, team_id, why) or nobody(why)


def _why(decider: Member | None, crm_name: str) -> str:
    if decider is None:
        return "nobody decided: it was forwarded on arrival"
    return f"{decider.name} has no {crm_name} user with the same e-mail"


def _connector(house: House, api: Session, team_id: str, why: str) -> Owner | None:
    sign_in = sessions.find(house, team_id, api.crm.key)
    connector = people.member(house, team_id, sign_in.connected_by) if sign_in else None
    user = api.crm.find_user(api, connector.email) if connector and connector.email else None
    return Owner(user.id, user.name, f"who connected {api.crm.name}, as {why}") if user else None
