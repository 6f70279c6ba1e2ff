"""The stages of files by the names that scripts and clients read: scanning, infected, failed.

Revision: 0014, after 0013
"""

from ontrack_app.migrating import run

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run("0014_stages_of_files.sql")


def downgrade() -> None:
    run("0014_down.sql")
