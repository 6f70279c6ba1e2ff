"""Whoever commits something in a company says so, once for a transaction, so that open pages look again.

Revision: 0017, after 0014
"""

from ontrack_app.migrating import run

revision = "0017"
down_revision = "0014"


def upgrade() -> None:
    run("0017_news.sql")


def downgrade() -> None:
    run("0017_down.sql")
