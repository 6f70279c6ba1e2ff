"""Invitations, and rights that a tenant narrows.

Revision: 0007, after 0006
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0007"
down_revision = "0006"
TEXT = sqlmodel.sql.sqltypes.AutoString
ROLES = "'admin', 'office', 'crew', 'property_manager', 'client'"


def upgrade() -> None:
    op.create_table(
        "invitations",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email", TEXT(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("role", TEXT(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("inviter", TEXT(), nullable=False),
        sa.Column("stage", TEXT(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("search_text", TEXT(), nullable=False),
        sa.CheckConstraint(f"role IN ({ROLES})", name=op.f("ck_invitations_role_known")),
        sa.CheckConstraint(
            "stage IN ('pending', 'accepted', 'withdrawn')", name=op.f("ck_invitations_stage_known")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_invitations_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "client_id"],
            ["clients.tenant_id", "clients.id"],
            name=op.f("fk_invitations_tenant_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["members.tenant_id", "members.id"],
            name=op.f("fk_invitations_tenant_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_invitations")),
    )
    op.create_index("ix_invitations_client", "invitations", ["tenant_id", "client_id"])
    op.create_index("ix_invitations_member", "invitations", ["tenant_id", "member_id"])
    op.create_index(
        "uq_invitations_pending",
        "invitations",
        ["tenant_id", "email"],
        unique=True,
        postgresql_where=sa.text("stage = 'pending'"),
    )
    run("0007_members.sql")
    hand_over()


def downgrade() -> None:
    run("0007_down.sql")
    op.drop_table("invitations")
    hand_over()
