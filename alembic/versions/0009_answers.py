"""Answers kept under an Idempotency-Key are read by whoever they were given to.

Revision: 0009, after 0008
"""

from ontrack_app.migrating import run

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run("0009_answers.sql")


def downgrade() -> None:
    run("0009_down.sql")
