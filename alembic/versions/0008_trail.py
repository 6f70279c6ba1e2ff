"""The trail of a company, readable and exported.

Revision: 0008, after 0007
"""

from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run("0008_trail.sql")
    hand_over()
    op.execute("REVOKE EXECUTE ON FUNCTION auth.every_tenant FROM ontrack_app")
    op.execute("GRANT EXECUTE ON FUNCTION auth.every_tenant TO ontrack_worker")


def downgrade() -> None:
    run("0008_down.sql")
    hand_over()
