"""Handoffs, the ledger of their steps, and the history of decisions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, delete

from bot.models import Application, Decision, Ground, Handoff, HandoffState, Light, Target
from bot.store import applications, decisions, handoffs, tables

from ..support import START, TEAM
from .samples import a_handoff, an_application

FULL = Handoff(
    target=Target.CRM_AND_VACANCY,
    sent=Target.CRM,
    state=HandoffState.FAILED,
    ground=Ground.STATUS,
    crm="DEMO",
    reason="The vacancy is closed.",
    attempts=4,
    since=START,
    candidate_id="7",
    candidate_url="https://crm.example.com/7",
    link_id="9",
    owner="Priya",
    owner_note="as asked",
)


@pytest.fixture
def application(connection: Connection) -> Application:
    """One that is stored."""
    application = an_application()
    applications.add(connection, application, None)
    return application


def _found(connection: Connection, application: Application) -> Handoff:
    found = applications.find(connection, TEAM, application.id)
    assert found is not None
    return found.handoff


def test_handoff_is_kept_whole(connection: Connection, application: Application) -> None:
    """Every field, as the types they were."""
    handoffs.save(connection, TEAM, application.id, FULL)
    assert _found(connection, application) == FULL


def test_another_workspace_cannot_save_it(connection: Connection, application: Application) -> None:
    """The row is asked for by its workspace."""
    handoffs.save(connection, "T0002", application.id, FULL)
    assert _found(connection, application) == Handoff()


def test_waiting_ones_oldest_first(connection: Connection) -> None:
    """Those that have not arrived: waiting or being sent."""
    states = ("waiting", "sent", "sending", "failed", "none")
    row = [an_application(handoff=a_handoff(state)) for state in states]
    for one in reversed(row):
        applications.add(connection, one, None)
    applications.add(connection, an_application(team_id="T0002", handoff=a_handoff("waiting")), None)
    assert handoffs.waiting(connection, TEAM) == [row[0].id, row[2].id]


def test_step_is_done_once_it_is_finished(connection: Connection, application: Application) -> None:
    """A step that was begun and never finished has an outcome nobody knows, and says so."""
    key = (TEAM, application.id, "DEMO", "person")
    assert handoffs.done_step(connection, *key) is None
    assert not handoffs.begin_step(connection, *key, START)
    assert handoffs.done_step(connection, *key) is None
    assert handoffs.begin_step(connection, *key, START + timedelta(seconds=5))
    handoffs.finish_step(connection, *key[1:], {"id": "7"}, START)
    assert handoffs.done_step(connection, *key) == {"id": "7"}


def test_a_finished_step_may_give_nothing(connection: Connection, application: Application) -> None:
    """No result is a result: the step is not repeated."""
    key = (TEAM, application.id, "DEMO", "note")
    handoffs.begin_step(connection, *key, START)
    handoffs.finish_step(connection, *key[1:], {}, START)
    assert handoffs.done_step(connection, *key) == {}


def test_ledger_is_one_per_crm(connection: Connection, application: Application) -> None:
    """After a change of CRM everything is still to be done there."""
    for crm in ("DEMO", "JOBADDER"):
        handoffs.begin_step(connection, TEAM, application.id, crm, "person", START)
        handoffs.finish_step(connection, application.id, crm, "person", {"id": crm}, START)
    handoffs.forget_steps(connection, TEAM, application.id, "DEMO")
    assert handoffs.done_step(connection, TEAM, application.id, "DEMO", "person") is None
    assert handoffs.done_step(connection, TEAM, application.id, "JOBADDER", "person") == {"id": "JOBADDER"}
    assert handoffs.done_step(connection, "T0002", application.id, "JOBADDER", "person") is None


def test_nothing_outlives_its_application(connection: Connection, application: Application) -> None:
    """Deleting an application deletes its handoff, ledger, history and CV with it, on both databases."""
    handoffs.begin_step(connection, TEAM, application.id, "DEMO", "person", START)
    decisions.add(connection, application, _decision("light"), {})
    connection.execute(delete(tables.applications))
    for table in (tables.handoffs, tables.handoff_steps, tables.decisions, tables.cvs):
        assert connection.execute(table.select()).all() == []


def _decision(kind: str, user: str = "UANA") -> Decision:
    return Decision(0, user, START, kind, None, Light.GREEN, "new", "shortlist")


def test_history_is_newest_first(connection: Connection, application: Application) -> None:
    """Who did what, with light and status before and after."""
    decisions.add(connection, application, _decision("light"), {})
    decisions.add(connection, application, _decision("status", "UBEN"), {})
    newest, oldest = decisions.history(connection, TEAM, application.id)
    assert (newest.kind, newest.user_id) == ("status", "UBEN")
    assert (oldest.light_before, oldest.light_after) == (None, Light.GREEN)
    assert (oldest.status_before, oldest.status_after, oldest.at) == ("new", "shortlist", START)
    assert decisions.history(connection, "T0002", application.id) == []


def test_undo_puts_back_the_last_decision_that_stands(
    connection: Connection, application: Application
) -> None:
    """Lines of undoing, and what was undone, are not undone again."""
    decisions.add(connection, application, _decision("light"), {"light": None})
    decisions.add(connection, application, _decision("status"), {"light": "green"})
    last = decisions.last_standing(connection, TEAM, application.id)
    assert last is not None
    assert last[1] == {"light": "green"}
    decisions.mark_undone(connection, "T0002", last[0].id)
    assert decisions.last_standing(connection, TEAM, application.id) == last
    decisions.mark_undone(connection, TEAM, last[0].id)
    decisions.add(connection, application, _decision("undo"), {"light": "amber"})
    standing = decisions.last_standing(connection, TEAM, application.id)
    assert standing is not None
    assert standing[1] == {"light": None}
    assert [line.undone for line in decisions.history(connection, TEAM, application.id)] == [
        False,
        True,
        False,
    ]
