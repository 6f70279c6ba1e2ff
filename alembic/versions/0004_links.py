"""Sign-in links that are bound to a browser, and sessions that can be listed and ended.

Revision: 0004, after 0003
"""

from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0004"
down_revision = "0003"
INTERNAL = "auth.settle_link, auth.user_of_session"


def upgrade() -> None:
    run("0004_links.sql")
    hand_over()
    op.execute(f"REVOKE EXECUTE ON FUNCTION {INTERNAL} FROM ontrack_app")


def downgrade() -> None:
    run("0004_down.sql")
    hand_over()
