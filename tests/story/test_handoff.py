"""The handoff: persons found before they are made, nothing overwritten, everything exactly once."""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from functools import partial

from bot.blocks import ids
from bot.store import settings
from bot.usecases import queue
from bot.workspace import Boxes
from tests.story.acts import (
    SOON,
    candidate,
    connect,
    handoff_line,
    people_called,
    person_of,
    together,
    undo_window,
    writes,
)
from tests.world import ADMIN, ANA, BEN, PDF, TEAM, World

KNOWN = "ana.novak@example.com"


def test_a_person_the_crm_knows_is_found_by_email_in_any_case(world: World) -> None:
    """Ana Novák's record is used: what was empty is filled, what was filled stays, her owner too."""
    _at_once(world, send_green=True)
    person = candidate(
        1, first_name="Anna", last_name="Novak", email="ANA.Novak@Example.com", phone="+44 20 7946 0000"
    )
    id_ = world.arrive(candidate=person)
    (before,) = people_called(world, KNOWN)
    world.click(ADMIN, id_, ids.DECIDE_GREEN)
    world.deliver()

    assert world.state(id_)["handoff"]["candidate_id"] == str(before.id)
    (after,) = people_called(world, KNOWN)
    kept = ("first_name", "last_name", "email", "phone", "location", "headline", "source", "owner_id")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (before.skills, after.skills) == ((), ("AutoCAD", "Surveying"))
    assert [file.content for file in world.crm.files(after.id)] == [PDF]


def test_a_person_is_found_by_phone_where_the_email_is_unknown(world: World) -> None:
    """Another e-mail, the same number in another spelling: the same record, its own e-mail untouched."""
    _at_once(world, send_green=True)
    person = candidate(1, email="private@example.net", phone="07700 900142", location=None)
    id_ = world.arrive(candidate=person | {"phone": "+44 (0) 7700-900142"})
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()

    assert person_of(world, id_).email == KNOWN
    assert people_called(world, "private@example.net") == []


def test_a_new_persons_owner_is_the_one_who_decided(world: World) -> None:
    """Ben and Maya have CRM users with their e-mail: each owns who they decided for, and the card says so."""
    _at_once(world, send_green=True)
    for user, owner in ((BEN, "Ben Carter"), (ADMIN, "Maya Okafor")):
        id_ = world.arrive()
        world.click(user, id_, ids.DECIDE_GREEN)
        world.deliver()
        names = {found.id: found.name for found in world.crm.users()}
        assert names[person_of(world, id_).owner_id or 0] == owner
        assert f"owner: {owner}" in handoff_line(world, id_)


def test_without_a_crm_user_the_vacancy_owner_gets_the_person(world: World) -> None:
    """Ana Lindqvist is no user of the CRM: the owner of the vacancy stands in, and the card tells why."""
    _at_once(world, send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver()
    vacancy = next(vacancy for vacancy in world.crm.vacancies() if vacancy.reference == "JOB-42")
    owner = next(user for user in world.crm.users() if user.id == vacancy.owner_id)
    assert person_of(world, id_).owner_id == owner.id
    why = "the vacancy's owner, as Ana Lindqvist has no Demo CRM user"
    assert f"owner: {owner.name} ({why}" in handoff_line(world, id_)


def test_a_duplicate_that_the_crm_refuses_is_adopted(world: World) -> None:
    """Somebody was entered between our search and our create: the refusal's record becomes ours."""
    _at_once(world, send_green=True)
    world.crm.faults.add(
        kind="nonsense", method="GET", path="/api/v1/people", times=2, body={"items": [], "total": 0}
    )
    id_ = world.arrive(candidate=candidate(1, email=KNOWN))
    world.click(ADMIN, id_, ids.DECIDE_GREEN)
    world.deliver()

    assert world.state(id_)["handoff"]["state"] == "sent"
    (person,) = people_called(world, KNOWN)
    assert world.state(id_)["handoff"]["candidate_id"] == str(person.id)
    assert len(world.crm.applications(person.id)) == 1


def test_a_create_whose_answer_was_lost_is_found_and_not_repeated(world: World) -> None:
    """The connection breaks after each effect in turn: one person, one CV (byte for byte), note and link."""
    _at_once(world, send_green=True)
    cv = PDF + os.urandom(4096) + b"\r\n\x00\xff"
    content = base64.b64encode(cv).decode()
    for lost in ("/people", "/people/*/files", "/people/*/notes", "/applications"):
        id_ = world.arrive(cv={"filename": "cv.pdf", "content_type": "application/pdf", "content": content})
        world.crm.faults.add(kind="reset_after", method="POST", path=f"/api/v1{lost}")
        world.click(BEN, id_, ids.DECIDE_GREEN)
        world.deliver()
        assert "trying again" in handoff_line(world, id_)
        assert world.state(id_)["handoff"]["state"] == "waiting"

        world.deliver(seconds=SOON)
        assert world.state(id_)["handoff"]["state"] == "sent"
        email = world.application(id_).candidate.email or ""
        (person,) = people_called(world, email)
        assert [file.content for file in world.crm.files(person.id)] == [cv]
        assert (len(world.crm.notes(person.id)), len(world.crm.applications(person.id))) == (1, 1)


def test_applications_of_one_person_at_the_same_time_make_one_record(world: World) -> None:
    """Four applications, some with a phone alone, delivered in parallel: one person with a link for each."""
    connect(world)
    world.tick(send_all=True)
    same = candidate(1, email="zoe@example.com", phone="+44 7700 900999")
    by_phone = {name: value for name, value in same.items() if name != "email"}
    for number in range(1, 5):
        vacancy = {"reference": f"JOB-4{number}", "title": "A vacancy"}
        assert (
            world.post(candidate=by_phone if number % 2 else same, vacancy=vacancy, cv=None).status_code
            == 201
        )
    pool = next(pool for pool in world.outbox._pools if queue.HANDOFF in pool.deliverers)
    taken = world.outbox.claim(pool, 4)
    assert len(taken) == 4
    world.crm.faults.add(kind="hang", method="GET", path="/api/v1/people", times=8, seconds=0.2)
    together(*[partial(world.outbox.run, pool, job) for job in taken])
    world.crm.faults.clear()
    world.deliver(seconds=SOON)

    found = [person for person in world.crm.people() if person.phone == "+44 7700 900999"]
    assert len(found) == 1
    assert len(world.crm.applications(found[0].id)) == 4


def test_without_a_crm_decisions_wait_and_go_out_after_sign_in(world: World) -> None:
    """Nothing is connected: decisions are kept and the card says sign in; after that all of it goes."""
    world.tick(send_green=True, send_amber=True)
    green, amber, red = world.arrive(), world.arrive(), world.arrive()
    world.click(ANA, green, ids.DECIDE_GREEN)
    world.click(ANA, amber, ids.DECIDE_AMBER)
    world.click(ANA, red, ids.DECIDE_RED)
    world.deliver(hours=1)
    assert [world.state(id_)["handoff"]["state"] for id_ in (green, amber, red)] == [
        "waiting",
        "waiting",
        "none",
    ]
    assert "sign in" in handoff_line(world, green)
    assert world.crm.calls == []

    connect(world)
    assert [world.state(id_)["handoff"]["state"] for id_ in (green, amber, red)] == ["sent", "sent", "none"]
    assert [world.state(id_)["handoff"]["target"] for id_ in (green, amber)] == ["crm_and_vacancy", "crm"]


def test_where_no_crm_was_chosen_the_card_says_connect(world: World) -> None:
    """A workspace that never chose a CRM reads on the card what is missing, and a sign-in sends it."""
    _boxes_without_crm(world)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=10)
    assert "connect a CRM" in handoff_line(world, id_)
    connect(world)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_what_can_still_be_undone_does_not_leave_by_a_sign_in(world: World) -> None:
    """A sign-in within the undo window releases what waits, but not the decision of a moment ago."""
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=2)
    connect(world)
    assert (world.state(id_)["handoff"]["state"], writes(world)) == ("waiting", [])
    world.deliver(seconds=8)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_an_unknown_vacancy_fails_and_retry_sends_only_the_link(world: World) -> None:
    """The card names the vacancy that is missing; once it is there, Retry makes the link and nothing else."""
    _at_once(world, send_green=True)
    id_ = world.arrive(vacancy={"reference": "JOB-77", "title": "Crane Operator"})
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    handoff = world.state(id_)["handoff"]
    assert (handoff["state"], "JOB-77" in handoff["reason"]) == ("failed", True)
    assert "failed" in handoff_line(world, id_)
    assert "JOB-77" in handoff_line(world, id_)

    before = len(writes(world))
    world.crm._site.records.add_vacancy(  # as somebody at the CRM would
        reference="JOB-77", title="Crane Operator", client="Acme", location="Leeds",
        employment="Permanent", salary="", owner_id=11, created_at=0.0,
    )  # fmt: skip
    world.click(ANA, id_, ids.RETRY_HANDOFF)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert writes(world)[before:] == ["POST /applications"]


def test_a_closed_vacancy_fails_with_its_reason(world: World) -> None:
    """Nobody is put onto a closed vacancy; the card says so, and a second click on Retry does no harm."""
    _at_once(world, send_green=True)
    id_ = world.arrive(vacancy={"reference": "JOB-48", "title": "Executive Assistant"})
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert "closed" in handoff_line(world, id_)
    together(*[lambda: world.click(BEN, id_, ids.RETRY_HANDOFF)] * 2)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "failed"
    assert world.crm.applications(person_of(world, id_).id) == []
    assert world.private(BEN) == []


def test_a_person_deleted_in_the_crm_is_made_anew_by_retry(world: World) -> None:
    """The record is gone before the CV is attached: that fails with a reason, and Retry begins afresh."""
    _at_once(world, send_green=True)
    id_ = world.arrive()
    world.crm.faults.add(kind="error", method="POST", path="/api/v1/people/*/files")
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    gone = person_of(world, id_)
    del world.crm._site.records._people[gone.id]  # as somebody at the CRM would
    world.deliver(seconds=SOON)
    assert world.state(id_)["handoff"]["state"] == "failed"
    assert "no such record" in handoff_line(world, id_)

    world.click(BEN, id_, ids.RETRY_HANDOFF)
    world.deliver()
    handoff = world.state(id_)["handoff"]
    assert (handoff["state"], handoff["candidate_id"] == str(gone.id)) == ("sent", False)
    assert [file.content for file in world.crm.files(int(handoff["candidate_id"]))] == [PDF]


def test_the_note_tells_source_decider_and_answers(world: World) -> None:
    """Whoever opens the record in the CRM reads where the person came from and who decided."""
    _at_once(world, send_green=True)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    person = person_of(world, id_)
    (note,) = world.crm.notes(person.id)
    assert person.source == "Indeed"
    for told in ("Indeed", "Ben Carter", "JOB-42", "Right to work?"):
        assert told in note.text


def _at_once(world: World, **boxes: bool) -> None:
    """Connected, and decisions leave without a window."""
    connect(world)
    world.tick(**boxes)
    undo_window(world, 0)


def _boxes_without_crm(world: World) -> None:
    with world.house.database.transaction() as connection:
        settings.save(connection, replace(settings.load(connection, TEAM), boxes=Boxes(send_green=True)))
