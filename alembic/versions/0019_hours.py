"""What crews bring home, as the office decides it: stages of hours and expenses, and checklists to copy onto visits.

Revision: 0019, after 0018
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from ontrack_app.migrating import run

revision = "0019"
down_revision = "0018"
TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.add_column("time_entries", sa.Column("root_id", sa.Uuid(), nullable=True))
    op.add_column("time_entries", sa.Column("turn", sa.Integer(), nullable=True))
    op.add_column("time_entries", sa.Column("stage", TEXT(), nullable=True))
    op.add_column("expenses", sa.Column("stage", TEXT(), nullable=True))
    op.add_column("expenses", sa.Column("approved_cents", sa.BigInteger(), nullable=True))
    op.add_column("expenses", sa.Column("decision", TEXT(), nullable=True))
    run("0019_fill.sql")
    _close()
    op.create_table(
        "checklist_templates",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("steps", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_checklist_templates_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_checklist_templates")),
    )
    op.create_index("ix_checklist_templates_list", "checklist_templates", ["tenant_id", "name", "id"])
    run("0019_policies.sql")


def _close() -> None:
    """What is filled in now may not be empty again, and holds what the models say."""
    for table, column in (
        ("time_entries", "root_id"),
        ("time_entries", "turn"),
        ("time_entries", "stage"),
        ("expenses", "stage"),
        ("expenses", "decision"),
    ):
        op.alter_column(table, column, nullable=False)
    op.create_foreign_key(
        op.f("fk_time_entries_tenant_id_root_id"),
        "time_entries",
        "time_entries",
        ["tenant_id", "root_id"],
        ["tenant_id", "id"],
    )
    op.create_unique_constraint(
        op.f("uq_time_entries_tenant_id_root_id_turn"), "time_entries", ["tenant_id", "root_id", "turn"]
    )
    op.create_check_constraint(
        op.f("ck_time_entries_stage_known"), "time_entries", "stage IN ('open', 'approved', 'locked')"
    )
    op.create_check_constraint(
        op.f("ck_expenses_stage_known"), "expenses", "stage IN ('claimed', 'approved', 'rejected')"
    )
    op.create_check_constraint(
        op.f("ck_expenses_approved_cents_not_negative"), "expenses", "approved_cents >= 0"
    )
    for name, table, columns in INDEXES:
        op.create_index(name, table, ["tenant_id", *columns])


INDEXES = (
    ("ix_time_entries_list", "time_entries", ["started_at", "id"]),
    ("ix_time_entries_stage", "time_entries", ["stage", "started_at"]),
    ("ix_time_entries_created", "time_entries", ["created_at", "id"]),
    ("ix_expenses_list", "expenses", ["created_at", "id"]),
    ("ix_expenses_stage", "expenses", ["stage", "created_at", "id"]),
    ("ix_tasks_list", "tasks", ["created_at", "id"]),
)


def downgrade() -> None:
    op.drop_table("checklist_templates")
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
    for column in ("decision", "approved_cents", "stage"):
        op.drop_column("expenses", column)
    op.drop_constraint(op.f("fk_time_entries_tenant_id_root_id"), "time_entries")
    op.drop_constraint(op.f("uq_time_entries_tenant_id_root_id_turn"), "time_entries")
    for column in ("stage", "turn", "root_id"):
        op.drop_column("time_entries", column)
