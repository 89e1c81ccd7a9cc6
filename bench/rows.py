"""The database of some teams after years of work, made by the database itself. PostgreSQL only."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import text

from bench.names import CHANNEL, TEAM
from bot.store.database import Database

TEAMS = 5
APPLICATIONS_OF_A_PERSON = 3
UNDECIDED = 200
"""In all teams together, the newest: a backlog does not grow with the years."""
WAITING = 200
"""Due in the outbox, of all teams together."""

# `n` counts applications, one every 86.4 s: a thousand a day. Nine of ten questions are about the newest.
_NEW = f"n > :count - {UNDECIDED}"
_TEAM = f"CASE n % {TEAMS} WHEN 0 THEN '{TEAM}' ELSE 'TGROWN' || n % {TEAMS} END"
_ID = "'01H' || lpad(n::text, 23, '0')"
_AT = "cast(:now AS timestamptz) - (:count - n) * interval '86.4 seconds'"
_LIGHT = "CASE WHEN n % 10 < 4 THEN 'green' WHEN n % 10 < 6 THEN 'amber' ELSE 'red' END"
_STATUS = "CASE WHEN n % 10 < 4 THEN 'shortlist' WHEN n % 10 < 6 THEN 'keep_on_file' ELSE 'rejected' END"
_PERSON = f"n % (:count / {APPLICATIONS_OF_A_PERSON * TEAMS} * {TEAMS})"
_EVERY = "FROM generate_series(1, :count) AS n"
_FAILED = "(n % 1000 = 5 AND n > :count - 30000)"
_SENT = "n % 10 < 6"
_TARGET = "CASE WHEN n % 10 < 4 THEN 'crm_and_vacancy' WHEN n % 10 < 6 THEN 'crm' ELSE 'none' END"
_JSON = "'{}'::json"

_STATEMENTS = (
    f"""
    INSERT INTO applications (id, team_id, source, external_id, received_at, applied_at, first_name,
        last_name, email, phone, email_key, phone_key, location, headline, skills, links, vacancy_reference,
        vacancy_title, vacancy_client, vacancy_location, cover_letter, answers, cv_filename, cv_content_type,
        cv_size, light, status, version, decided_by, decided_at, card_channel, card_ts)
    SELECT {_ID}, {_TEAM}, 'Indeed', 'indeed-' || n, {_AT}, {_AT}, 'Ines', 'Marsh ' || {_PERSON},
        'person' || {_PERSON} || '@example.com', '+4477' || lpad(({_PERSON})::text, 8, '0'),
        'person' || {_PERSON} || '@example.com', '+4477' || lpad(({_PERSON})::text, 8, '0'),
        'Leeds', 'Site Engineer at Bolt Ltd', '["AutoCAD", "Surveying"]', '[]', 'JOB-' || n % 500,
        'Site Engineer', 'Acme', 'Leeds', repeat('I have built bridges for ten years. ', 10),
        '[{{"question": "Right to work?", "answer": "Yes"}}]', 'ines.pdf', 'application/pdf', 32,
        CASE WHEN {_NEW} THEN NULL ELSE {_LIGHT} END, CASE WHEN {_NEW} THEN 'new' ELSE {_STATUS} END,
        CASE WHEN {_NEW} THEN 0 ELSE 1 END, CASE WHEN {_NEW} THEN NULL ELSE 'UANA' END,
        CASE WHEN {_NEW} THEN NULL ELSE {_AT} END, '{CHANNEL}', '1700000000.' || n
    {_EVERY}
    """,
    f"INSERT INTO cvs (application_id, team_id, content) SELECT {_ID}, {_TEAM}, decode(md5(n::text), 'hex') "
    f"{_EVERY}",
    f"""
    INSERT INTO handoffs (application_id, team_id, target, sent, state, crm, attempts, since, candidate_id,
        candidate_url, reason)
    SELECT {_ID}, {_TEAM},
        CASE WHEN {_NEW} THEN 'none' ELSE {_TARGET} END,
        CASE WHEN {_NEW} OR {_FAILED} THEN 'none' ELSE {_TARGET} END,
        CASE WHEN {_NEW} THEN 'none' WHEN {_FAILED} THEN 'failed' WHEN {_SENT} THEN 'sent' ELSE 'none' END,
        CASE WHEN {_SENT} AND NOT {_NEW} THEN 'DEMO' END, CASE WHEN {_SENT} THEN 1 ELSE 0 END, {_AT},
        CASE WHEN {_SENT} AND NOT {_NEW} THEN n::text END,
        CASE WHEN {_SENT} AND NOT {_NEW} THEN 'https://crm.example.com/people/' || n END,
        CASE WHEN {_FAILED} THEN 'Demo CRM has no vacancy of this reference.' END
    {_EVERY}
    """,
    f"""
    INSERT INTO handoff_steps (application_id, crm, step, team_id, begun_at, done_at, result)
    SELECT {_ID}, 'DEMO', step, {_TEAM}, {_AT}, {_AT}, {_JSON}
    {_EVERY}, unnest(ARRAY['person', 'cv', 'note', 'vacancy', 'link']) AS step
    WHERE {_SENT} AND NOT {_NEW} AND (n % 10 < 4 OR step IN ('person', 'cv', 'note'))
    """,
    f"""
    INSERT INTO decisions (team_id, application_id, user_id, at, kind, light_before, light_after,
        status_before, status_after, before, undone)
    SELECT {_TEAM}, {_ID}, 'UANA', {_AT}, 'light', NULL, {_LIGHT}, 'new', {_STATUS}, {_JSON}, false
    {_EVERY} WHERE NOT {_NEW}
    """,
    f"""
    INSERT INTO notes (id, team_id, application_id, user_id, at, text, state)
    SELECT '01N' || lpad(n::text, 22, '0') || part, {_TEAM}, {_ID}, 'UANA', {_AT},
        'Prefers calls after 5 pm.',
        CASE WHEN {_SENT} AND n > :count - {WAITING} THEN 'waiting' WHEN {_SENT} THEN 'sent' ELSE 'kept' END
    {_EVERY}, generate_series(1, 2) AS part WHERE n % 2 = 0
    """,
    # What was given up is kept for thirty days, as what failed is by people; what Slack sent for two.
    f"""
    INSERT INTO outbox (team_id, kind, lane, payload, state, due_at, attempts, reason, created_at, gap)
    SELECT {_TEAM}, 'card', 'card:' || {_ID}, {_JSON}, 'dead', {_AT}, 12, 'Unexpected KeyError', {_AT}, 0
    {_EVERY} WHERE n % 1000 = 3 AND n > :count - 30000
    """,
    f"""
    INSERT INTO outbox (team_id, kind, lane, payload, state, due_at, attempts, created_at, gap, pace)
    SELECT {_TEAM}, 'card', 'card:' || {_ID}, {_JSON}, 'ready', {_AT}, 0, {_AT}, 0, 'update:' || {_TEAM}
    {_EVERY} WHERE n > :count - {WAITING}
    """,
    f"""
    INSERT INTO seen_deliveries (key, seen_at) SELECT 'event:' || n, {_AT} {_EVERY} WHERE n > :count - 2000
    """,
    f"""
    INSERT INTO vacancy_choices (team_id, crm, reference, vacancy_id, title, chosen_by, chosen_at)
    SELECT {_TEAM}, 'DEMO', 'JOB-' || n, n::text, 'Site Engineer', 'UANA', cast(:now AS timestamptz)
    FROM generate_series(1, 500) AS n
    """,  # noqa: S608  as above
)


def fill(database: Database, count: int) -> None:
    """So many applications with all that became of them, and the statistics that a day's work leaves."""
    given = {"count": count, "now": datetime.now(UTC)}
    with database.transaction() as connection:
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        for statement in _STATEMENTS:
            wanted = {name: value for name, value in given.items() if f":{name}" in statement}
            connection.execute(text(statement.replace("::", r"\:\:")), wanted)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def application_id(number: int) -> str:
    """The id of the application with that number, from 1."""
    return f"01H{number:023d}"
