"""Files: what hangs on a record, the pieces of its upload, and what is served of it.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0011"
down_revision = "0010"
TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    _tenants()
    _files()
    _parts()
    _variants()
    run("0011_files.sql")
    hand_over()


def _tenants() -> None:
    op.add_column(
        "tenants", sa.Column("keeps_photo_place", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column("tenants", sa.Column("file_quota_mb", sa.Integer(), nullable=False, server_default="20480"))
    op.create_check_constraint(
        op.f("ck_tenants_file_quota_mb_not_negative"), "tenants", "file_quota_mb >= 0"
    )


def _files() -> None:
    op.create_table(
        "files",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noun", TEXT(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("kind", TEXT(), nullable=False),
        sa.Column("phase", TEXT(), nullable=True),
        sa.Column("is_visible", sa.Boolean(), nullable=False),
        sa.Column("stage", TEXT(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("content_type", TEXT(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("uploader_name", TEXT(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("checked_by", TEXT(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("search_text", TEXT(), nullable=False),
        sa.CheckConstraint(
            "noun IN ('jobs', 'visits', 'leads', 'estimates')", name=op.f("ck_files_noun_known")
        ),
        sa.CheckConstraint(
            "kind IN ('photo', 'document', 'receipt', 'signature')", name=op.f("ck_files_kind_known")
        ),
        sa.CheckConstraint(
            "phase IS NULL OR phase IN ('before', 'during', 'after')", name=op.f("ck_files_phase_known")
        ),
        sa.CheckConstraint(
            "stage IN ('uploading', 'quarantined', 'clean', 'refused')", name=op.f("ck_files_stage_known")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_files_tries_not_negative")),
        sa.CheckConstraint(
            "received >= 0 AND received <= size", name=op.f("ck_files_received_within_size")
        ),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_files_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "member_id"],
            ["members.tenant_id", "members.id"],
            name=op.f("fk_files_tenant_id_member_id"),
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f("pk_files")),
    )
    op.create_index("ix_files_row", "files", ["tenant_id", "noun", "row_id", "created_at", "id"])
    op.create_index("ix_files_list", "files", ["tenant_id", "created_at", "id"])
    op.create_index("ix_files_stage", "files", ["tenant_id", "stage", "expires_at"])
    op.create_index("ix_files_member", "files", ["tenant_id", "member_id"])


def _of_a_file(table: str, unique: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f(f"fk_{table}_tenant_id")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "file_id"],
            ["files.tenant_id", "files.id"],
            name=op.f(f"fk_{table}_tenant_id_file_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("tenant_id", "file_id", unique, name=op.f(f"uq_{table}_tenant_id_file_id_{unique}")),
    ]


def _parts() -> None:
    op.create_table(
        "file_parts",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("key", TEXT(), nullable=False),
        *_of_a_file("file_parts", "start"),
    )


def _variants() -> None:
    op.create_table(
        "file_variants",
        sa.Column("tenant_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", TEXT(), nullable=False),
        sa.Column("key", TEXT(), nullable=False),
        sa.Column("content_type", TEXT(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", TEXT(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "name IN ('original', 'picture', 'thumbnail')", name=op.f("ck_file_variants_name_known")
        ),
        *_of_a_file("file_variants", "name"),
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION app.my_file_bytes()")
    op.execute("DROP FUNCTION app.search_files(text, integer)")
    for table in ("file_variants", "file_parts", "files"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_tenants_file_quota_mb_not_negative"), "tenants")
    op.drop_column("tenants", "file_quota_mb")
    op.drop_column("tenants", "keeps_photo_place")
