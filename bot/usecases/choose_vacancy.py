"""Choosing the vacancy where the CRM does not know the one that was applied for: remembered by reference."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.errors import NotFound, Refused
from bot.models import Application, HandoffState, Target
from bot.store import applications, handoffs, vacancy_choices
from bot.store import settings as settings_store
from bot.usecases import people, queue
from bot.usecases.house import House
from bot.workspace import VacancyChoice

_STEPS = ("vacancy", "link")
_TO_BE_SENT = (HandoffState.FAILED, HandoffState.WAITING)


def require_choosable(house: House, team_id: str, user_id: str, application_id: str) -> Application:
    """The application, if this person may choose its vacancy now. Raises `Refused` and `NotFound`."""
    people.require_decider(house, team_id, user_id)
    with house.database.reading() as connection:
        application = applications.find(connection, team_id, application_id)
    return _choosable(application)


def choose(
    house: House, team_id: str, user_id: str, application_id: str, vacancy_id: str, title: str
) -> None:
    """Put this application, and what failed or comes with the same reference, onto that vacancy.

    What can go on goes on at once. Raises `Refused` and `NotFound`.
    """
    people.require_decider(house, team_id, user_id)
    with house.database.transaction() as connection:
        application = _choosable(applications.find(connection, team_id, application_id, lock=True))
        crm_key = settings_store.load(connection, team_id).crm
        if crm_key is None:
            raise Refused("No CRM is connected. An admin connects one in /handoff-settings.")
        reference, now = application.vacancy.reference, house.clock()
        choice = VacancyChoice(crm_key, reference, vacancy_id, title, user_id, now)
        vacancy_choices.save(connection, team_id, choice)
        others = vacancy_choices.failed_for_want(connection, team_id, crm_key, reference)
        _take(house, connection, application, choice)
        for other_id in others:
            other = applications.find(connection, team_id, other_id, lock=True)
            if other is not None and other.id != application.id:
                _release(house, connection, other, choice)


def _choosable(application: Application | None) -> Application:
    if application is None:
        raise NotFound("This application is no longer here.")
    if application.handoff.sent is Target.CRM_AND_VACANCY:
        raise Refused("It is on its vacancy already. Move it in the CRM from now on.")
    if application.handoff.state is HandoffState.SENDING:
        raise Refused("It is being sent just now. Look at the card again in a moment.")
    return application


def _take(house: House, connection: Connection, application: Application, choice: VacancyChoice) -> None:
    """The application that somebody chose for keeps the choice, whatever its source said."""
    handoff = replace(application.handoff, vacancy_id=choice.vacancy_id, vacancy_title=choice.title)
    chosen = replace(application, handoff=handoff)
    if handoff.state in _TO_BE_SENT:
        _release(house, connection, chosen, choice)
        return
    handoffs.save(connection, application.team_id, application.id, replace(handoff, needs=None))
    _forget(connection, chosen, choice)
    queue.card(house, connection, application.team_id, application.id)


def _release(house: House, connection: Connection, application: Application, choice: VacancyChoice) -> None:
    again = replace(
        application.handoff,
        state=HandoffState.WAITING,
        reason=None,
        attempts=0,
        needs=None,
        since=house.clock(),
    )
    handoffs.save(connection, application.team_id, application.id, again)
    _forget(connection, application, choice)
    queue.handoff(house, connection, application.team_id, application.id, application.undo_until)
    queue.card(house, connection, application.team_id, application.id)


def _forget(connection: Connection, application: Application, choice: VacancyChoice) -> None:
    # The ledger remembers the vacancy as found before.
    for step in _STEPS:
        handoffs.forget_step(connection, application.id, choice.crm, step)
