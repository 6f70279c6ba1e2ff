"""Second factors: codes that change, recovery codes, fresh proofs.

Revision: 0005, after 0004
"""

from alembic import op

from ontrack_app.migrating import hand_over, run

revision = "0005"
down_revision = "0004"
INTERNAL = (
    "auth.limit_pending, auth.session_at, auth.hold_session, auth.has_factor, auth.is_fresh, auth.factor_required_by, "
    "auth.codes_left, auth.replace_codes, auth.rotate_session, auth.end_other_sessions, "
    "auth.note_factor, auth.forgive_tries"
)


def upgrade() -> None:
    run("0005_factors.sql")
    hand_over()
    op.execute(f"REVOKE EXECUTE ON FUNCTION {INTERNAL} FROM ontrack_app")


def downgrade() -> None:
    run("0005_down.sql")
    hand_over()
