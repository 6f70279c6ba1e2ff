"""The only home of what a phone of somebody who was let go may still do: hand its work in. Nobody can sign in on it any more,
and a day's work on it is the company's.

A phone is given a key at each hello: ours, sealed, naming company and device, good for nothing else. It is looked at only
where nobody is signed in, and what comes by it goes to quarantine, whatever it is.
"""

from sqlalchemy import func
from sqlmodel import col

from models.access import Permission
from models.devices import Device
from models.members import Member
from models.sync import Quarantined
from ontrack_app.errors import SignedOut, TooMany
from ontrack_app.schemas.sync import PushBody, PushCard
from ontrack_app.services.sync import push
from ontrack_app.services.sync.hand_in_keys import SIGN_IN
from ontrack_app.work import Work

NAME = "phone without a sign-in"
ONLY = frozenset[Permission]()
MOST_WAITING = 3000  # of one phone, undecided: two weeks of a busy crew


def take(work: Work, body: PushBody) -> PushCard:
    """Keeps the mutations for the office; run as OnTrack itself, for a key that `hand_in_keys.tenant_of` has looked at.

    Raises:
        SignedOut: the phone's person can sign in. TooMany: more waits than anybody does. NotFound, Conflict: as for `push`.
    """
    device = work.get(Device, body.device_id)
    if work.get(Member, device.member_id).active:
        raise SignedOut(SIGN_IN)
    waiting = work.of(Quarantined).where(
        col(Quarantined.device_id) == device.id, col(Quarantined.decision).is_(None)
    )
    if int(work.first(waiting.with_only_columns(func.count()).order_by(None))) >= MOST_WAITING:
        raise TooMany("So much of this phone waits already that the office has to look first.")
    return push.take(work, body, may_work=False)
