"""Roles and rights on screen: the matrix with its words, and the form that asks why."""

from itertools import groupby

from sqlalchemy import func, select
from sqlmodel import col

from models.access import PEOPLE_ROLES, Permission, Role
from models.members import Member
from ontrack_app.schemas.rights import RightCell
from ontrack_app.schemas.screens.common import Option
from ontrack_app.schemas.screens.rights import (
    RightCellView,
    RightGroup,
    RightRow,
    RightsView,
    RoleColumn,
    WhyView,
)
from ontrack_app.services import factor_rules, rights, why
from ontrack_app.services.screens import words
from ontrack_app.work import Work

MOST_PEOPLE = 500
NOUNS = {"audit": "Audit trail", "keys": "API keys", "price_items": "Price book", "profile": "Own profile"}
ACTIONS = {
    "approve": "Approve", "answer": "Approve or decline", "correct": "Put right what was done", "delete": "Archive", "issue": "Issue", "manage": "Manage",
    "pay": "Pay", "perform": "Do the work", "read": "See", "record": "Record", "void": "Void", "write": "Add and change",
}  # fmt: skip
ORDER = (
    "read",
    "write",
    "approve",
    "answer",
    "issue",
    "record",
    "pay",
    "perform",
    "correct",
    "manage",
    "void",
    "delete",
)


def view(work: Work) -> RightsView:
    """The matrix as the page shows it.

    Raises:
        Forbidden: the actor may not manage members.
    """
    card = rights.matrix(work)
    needed = factor_rules.required_roles(work)
    people = _people_by_role(work)
    cells = {(cell.role, cell.permission): cell for cell in card.cells}
    roles = [
        RoleColumn(
            role=role.role,
            label=role.label,
            reaches=role.reaches,
            people=words.some(people.get(role.role, 0), "person", "people"),
            factor=Role(role.role) in needed,
            **_differs(role.label, [cell for cell in card.cells if cell.role == role.role]),
        )
        for role in card.roles
    ]
    groups = [
        RightGroup(
            title=noun_words(noun),
            rows=[
                RightRow(
                    action=action_words(right),
                    cells=[_cell(work, cells[role.value, right.value]) for role in PEOPLE_ROLES],
                )
                for right in sorted(found, key=_place)
            ],
        )
        for noun, found in groupby(Permission, key=lambda right: right.value.partition(":")[0])
    ]
    return RightsView(roles=roles, groups=groups)


def change(work: Work, role: str, permission: str, granted: bool) -> str:
    """Gives or takes one right; what to say of it.

    Raises:
        Forbidden, Conflict, Invalid: as their words say.
    """
    cell = rights.change_named(work, role, permission, granted)
    one, right = Role(cell.role), Permission(cell.permission)
    return f"{one.label}: {'may' if cell.granted else 'may no longer'} {why.act(right)}. It holds from now on, also for who is signed in."


def restore(work: Work, role: str) -> str:
    """Puts a role's rights back as usual; what to say of it.

    Raises:
        Forbidden, Invalid: as their words say.
    """
    one = rights.role_named(role)
    return f"{one.label}: {words.some(rights.restore(work, one), 'right')} put back as usual."


def require_factor(work: Work, role: str, needed: bool) -> str:
    """Says whether people of a role need a second step; what to say of it.

    Raises:
        Forbidden, Conflict, Invalid: as their words say.
    """
    one = rights.role_named(role)
    held = factor_rules.require_factor(work, one, needed)
    if not needed:
        return f"{one.label}: a second step is no longer needed."
    then = f" {words.some(held, 'open session')} will be asked to set it up." if held else ""
    return f"{one.label}: a second step is needed from now on.{then}"


def why_form(work: Work) -> WhyView:
    """The empty form that asks why.

    Raises:
        Forbidden: the actor may not manage members.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    query = (
        work.of(Member).where(col(Member.archived_at).is_(None)).order_by(col(Member.name), col(Member.id))
    )
    people: list[Member] = work.all(query.limit(MOST_PEOPLE))
    return WhyView(
        people=[
            Option(value=str(one.id), label=f"{one.name} ({Role(one.role).label.lower()})") for one in people
        ],
        actions=[
            Option(value=right.value, label=f"{noun_words(right.value.partition(':')[0])}: {action_words(right).lower()}")
            for right in sorted(Permission, key=lambda right: (right.value.partition(":")[0], _place(right)))
        ],
    )  # fmt: skip


def ask_why(work: Work, form: WhyView) -> WhyView:
    """The form with its answer.

    Raises:
        Invalid: at `member_id`, `permission` or `address`. NotFound: there is no such member.
    """
    said = why.answer(work, form.model_dump(include={"member_id", "permission", "address"}))
    more = {"answer": said.answer, "reasons": said.reasons, "tint": "good" if said.can else "waiting"}
    return form.model_copy(update=more)


def noun_words(noun: str) -> str:
    """A noun as the head of its group."""
    return NOUNS.get(noun, noun.replace("_", " ").capitalize())


def action_words(right: Permission) -> str:
    """An action as the head of its row."""
    return ACTIONS[right.value.partition(":")[2]]


def _place(right: Permission) -> int:
    return ORDER.index(right.value.partition(":")[2])


def _cell(work: Work, cell: RightCell) -> RightCellView:
    role, right = Role(cell.role), Permission(cell.permission)
    changed = cell.granted != cell.usual
    hint = cell.locked
    if changed and cell.changed_at is not None:
        how = "Given" if cell.granted else "Taken"
        hint = f"{how} by {cell.changed_by}, {words.moment(work, cell.changed_at)}"
    return RightCellView(
        role=cell.role,
        permission=cell.permission,
        granted=cell.granted,
        locked=bool(cell.locked),
        changed=changed,
        label=f"{role.label}: {why.act(right)}",
        hint=hint,
    )


def _differs(label: str, cells: list[RightCell]) -> dict[str, str]:
    changed = [cell for cell in cells if cell.granted != cell.usual]
    if not changed:
        return {"differs": "", "restore_text": ""}
    taken = [why.act(Permission(cell.permission)) for cell in changed if cell.usual]
    given = [why.act(Permission(cell.permission)) for cell in changed if not cell.usual]
    parts = [
        f"may {', '.join(taken)} again" if taken else "",
        f"may no longer {', '.join(given)}" if given else "",
    ]
    return {
        "differs": f"{len(changed)} changed",
        "restore_text": f"{label} {' and '.join(part for part in parts if part)}.",
    }


def _people_by_role(work: Work) -> dict[str, int]:
    query = select(col(Member.role), func.count()).where(
        col(Member.tenant_id) == work.actor.tenant_id, col(Member.active), col(Member.archived_at).is_(None)
    )
    return {role: int(number) for role, number in work.session.execute(query.group_by(col(Member.role)))}
