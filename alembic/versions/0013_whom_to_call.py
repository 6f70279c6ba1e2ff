"""What a crew's phone holds besides: whom to call, who else goes, and materials to choose from without their prices.

Revision: 0013, after 0012
"""

from ontrack_app.migrating import run

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run("0013_whom_to_call.sql")


def downgrade() -> None:
    run("0013_down.sql")
