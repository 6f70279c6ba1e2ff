"""The only home of what a phone of somebody who was let go may still do: hand its work in. Nobody can sign in on it any more,
and a day's work on it is the company's.

A phone is given a key at each hello: ours, sealed, naming company and device, good for nothing else. It is looked at only
where nobody is signed in. What was done goes to quarantine, whatever it is; photos go where photos of a crew go, past the
same checks, on visits that were this person's, and are shown to no customer.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission
from models.devices import Device
from models.members import Member
from models.sync import Change, Quarantined
from models.visits import VisitAssignee
from ontrack_app.errors import NotFound, SignedOut, TooMany
from ontrack_app.schemas.files import FileBody, UploadCard
from ontrack_app.schemas.sync import PushBody, PushCard
from ontrack_app.services.files import uploads
from ontrack_app.services.sync import push
from ontrack_app.services.sync.hand_in_keys import SIGN_IN
from ontrack_app.work import Work

NAME = "phone without a sign-in"
ONLY = frozenset[Permission]()
PHOTOS = frozenset({Permission.FILES_WRITE, Permission.VISITS_READ})
MOST_WAITING = 3000  # of one phone, undecided: two weeks of a busy crew


def take(work: Work, body: PushBody) -> PushCard:
    """Keeps the mutations for the office; run as OnTrack itself, for a key that `hand_in_keys.tenant_of` has looked at.

    Raises:
        SignedOut: the phone's person can sign in. TooMany: more waits than anybody does. NotFound, Conflict: as for `push`.
    """
    device = work.get(Device, body.device_id)
    _let_go(work, device)
    waiting = work.of(Quarantined).where(
        col(Quarantined.device_id) == device.id, col(Quarantined.decision).is_(None)
    )
    if int(work.first(waiting.with_only_columns(func.count()).order_by(None))) >= MOST_WAITING:
        raise TooMany("So much of this phone waits already that the office has to look first.")
    return push.take(work, body, may_work=False)


def announce(work: Work, body: FileBody) -> UploadCard:
    """Says what photo will come, as `uploads.start`; on a visit that was this person's.

    Raises:
        NotFound: it was not, or is there no more. All that `uploads.start` raises.
    """
    if body.noun != "visits" or not _was_theirs(work, body.row_id):
        raise NotFound("There is no such visit of this phone.")
    return uploads.start(work, body.model_copy(update={"is_visible": False}))


STEPS: dict[Callable[..., Any], Callable[..., Any]] = {
    uploads.start: announce, uploads.state: uploads.state, uploads.place: uploads.place, uploads.take: uploads.take
}  # fmt: skip


def photo(work: Work, device_id: UUID, step: Callable[..., Any], *given: Any) -> Any:
    """Does a step of an upload in the name of whose phone it is, for a key that `hand_in_keys.tenant_of` has looked at.

    Raises:
        SignedOut: the phone's person can sign in, or this is no step of sending. NotFound: there is no such device. All that
        the step itself raises.
    """
    member = _let_go(work, work.get(Device, device_id))
    if step not in STEPS:
        raise SignedOut(SIGN_IN)
    work.actor = replace(work.actor, member_id=member.id, name=f"{member.name}, {NAME}")
    return STEPS[step](work, *given)


def _let_go(work: Work, device: Device) -> Member:
    member = work.get(Member, device.member_id)
    if member.active:
        raise SignedOut(SIGN_IN)
    return member


def _was_theirs(work: Work, visit_id: UUID) -> bool:
    """Whether they are on it, or it was among what their phone was shown."""
    member_id = work.actor.member_id
    on_it = work.of(VisitAssignee).where(
        col(VisitAssignee.member_id) == member_id, col(VisitAssignee.visit_id) == visit_id
    )
    shown = select(col(Change.n)).where(
        col(Change.tenant_id) == work.actor.tenant_id, col(Change.member_id) == member_id,
        col(Change.noun) == "visits", col(Change.row_id) == visit_id,
    )  # fmt: skip
    return work.first(on_it) is not None or work.session.execute(shown.limit(1)).first() is not None
