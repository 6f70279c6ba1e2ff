"""API keys: bearer secrets that act as one member, narrowed by scopes, until they expire. Only the hash is kept."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import col

from models.access import Permission, Role, rights_of
from models.members import Member
from models.role_rights import RoleRight
from ontrack_app.errors import Conflict, FieldError, Invalid, NotFound
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.keys import KeyCard
from ontrack_app.services.listing import MOST, Query
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.work import Work

PREFIX = "otk_"
MOST_DAYS = 366
MOST_NAME = 80
ADD = text(
    "SELECT auth.add_key(:hash, CAST(:person AS uuid), CAST(:scopes AS text[]), :ends, :name, :by, :ip)"
)
LIST = text("SELECT * FROM auth.tenant_keys(CAST(:before AS uuid), :most)")
REVOKE = text("SELECT * FROM auth.revoke_key(CAST(:id AS uuid), :by, :ip)")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made: its secret, what of the member's rights it has (None: all), until when, and what uses it."""

    secret: str
    scopes: list[str] | None
    ends: datetime
    name: str = ""


def make(work: Work, member_id: UUID, scopes: Collection[str], days: int, name: str) -> str:
    """Makes a key for a member; the secret, which nobody can read again.

    Raises:
        Forbidden: the actor may not manage keys. NotFresh: the proof of who it is is too old.
        Invalid: no such member, a right that the member has not, or a time that is too long.
    """
    work.actor.require(Permission.KEYS_MANAGE)
    work.actor.require_fresh(work.at)
    if not 1 <= days <= MOST_DAYS:
        raise _wrong("days", "A key lasts between a day and a year.")
    if not name.strip() or len(name) > MOST_NAME or not name.isprintable():
        raise _wrong("name", f"Say in a few words what uses the key, in at most {MOST_NAME} characters.")
    member = work.need(Member, member_id, "member_id")
    known = {right.value for right in rights(work, Role(member.role))}
    if not scopes or set(scopes) - known:
        raise _wrong("scopes", "Choose at least one right, of those that the person has.")
    key = NewKey(fresh_secret(), sorted(scopes), work.at + timedelta(days=days), name.strip())
    add(work, member, key)
    return key.secret


def fresh_secret() -> str:
    """A new secret, with the prefix by which scanners of leaked files know one of ours."""
    return f"{PREFIX}{new_secret()}"


def add(work: Work, member: Member, key: NewKey) -> UUID:
    """Makes a key of a member.

    Raises:
        Forbidden: the actor may not manage keys. Invalid: the member is not active.
    """
    work.actor.require(Permission.KEYS_MANAGE)
    given = {
        "hash": hash_secret(key.secret),
        "person": member.user_id,
        "scopes": key.scopes,
        "ends": key.ends,
        "name": key.name,
        "by": work.actor.email,
        "ip": work.actor.ip,
    }
    key_id: UUID | None = work.session.execute(ADD, given).scalar_one()
    if key_id is None:
        raise _wrong("member_id", f"{member.name} is not active, so a key would open nothing.")
    after = {"key_id": key_id, "name": key.name, "scopes": key.scopes or "all", "ends": key.ends}
    work.record("keys.added", member, after=after)
    return key_id


def revoke(work: Work, key_id: UUID) -> None:
    """Ends a key at once, for good.

    Raises:
        Forbidden: the actor may not manage keys. NotFound: there is none here. Conflict: it was revoked before.
    """
    work.actor.require(Permission.KEYS_MANAGE)
    given = {"id": key_id, "by": work.actor.email, "ip": work.actor.ip}
    key = work.session.execute(REVOKE, given).first()
    if key is None:
        raise NotFound("There is no API key with this id.")
    if not key.ended:
        raise Conflict("This key was revoked before.")
    work.record("keys.revoked", _member(work, key.user_id), after={"key_id": key_id, "name": key.name})


def list_page(work: Work, query: Query) -> Page[KeyCard]:
    """A page of the company's keys, the newest first; live ones and those that ended.

    Raises:
        Forbidden: the actor may not manage keys. Invalid: a limit or a cursor that is none.
    """
    work.actor.require(Permission.KEYS_MANAGE)
    if not 1 <= query.limit <= MOST:
        raise _wrong("limit", f"limit is a whole number from 1 to {MOST}.")
    rows = _rows(work, query.limit + 1, _read_cursor(query.cursor) if query.cursor else None)
    shown = rows[: query.limit]
    members = {member.user_id: member for member in work.all(work.of(Member))}
    cards = [_card(work, row, members.get(row.user_id)) for row in shown]
    return Page(items=cards, next_cursor=_cursor(shown[-1].id) if len(rows) > query.limit else None)


def rights(work: Work, role: Role) -> frozenset[Permission]:
    """What the company lets a role do now: a key of such a member can do no more."""
    differs: list[RoleRight] = work.all(
        work.of(RoleRight).where(col(RoleRight.role) == role.value, col(RoleRight.archived_at).is_(None))
    )
    taken = frozenset(one.permission for one in differs if not one.granted)
    return rights_of(role, taken, frozenset(one.permission for one in differs if one.granted))


def _rows(work: Work, most: int, before: UUID | None = None) -> list[Row[Any]]:
    return list(work.session.execute(LIST, {"before": before, "most": most}))


def _card(work: Work, row: Row[Any], member: Member | None) -> KeyCard:
    active = member is not None and member.active and member.archived_at is None
    return KeyCard(
        id=row.id,
        name=row.name,
        member_id=member.id if member else None,
        member_name=member.name if member else "",
        scopes=row.scopes,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        live=active and row.revoked_at is None and row.expires_at > work.at,
    )


def _member(work: Work, user_id: UUID) -> Member:
    found: Member | None = work.first(work.of(Member).where(col(Member.user_id) == user_id))
    if found is None:
        raise NotFound("There is no member behind this key.")
    return found


def _cursor(key_id: UUID) -> str:
    return base64.urlsafe_b64encode(key_id.bytes).decode().rstrip("=")


def _read_cursor(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise _wrong("cursor", "This cursor is not one of ours; start again without it.") from None


def _wrong(field: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldError(field, words)])
