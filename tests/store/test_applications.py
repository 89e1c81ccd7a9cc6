"""Applications and their CVs: stored once, found again whole, and never seen by another workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.models import Candidate, Card, Handoff, HandoffState, Light, Target
from bot.store import applications
from bot.store.database import Database
from bot.store.tables import applications as table

from ..support import START, TEAM
from .samples import ANA, a_handoff, an_application

OTHER_TEAM = "T0002"


def test_found_again_as_it_was_stored(database: Database) -> None:
    """Every field survives, on both databases and across transactions."""
    application = an_application(handoff=Handoff(Target.CRM, state=HandoffState.WAITING, since=START))
    with database.transaction() as connection:
        assert applications.add(connection, application, b"%PDF")
    with database.reading() as connection:
        assert applications.find(connection, TEAM, application.id) == application
        assert applications.cv_content(connection, TEAM, application.id) == b"%PDF"


def test_smallest_application_is_found_again(connection: Connection) -> None:
    """All that may be absent stays absent."""
    candidate = Candidate("Novák", email="ana@example.com")
    small = an_application(candidate=candidate, applied_at=None, cover_letter=None, answers=(), cv=None)
    applications.add(connection, small, None)
    assert applications.find(connection, TEAM, small.id) == small
    assert applications.cv_content(connection, TEAM, small.id) is None


def test_replay_is_the_application_stored_first(database: Database) -> None:
    """The same source and external id again stores nothing, in a later transaction too."""
    first = an_application()
    replay = replace(an_application(), external_id=first.external_id, candidate=Candidate("Other"))
    with database.transaction() as connection:
        assert applications.add(connection, first, b"%PDF")
    with database.transaction() as connection:
        assert not applications.add(connection, replay, b"other")
        found = applications.find_by_source(connection, TEAM, first.source, first.external_id)
        assert found == first
        assert applications.cv_content(connection, TEAM, replay.id) is None


@pytest.mark.parametrize("changes", [{"source": "Reed"}, {"team_id": OTHER_TEAM}])
def test_external_id_is_unique_within_its_source_only(
    connection: Connection, changes: dict[str, Any]
) -> None:
    """Another source, or another workspace, may use the same id for somebody else."""
    first = an_application()
    assert applications.add(connection, first, None)
    other = replace(an_application(), external_id=first.external_id, **changes)
    assert applications.add(connection, other, None)


def test_other_workspaces_see_nothing(connection: Connection) -> None:
    """An id alone opens nothing: every query asks for its workspace."""
    mine = an_application()
    applications.add(connection, mine, b"%PDF")
    assert applications.find(connection, OTHER_TEAM, mine.id) is None
    assert applications.find_by_source(connection, OTHER_TEAM, mine.source, mine.external_id) is None
    assert applications.cv_content(connection, OTHER_TEAM, mine.id) is None
    assert applications.without_card(connection, OTHER_TEAM) == []
    assert applications.undecided(connection, OTHER_TEAM) == 0
    assert applications.count_by_handoff_state(connection, OTHER_TEAM) == {}


def test_other_workspaces_change_nothing(connection: Connection) -> None:
    """Neither a card nor a decision reaches a row of another workspace."""
    mine = an_application()
    applications.add(connection, mine, None)
    applications.save_card(connection, OTHER_TEAM, mine.id, Card("C9", "9.9"))
    applications.save_decision(connection, replace(mine, team_id=OTHER_TEAM, light=Light.RED))
    assert applications.find(connection, TEAM, mine.id) == mine


def test_decision_and_card_are_kept(connection: Connection) -> None:
    """What was decided, and where the card is."""
    application = an_application()
    applications.add(connection, application, None)
    decided = replace(
        application,
        light=Light.GREEN,
        status="shortlist",
        version=1,
        decided_by="UANA",
        decided_at=START,
        undo_until=START + timedelta(seconds=10),
        card=Card("C1", "1.1", "https://acme.slack.com/p1"),
    )
    applications.save_decision(connection, decided)
    assert decided.card is not None
    applications.save_card(connection, TEAM, application.id, decided.card)
    assert applications.find(connection, TEAM, application.id) == decided


def _found_earlier(connection: Connection, candidate: Candidate) -> list[str]:
    later = an_application(candidate=candidate)
    return [found.application_id for found in applications.earlier(connection, later)]


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("Novák", email="ANA@example.com "),
        Candidate("Novak", phone="0044 7700 900123"),
        Candidate("Novák", email="ana.new@example.com", phone="+44 7700 900-123"),
        Candidate("Novák", email="ana@example.com", phone="+44 7700 900999"),
    ],
)
def test_applied_before_by_email_or_phone(connection: Connection, candidate: Candidate) -> None:
    """Either is enough, however it is written."""
    before = an_application(candidate=ANA)
    applications.add(connection, before, None)
    assert _found_earlier(connection, candidate) == [before.id]


@pytest.mark.parametrize(
    "candidate",
    [
        Candidate("Novák", first_name="Ana", email="another.ana@example.com"),
        Candidate("Novák", phone="12"),
        Candidate("Novák"),
    ],
)
def test_the_same_name_is_not_the_same_person(connection: Connection, candidate: Candidate) -> None:
    """Names match nobody; people without e-mail and phone match nobody either."""
    applications.add(connection, an_application(candidate=ANA), None)
    applications.add(connection, an_application(candidate=Candidate("Novák")), None)
    assert _found_earlier(connection, candidate) == []


def test_applied_before_says_what_was_decided(connection: Connection) -> None:
    """The light, the status, and who decided when."""
    before = an_application()
    applications.add(connection, before, None)
    decided = replace(before, light=Light.RED, status="rejected", decided_by="UBEN", decided_at=START)
    applications.save_decision(connection, decided)
    (found,) = applications.earlier(connection, an_application())
    assert (found.light, found.status, found.decided_by, found.decided_at) == (
        Light.RED,
        "rejected",
        "UBEN",
        START,
    )
    assert found.vacancy == before.vacancy


def test_applied_before_is_never_told_across_workspaces(connection: Connection) -> None:
    """The same person at another agency is that agency's secret."""
    applications.add(connection, an_application(team_id=OTHER_TEAM), None)
    assert _found_earlier(connection, ANA) == []


def test_applied_before_means_before(connection: Connection) -> None:
    """Neither itself nor later ones, newest first, and only the latest few."""
    row = [an_application() for _ in range(6)]
    for application in row:
        applications.add(connection, application, None)
    found = [item.application_id for item in applications.earlier(connection, row[4])]
    assert found == [row[3].id, row[2].id, row[1].id]


def test_waiting_for_a_card_oldest_first(connection: Connection) -> None:
    """Those without a card are found in the order they came."""
    row = [an_application() for _ in range(3)]
    for application in reversed(row):
        applications.add(connection, application, None)
    applications.save_card(connection, TEAM, row[1].id, Card("C1", "1.1"))
    assert applications.without_card(connection, TEAM) == [row[0].id, row[2].id]
    assert applications.without_card(connection, TEAM, limit=1) == [row[0].id]


def test_counts_for_the_home_tab(connection: Connection) -> None:
    """The undecided, and the handoffs that are not done."""
    for state in ("waiting", "waiting", "sending", "failed", "sent", "none"):
        applications.add(connection, an_application(handoff=a_handoff(state)), None)
    decided = an_application()
    applications.add(connection, decided, None)
    applications.save_decision(connection, replace(decided, decided_at=START))
    assert applications.undecided(connection, TEAM) == 6
    assert applications.count_by_handoff_state(connection, TEAM) == {
        HandoffState.WAITING: 2,
        HandoffState.SENDING: 1,
        HandoffState.FAILED: 1,
    }


@pytest.mark.parametrize(
    "name",
    ["O'Brien; DROP TABLE applications --", "<!channel>", "نور", "名前 🦊", "a" * 5000, "\\%_", "\u202e"],
)
def test_any_name_survives(connection: Connection, name: str) -> None:
    """People's text is a value, whatever it contains."""
    application = an_application(candidate=replace(ANA, last_name=name))
    applications.add(connection, application, None)
    assert applications.find(connection, TEAM, application.id) == application


def test_a_time_without_its_zone_is_refused(connection: Connection) -> None:
    """It would mean another moment on another machine."""
    naive = an_application(applied_at=START.replace(tzinfo=None))
    with pytest.raises(Exception, match="time zone"):
        applications.add(connection, naive, None)


def test_times_come_back_as_utc(connection: Connection) -> None:
    """Whatever zone a source writes, the moment is the same."""
    abroad = START.astimezone(tz=None)
    application = an_application(applied_at=abroad)
    applications.add(connection, application, None)
    stored = connection.execute(select(table.c.applied_at)).scalar_one()
    assert stored == abroad
    assert stored.utcoffset() == timedelta(0)
