"""What a policy asks about every row keeps its plan: planning it anew each time cost ten times the answer.

Revision: 0020, after 0019
"""

from ontrack_app.migrating import run

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run("0020_kept_plans.sql")


def downgrade() -> None:
    run("0020_down.sql")
