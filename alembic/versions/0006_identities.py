"""Signing in with Google, Microsoft or another provider.

Revision: 0006, after 0005
"""

from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run("0006_identities.sql")
    hand_over()
    op.execute("REVOKE EXECUTE ON FUNCTION auth.person_of(text) FROM ontrack_app")


def downgrade() -> None:
    run("0006_down.sql")
    hand_over()
