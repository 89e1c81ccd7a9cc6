"""Finds work that lost its job in the outbox, and queues it again; doing so twice changes nothing.

Work and job are written in one transaction, so there should be none. A restored backup, or a hand in the
database, may leave some.
"""

from __future__ import annotations

from dataclasses import replace

import structlog
from sqlalchemy import Connection

from bot.models import HandoffState
from bot.store import applications, bursts, connections, handoffs, installations, job_counts, notes
from bot.store import settings as settings_store
from bot.usecases import queue
from bot.usecases.bursts import settle
from bot.usecases.house import House

log = structlog.get_logger(__name__)

_GIVEN_UP = "It was given up after many tries; the log says why. Press Retry."


def sweep(house: House) -> int:
    """Queue again what has no job; how much that was."""
    found = 0
    with house.database.reading() as connection:
        teams = installations.teams(connection)
        signed_in = {team_id for team_id, _ in connections.usable(connection)}
    for team_id in teams:
        found += _cards(house, team_id)
        found += _summaries(house, team_id)
        if team_id in signed_in:
            found += _handoffs(house, team_id) + _notes(house, team_id)
    return found


def _cards(house: House, team_id: str) -> int:
    with house.database.reading() as connection:
        if house.card_channel(settings_store.load(connection, team_id)) is None:
            return 0  # they wait for somebody to choose one
        cardless = applications.without_card(connection, team_id)
        # A card that was given up would be given up again.
        lost = _without_job(connection, queue.CARD, cardless, given_up_too=True)
    if lost:
        log.warning("cards_without_job", team=team_id, applications=lost)
        with house.database.transaction() as connection:
            for application_id in lost:
                queue.card(house, connection, team_id, application_id)
    return len(lost)


def _summaries(house: House, team_id: str) -> int:
    with house.database.reading() as connection:
        settings = settings_store.load(connection, team_id)
        held = bursts.with_held_cards(connection, team_id)
        untold = {burst.id: burst for burst in held if burst.ts is None}
        lost = _without_job(connection, queue.SUMMARY, list(untold), given_up_too=True)
    if held and settings.most_cards is None:
        log.warning("cards_held_back_by_nobody", team=team_id)
        with house.database.transaction() as connection:
            settle(house, connection, settings)
        return 1
    if house.card_channel(settings) is None:
        return 0
    for burst_id in lost:
        with house.database.transaction() as connection:
            queue.summary(house, connection, untold[burst_id])
    return len(lost)


def _handoffs(house: House, team_id: str) -> int:
    with house.database.reading() as connection:
        under_way = handoffs.waiting(connection, team_id)
        lost = _without_job(connection, queue.HANDOFF, under_way, given_up_too=False)
        again = set(_without_job(connection, queue.HANDOFF, lost, given_up_too=True))
    if lost:
        log.warning("handoffs_without_job", team=team_id, applications=lost)
    for application_id in lost:
        with house.database.transaction() as connection:
            _take_up(house, connection, team_id, application_id, is_given_up=application_id not in again)
    return len(lost)


def _notes(house: House, team_id: str) -> int:
    with house.database.reading() as connection:
        late = notes.waiting(connection, team_id)
        lost = _without_job(connection, queue.NOTES, late, given_up_too=False)
        again = set(_without_job(connection, queue.NOTES, lost, given_up_too=True))
    if lost:
        log.warning("notes_without_job", team=team_id, applications=lost)
    for application_id in lost:
        with house.database.transaction() as connection:
            if application_id in again:
                queue.notes(house, connection, team_id, application_id)
                continue
            written = notes.of_application(connection, team_id, application_id)
            notes.mark_failed(connection, team_id, [note.id for note in written], _GIVEN_UP)
            queue.card(house, connection, team_id, application_id)
    return len(lost)


def _take_up(
    house: House, connection: Connection, team_id: str, application_id: str, *, is_given_up: bool
) -> None:
    application = applications.find(connection, team_id, application_id, lock=True)
    if application is None or application.handoff.state not in (HandoffState.WAITING, HandoffState.SENDING):
        return
    if not is_given_up:
        queue.handoff(house, connection, team_id, application_id, application.undo_until)
        return
    failed = replace(application.handoff, state=HandoffState.FAILED, reason=_GIVEN_UP)
    handoffs.save(connection, team_id, application_id, failed)
    queue.card(house, connection, team_id, application_id)


def _without_job(connection: Connection, kind: str, ids: list[str], *, given_up_too: bool) -> list[str]:
    """Those of the applications or bursts without a job; `given_up_too` counts one that was given up."""
    lane_of = {id_: queue.lane(kind, id_) for id_ in ids}
    there = job_counts.lanes(connection, list(lane_of.values()))
    if given_up_too:
        there |= job_counts.dead_lanes(connection, list(lane_of.values()))
    return [id_ for id_, lane in lane_of.items() if lane not in there]
