"""Comparing what was sent with the CRM: the missing goes again, changes are told, all else is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.blocks import ids
from bot.errors import HandoffError
from bot.playground.slack import LocalSlack
from bot.store import connections, job_counts
from bot.usecases import configure, queue, reconcile
from bot.usecases.configure import Wish
from tests.processes import run, settings_for
from tests.story.acts import connect, crm_calls, people_called, person_of, undo_window, writes
from tests.world import ADMIN, ANA, BEN, TEAM, World

EMAIL = "ines.marsh1@example.com"


@pytest.fixture(autouse=True)
def _connected(world: World) -> None:
    connect(world)
    world.tick(send_green=True, send_amber=True)
    undo_window(world, 0)


@pytest.fixture
def sent(world: World) -> str:
    """An application that was sent to the CRM and its vacancy."""
    return _sent(world)


def test_a_deleted_person_is_sent_again_whole(world: World, sent: str) -> None:
    """Person, CV, note and vacancy are there again, once; the admin is told whom it was about."""
    world.crm.delete_person(person_of(world, sent).id)
    _night(world)
    (person,) = people_called(world, EMAIL)
    assert str(person.id) == world.state(sent)["handoff"]["candidate_id"]
    assert world.state(sent)["handoff"]["state"] == "sent"
    assert len(world.crm.files(person.id)) == 1
    assert len(world.crm.notes(person.id)) == 1
    assert len(world.crm.applications(person.id)) == 1
    (told,) = world.direct(ADMIN)
    assert "1 applicant is not in Demo CRM" in told
    assert "Ines Marsh1, JOB-42: the person is gone; sent again" in told
    assert (world.direct(ANA), world.direct(BEN)) == ([], [])


def test_a_link_taken_away_is_made_again_alone(world: World, sent: str) -> None:
    """The person's other records stay as they are, and nothing of them is made twice."""
    person = person_of(world, sent)
    (link,) = world.crm.applications(person.id)
    world.crm.delete_application(link.id)
    before = writes(world)
    _night(world)
    assert writes(world)[len(before) :] == ["POST /applications"]
    assert len(world.crm.applications(person.id)) == 1
    assert "no longer on the vacancy; sent again" in world.direct(ADMIN)[0]


def test_all_there_is_no_news(world: World, sent: str) -> None:
    """Nobody is told anything, and the CRM is only asked."""
    before = len(writes(world))
    _night(world)
    assert world.state(sent)["handoff"]["state"] == "sent"
    assert (len(writes(world)), world.direct(ADMIN)) == (before, [])


def test_what_was_changed_there_is_told_once_and_left(world: World, sent: str) -> None:
    """Another e-mail and phone: the record stands, so nothing is made anew, in no later night either."""
    person = person_of(world, sent)
    world.crm.change_person(person.id, email="new@example.com", phone="+44 7700 900999")
    for _ in range(3):
        _night(world)
    assert len(people_called(world, EMAIL)) == 0
    assert len(world.crm.applications(person.id)) == 1
    (told,) = world.direct(ADMIN)
    assert "another e-mail and phone" in told


def test_the_same_loss_is_mended_once(world: World, sent: str) -> None:
    """Who deletes a person twice means it."""
    world.crm.delete_person(person_of(world, sent).id)
    _night(world)
    world.crm.delete_person(person_of(world, sent).id)
    _night(world)
    assert people_called(world, EMAIL) == []
    assert len(world.direct(ADMIN)) == 1


@pytest.mark.parametrize("action", [ids.DECIDE_RED, ids.DECIDE_AMBER])
def test_what_was_decided_against_since_is_left(world: World, sent: str, action: str) -> None:
    """Rejected or kept on file after it was sent, a link that somebody removed stays removed."""
    world.click(BEN, sent, action)
    world.deliver()
    person = person_of(world, sent)
    (link,) = world.crm.applications(person.id)
    world.crm.delete_application(link.id)
    _night(world)
    assert world.crm.applications(person.id) == []
    assert "so it was left" in world.direct(ADMIN)[0]


def test_a_closed_vacancy_is_left(world: World, sent: str) -> None:
    """The card does not turn into a failure over a vacancy that is filled."""
    person = person_of(world, sent)
    (link,) = world.crm.applications(person.id)
    world.crm.delete_application(link.id)
    world.crm.close_vacancy(link.vacancy_id)
    _night(world)
    assert world.state(sent)["handoff"]["state"] == "sent"
    assert "the vacancy is closed" in world.direct(ADMIN)[0]


def test_many_nights_at_once_compare_once(world: World, sent: str) -> None:
    """However many processes tick, the day's comparison is queued once; and not before two."""
    world.clock.now = world.clock.now.replace(hour=1) + timedelta(days=1)
    reconcile.nightly(world.house)
    with world.house.database.reading() as connection:
        assert job_counts.depth(connection) == {}
    world.clock.advance(hours=1)
    for _ in range(5):
        reconcile.nightly(world.house)
    with world.house.database.reading() as connection:
        assert job_counts.depth(connection) == {(queue.RECONCILE, "ready"): 1}
    world.deliver()
    before = len(crm_calls(world))
    reconcile.nightly(world.house)
    world.deliver()
    assert len(crm_calls(world)) == before


def test_a_dry_run_says_it_and_changes_nothing(world: World, sent: str) -> None:
    """Lines by ids; no call but questions, nothing queued, nobody told, and the real run still finds it."""
    world.crm.delete_person(person_of(world, sent).id)
    before = len(writes(world))
    lines = list(reconcile.by_hand(world.house, days=7, team=None, dry_run=True))
    assert lines == [
        f"{TEAM} {sent}: the person is gone; sent again",
        f"{TEAM}: 1 looked at in Demo CRM, 1 differ",
    ]
    world.deliver()
    assert (len(writes(world)), world.direct(ADMIN)) == (before, [])
    assert world.state(sent)["handoff"]["state"] == "sent"

    assert list(reconcile.by_hand(world.house, days=7, team=TEAM, dry_run=False)) == lines
    world.deliver()
    assert len(people_called(world, EMAIL)) == 1


def test_only_the_days_asked_for_are_looked_at(world: World, sent: str) -> None:
    """What was sent earlier stays out of it."""
    world.clock.advance(days=3)
    assert list(reconcile.by_hand(world.house, days=2, team=None, dry_run=True)) == [
        f"{TEAM}: 0 looked at in Demo CRM, 0 differ"
    ]


def test_a_limit_in_the_middle_is_waited_for(world: World) -> None:
    """The CRM asks for a pause after some: those are done, and the rest follows when the pause is over."""
    gone = [_sent(world) for _ in range(3)]
    for id_ in gone:
        world.crm.delete_person(person_of(world, id_).id)
    world.crm.set_quota(6)  # enough for one and a half
    world.clock.advance(days=1)
    reconcile.nightly(world.house)
    world.deliver()
    assert len(world.direct(ADMIN)) == 0
    world.crm.set_quota(0)
    world.deliver(seconds=61)
    world.deliver(seconds=2)
    assert [world.state(id_)["handoff"]["state"] for id_ in gone] == ["sent"] * 3
    assert all(len(people_called(world, f"ines.marsh{number}@example.com")) == 1 for number in (1, 2, 3))
    (told,) = world.direct(ADMIN)
    assert "3 applicants" in told


def test_by_hand_a_limit_ends_it_with_a_word(world: World, sent: str) -> None:
    """Whoever started it hears that the CRM asks for a pause, and handoffs keep that pause as well."""
    world.crm.faults.add(kind="ratelimited", retry_after=30)
    for word in ("slow down", "left alone until"):
        lines: list[str] = []
        with pytest.raises(HandoffError, match="Run it again"):
            _collect(world, lines)
        assert word in lines[0]
    world.deliver(seconds=31)
    assert list(reconcile.by_hand(world.house, days=7, team=None, dry_run=False)) == [
        f"{TEAM}: 1 looked at in Demo CRM, 0 differ"
    ]


def test_a_broken_sign_in_is_noticed(world: World, sent: str) -> None:
    """The night finds that the sign-in was revoked: admins are told of that, and nothing is sent again."""
    world.crm.revoke_all()
    world.clock.advance(minutes=10)
    _night(world)
    (told,) = world.direct(ADMIN)
    assert "no longer accepts" in told
    assert world.state(sent)["handoff"]["state"] == "sent"


def test_a_crm_that_shows_nothing_can_not_tell(world: World, sent: str) -> None:
    """One that only takes is not asked, by night or by hand; that is said, and nothing goes twice."""
    with world.house.database.transaction() as connection:
        stored = connections.find(connection, world.house.vault, TEAM, "DEMO")
        assert stored is not None
        connections.save(connection, world.house.vault, replace(stored, crm="WEBHOOK"))
    configure.save(world.house, TEAM, ADMIN, Wish(crm="WEBHOOK"))
    (line,) = reconcile.by_hand(world.house, days=7, team=None, dry_run=False)
    assert "Signed webhook can't tell" in line
    _night(world)
    assert world.direct(ADMIN) == []
    assert world.state(sent)["handoff"]["state"] == "sent"


def test_the_command(slack: LocalSlack, database_url: str, tmp_path: Path) -> None:
    """Nothing to say where nobody is signed in; a workspace that is not gets a word on what to do."""
    settings = settings_for(slack, database_url)
    done = run(tmp_path, settings, "reconcile", "--dry-run")
    assert (done.status, done.err) == (0, "")
    unknown = run(tmp_path, settings, "reconcile", "--team", "TNONE")
    assert (unknown.status, unknown.out) == (1, "")
    assert "Workspace TNONE has no working sign-in" in unknown.err


def _sent(world: World) -> str:
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"
    return id_


def _night(world: World) -> None:
    """A day passes, the tick comes, and everything it caused is done."""
    world.clock.advance(days=1)
    reconcile.nightly(world.house)
    world.deliver()
    world.deliver(seconds=2)


def _collect(world: World, lines: list[str]) -> None:
    for line in reconcile.by_hand(world.house, days=7, team=None, dry_run=False):
        lines.append(line)  # noqa: PERF402  what came before an error is wanted
