"""The tables, with the index that carries each query. Migrations in `migrations/` build the same."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.store.columns import NAMES, Moment, RowNumber, partial_index

metadata = MetaData(naming_convention=NAMES)

installations = Table(
    "installations",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("team_name", Text, nullable=False),
    Column("token", Text, nullable=False),  # encrypted
    Column("bot_user_id", String(32), nullable=False),
    Column("bot_id", String(32), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("installed_by", String(32)),
    Column("installed_at", Moment, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("user_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("is_admin", Boolean, nullable=False),
    Column("is_guest", Boolean, nullable=False),
    Column("is_stranger", Boolean, nullable=False),
    Column("fetched_at", Moment, nullable=False),
)

workspace_settings = Table(
    "workspace_settings",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("crm", String(32)),
    Column("send_all", Boolean, nullable=False),
    Column("send_green", Boolean, nullable=False),
    Column("send_status", Boolean, nullable=False),
    Column("trigger_status", String(64)),
    Column("send_amber", Boolean, nullable=False),
    Column("channel", String(32)),
    Column("undo_seconds", Integer),
    Column("most_cards", Integer),
    Column("editors", JSON, nullable=False),
    Column("green_status", String(64), nullable=False),
    # The answers to each CRM's options: {crm: {option: {"value": …, "label": …}}}.
    Column("crm_options", JSON, nullable=False),
    Column("default_owner", String(32)),
    Column("send_notes", Boolean, nullable=False, server_default=false()),
    Column("version", Integer, nullable=False),
)

settings_history = Table(
    "settings_history",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("changes", JSON, nullable=False),
    Index("ix_settings_history_team_id_id", "team_id", "id"),
)

statuses = Table(
    "statuses",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("locked", Boolean, nullable=False),
)

connections = Table(
    "connections",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("crm", String(32), nullable=False),
    Column("account", Text, nullable=False),
    Column("answers", Text, nullable=False),  # encrypted
    Column("credentials", Text, nullable=False),  # encrypted
    Column("connected_by", String(32), nullable=False),
    Column("connected_at", Moment, nullable=False),
    Column("broken", Text),
    Column("version", Integer, nullable=False),
    UniqueConstraint("team_id", "crm"),
)

login_tickets = Table(
    "login_tickets",
    metadata,
    # Both the Login link and the OAuth state are single-use secrets; only their hashes are kept.
    Column("digest", String(64), primary_key=True),
    Column("purpose", String(16), nullable=False),
    Column("team_id", String(32)),
    Column("user_id", String(32)),
    Column("crm", String(32)),
    Column("payload", Text, nullable=False),  # encrypted
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),
)

intake_tokens = Table(
    "intake_tokens",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("team_id", String(32), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

applications = Table(
    "applications",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("source", String(200), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("applied_at", Moment),
    Column("first_name", Text),
    Column("last_name", Text, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("email_key", Text),
    Column("phone_key", Text),
    Column("location", Text),
    Column("headline", Text),
    Column("skills", JSON, nullable=False),
    Column("links", JSON, nullable=False),
    Column("vacancy_reference", String(200), nullable=False),
    Column("vacancy_title", Text, nullable=False),
    Column("vacancy_client", Text),
    Column("vacancy_location", Text),
    Column("vacancy_crm_id", String(200)),
    Column("cover_letter", Text),
    Column("answers", JSON, nullable=False),
    Column("cv_filename", Text),
    Column("cv_content_type", String(200)),
    Column("cv_size", Integer),
    Column("light", String(8)),
    Column("status", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("decided_by", String(32)),
    Column("decided_at", Moment),
    Column("undo_until", Moment),
    Column("card_channel", String(32)),
    Column("card_ts", String(32)),
    Column("card_cv_permalink", Text),
    Column("burst_id", String(26)),  # while its card is held back
    UniqueConstraint("team_id", "source", "external_id"),  # a replay is the same application
    # "Applied before": by e-mail or phone within the workspace.
    Index("ix_applications_team_id_email_key", "team_id", "email_key"),
    Index("ix_applications_team_id_phone_key", "team_id", "phone_key"),
    # The queue of the undecided, oldest first.
    partial_index("ix_applications_undecided", "team_id", "id", where="decided_at IS NULL"),
    # Cards that are to be posted, and those that are held back.
    partial_index("ix_applications_cardless", "team_id", "id", where="card_ts IS NULL AND burst_id IS NULL"),
    partial_index("ix_applications_held", "team_id", "burst_id", where="burst_id IS NOT NULL"),
)

cvs = Table(
    "cvs",
    metadata,
    Column("application_id", String(26), ForeignKey(applications.c.id, ondelete="CASCADE"), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

handoffs = Table(
    "handoffs",
    metadata,
    Column("application_id", String(26), ForeignKey(applications.c.id, ondelete="CASCADE"), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("target", String(16), nullable=False),
    Column("sent", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("ground", String(16)),
    Column("crm", String(32)),
    Column("reason", Text),
    Column("attempts", Integer, nullable=False),
    Column("since", Moment),
    Column("candidate_id", String(200)),
    Column("candidate_url", Text),
    Column("link_id", String(200)),
    Column("owner", Text),
    Column("owner_note", Text),
    Column("needs", String(16)),
    Column("vacancy_id", String(200)),
    Column("vacancy_title", Text),
    # What waits, by workspace: for releasing it after a sign-in and for the Home tab's counts.
    partial_index("ix_handoffs_open", "team_id", "state", where="state IN ('waiting', 'sending', 'failed')"),
    # What was sent lately: for comparing it with the CRM.
    partial_index("ix_handoffs_sent", "team_id", "since", where="state = 'sent'"),
)

vacancy_choices = Table(
    "vacancy_choices",
    metadata,
    Column("team_id", String(32), primary_key=True),
    Column("crm", String(32), primary_key=True),
    Column("reference", String(200), primary_key=True),
    Column("vacancy_id", String(200), nullable=False),
    Column("title", Text, nullable=False),
    Column("chosen_by", String(32), nullable=False),
    Column("chosen_at", Moment, nullable=False),
)

handoff_steps = Table(
    "handoff_steps",
    metadata,
    # The ledger: an outward step of a handoff to a CRM, and what came of it; a repeat goes on from here.
    Column("application_id", String(26), ForeignKey(applications.c.id, ondelete="CASCADE"), primary_key=True),
    Column("crm", String(32), primary_key=True),
    Column("step", String(32), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("done_at", Moment),
    Column("result", JSON),
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("application_id", String(26), ForeignKey(applications.c.id, ondelete="CASCADE"), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("light_before", String(8)),
    Column("light_after", String(8)),
    Column("status_before", String(64), nullable=False),
    Column("status_after", String(64), nullable=False),
    Column("before", JSON, nullable=False),  # what Undo puts back
    Column("undone", Boolean, nullable=False),
    Index("ix_decisions_application_id_id", "application_id", "id"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("application_id", String(26), ForeignKey(applications.c.id, ondelete="CASCADE"), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", Text, nullable=False),  # empty once removed
    Column("state", String(8), nullable=False),
    Column("reason", Text),
    Column("crm", String(32)),
    Column("candidate_id", String(200)),
    Column("removed_by", String(32)),
    Column("removed_at", Moment),
    Index("ix_notes_application_id_id", "application_id", "id"),
    partial_index("ix_notes_waiting", "team_id", "application_id", where="state = 'waiting'"),
)

seen_deliveries = Table(
    "seen_deliveries",
    metadata,
    # Slack repeats what it thinks was not heard; each id has its effect once.
    Column("key", String(200), primary_key=True),
    Column("seen_at", Moment, nullable=False, index=True),
)
