"""What a crew's phone holds besides: whom to call, who else goes, and materials to choose from without their prices.

Revision: 0012, after 0011
"""

from ontrack_app.migrating import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run("0012_whom_to_call.sql")


def downgrade() -> None:
    run("0012_down.sql")
