"""looks: who has whom before them in the queue"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "looks",
        sa.Column("application_id", sa.String(length=26), nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_looks_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("application_id", name=op.f("pk_looks")),
    )
    op.create_index("ix_looks_team_id_user_id", "looks", ["team_id", "user_id"])
    op.create_index(op.f("ix_looks_until"), "looks", ["until"])


def downgrade() -> None:
    op.drop_table("looks")
