"""Which vacancy people chose for a reference that the CRM does not know, and what waits for such a choice."""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.store.tables import applications, handoffs, vacancy_choices
from bot.store.upsert import upsert
from bot.workspace import VacancyChoice


def find(connection: Connection, team_id: str, crm: str, reference: str) -> VacancyChoice | None:
    """The vacancy chosen for that reference, None if nobody chose."""
    table = vacancy_choices
    query = select(table).where(
        table.c.team_id == team_id, table.c.crm == crm, table.c.reference == reference
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return VacancyChoice(row.crm, row.reference, row.vacancy_id, row.title, row.chosen_by, row.chosen_at)


def save(connection: Connection, team_id: str, choice: VacancyChoice) -> None:
    """Remember a choice, in place of the one before."""
    values = {"team_id": team_id, **vars(choice)}
    upsert(connection, vacancy_choices, ["team_id", "crm", "reference"], values)


def failed_for_want(connection: Connection, team_id: str, crm: str, reference: str) -> list[str]:
    """Ids of applications with that reference whose handoff failed for want of a vacancy, oldest first."""
    query = (
        select(handoffs.c.application_id)
        .join(applications, applications.c.id == handoffs.c.application_id)
        .where(
            handoffs.c.team_id == team_id,
            handoffs.c.state == "failed",
            handoffs.c.needs == "vacancy",
            handoffs.c.crm == crm,
            applications.c.vacancy_reference == reference,
        )
        .order_by(handoffs.c.application_id)
    )
    return list(connection.execute(query).scalars())
