"""The only home of who must have a second factor in a company, and of taking it off somebody who lost phone and codes."""

from typing import cast
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from models.access import PEOPLE_ROLES, Permission, Role
from models.base import TenantRow
from models.members import Member
from models.tenants import Tenant
from ontrack_app.errors import Conflict, FieldError, Forbidden, Invalid
from ontrack_app.work import Work

HOLD = text("SELECT auth.hold_role(:role)")
PEOPLE = text("SELECT auth.factor_people()")
RESET = text("SELECT auth.reset_factor(CAST(:person AS uuid))")
OWN_FIRST = (
    "Turn on two-step sign-in for yourself first, in your account. Otherwise you would lock yourself out."
)


def required_roles(work: Work) -> frozenset[Role]:
    """The roles whose people must have a second factor here.

    Raises:
        Forbidden: the actor may not see members.
    """
    work.actor.require(Permission.MEMBERS_READ)
    return frozenset(Role(role) for role in work.find_tenant(Tenant).factor_roles)


def people_with_factor(work: Work) -> frozenset[UUID]:
    """The people of this company who have a second factor, by the ids of their users (`Member.user_id`).

    Raises:
        Forbidden: the actor may not see members.
    """
    work.actor.require(Permission.MEMBERS_READ)
    return frozenset(work.session.execute(PEOPLE).scalars())


def require_factor(work: Work, role: Role, on: bool) -> int:
    """Says whether people of a role must have a second factor. Nobody is signed out: open sessions of those who have none
    lead to setting one up before anything else, as do their later sign-ins; how many sessions that concerns.

    Raises:
        Forbidden: the actor may not change settings. NotFresh: their proof is too old. Invalid: nobody can have this role.
        Conflict: it is the actor's own role, and they have no factor themselves.
    """
    work.actor.require(Permission.SETTINGS_MANAGE)
    work.actor.require_fresh(work.at)
    if role not in PEOPLE_ROLES:
        words = f"A role is one of {', '.join(PEOPLE_ROLES)}."
        raise Invalid(words, errors=[FieldError("role", words)])
    if on and role is work.actor.role and work.actor.user_id not in people_with_factor(work):
        raise Conflict(OWN_FIRST)
    tenant = _locked(work)
    if (role.value in tenant.factor_roles) == on:
        return 0
    others = [each for each in tenant.factor_roles if each != role.value]
    tenant.factor_roles = sorted([*others, role.value] if on else others)
    tenant.version += 1
    tenant.updated_at = work.at
    held: int = work.session.execute(HOLD, {"role": role.value}).scalar_one() if on else 0
    row = cast(TenantRow, tenant)  # the company's own row: it has all that the trail reads of a row
    change = {"role": role.value, "factor_required": on}
    work.record("settings.factor_required", row, before={**change, "factor_required": not on}, after=change)
    return held


def reset(work: Work, member: Member) -> list[str]:
    """Takes the factor of a member off in all their companies (it is the person's, not the company's), and ends all their
    sessions; the names of those companies. For OnTrack itself alone: an admin of one company has no say in another.

    Raises:
        Forbidden: anybody else asked. Conflict: the person has no factor.
    """
    if work.actor.role is not Role.SYSTEM:
        raise Forbidden("Only whoever runs the server may take a second factor off.")
    companies = [str(name) for name in work.session.execute(RESET, {"person": member.user_id}).scalars()]
    if not companies:
        raise Conflict(f"{member.email} has no second factor.")
    work.record(
        "members.factor_reset", member, before={"second_factor": True}, after={"second_factor": False}
    )
    return companies


def _locked(work: Work) -> Tenant:
    query = select(Tenant).where(col(Tenant.id) == work.actor.tenant_id).with_for_update()
    found: Tenant = work.session.execute(query.execution_options(populate_existing=True)).scalar_one()
    return found
