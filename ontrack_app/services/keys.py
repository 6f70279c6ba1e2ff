"""API keys: bearer secrets that act as one member, narrowed by scopes, until they expire. Only the hash is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from models.access import Permission
from models.members import Member
from ontrack_app.sessions import hash_secret
from ontrack_app.work import Work

ADD = text("SELECT auth.add_key(:hash, CAST(:person AS uuid), CAST(:scopes AS text[]), :ends)")


def add(work: Work, member: Member, secret: str, scopes: list[str] | None, ends: datetime) -> UUID:
    """Makes a key of a member valid until `ends`; `scopes` None means all of the member's rights.

    Raises:
        Forbidden: the actor may not manage members.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    given = {"hash": hash_secret(secret), "person": member.user_id, "scopes": scopes, "ends": ends}
    key_id: UUID = work.session.execute(ADD, given).scalar_one()
    work.record("keys.added", member, after={"key_id": key_id, "scopes": scopes or "all", "ends": ends})
    return key_id
