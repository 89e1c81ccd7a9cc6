"""The team's notes in the CRM: along with the applicant or after them, once each, only where it is wanted."""

from __future__ import annotations

import pytest

from bot.blocks import ids
from bot.models import NoteState
from bot.playground.democrm.faults import Kind
from bot.store import notes as note_store
from bot.usecases import configure, notes, queue, reconcile
from bot.usecases.configure import Wish
from bot.usecases.sweep import sweep
from tests.story.acts import SOON, connect, handoff_line, person_of, undo_window, writes
from tests.story.note_acts import in_crm, note_line, read, ready, send_along, stored, write
from tests.story.settings_modal import Modal, history
from tests.world import ADMIN, ANA, BEN, TEAM, World

NOTES = "/api/v1/people/*/notes"


def test_notes_go_along_with_the_applicant(world: World) -> None:
    """Each as a note of the person, with author, time and vacancy; the card says that they are there."""
    ready(world, send_green=True)
    id_ = world.arrive()
    write(world, ANA, id_, "Prefers calls after 5 pm.")
    write(world, BEN, id_, "Licence seen.\n\nAsk for the other one.")
    assert writes(world) == []
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()

    first, second = in_crm(world, id_)
    assert first.startswith("Note by Ana Lindqvist in Slack, ")
    assert first.endswith("UTC, on JOB-42 · Site Engineer:\n\nPrefers calls after 5 pm.")
    assert second.endswith("Licence seen.\n\nAsk for the other one.")
    authors = {note.author_id for note in world.crm.notes(person_of(world, id_).id)}
    assert next(user.id for user in world.crm.users() if user.name == "Ben Carter") in authors
    assert "📝 2 notes · also in Demo CRM" in note_line(world, id_)
    assert "sent to Demo CRM and the vacancy" in handoff_line(world, id_)


def test_a_note_written_afterwards_goes_after_them(world: World) -> None:
    """By itself, at once; what is there stays as it is."""
    ready(world, send_green=True)
    id_ = _sent(world)
    before = writes(world)
    write(world, ANA, id_, "She called back.")
    assert writes(world)[len(before) :] == [f"POST /people/{person_of(world, id_).id}/notes"]
    assert len(in_crm(world, id_)) == 1
    assert "also in Demo CRM" in read(world, BEN, id_)


def test_nothing_goes_without_the_box(world: World) -> None:
    """It is not ticked to begin with; ticked later, it brings only what is written from then on."""
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)
    id_ = world.arrive()
    write(world, ANA, id_, "For us alone.")
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    write(world, ANA, id_, "This, too.")
    assert in_crm(world, id_) == []
    send_along(world)
    world.deliver(hours=1)
    assert in_crm(world, id_) == []
    write(world, ANA, id_, "From now on.")
    assert [text.rpartition("\n")[2] for text in in_crm(world, id_)] == ["From now on."]
    assert "📝 3 notes · 1 also in Demo CRM" in note_line(world, id_)


def test_without_a_handoff_no_note_leaves(world: World) -> None:
    """Red, and green with no box for it: the notes stay where they were written."""
    ready(world, send_amber=True)
    red, green = world.arrive(), world.arrive()
    for id_, light in ((red, ids.DECIDE_RED), (green, ids.DECIDE_GREEN)):
        write(world, ANA, id_, "Hm.")
        world.click(BEN, id_, light)
        world.deliver(hours=1)
        assert note_line(world, id_).count("Demo CRM") == 0
    assert writes(world) == []


def test_nothing_leaves_while_a_decision_can_be_undone(world: World) -> None:
    """Neither with the first decision, nor while a later one about somebody who was sent can be undone."""
    ready(world, send_green=True)
    undo_window(world, 30)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    write(world, ANA, id_, "First.")
    world.deliver(seconds=20)
    assert writes(world) == []
    world.deliver(seconds=20)
    assert len(in_crm(world, id_)) == 1

    world.click(BEN, id_, ids.DECIDE_RED)
    write(world, ANA, id_, "Second.")
    world.deliver(seconds=20)
    assert len(in_crm(world, id_)) == 1
    assert "1 on the way to Demo CRM" in note_line(world, id_)
    world.deliver(seconds=20)
    assert len(in_crm(world, id_)) == 2


def test_a_note_removed_before_it_left_never_leaves(world: World) -> None:
    """Whether the applicant is still to go, or has gone and the CRM is away."""
    ready(world, send_green=True)
    id_ = world.arrive()
    write(world, ANA, id_, "Too hasty.")
    _remove(world, stored(world, id_)[0].id)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    world.crm.faults.add(kind="status", path=NOTES)
    write(world, ANA, id_, "Too hasty again.")
    _remove(world, stored(world, id_)[1].id)
    world.crm.faults.clear()
    world.deliver(seconds=SOON)
    assert in_crm(world, id_) == []
    assert note_line(world, id_) == ""


@pytest.mark.parametrize("kind", ["reset_after", "reset_before", "status", "ratelimited"])
def test_a_note_is_tried_again_and_written_once(world: World, kind: Kind) -> None:
    """Whether or not it had its effect before the answer was lost; the handoff is not touched by it."""
    ready(world, send_green=True)
    id_ = _sent(world)
    world.crm.faults.add(kind=kind, method="POST", path=NOTES)
    write(world, ANA, id_, "Once.")
    assert "not in Demo CRM yet, trying again" in note_line(world, id_)
    assert "sent to Demo CRM" in handoff_line(world, id_)
    world.deliver(seconds=SOON)
    assert len(in_crm(world, id_)) == 1
    assert "📝 1 note · also in Demo CRM" in note_line(world, id_)


def test_a_refused_note_has_its_reason_and_retry(world: World) -> None:
    """The handoff stays sent, the other notes go; Retry writes the one that is missing."""
    ready(world, send_green=True)
    id_ = _sent(world)
    world.crm.faults.add(kind="error", method="POST", path=NOTES, status=422)
    write(world, ANA, id_, "Refused.")
    assert "📝 1 note · ⚠️ not in Demo CRM: " in note_line(world, id_)
    write(world, ANA, id_, "Taken.")
    assert "2 notes · ⚠️ 1 not in Demo CRM: " in note_line(world, id_)
    assert "sent to Demo CRM and the vacancy" in handoff_line(world, id_)
    assert "not in Demo CRM: " in read(world, BEN, id_, history=True)
    assert [text.rpartition("\n")[2] for text in in_crm(world, id_)] == ["Taken."]

    world.click(BEN, id_, ids.RETRY_NOTES)
    world.deliver()
    assert sorted(text.rpartition("\n")[2] for text in in_crm(world, id_)) == ["Refused.", "Taken."]
    assert "📝 2 notes · also in Demo CRM" in note_line(world, id_)


def test_notes_wait_for_a_new_sign_in(world: World) -> None:
    """The card says so, and they go out by themselves afterwards."""
    ready(world, send_green=True)
    id_ = _sent(world)
    world.crm.revoke_all()
    write(world, ANA, id_, "Later, then.")
    assert "waiting for the sign-in to Demo CRM" in note_line(world, id_)
    connect(world)
    assert len(in_crm(world, id_)) == 1


def test_unticked_what_waits_stays_here(world: World) -> None:
    """Nothing leaves that no box asks for any more."""
    ready(world, send_green=True)
    id_ = _sent(world)
    world.crm.faults.add(kind="status", path=NOTES, times=3)
    write(world, ANA, id_, "Wait.")
    send_along(world, ticked=False)
    world.crm.faults.clear()
    world.deliver(hours=1)
    assert in_crm(world, id_) == []
    assert note_line(world, id_).count("Demo CRM") == 0


def test_a_person_made_anew_gets_the_notes_anew(world: World) -> None:
    """Deleted in the CRM and found missing at night: whoever is made again has the notes as before."""
    ready(world, send_green=True)
    id_ = _sent(world)
    write(world, ANA, id_, "Keep this.")
    gone = person_of(world, id_)
    world.crm.delete_person(gone.id)
    list(reconcile.by_hand(world.house, days=7, team=None, dry_run=False))
    world.deliver()
    assert person_of(world, id_).id != gone.id
    assert len(in_crm(world, id_)) == 1


def test_notes_wait_until_the_applicant_has_arrived(world: World) -> None:
    """While it is not known whether the vacancy has them; then, or where it can't have them, they go."""
    ready(world, send_green=True)
    id_ = world.arrive()
    write(world, ANA, id_, "First.")
    world.crm.faults.add(kind="reset_after", method="POST", path="/api/v1/applications")
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    write(world, ANA, id_, "Second.")
    assert "trying again" in handoff_line(world, id_)
    assert in_crm(world, id_) == []
    world.deliver(seconds=SOON)
    assert len(in_crm(world, id_)) == 2

    closed = world.arrive(vacancy={"reference": "JOB-48", "title": "Executive Assistant"})
    write(world, ANA, closed, "Third.")
    world.click(BEN, closed, ids.DECIDE_GREEN)
    world.deliver()
    assert "vacancy failed" in handoff_line(world, closed)
    assert len(in_crm(world, closed)) == 1


def test_a_note_whose_end_was_not_written_down_is_found(world: World) -> None:
    """As if the process had died between the CRM's answer and our own note of it."""
    ready(world, send_green=True)
    id_ = _sent(world)
    write(world, ANA, id_, "Once.")
    with world.house.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE notes SET state = 'waiting', crm = NULL, candidate_id = NULL")
        queue.notes(world.house, connection, TEAM, id_)
    world.deliver()
    assert len(in_crm(world, id_)) == 1
    assert stored(world, id_)[0].state is NoteState.SENT


def test_notes_of_another_workspace_are_out_of_reach(world: World) -> None:
    """Neither read nor changed by a query that names another team."""
    ready(world, send_green=True)
    id_ = _sent(world)
    world.crm.faults.add(kind="status", path=NOTES)
    write(world, ANA, id_, "Ours.")
    before = stored(world, id_)
    with world.house.database.transaction() as connection:
        assert note_store.of_application(connection, "TOTHER", id_) == []
        assert note_store.counts(connection, "TOTHER", id_).total == 0
        assert note_store.waiting(connection, "TOTHER") == []
        note_store.remove(connection, "TOTHER", before[0].id, ADMIN, world.clock())
        note_store.mark_failed(connection, "TOTHER", [before[0].id], "No.")
        note_store.hold_back(connection, "TOTHER", id_)
    assert stored(world, id_) == before


def test_notes_that_lost_their_job_are_found(world: World) -> None:
    """As after a backup was put back: the sweep queues them, once."""
    ready(world, send_green=True)
    id_ = _sent(world)
    world.crm.faults.add(kind="status", path=NOTES)
    write(world, ANA, id_, "Lost.")
    world.crm.faults.clear()
    with world.house.database.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM outbox WHERE kind = 'notes'")
    assert (sweep(world.house), sweep(world.house)) == (1, 0)
    world.deliver(seconds=SOON)
    assert len(in_crm(world, id_)) == 1


def test_an_admin_ticks_the_box_in_the_settings(world: World) -> None:
    """It is there once a CRM is connected, off; saved, the sentence and the history say so."""
    connect(world)
    world.tick(send_green=True)
    modal = Modal(world).open()
    assert "Send the team's notes along" in str(modal.view)
    assert "notes go along" not in modal.sentence()
    before = modal.view["hash"]
    modal.person.act_in_view(ids.SETTINGS_NOTES, values=[ids.BOX_NOTES])
    modal.until(lambda: modal.view["hash"] != before)
    assert "The team's notes go along." in modal.sentence()
    modal.save()
    assert "ticked “send the team's notes along”" in history(world)[0].changes
    assert "The team's notes go along." in world.private(ADMIN)[-1]
    configure.save(world.house, TEAM, ADMIN, Wish(undo_seconds=5))
    assert configure.overview(world.house, TEAM).settings.send_notes


def _sent(world: World) -> str:
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"
    return id_


def _remove(world: World, note_id: str) -> None:
    notes.remove(world.house, TEAM, ANA, note_id)
    world.deliver()
