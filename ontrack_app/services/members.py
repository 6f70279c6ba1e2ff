"""Members: the people of a tenant and their roles."""

from uuid import UUID

from sqlalchemy import text
from sqlmodel import col

from models.access import PEOPLE_ROLES, PORTAL_ROLES, Permission, Role
from models.clients import Client
from models.ids import new_id
from models.members import Member
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.clients import MemberCard
from ontrack_app.schemas.common import Page
from ontrack_app.services import listing
from ontrack_app.services.listing import Query
from ontrack_app.work import Work

ADD_USER = text("SELECT auth.add_user(:email, :name)")


def add(work: Work, email: str, name: str, role: Role, *, client_id: UUID | None = None) -> MemberCard:
    """Makes a person a member; a customer's role needs the client that it belongs to.

    Raises:
        Invalid: no such role or client, or a client for a role that has none. Conflict: the person is a member already.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    if role not in PEOPLE_ROLES:
        raise _wrong("role", f"A role is one of {', '.join(PEOPLE_ROLES)}.")
    if (role in PORTAL_ROLES) != (client_id is not None):
        raise _wrong("client_id", "Clients and property managers belong to a client; other roles to none.")
    if client_id is not None:
        work.need(Client, client_id, "client_id")
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


def get(work: Work, member_id: UUID) -> MemberCard:
    """One member.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.MEMBERS_READ)
    return card(work, work.get(Member, member_id))


def list_page(work: Work, query: Query) -> Page[MemberCard]:
    """A page of members, as `listing.Query` asks."""
    work.actor.require(Permission.MEMBERS_READ)
    found = listing.page(work, Member, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def card(work: Work, member: Member) -> MemberCard:  # noqa: ARG001 - every noun's card takes the work
    """The member as the API shows it."""
    return MemberCard.model_construct(**member.model_dump(include=set(MemberCard.model_fields)))


def _wrong(field: str, words: str) -> Invalid:
    return Invalid(words, errors=[FieldError(field, words)])
