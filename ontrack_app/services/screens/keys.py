"""API keys on screens: the list, the form of a new one, and what was made. The secret is in none of these."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from itertools import groupby
from uuid import UUID

from sqlmodel import col

from models.access import Permission, Role
from models.members import Member
from ontrack_app.actor import RIGHT_WORDS
from ontrack_app.errors import NotFound
from ontrack_app.schemas.keys import KeyCard
from ontrack_app.schemas.screens.common import Badge, ListPage, ListQuery, Option, Tab
from ontrack_app.schemas.screens.keys import KeyChoices, KeyMade, KeyRow, RightGroup
from ontrack_app.services import keys
from ontrack_app.services.listing import MOST, Query
from ontrack_app.services.screens import words
from ontrack_app.work import Work, fold

LIVE, ENDED = "live", "ended"
SOON = timedelta(days=7)


def listing(work: Work, asked: ListQuery) -> tuple[list[KeyRow], ListPage]:
    """The company's keys: those that open something, or those that ended.

    Raises:
        Forbidden: the actor may not manage keys.
    """
    wanted = fold(asked.q)
    cards = keys.list_page(work, Query(limit=MOST)).items
    found = [card for card in cards if wanted in fold(f"{card.name} {card.member_name}")]
    live = [card for card in found if card.live]
    ended = [card for card in found if not card.live]
    tab = ENDED if asked.tab == ENDED else LIVE
    shown = ended if tab == ENDED else live
    tabs = [
        Tab(key=LIVE, label="In use", count=str(len(live))),
        Tab(key=ENDED, label="Ended", count=str(len(ended))),
    ]
    foot = ListPage(text=words.some(len(shown), "key"), total=len(shown), tab=tab, tabs=tabs)
    return [_row(work, card) for card in shown], foot


def choices(work: Work, member: str) -> KeyChoices:
    """What the form of a new key offers; with a member, that member's rights.

    Raises:
        Forbidden: the actor may not manage keys. NotFresh: the proof of who it is is too old. NotFound: no such member.
    """
    work.actor.require(Permission.KEYS_MANAGE)
    work.actor.require_fresh(work.at)
    people = [one for one in words.people(work).values() if one.active]
    options = [Option(value=str(one.id), label=f"{one.name}, {_role(one)}") for one in people]
    if not member:
        return KeyChoices(people=options)
    owner = next((one for one in people if str(one.id) == member), None)
    if owner is None:
        raise NotFound("There is no member with this id.")
    rights = sorted(keys.rights(work, Role(owner.role)), key=lambda right: right.value)
    return KeyChoices(people=options, member=member, member_name=owner.name, groups=list(_groups(rights)))


def made(work: Work, member_id: UUID, scopes: Collection[str], days: int, name: str) -> KeyMade:
    """What was made, in words."""
    owner = work.first(work.of(Member).where(col(Member.id) == member_id))
    ends = words.moment(work, work.at + timedelta(days=days))
    return KeyMade(name=name.strip(), member=owner.name, scopes=scopes_text(sorted(scopes)), ends=ends)


def right_text(right: str) -> str:
    """A right as people read it: See leads."""
    noun, _, verb = right.partition(":")
    return f"{RIGHT_WORDS.get(verb, verb)} {noun.replace('_', ' ')}".capitalize()


def scopes_text(scopes: Iterable[str] | None) -> str:
    """The rights of a key in one line."""
    if scopes is None:
        return "All rights of the person"
    return ", ".join(right_text(right) if at == 0 else right_text(right).lower() for at, right in enumerate(scopes))  # fmt: skip


def _groups(rights: list[Permission]) -> Iterable[RightGroup]:
    for noun, some in groupby(rights, key=lambda right: right.value.partition(":")[0]):
        options = [Option(value=right.value, label=_verb(right)) for right in some]
        yield RightGroup(label=noun.replace("_", " ").capitalize(), rights=options)


def _verb(right: Permission) -> str:
    verb = right.value.partition(":")[2]
    return RIGHT_WORDS.get(verb, verb).capitalize()


def _row(work: Work, card: KeyCard) -> KeyRow:
    full = scopes_text(card.scopes)
    few = card.scopes is None or len(card.scopes) < 3
    return KeyRow(
        id=str(card.id),
        name=card.name or "No name",
        member=card.member_name,
        scopes=full if few else words.some(len(card.scopes or ()), "right"),
        scopes_full=full,
        made=words.ago(work, card.created_at),
        made_full=words.moment(work, card.created_at),
        expires=words.day(words.local(work, card.expires_at).date()),
        expires_full=words.moment(work, card.expires_at),
        used=words.ago(work, card.used_at) or "Never",
        used_full=words.moment(work, card.used_at) or "Never used",
        state=_state(work, card),
        live=card.live,
    )


def _state(work: Work, card: KeyCard) -> Badge:
    if card.revoked_at is not None:
        return Badge(word="Revoked", tint="bad")
    if card.expires_at <= work.at:
        return Badge(word="Expired", tint="idle")
    if not card.live:
        return Badge(word="Person inactive", tint="idle")
    ends_soon = card.expires_at < work.at + SOON
    return Badge(word="Ends soon", tint="waiting") if ends_soon else Badge(word="In use", tint="good")


def _role(member: Member) -> str:
    return member.role.replace("_", " ")
