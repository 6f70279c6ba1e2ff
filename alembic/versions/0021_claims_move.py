"""What a crew member claimed comes to the phone and leaves it together with its visit.

Revision: 0021, after 0020
"""

from ontrack_app.migrating import run

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run("0021_claims_move.sql")


def downgrade() -> None:
    run("0021_down.sql")
