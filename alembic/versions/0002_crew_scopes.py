"""What crews and customers see of visits is asked row by row.

Revision: 0002, after 0001
"""

from ontrack_app.migrating import hand_over, run

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run("0002_crew_scopes.sql")
    hand_over()


def downgrade() -> None:
    run("0002_down.sql")
    hand_over()
