"""Members on screens: the list with its filters, who is invited, a member's page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col

from models.access import PEOPLE_ROLES, Permission, Role
from models.clients import Client
from models.invitations import Invitation
from models.members import MEMBER_FIELDS, Member
from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.schemas.screens.common import Badge, Fact, Filter, ListPage, ListQuery
from ontrack_app.schemas.screens.members import InvitedRow, MemberRecord, MemberRow, VisitAhead
from ontrack_app.services import factor_rules, invitations, members
from ontrack_app.services.screens import lists, related, timeline, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

MOST_INVITED, MOST_AHEAD = 50, 8
SESSIONS = text("SELECT open, seen_at FROM auth.member_sessions(CAST(:person AS uuid))")
KEYS = text("SELECT count(*) FROM auth.member_keys(CAST(:person AS uuid))")
ACTIVE, OUT = Badge(word="Active", tint="good"), Badge(word="Deactivated", tint="idle")


def listing(work: Work, asked: ListQuery) -> tuple[list[MemberRow], ListPage]:
    """The members that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have.
    """
    work.actor.require(Permission.MEMBERS_READ)
    found, foot = lists.page(work, Member, [View("all", "Everybody", ())], asked, sort="name")
    foot.filters = _filters(asked)
    names = related.by_id(work, Client, [member.client_id for member in found])
    with_factor = factor_rules.people_with_factor(work)
    return [_row(work, member, names, with_factor) for member in found], foot


def invited(work: Work) -> list[InvitedRow]:
    """Who is asked and has not joined yet, the newest first; empty for those who may not manage members."""
    if not work.actor.granted(Permission.MEMBERS_MANAGE):
        return []
    pending = work.of(Invitation).where(
        col(Invitation.stage) == "pending", col(Invitation.archived_at).is_(None)
    )
    found: list[Invitation] = work.all(
        pending.order_by(col(Invitation.created_at).desc()).limit(MOST_INVITED)
    )
    names = related.by_id(work, Client, [row.client_id for row in found])
    return [_invited_row(work, row, names) for row in found]


def record(work: Work, member_id: UUID) -> MemberRecord:
    """A member's page.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.MEMBERS_READ)
    member = work.get(Member, member_id)
    role, manages = Role(member.role), work.actor.granted(Permission.MEMBERS_MANAGE)
    ahead = members.visits_ahead(work, member.id, most=MOST_AHEAD + 1)
    return MemberRecord(
        id=str(member.id),
        version=member.version,
        number=member.name,
        title=member.name,
        name=member.name,
        quiet=f"{member.email} · {role.label} · joined {words.day(words.local(work, member.created_at).date())}",
        stage=ACTIVE if member.active else OUT,
        role=role.value,
        role_label=role.label,
        may_manage=manages,
        is_self=member.id == work.actor.member_id,
        moves=_moves(work, member) if manages else [],
        facts=_facts(work, member, manages=manages),
        ahead=[
            VisitAhead(
                href=f"/visits/{visit.id}",
                title=visit.title or "Visit",
                window=words.window(work, visit.planned_start, visit.planned_end),
            )
            for visit in ahead[:MOST_AHEAD]
        ],
        ahead_note=_ahead_note(len(ahead)),
        timeline=timeline.of(work, [member.id], fields=MEMBER_FIELDS) if manages else [],
    )


def move(work: Work, member_id: UUID, name: str) -> str:
    """Deactivates, reactivates or signs a member out everywhere here; says what that did.

    Raises:
        NotFound, Conflict, Forbidden: as their words say.
    """
    if name == "sign_out":
        ended = members.end_sessions(work, member_id)
        return f"Signed out: {words.some(ended, 'session')} ended."
    card = members.patch(work, member_id, MemberPatch(active=name == "reactivate"))
    if card.active:
        return f"{card.name} is let in again. API keys that were ended stay so."
    said = f"{card.name} is deactivated and signed out."
    if not card.visits_ahead:
        return said
    one = card.visits_ahead == 1
    return f"{said} {words.some(card.visits_ahead, 'visit')} ahead still {'names' if one else 'name'} them: give {'it' if one else 'them'} to somebody else."


def _filters(asked: ListQuery) -> list[Filter]:
    roles = [(role.value, role.label) for role in PEOPLE_ROLES]
    return [
        lists.filter_of(asked, "role", "Role", roles),
        lists.filter_of(asked, "active", "Let in", [("true", "Active"), ("false", "Deactivated")]),
        *lists.other_filters(asked, MEMBER_FIELDS, ("role", "active")),
    ]


def _row(work: Work, member: Member, names: dict[UUID, Client], with_factor: frozenset[UUID]) -> MemberRow:
    client = names.get(member.client_id) if member.client_id else None
    return MemberRow(
        id=str(member.id),
        name=member.name,
        email=member.email,
        role=Role(member.role).label,
        client=client.name if client else "",
        factor="On" if member.user_id in with_factor else "",
        since=words.ago(work, member.created_at),
        since_full=words.moment(work, member.created_at),
        stage=ACTIVE if member.active else OUT,
    )


def _invited_row(work: Work, row: Invitation, names: dict[UUID, Client]) -> InvitedRow:
    client = names.get(row.client_id) if row.client_id else None
    over = invitations.is_over(work, row)
    role = Role(row.role).label
    until = f"{'Ran out' if over else 'Until'} {words.day(words.local(work, row.expires_at).date())}"
    return InvitedRow(
        id=str(row.id),
        email=row.email,
        name=row.name,
        role=role,
        client=client.name if client else "",
        line=f"{role} · invited by {row.inviter} · {until[0].lower()}{until[1:]}",
        until=until,
        stage=Badge(word="Run out", tint="idle") if over else Badge(word="Invited", tint="waiting"),
    )


def _moves(work: Work, member: Member) -> list[MoveCard]:
    """What an admin may do with the person; nothing with oneself."""
    if member.id == work.actor.member_id:
        return []
    if not member.active:
        return [MoveCard(name="reactivate", label="Reactivate", primary=True)]
    leaves = f"{member.name} is signed out at once and cannot come back in until you reactivate them. Their API keys end. Visits ahead keep their name."
    again = (
        f"{member.name} is signed out of {work.actor.tenant.name} in every browser, and can sign in again."
    )
    return [
        MoveCard(name="sign_out", label="Sign out everywhere", confirm_title=f"Sign {member.name} out", confirm_text=again),
        MoveCard(
            name="deactivate", label="Deactivate", danger=True, confirm_title=f"Deactivate {member.name}", confirm_text=leaves
        ),
    ]  # fmt: skip


def _facts(work: Work, member: Member, *, manages: bool) -> list[Fact]:
    facts = [Fact(label="E-mail", value=member.email), Fact(label="Role", value=Role(member.role).label)]
    if member.client_id is not None:
        client = work.find(Client, member.client_id)
        facts.append(
            Fact(label="Client", value=client.name if client else "", href=f"/clients/{member.client_id}")
        )
    if not manages:
        return facts
    given = {"person": member.user_id}
    sessions, keys = (
        work.session.execute(SESSIONS, given).one(),
        work.session.execute(KEYS, given).scalar_one(),
    )
    has = member.user_id in factor_rules.people_with_factor(work)
    needs = Role(member.role) in factor_rules.required_roles(work)
    return [
        *facts,
        Fact(label="Second step", value="On" if has else "Off, but needed" if needs else "Off"),
        Fact(label="Signed in", value=_signed_in(work, int(sessions.open), sessions.seen_at)),
        Fact(label="API keys", value=words.some(int(keys), "key") if keys else "None"),
    ]


def _signed_in(work: Work, sessions: int, seen_at: datetime | None) -> str:
    if seen_at is None:
        return "Never"
    seen = f"last seen {words.when(work, seen_at)}"
    return f"{words.some(sessions, 'session')}, {seen}" if sessions else f"Not now, {seen}"


def _ahead_note(count: int) -> str:
    return f"the next {MOST_AHEAD}" if count > MOST_AHEAD else f"{count}" if count else ""
