"""Work that waits for a decision says which visit it is about, so that the visit can say that it waits.

Revision: 0015, after 0013
"""

from ontrack_app.migrating import run

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    run("0015_waiting_visits.sql")


def downgrade() -> None:
    run("0015_down.sql")
