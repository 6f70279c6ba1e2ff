"""Crews' phones hear of the files of their visits, and see no receipts but their own.

Revision: 0012, after 0011
"""

from ontrack_app.migrating import run

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run("0012_crew_files.sql")


def downgrade() -> None:
    run("0012_down.sql")
