"""What the sync protocol keeps, and the nouns of a crew's day.

Revision: 0010, after 0009
"""

from ontrack_app.migrating import run

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    run("0010_tables.sql")
    run("0010_policies.sql")
    run("0010_sync.sql")


def downgrade() -> None:
    run("0010_down.sql")
