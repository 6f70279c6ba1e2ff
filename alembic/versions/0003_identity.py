"""The ground of identity: what a session has proven, second factors, other sign-ins, a tenant's own rights.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0003"
down_revision = "0002"
TEXT = sqlmodel.sql.sqltypes.AutoString
INTERNAL = "auth.tell_of_end, auth.pending_for, auth.begin_session"


def upgrade() -> None:
    op.add_column(
        "tenants", sa.Column("factor_roles", sa.ARRAY(sa.Text()), nullable=False, server_default="{}")
    )
    op.alter_column("tenants", "factor_roles", server_default=None)
    op.create_table(
        "role_rights",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("role", TEXT(), nullable=False),
        sa.Column("permission", TEXT(), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin', 'office', 'crew', 'property_manager', 'client')",
            name=op.f("ck_role_rights_role_known"),
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_role_rights_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_role_rights")),
        sa.UniqueConstraint(
            "tenant_id", "role", "permission", name=op.f("uq_role_rights_tenant_id_role_permission")
        ),
    )
    run("0003_policies.sql")
    run("0003_identity.sql")
    hand_over()
    op.execute(f"REVOKE EXECUTE ON FUNCTION {INTERNAL} FROM ontrack_app")


def downgrade() -> None:
    run("0003_down.sql")
    op.drop_table("role_rights")
    op.drop_column("tenants", "factor_roles")
