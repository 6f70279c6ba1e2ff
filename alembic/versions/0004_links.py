"""Sign-in links that are bound to a browser, and sessions that can be listed and ended.

Revision: 0004, after 0003
"""

from ontrack_app.migrating import hand_over, run

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run("0004_links.sql")
    hand_over()


def downgrade() -> None:
    run("0004_down.sql")
    hand_over()
