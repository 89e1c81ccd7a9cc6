"""Who waits for another's transaction on an application sees all that it wrote."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.models import Application, Handoff, Light, Target
from bot.store import applications, handoffs
from bot.store.database import Database

from ..support import TEAM
from .samples import an_application

_LONG_ENOUGH_TO_WAIT = 0.3
_WANTED = Handoff(target=Target.CRM_AND_VACANCY)


def _wait_for_it(database: Database, application: Application) -> Application | None:
    with database.transaction() as connection:
        return applications.find(connection, TEAM, application.id, lock=True)


@pytest.mark.parametrize("is_decision", [True, False], ids=["a decision", "a handoff alone"])
def test_who_waited_sees_what_was_written(database: Database, *, is_decision: bool) -> None:
    """Application and handoff as the first one left them, neither as it was before the wait."""
    application = an_application()
    with database.transaction() as connection:
        applications.add(connection, application, None)
    began = threading.Event()

    def second() -> Application | None:
        began.set()
        return _wait_for_it(database, application)

    with ThreadPoolExecutor(1) as threads:
        with database.transaction() as connection:
            applications.find(connection, TEAM, application.id, lock=True)
            waiting = threads.submit(second)
            assert began.wait(30)
            if is_decision:
                applications.save_decision(connection, replace(application, light=Light.GREEN, version=1))
            handoffs.save(connection, TEAM, application.id, _WANTED)
            threading.Event().wait(_LONG_ENOUGH_TO_WAIT)  # so that it stands at the lock
            assert not waiting.done()
        seen = waiting.result(30)
    assert seen is not None
    assert (seen.handoff, seen.light) == (_WANTED, Light.GREEN if is_decision else None)
