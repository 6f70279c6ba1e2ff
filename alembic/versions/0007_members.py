"""Invitations, and rights that a tenant narrows.

Revision: 0007, after 0006
"""

from ontrack_app.migrating import hand_over, run

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run("0007_members.sql")
    hand_over()


def downgrade() -> None:
    run("0007_down.sql")
    hand_over()
