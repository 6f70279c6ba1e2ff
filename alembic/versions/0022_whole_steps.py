"""Every step of a checklist says its kind and whether it is required.

Revision: 0022, after 0021
"""

from ontrack_app.migrating import run

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run("0022_whole_steps.sql")


def downgrade() -> None:
    """What is whole stays whole."""
