"""A person's own sessions: where they are signed in, and ending one or all the others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ontrack_app.errors import NotFound
from ontrack_app.services.browsers import device
from ontrack_app.services.sign_in import Caller, Doorway


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One live session of the person. `how` is the word of its row; `finished` unless a second factor is still owed."""

    id: UUID
    company: str
    how: str
    ip: str
    device: str
    since: datetime
    seen: datetime
    finished: bool
    here: bool


def mine(doorway: Doorway, caller: Caller) -> list[OwnSession]:
    """Where the person of this session is signed in, here first; nothing for a session that has ended."""
    rows = doorway.rows("SELECT * FROM auth.my_sessions(:hash)", hash=caller.session_hash)
    return [
        OwnSession(
            id=row.id,
            company=row.tenant_name,
            how=row.how,
            ip=row.ip,
            device=device(row.user_agent),
            since=row.created_at,
            seen=row.seen_at,
            finished=row.finished,
            here=row.here,
        )
        for row in rows
    ]


def end_one(doorway: Doorway, caller: Caller, session_id: UUID) -> None:
    """Ends one session of the same person; its open pages close within seconds.

    Raises:
        NotFound: the person has no live session with this id.
    """
    if not _end(doorway, caller, session_id):
        raise NotFound("You are not signed in there any more.")


def end_others(doorway: Doorway, caller: Caller) -> int:
    """Ends every session of the person but this one; how many there were."""
    return _end(doorway, caller, None)


def _end(doorway: Doorway, caller: Caller, session_id: UUID | None) -> int:
    given = {"hash": caller.session_hash, "id": session_id, "ip": caller.ip}
    return int(doorway.value("SELECT auth.end_my_sessions(:hash, CAST(:id AS uuid), :ip)", **given))
