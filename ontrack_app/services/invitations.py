"""Invitations: asking a person by mail to become a member, and what happens when the person says yes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col

from models.access import Permission, Role
from models.ids import new_id
from models.invitations import DAYS, INVITATION_MACHINE, Invitation
from models.members import Member
from ontrack_app.errors import Conflict, FieldError, Gone, NotFound, TooMany
from ontrack_app.schemas.common import MoveBody, Page
from ontrack_app.schemas.members import InvitationBody, InvitationCard
from ontrack_app.services import listing, mails, members
from ontrack_app.services.listing import Query
from ontrack_app.services.sign_in import Caller, Doorway, Opened
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import settings
from ontrack_app.work import Work

ADD = text("SELECT auth.add_invitation(:hash, CAST(:id AS uuid), :ends)")
DROP = text("SELECT auth.drop_invitation(CAST(:id AS uuid))")
USE = text("SELECT auth.use_invitation(:hash)")
OPEN = text("SELECT auth.open_invited(:hash, :session, :ip, :agent)")
END = text("SELECT auth.end_session(:hash)")
COUNT = text("SELECT auth.hit(:bucket, :seconds, :most)")
A_DAY = 24 * 3600
MOST_A_DAY = 200
GONE = "This invitation has been used, was withdrawn or replaced by a newer one, or its seven days are over."


@dataclass(frozen=True, slots=True)
class InvitationWords:
    """What the page with the button says: where to, as what, and who asks."""

    tenant_id: UUID
    company: str
    email: str
    role: Role
    inviter: str


def create(work: Work, body: InvitationBody) -> InvitationCard:
    """Invites a person by mail. Inviting an admin asks for a fresh proof.

    Raises:
        Invalid: no such client, or a client that does not fit the role. Conflict: a member or invited already.
        Forbidden: the proof is too old. TooMany: more mails than a company may send in a day.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    role = Role(body.role)
    members.check_place(work, role, body.client_id)
    if role is Role.ADMIN:
        work.actor.require_fresh(work.at)
    _check_free(work, body.email)
    invitation = Invitation(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        email=body.email,
        name=body.name,
        role=role.value,
        client_id=body.client_id,
        inviter=work.actor.name,
        expires_at=work.at + timedelta(days=DAYS),
    )
    work.add(invitation)
    work.record("invitations.created", invitation, after={"email": invitation.email, "role": invitation.role})
    _mail(work, invitation)
    return card(work, invitation)


def get(work: Work, invitation_id: UUID) -> InvitationCard:
    """One invitation.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.MEMBERS_READ)
    return card(work, work.get(Invitation, invitation_id))


def list_page(work: Work, query: Query) -> Page[InvitationCard]:
    """A page of invitations, as `listing.Query` asks."""
    work.actor.require(Permission.MEMBERS_READ)
    found = listing.page(work, Invitation, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def move(
    work: Work, invitation_id: UUID, name: str, body: MoveBody, *, version: int | None = None
) -> InvitationCard:
    """Sends a pending invitation again, with a new link and seven new days (the older link no longer works), or withdraws it.

    Raises:
        NotFound, Conflict, Forbidden, Stale, TooMany: as their words say.
    """
    work.actor.require(Permission.MEMBERS_READ)
    invitation = work.lock(Invitation, invitation_id, version=version)
    if name == "accept":
        raise NotFound(f"There is no move “{name}” here.")
    if name == "resend" and invitation.role == Role.ADMIN.value:
        work.actor.require_fresh(work.at)
    work.advance(invitation, INVITATION_MACHINE, name, reason=body.reason)
    if name == "resend":
        invitation.expires_at = work.at + timedelta(days=DAYS)
        _mail(work, invitation)
    else:
        work.session.execute(DROP, {"id": invitation.id})
    return card(work, invitation)


def look(doorway: Doorway, secret: str) -> InvitationWords:
    """What an invitation's link asks, without using it up.

    Raises:
        Gone: it does not work (any more).
    """
    row: Any = doorway.row("SELECT * FROM auth.peek_invitation(:hash)", hash=hash_secret(secret))
    if row is None:
        raise Gone(GONE)
    return InvitationWords(row.tenant_id, row.tenant_name, row.email, Role(row.role), row.inviter)


def accept(work: Work, secret: str, caller: Caller) -> Opened:
    """Makes the person a member and opens a session in place of the one that the browser carries, all or nothing.

    Raises:
        Gone: the link does not work (any more); of two at once, one gets in. Conflict: the person is a member already.
    """
    hashed = hash_secret(secret)
    invitation_id = work.session.execute(USE, {"hash": hashed}).scalar_one()
    if invitation_id is None:
        raise Gone(GONE)
    invitation = work.lock(Invitation, invitation_id)
    if invitation.stage != INVITATION_MACHINE.start:
        raise Gone(GONE)
    role = Role(invitation.role)
    added = members.add(work, invitation.email, invitation.name, role, client_id=invitation.client_id)
    work.session.flush()
    work.advance(invitation, INVITATION_MACHINE, "accept")
    invitation.member_id = added.id
    opened = new_secret()
    given = {
        "hash": hashed,
        "session": hash_secret(opened),
        "ip": caller.ip,
        "agent": caller.user_agent,
    }
    if work.session.execute(OPEN, given).scalar_one() is None:
        raise Gone(GONE)
    if caller.session_hash:
        work.session.execute(END, {"hash": caller.session_hash})
    return Opened(opened, role)


def card(work: Work, invitation: Invitation) -> InvitationCard:
    """The invitation as the API shows it."""
    return InvitationCard.model_construct(
        **invitation.model_dump(include=set(InvitationCard.model_fields)), expired=is_over(work, invitation)
    )


def is_over(work: Work, invitation: Invitation) -> bool:
    """Whether a pending invitation has run out."""
    return invitation.stage == INVITATION_MACHINE.start and invitation.expires_at <= work.at


def _check_free(work: Work, email: str) -> None:
    member: Member | None = work.first(work.of(Member).where(col(Member.email) == email))
    if member is not None:
        words = (
            f"{member.name} is a member already."
            if member.active
            else f"{member.name} was deactivated here. Reactivate them instead."
        )
        raise Conflict(words, errors=[FieldError("email", words)])
    pending = work.of(Invitation).where(col(Invitation.email) == email, col(Invitation.stage) == "pending")
    if work.first(pending) is not None:
        words = f"{email} is invited already. Send that invitation again, or withdraw it first."
        raise Conflict(words, errors=[FieldError("email", words)])


def _mail(work: Work, invitation: Invitation) -> None:
    bucket = f"invitations:{work.actor.tenant_id}"
    given = {"bucket": bucket, "seconds": A_DAY, "most": MOST_A_DAY}
    if not work.session.execute(COUNT, given).scalar_one():
        raise TooMany("Your company has sent as many invitations today as it can. Go on tomorrow.")
    secret = new_secret()
    work.session.flush()
    work.session.execute(
        ADD, {"hash": hash_secret(secret), "id": invitation.id, "ends": invitation.expires_at}
    )
    mails.invitation(work, invitation, f"{settings().base_url}/auth/invitation/{secret}")
