"""What the contract's scenes need of a CRM that only takes: trouble on order, and a sight of what it took."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Literal, NoReturn

from bot.crm._push import PushCrm
from bot.playground.democrm.faults import Faults
from bot.playground.democrm.wire import Call

from .world import KnownVacancy, SeenNote, World

Trouble = Literal["busy", "refused", "reset_before", "reset_after", "hang", "ended"]
"""Try again, this one not, the connection lost before or after it was taken, slow, or the sign-in over."""


@dataclass(frozen=True)
class Taken:
    """A parcel that the double took. `text` is all that stands in it for people or machines."""

    key: str
    follows: str | None
    text: str
    cv: tuple[str, bytes] | None


class PushWorld(World):
    """A world without records."""

    requests = {}  # noqa: RUF012  there are none, and nobody adds any
    open_vacancy = closed_vacancy = KnownVacancy("", "", "")
    user_email = ""

    @property
    def push_crm(self) -> PushCrm:
        """The connector under test."""
        crm = self.crm
        assert isinstance(crm, PushCrm)
        return crm

    @abstractmethod
    def taken(self) -> list[Taken]:
        """Everything that was taken, repeats among it, the oldest first."""

    @abstractmethod
    def trouble(self, kind: Trouble) -> None:
        """Order trouble for the next parcel."""

    @property
    def faults(self) -> Faults:
        self._no_records()

    @property
    def calls(self) -> list[Call]:
        self._no_records()

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        self._no_records()

    def expire_access_tokens(self) -> None:
        self._no_records()

    def revoke_all(self) -> None:
        self._no_records()

    def add_person(self, **fields: Any) -> str:
        self._no_records()

    def people(self) -> list[dict[str, Any]]:
        self._no_records()

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        self._no_records()

    def notes(self, person_id: str) -> list[SeenNote]:
        self._no_records()

    def links(self, person_id: str) -> list[tuple[str, str]]:
        self._no_records()

    def _no_records(self) -> NoReturn:
        raise NotImplementedError("It only takes.")
