"""Roles and rights of a tenant: the matrix, and the one place where a cell of it is changed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from models.access import GRANTABLE, GRANTS, LOCKED, PEOPLE_ROLES, PORTAL_ROLES, Permission, Role, rights_of
from models.audit_entries import AuditEntry
from models.ids import new_id
from models.role_rights import RoleRight
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.rights import RightCell, RightsCard, RoleScope
from ontrack_app.work import Work

WORD = "rights.changed"
REACHES = {
    Role.ADMIN: "All of the company",
    Role.OFFICE: "All of the company",
    Role.CREW: "What their own visits need",
    Role.PROPERTY_MANAGER: "What is their own client's",
    Role.CLIENT: "What is their own client's",
}
KEPT = {
    Role.ADMIN: "Always with admins, so that nobody can lock everybody out.",
}
KEPT_BY_ALL = "Everybody who may come in may see who they are."
NEVER = {
    Role.ADMIN: "Only customers pay their own invoices.",
    Role.OFFICE: "Only admins may do this; customers pay for themselves.",
    Role.CREW: "Crews do their own visits; prices and the office's work are never theirs.",
}
NEVER_CUSTOMERS = "For the company's own people only."


def matrix(work: Work) -> RightsCard:
    """Every role × right as it is here, with who changed what is not as usual.

    Raises:
        Forbidden: the actor may not manage members.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    here = differences(work)
    changes = last_changes(work, here.values())
    cells = [
        _cell(role, right, here.get((role.value, right.value)), changes)
        for role in PEOPLE_ROLES
        for right in Permission
    ]
    roles = [RoleScope(role=role.value, label=role.label, reaches=REACHES[role]) for role in PEOPLE_ROLES]
    return RightsCard(roles=roles, cells=cells)


def change(work: Work, role: Role, permission: Permission, granted: bool) -> RightCell:
    """Takes a right from a role, gives one that may be given, or puts it back as usual; one entry in the trail.

    Everybody's next request or event goes by it. Asks for a fresh proof.

    Raises:
        Forbidden: the actor may not manage members, or the proof is too old. Conflict: this cell does not change.
        Invalid: there is no such role for people.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    work.actor.require_fresh(work.at)
    role_named(role.value)
    if words := locked(role, permission):
        raise Conflict(words)
    query = work.of(RoleRight).where(
        col(RoleRight.role) == role.value, col(RoleRight.permission) == permission.value
    )
    row: RoleRight | None = work.first(query.with_for_update())
    if (row.granted if row else permission in GRANTS[role]) != granted:
        row = _turn(work, row, role, permission)
        mine = {"changed_by": work.actor.name, "changed_at": work.at} if row else {}
        return _cell(role, permission, row, {}).model_copy(update=mine)
    return _cell(role, permission, row, last_changes(work, [row] if row else []))


def change_named(work: Work, role: str, permission: str, granted: bool) -> RightCell:
    """The same by the names of role and right.

    Raises:
        Forbidden, Conflict: as `change`. Invalid: there is no such role or right.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    return change(work, role_named(role), right_named(permission), granted)


def role_named(name: str) -> Role:
    """The role of people by its name.

    Raises:
        Invalid: there is none.
    """
    if name not in {role.value for role in PEOPLE_ROLES}:
        words = f"A role is one of {', '.join(PEOPLE_ROLES)}."
        raise Invalid(words, errors=[FieldError("role", words)])
    return Role(name)


def right_named(name: str) -> Permission:
    """The right by its word.

    Raises:
        Invalid: there is none.
    """
    try:
        return Permission(name)
    except ValueError:
        words = "There is no such right."
        raise Invalid(words, errors=[FieldError("permission", words)]) from None


def restore(work: Work, role: Role) -> int:
    """Puts all rights of a role back as usual, an entry in the trail for each; how many were different.

    Raises:
        Forbidden: the actor may not manage members, or the proof is too old.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    work.actor.require_fresh(work.at)
    query = work.of(RoleRight).where(col(RoleRight.role) == role.value).order_by(col(RoleRight.permission))
    found: list[RoleRight] = work.all(query.with_for_update())
    for row in found:
        _turn(work, row, role, Permission(row.permission))
    return len(found)


def locked(role: Role, permission: Permission) -> str:
    """Why this cell never changes; empty where it may."""
    if permission in LOCKED.get(role, frozenset()):
        return KEPT_BY_ALL if permission is Permission.PROFILE_READ else KEPT[role]
    if permission in GRANTS[role] or permission in GRANTABLE.get(role, frozenset()):
        return ""
    return NEVER_CUSTOMERS if role in PORTAL_ROLES else NEVER[role]


def differences(work: Work) -> dict[tuple[str, str], RoleRight]:
    """The cells in which this tenant differs from the usual, by role and right."""
    rows: list[RoleRight] = work.all(work.of(RoleRight).where(col(RoleRight.archived_at).is_(None)))
    return {(row.role, row.permission): row for row in rows}


def rights_here(role: Role, here: dict[tuple[str, str], RoleRight]) -> frozenset[Permission]:
    """What the role may do in a tenant with these differences; sessions and keys are given the same."""
    mine = [row for row in here.values() if row.role == role.value]
    taken = frozenset(row.permission for row in mine if not row.granted)
    return rights_of(role, taken, frozenset(row.permission for row in mine if row.granted))


def last_changes(work: Work, rows: Iterable[RoleRight]) -> dict[UUID, AuditEntry]:
    """The newest trail entry of each of these cells."""
    ids = [row.id for row in rows]
    if not ids:
        return {}
    query = select(AuditEntry).where(
        col(AuditEntry.tenant_id) == work.actor.tenant_id, col(AuditEntry.row_id).in_(ids)
    )
    entries: list[Any] = work.all(query.order_by(col(AuditEntry.n)))
    return {entry.row_id: entry for entry in entries}


def _turn(work: Work, row: RoleRight | None, role: Role, permission: Permission) -> RoleRight | None:
    """The cell the other way round: a row where it then differs from the usual, none where it no longer does."""
    usual = permission in GRANTS[role]
    cell = {"role": role.value, "permission": permission.value}
    if row is None:
        made = RoleRight(
            tenant_id=work.actor.tenant_id,
            id=new_id(),
            role=role.value,
            permission=permission.value,
            granted=not usual,
        )
        work.add(made)
        work.record(WORD, made, before=cell | {"granted": usual}, after=cell | {"granted": not usual})
        return made
    work.record(WORD, row, before=cell | {"granted": row.granted}, after=cell | {"granted": usual})
    work.session.delete(row)
    return None


def _cell(role: Role, right: Permission, row: RoleRight | None, changes: dict[UUID, AuditEntry]) -> RightCell:
    here = {} if row is None else {(row.role, row.permission): row}
    entry = changes.get(row.id) if row else None
    return RightCell(
        role=role.value,
        permission=right.value,
        granted=right in rights_here(role, here),
        usual=right in GRANTS[role],
        locked=locked(role, right),
        changed_by=entry.actor_name if entry else "",
        changed_at=entry.at if entry else None,
    )
