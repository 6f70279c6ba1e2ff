"""Pull and snapshot: what changed for one member since a number, and everything as of one number.

Both are run in a steady transaction (`begin(…, steady=True)`): every row is as it was when the counter stood at `n`.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlmodel import col

from models.access import Permission
from models.sync import Change, TenantCounter
from ontrack_app.errors import Gone
from ontrack_app.schemas.sync import ChangeCard, PullCard, SnapshotCard
from ontrack_app.services.sync import devices, shown
from ontrack_app.work import TENANT, Work

MOST = 500
KEPT_FOR = timedelta(days=90)
FORGET = text("SELECT app.forget_changes(:before)")
SINCE = (
    select(col(Change.n), col(Change.noun), col(Change.row_id))
    .where(col(Change.tenant_id) == bindparam(TENANT), col(Change.member_id) == bindparam("member"))
    .where(col(Change.n) > bindparam("since"))
    .order_by(col(Change.n))
    .limit(bindparam("most"))
)
COUNTER = select(col(TenantCounter.n), col(TenantCounter.forgotten)).where(
    col(TenantCounter.tenant_id) == bindparam(TENANT)
)


@dataclass(frozen=True)
class Counter:
    """Where a company's changes stand, and up to where they are forgotten."""

    n: int
    forgotten: int


def pull(work: Work, device_id: UUID, cursor: str, limit: int = MOST) -> PullCard:
    """The next changes after a cursor, each row once and as it is now; a row that is no longer the member's is dropped.

    Raises:
        NotFound: the device never said hello. Gone: it was signed off. Forbidden: the role performs no visits.
    """
    scope = _enter(work, device_id)
    counter = _counter(work)
    since = _number(cursor, scope)
    if since is None or not counter.forgotten <= since <= counter.n:
        return PullCard(changes=[], next=cursor, more=False, reset=True)
    given = _own(work) | {"since": since, "most": limit + 1}
    found = [(n, noun, row_id) for n, noun, row_id in work.session.execute(SINCE, given)]
    more = len(found) > limit
    reached = found[limit - 1][0] if more else counter.n
    changes = list(_changes(work, found[:limit]))
    return PullCard.model_construct(changes=changes, next=_cursor(reached, scope), more=more, reset=False)


def snapshot(work: Work, device_id: UUID) -> SnapshotCard:
    """Everything that is the member's, as of one number; what a phone starts from.

    Raises:
        NotFound, Gone, Forbidden: as for `pull`.
    """
    scope = _enter(work, device_id)
    n = _counter(work).n
    cards = []
    for noun in shown.KINDS:
        found = shown.rows(work, noun)
        cards += _cards(work, noun, found, [(n, row_id) for row_id in found])
    return SnapshotCard.model_construct(rows=cards, next=_cursor(n, scope), n=n)


def forget(work: Work, *, keep: timedelta = KEPT_FOR) -> int:
    """Forgets changes that are older, and returns the number up to which they are gone; OnTrack itself does."""
    return int(work.session.execute(FORGET, {"before": work.at - keep}).scalar_one())


def _enter(work: Work, device_id: UUID) -> str:
    work.actor.require(Permission.VISITS_READ)
    work.actor.require(Permission.VISITS_PERFORM)
    if devices.own(work, device_id).revoked_at is not None:
        raise Gone("This phone was signed off here.")
    rights = sorted(right.value for right in work.actor.permissions)
    said = (str(work.actor.member_id), work.actor.role.value, *rights, shown.today(work).isoformat())
    return hashlib.sha256(" ".join(said).encode()).hexdigest()[:12]


def _counter(work: Work) -> Counter:
    found = work.session.execute(COUNTER, _own(work)).one_or_none()
    return Counter(found.n, found.forgotten) if found else Counter(0, 0)


def _own(work: Work) -> dict[str, Any]:
    return {TENANT: work.actor.tenant_id, "member": work.actor.member_id}


def _cursor(n: int, scope: str) -> str:
    return f"{n}.{scope}"


def _number(cursor: str, scope: str) -> int | None:
    """The number in a cursor of this scope; None where it is another's, or none at all."""
    number, _, known = cursor.partition(".")
    good = known == scope and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if good else None


def _changes(work: Work, found: Sequence[tuple[int, str, UUID]]) -> Iterator[ChangeCard]:
    last = {(noun, row_id): n for n, noun, row_id in found}
    by_noun: dict[str, list[tuple[int, UUID]]] = {}
    for (noun, row_id), n in last.items():
        by_noun.setdefault(noun, []).append((n, row_id))
    cards: list[ChangeCard] = []
    for noun, wanted in by_noun.items():
        here = shown.rows(work, noun, [row_id for _, row_id in wanted])
        cards += _cards(work, noun, here, wanted)
    yield from sorted(cards, key=lambda card: card.n)


def _cards(
    work: Work, noun: str, here: dict[UUID, dict[str, Any]], wanted: Sequence[tuple[int, UUID]]
) -> list[ChangeCard]:
    writers = shown.writers(work, noun, list(here))
    return [
        ChangeCard.model_construct(
            n=n,
            kind=noun,
            id=row_id,
            op="put" if row_id in here else "drop",
            fields=here.get(row_id),
            writers=writers.get(row_id),
        )
        for n, row_id in wanted
    ]
