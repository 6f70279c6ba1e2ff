"""Work that waits for a decision says which visit it is about, so that the visit can say that it waits.

Revision: 0018, after 0017
"""

from ontrack_app.migrating import run

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run("0018_waiting_visits.sql")


def downgrade() -> None:
    run("0018_down.sql")
