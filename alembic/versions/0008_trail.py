"""The trail of a company, readable and exported.

Revision: 0008, after 0007
"""

from ontrack_app.migrating import hand_over, run

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run("0008_trail.sql")
    hand_over()


def downgrade() -> None:
    run("0008_down.sql")
    hand_over()
