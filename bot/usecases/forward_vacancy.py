"""Which vacancy of the CRM an application goes to: what its source said, or what somebody chose instead."""

from __future__ import annotations

from collections.abc import Iterator

from bot.crm._errors import NoVacancy
from bot.crm._http import Session
from bot.crm._records import CrmVacancy
from bot.models import Application
from bot.store import vacancy_choices
from bot.usecases.house import House


class WantedVacancy:
    """The vacancy of one application, looked up at most once.

    `chosen_title` is there once one was found that somebody chose.
    """

    def __init__(self, house: House, api: Session, application: Application) -> None:
        self._house = house
        self._api = api
        self._application = application
        self._found: CrmVacancy | None = None
        self._is_looked_up = False
        self.chosen_title: str | None = None

    def find(self) -> CrmVacancy | None:
        """The first open one; a closed one where none is open; None if the CRM has none."""
        if not self._is_looked_up:
            self._found = self._look_up()
            self._is_looked_up = True
        return self._found

    def require(self) -> CrmVacancy:
        """The vacancy to put the person onto. Raises `NoVacancy` where there is none that is open."""
        found, crm = self.find(), self._api.crm.name
        reference = self._application.vacancy.reference
        if found is None:
            raise NoVacancy(
                f"{crm} has no vacancy {reference}. "
                "Add it there with this reference and press Retry, or choose the vacancy below."
            )
        if not found.is_open:
            named = f"{self.chosen_title}, chosen for {reference}," if self.chosen_title else reference
            raise NoVacancy(
                f"{named} is closed in {crm}. "
                "Reopen it there and press Retry, or choose another vacancy below."
            )
        return found

    def _look_up(self) -> CrmVacancy | None:
        reference = self._application.vacancy.reference
        closed: tuple[CrmVacancy, str | None] | None = None
        for crm_id, title in self._places():
            found = self._api.crm.find_vacancy(self._api, crm_id=crm_id, reference=reference)
            if found is None:
                continue
            # A CRM that lacks the id goes by the reference: then it is not the chosen one.
            chosen = title if found.id == crm_id else None
            if found.is_open:
                self.chosen_title = chosen
                return found
            closed = closed or (found, chosen)
        if closed is None:
            return None
        self.chosen_title = closed[1]
        return closed[0]

    def _places(self) -> Iterator[tuple[str | None, str | None]]:
        """Where to look, as id and title of a choice: for this very application; as its source said; for the
        reference.
        """
        application, crm_key = self._application, self._api.crm.key
        wanted, handoff = application.vacancy, application.handoff
        with self._house.database.reading() as connection:
            choice = vacancy_choices.find(connection, application.team_id, crm_key, wanted.reference)
        if handoff.vacancy_id:
            yield handoff.vacancy_id, handoff.vacancy_title
        if wanted.crm_id:
            yield wanted.crm_id, None
        if choice is not None and choice.vacancy_id != handoff.vacancy_id:
            yield choice.vacancy_id, choice.title
        if not wanted.crm_id:
            yield None, None
