"""Menus whose entries come from the CRM while somebody looks: answered in time, remembered for a minute."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from datetime import datetime, timedelta

from bot.crm._errors import SignInNeeded, Unavailable
from bot.crm._records import CrmVacancy
from bot.errors import NotFound
from bot.store import connections
from bot.store import settings as settings_store
from bot.usecases import sessions
from bot.usecases.house import House

Entries = Sequence[tuple[str, str]]
"""Pairs of value and label."""
Ask = Callable[[Callable[[], Entries]], Future[Entries]]

_ANSWER_WITHIN = 2.2  # Slack waits three seconds
_TIMEOUT = (2.0, 2.0)
_REMEMBERED = timedelta(minutes=1)
_MOST_REMEMBERED = 500
_MOST_VACANCIES = 50


class CrmMenus:
    """What comes too late for one look is there for the next. `ask` asks the CRM in a thread of its own."""

    def __init__(self, house: House, ask: Ask) -> None:
        self._house = house
        self._ask = ask
        self._lock = threading.Lock()
        self._known: OrderedDict[object, tuple[datetime, Future[Entries]]] = OrderedDict()

    def choices(self, team_id: str, crm_key: str, key: str, options: Mapping[str, str]) -> Entries:
        """What a live option offers, the other options being as given.

        Raises `CrmError`, and `NotFound` where nobody is signed in.
        """

        def ask() -> Entries:
            with sessions.session(self._house, team_id, crm_key, options=options, timeout=_TIMEOUT) as api:
                return list(api.crm.option_choices(api, key))

        return self._answer(team_id, crm_key, ("option", key, tuple(sorted(options.items()))), ask)

    def vacancies(self, team_id: str, crm_key: str, search: str) -> Entries:
        """Open vacancies whose title contains `search`. Raises as `choices` does."""
        words = " ".join(search.split())

        def ask() -> Entries:
            with sessions.session(self._house, team_id, crm_key, timeout=_TIMEOUT) as api:
                found = api.crm.open_vacancies(api, words, _MOST_VACANCIES)
                return [(vacancy.id, _named(vacancy)) for vacancy in found]

        return self._answer(team_id, crm_key, ("vacancies", words.casefold()), ask)

    def _answer(self, team_id: str, crm_key: str, what: object, ask: Callable[[], Entries]) -> Entries:
        with self._house.database.reading() as connection:
            sign_in = connections.find(connection, self._house.vault, team_id, crm_key)
            version = settings_store.load(connection, team_id).version
        name = self._house.crms[crm_key].name
        if sign_in is None:
            raise NotFound(f"Nobody is signed in to {name}.")
        if sign_in.broken:
            raise SignInNeeded(sign_in.broken)
        asked = self._asked((team_id, crm_key, sign_in.connected_at, version, what), ask)
        try:
            return asked.result(_ANSWER_WITHIN)
        except TookTooLong:
            raise Unavailable(f"{name} did not answer in time.") from None

    def _asked(self, key: object, ask: Callable[[], Entries]) -> Future[Entries]:
        now = self._house.clock()
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] > now and not _failed(known[1]):
                return known[1]
            asked = self._ask(ask)
            self._known.pop(key, None)
            self._known[key] = (now + _REMEMBERED, asked)
            if len(self._known) > _MOST_REMEMBERED:
                self._known.popitem(last=False)
        return asked


def _failed(asked: Future[Entries]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)


def _named(vacancy: CrmVacancy) -> str:
    return f"{vacancy.title} ({vacancy.reference})" if vacancy.reference else vacancy.title
