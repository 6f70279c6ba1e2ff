"""Members: the people of a tenant, their roles, and who is let in no longer."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlmodel import col

from models.access import PEOPLE_ROLES, PORTAL_ROLES, Permission, Role
from models.clients import Client
from models.ids import new_id
from models.members import Member
from models.visits import OVER, Visit, VisitAssignee
from ontrack_app.errors import Conflict, FieldError, Forbidden, Invalid
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.members import MemberCard, MemberPatch
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

ADD_USER = text("SELECT auth.add_user(:email, :name)")
MOST_SIGNS = 200
END_SESSIONS = text("SELECT auth.end_member_sessions(CAST(:person AS uuid))")
END_KEYS = text("SELECT auth.end_member_keys(CAST(:person AS uuid))")
LAST_ADMIN = "{} is the last admin. Make somebody else an admin first, or nobody could change settings here."


def add(work: Work, email: str, name: str, role: Role, *, client_id: UUID | None = None) -> MemberCard:
    """Makes a person a member; a customer's role needs the client that it belongs to.

    Raises:
        Invalid: no such role or client, or a client for a role that has none. Conflict: the person is a member already.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    check_place(work, role, client_id)
    user_id = work.session.execute(ADD_USER, {"email": email, "name": name}).scalar_one()
    if work.first(work.of(Member).where(col(Member.user_id) == user_id)) is not None:
        raise Conflict(f"{email} is a member already.")
    member = Member(
        tenant_id=work.actor.tenant_id,
        id=new_id(),
        user_id=user_id,
        email=email.lower(),
        name=name or email.split("@", maxsplit=1)[0],
        role=role.value,
        client_id=client_id,
    )
    work.add(member)
    work.record("members.added", member, after={"email": member.email, "role": member.role})
    return card(work, member)


def check_place(work: Work, role: Role, client_id: UUID | None) -> None:
    """Stops a role that people cannot have, or one that does not fit the client.

    Raises:
        Invalid: with the field that is wrong.
    """
    if role not in PEOPLE_ROLES:
        raise _wrong("role", f"A role is one of {', '.join(PEOPLE_ROLES)}.")
    if (role in PORTAL_ROLES) != (client_id is not None):
        raise _wrong("client_id", "Clients and property managers belong to a client; other roles to none.")
    if client_id is not None:
        work.need(Client, client_id, "client_id")


def get(work: Work, member_id: UUID) -> MemberCard:
    """One member, with the number of visits that the person is still to go on.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.MEMBERS_READ)
    return _counted(work, work.get(Member, member_id))


def list_page(work: Work, query: Query) -> Page[MemberCard]:
    """A page of members, as `listing.Query` asks."""
    work.actor.require(Permission.MEMBERS_READ)
    found = listing.page(work, Member, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def patch(work: Work, member_id: UUID, body: MemberPatch, *, version: int | None = None) -> MemberCard:
    """Changes a member's name, role (with the client of a customer's), or whether they are let in.

    Another role and being let in no longer end the person's sessions in this company; the latter its API keys here too.
    What has to do with admins and roles asks for a fresh proof, and never leaves the company without an admin.

    Raises:
        NotFound, Stale, Invalid: as their words say. Forbidden: one's own role, or a proof that is too old.
        Conflict: it is the last admin.
    """
    work.actor.require(Permission.MEMBERS_READ)
    given = rows.given(body)
    admins = _lock_admins(work) if given.keys() & {"role", "client_id", "active"} else []
    member = work.lock(Member, member_id, version=version)
    work.actor.require(Permission.MEMBERS_MANAGE)
    if given.get("name"):
        rows.change(work, member, {"name": given["name"]}, word="members.changed")
    if given.get("role") or "client_id" in given:
        _change_role(
            work,
            member,
            Role(given.get("role") or member.role),
            given.get("client_id", member.client_id),
            admins,
        )
    if given.get("active") is not None:
        _let_in(work, member, given["active"], admins)
    return _counted(work, member)


def rename(work: Work, member_id: UUID, name: str) -> None:
    """Gives a member another name.

    Raises:
        NotFound, Forbidden: as their words say. Invalid: nothing is left of the name, or it is too long.
    """
    short = " ".join(name.split())
    if not short or len(short) > MOST_SIGNS or not short.isprintable():
        raise _wrong("name", f"A name has 1 to {MOST_SIGNS} characters.")
    patch(work, member_id, MemberPatch(name=short))


def end_sessions(work: Work, member_id: UUID) -> int:
    """Signs a member out of this company everywhere; how many sessions that ended.

    Raises:
        NotFound: there is none here. Forbidden: the actor may not manage members.
    """
    work.actor.require(Permission.MEMBERS_READ)
    member = work.get(Member, member_id)
    work.actor.require(Permission.MEMBERS_MANAGE)
    ended = _end_sessions(work, member)
    work.record("members.signed_out", member, after={"sessions": ended})
    return ended


def visits_ahead(work: Work, member_id: UUID, *, most: int = 0) -> list[Visit]:
    """The visits not over yet that a member is to go on, the next one first; `most` 0 means all of them."""
    query = (
        work.of(Visit)
        .join(VisitAssignee, _goes_on())
        .where(col(VisitAssignee.member_id) == member_id, *_not_over())
        .order_by(col(Visit.planned_start).asc().nulls_last(), col(Visit.id))
    )
    return work.all(query.limit(most) if most else query)


def card(work: Work, member: Member) -> MemberCard:  # noqa: ARG001 - every noun's card takes the work
    """The member as the API shows it."""
    return MemberCard.model_construct(
        **member.model_dump(include=set(MemberCard.model_fields)), visits_ahead=None
    )


def _counted(work: Work, member: Member) -> MemberCard:
    query = (
        select(func.count())
        .select_from(Visit)
        .join(VisitAssignee, _goes_on())
        .where(
            col(Visit.tenant_id) == work.actor.tenant_id,
            col(VisitAssignee.member_id) == member.id,
            *_not_over(),
        )
    )
    ahead = int(work.session.execute(query).scalar_one())
    return card(work, member).model_copy(update={"visits_ahead": ahead})


def _goes_on() -> ColumnElement[bool]:
    return (col(VisitAssignee.tenant_id) == col(Visit.tenant_id)) & (
        col(VisitAssignee.visit_id) == col(Visit.id)
    )


def _not_over() -> tuple[ColumnElement[bool], ...]:
    return (col(Visit.stage).not_in(OVER), col(Visit.archived_at).is_(None))


def _lock_admins(work: Work) -> list[Member]:
    """The active admins, locked in one order, so that of two changes at once the second sees what the first has done.

    Raises:
        Forbidden: the actor is an admin no longer: another one was quicker.
    """
    query = (
        work.of(Member)
        .where(col(Member.role) == Role.ADMIN.value, col(Member.active), col(Member.archived_at).is_(None))
        .order_by(col(Member.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found: list[Member] = work.all(query)
    mine = work.actor.member_id
    if work.actor.role is Role.ADMIN and mine is not None and mine not in {admin.id for admin in found}:
        raise Forbidden("Your own role was changed a moment ago, so nothing was done.")
    return found


def _change_role(
    work: Work, member: Member, role: Role, client_id: UUID | None, admins: list[Member]
) -> None:
    if role not in PORTAL_ROLES and Role(member.role) in PORTAL_ROLES and client_id == member.client_id:
        client_id = None
    check_place(work, role, client_id)
    if (role.value, client_id) == (member.role, member.client_id):
        return
    if member.id == work.actor.member_id:
        raise Forbidden("You cannot change your own role. Another admin can.")
    work.actor.require_fresh(work.at)
    if role is not Role.ADMIN:
        _keep_one(member, admins)
    given = {"role": role.value, "client_id": client_id}
    rows.change(work, member, given, word="members.role_changed", nullable=["client_id"])
    _end_sessions(work, member)


def _let_in(work: Work, member: Member, active: bool, admins: list[Member]) -> None:
    if active == member.active:
        return
    if member.id == work.actor.member_id:
        raise Forbidden("You cannot deactivate yourself. Another admin can.")
    if member.role == Role.ADMIN.value:
        work.actor.require_fresh(work.at)
    if active:
        rows.change(work, member, {"active": True}, word="members.reactivated")
        return
    _keep_one(member, admins)
    rows.change(work, member, {"active": False}, word="members.deactivated")
    _end_sessions(work, member)
    work.session.execute(END_KEYS, {"person": member.user_id})


def _keep_one(member: Member, admins: list[Member]) -> None:
    """Stops a change that would leave no admin.

    Raises:
        Conflict: the member is the last one.
    """
    if [admin.id for admin in admins] == [member.id]:
        raise Conflict(LAST_ADMIN.format(member.name))


def _end_sessions(work: Work, member: Member) -> int:
    return int(work.session.execute(END_SESSIONS, {"person": member.user_id}).scalar_one())


def _wrong(field: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldError(field, words)])
