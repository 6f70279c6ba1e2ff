"""Second factors: codes that change, recovery codes, fresh proofs.

Revision: 0005, after 0004
"""

from ontrack_app.migrating import hand_over, run

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run("0005_factors.sql")
    hand_over()


def downgrade() -> None:
    run("0005_down.sql")
    hand_over()
