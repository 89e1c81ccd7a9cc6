"""The queries that must not grow with the database, and the index that carries each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from bench.names import TEAM
from bench.rows import TEAMS, application_id
from bot.outbox import LEASE
from bot.store import (
    applications,
    bursts,
    decisions,
    deliveries,
    handoffs,
    job_claims,
    jobs,
    notes,
    undecided,
)
from bot.usecases import queue

Ask = Callable[[Connection, str], object]
"""Asks for an application of the workspace, by its id."""

GROWING = frozenset({"applications", "cvs", "handoffs", "handoff_steps", "decisions", "notes"})
"""The tables that nothing is ever deleted from."""


@dataclass(frozen=True)
class Query:
    """A query of the product. `indexes` carry it, once there are rows."""

    name: str
    indexes: frozenset[str]
    ask: Ask


def number_of(place: int) -> int:
    """The number of the workspace's nth application; it has every fifth."""
    return place * TEAMS


def _earlier(connection: Connection, id_: str) -> object:
    application = applications.find(connection, TEAM, id_)
    return application and applications.earlier(connection, application)


def _replay(connection: Connection, id_: str) -> object:
    return applications.find_by_source(connection, TEAM, "Indeed", f"indeed-{int(id_[3:])}")


def _sent_lately(connection: Connection, _id: str) -> object:
    return handoffs.sent_since(connection, TEAM, datetime.now(UTC) - timedelta(days=1), "", 20)


def _claim(connection: Connection, _id: str) -> object:
    return job_claims.claim(
        connection,
        kinds=[queue.CARD, queue.CV],
        worker="bench",
        limit=8,
        per_team=6,
        now=datetime.now(UTC),
        lease=LEASE,
    )


def _query(name: str, ask: Ask, *indexes: str) -> Query:
    return Query(name, frozenset(indexes), ask)


QUERIES = (
    _query(
        "one application with its handoff, locked by a click",
        lambda connection, id_: applications.find(connection, TEAM, id_, lock=True),
        "pk_applications",
        "pk_handoffs",
    ),
    _query(
        "applied before, by e-mail or phone",
        _earlier,
        "ix_applications_team_id_email_key",
        "ix_applications_team_id_phone_key",
    ),
    _query(
        "its history",
        lambda connection, id_: decisions.history(connection, TEAM, id_),
        "ix_decisions_application_id_id",
    ),
    _query("the same application sent again", _replay, "uq_applications_team_id_source_external_id"),
    _query(
        "the oldest undecided, for the queue",
        lambda connection, _id: undecided.first(connection, TEAM),
        "ix_applications_undecided",
    ),
    _query(
        "the undecided, counted",
        lambda connection, _id: undecided.count(connection, TEAM),
        "ix_applications_undecided",
    ),
    _query(
        "cards held back for a burst, counted",
        lambda connection, id_: bursts.waiting(connection, TEAM, id_),
        "ix_applications_held",
    ),
    _query(
        "cards that wait for a channel",
        lambda connection, _id: applications.without_card(connection, TEAM),
        "ix_applications_cardless",
    ),
    _query(
        "handoffs that wait or failed, counted",
        lambda connection, _id: applications.count_by_handoff_state(connection, TEAM),
        "ix_handoffs_open",
    ),
    _query(
        "handoffs that wait",
        lambda connection, _id: handoffs.waiting(connection, TEAM),
        "ix_handoffs_open",
    ),
    _query("handoffs sent lately, twenty of them", _sent_lately, "ix_handoffs_sent"),
    _query(
        "a step of a handoff",
        lambda connection, id_: handoffs.done_step(connection, TEAM, id_, "DEMO", "person"),
        "pk_handoff_steps",
    ),
    _query(
        "a CV",
        lambda connection, id_: applications.cv_content(connection, TEAM, id_),
        "pk_cvs",
    ),
    _query(
        "its notes, counted for the card",
        lambda connection, id_: notes.counts(connection, TEAM, id_),
        "ix_notes_application_id_id",
    ),
    _query(
        "its notes",
        lambda connection, id_: notes.of_application(connection, TEAM, id_),
        "ix_notes_application_id_id",
    ),
    _query("notes on their way", lambda connection, _id: notes.waiting(connection, TEAM), "ix_notes_waiting"),
    _query("a claim from the outbox", _claim, "ix_outbox_due"),
    _query(
        "jobs whose worker died",
        lambda connection, _id: jobs.expired(connection, datetime.now(UTC)),
        "ix_outbox_leased",
    ),
    _query(
        "deliveries to be forgotten",
        lambda connection, _id: deliveries.purge(connection, datetime.now(UTC) - timedelta(days=2)),
        "ix_seen_deliveries_seen_at",
    ),
)


def sample(count: int, place: int) -> str:
    """The id of one of the workspace's applications in a database of that size, another for each place."""
    of_team = count // TEAMS
    return application_id(number_of(place * 7919 % of_team + 1))
