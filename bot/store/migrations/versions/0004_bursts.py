"""bursts: cards held back, and their summaries"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CARDLESS = sa.text("card_ts IS NULL AND burst_id IS NULL")
_HELD = sa.text("burst_id IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cards", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("team_id", name=op.f("pk_arrivals")),
    )
    op.create_table(
        "bursts",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("ts", sa.String(length=32), nullable=True),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bursts")),
    )
    op.create_index("ix_bursts_team_id_id", "bursts", ["team_id", "id"])
    # Columns that may be empty are added without a copy of the table, on both databases.
    op.add_column("workspace_settings", sa.Column("most_cards", sa.Integer(), nullable=True))
    op.add_column("applications", sa.Column("burst_id", sa.String(length=26), nullable=True))
    op.drop_index("ix_applications_cardless", table_name="applications")
    op.create_index(
        "ix_applications_cardless",
        "applications",
        ["team_id", "id"],
        postgresql_where=_CARDLESS,
        sqlite_where=_CARDLESS,
    )
    op.create_index(
        "ix_applications_held",
        "applications",
        ["team_id", "burst_id"],
        postgresql_where=_HELD,
        sqlite_where=_HELD,
    )


def downgrade() -> None:
    op.drop_index("ix_applications_held", table_name="applications")
    op.drop_index("ix_applications_cardless", table_name="applications")
    op.drop_column("applications", "burst_id")
    op.drop_column("workspace_settings", "most_cards")
    cardless = sa.text("card_ts IS NULL")
    op.create_index(
        "ix_applications_cardless",
        "applications",
        ["team_id", "id"],
        postgresql_where=cardless,
        sqlite_where=cardless,
    )
    op.drop_table("bursts")
    op.drop_table("arrivals")
