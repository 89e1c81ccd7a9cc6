"""What must hold once a round has settled: nothing lost, nothing twice, nothing left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from sqlalchemy import func, select

from bot.models import Application, HandoffState, Light, Target
from bot.playground.democrm import Person
from bot.store import decisions
from bot.store.outbox_tables import outbox
from tests.world import CHANNEL, TEAM

from .story import UNDO, Applicant, Scene, version_of

_TARGETS = {Light.GREEN: Target.CRM_AND_VACANCY, Light.AMBER: Target.CRM}


def is_quiet(scene: Scene) -> bool:
    """Whether nothing waits to leave any more, or never will."""
    waiting = select(func.count()).select_from(outbox).where(outbox.c.state != "dead")
    with scene.database.reading() as connection:
        return connection.execute(waiting).scalar_one() == 0


def broken(scene: Scene, applicants: Sequence[Applicant]) -> list[str]:
    """Every promise that was not kept, as sentences."""
    people = {person.email: person for person in scene.crm.people()}
    found = [*_dead(scene)]
    for applicant in applicants:
        stored = scene.stored(applicant)
        found += _story(scene, applicant, stored)
        found += _card(scene, applicant, stored)
        found += _handoff(applicant, stored)
        found += _record(scene, applicant, stored, people.get(applicant.email))
    found += _persons(scene, applicants)
    return found


def _dead(scene: Scene) -> Iterator[str]:
    with scene.database.reading() as connection:
        for row in connection.execute(select(outbox).where(outbox.c.state == "dead")):
            yield f"A {row.kind} was set aside: {row.reason}"


def _story(scene: Scene, applicant: Applicant, stored: Application) -> Iterator[str]:
    with scene.database.reading() as connection:
        told = decisions.history(connection, TEAM, applicant.id)[::-1]
    said = [UNDO if line.kind == "undo" else str(line.light_after) for line in told]
    if said != applicant.done:
        yield f"{applicant.id}: decided {applicant.done}, the history says {said}."
    if stored.version != len(applicant.done):
        yield f"{applicant.id}: {len(applicant.done)} decisions made version {stored.version}."


def _card(scene: Scene, applicant: Applicant, stored: Application) -> Iterator[str]:
    cards = scene.cards(applicant)
    if len(cards) != 1:
        yield f"{applicant.id} has {len(cards)} cards."
    for card in cards:
        if stored.card is None or stored.card.ts != card["ts"]:
            yield f"{applicant.id}: its card is not the one that is known."
        if version_of(card) != stored.version:
            yield f"{applicant.id}: the card shows version {version_of(card)} of {stored.version}."
        if stored.handoff.state is HandoffState.SENT and "sent" not in str(card["blocks"]).lower():
            yield f"{applicant.id}: the card does not say sent."
        files = _files_in_thread(scene, card)
        if files != [f"cv-{applicant.number}.pdf"]:
            yield f"{applicant.id}: the thread holds {files}."


def _files_in_thread(scene: Scene, card: dict[str, Any]) -> list[str]:
    replies = [reply for reply in scene.slack.messages(CHANNEL) if reply.get("thread_ts") == card["ts"]]
    return [file["title"] for reply in replies for file in reply.get("files") or []]


def _target(stored: Application) -> Target:
    return _TARGETS.get(stored.light, Target.NONE) if stored.light else Target.NONE


def _handoff(applicant: Applicant, stored: Application) -> Iterator[str]:
    wanted, handoff = _target(stored), stored.handoff
    state = HandoffState.NONE if wanted is Target.NONE else HandoffState.SENT
    if (handoff.sent, handoff.state) != (wanted, state):
        yield f"{applicant.id}: {wanted} was wanted; {handoff.sent}, {handoff.state}: {handoff.reason}."


def _record(scene: Scene, applicant: Applicant, stored: Application, person: Person | None) -> Iterator[str]:
    wanted = _target(stored)
    if person is None:
        if wanted is not Target.NONE:
            yield f"{applicant.id}: nobody in the CRM."
        return
    # A vacancy by its reference, as every applicant of a round has their own place on it.
    vacancies = {vacancy.id: vacancy.reference for vacancy in scene.crm.vacancies()}
    links = [vacancies[link.vacancy_id] for link in scene.crm.applications(person.id)]
    counted = {
        "CV": sum(file.sha256 == sha256(applicant.cv).hexdigest() for file in scene.crm.files(person.id)),
        "note": sum(note.reference == applicant.id for note in scene.crm.notes(person.id)),
        "link": links.count(applicant.body["vacancy"]["reference"]),
    }
    is_sent, is_linked = int(wanted is not Target.NONE), int(wanted is Target.CRM_AND_VACANCY)
    if counted != {"CV": is_sent, "note": is_sent, "link": is_linked}:
        yield f"{applicant.id}: {wanted} was wanted; the CRM has {counted}."


def _persons(scene: Scene, applicants: Sequence[Applicant]) -> Iterator[str]:
    wanted = {one.email for one in applicants if _target(scene.stored(one)) is not Target.NONE}
    theirs = {applicant.email for applicant in applicants}
    found = sorted(person.email or "" for person in scene.crm.people() if person.email in theirs)
    if found != sorted(wanted):
        yield f"The CRM has {found} where {sorted(wanted)} were wanted."
