"""The only home of hours as rows: each stretch that counts, with what it stands for beneath it, and what they add up to."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.members import Member
from models.time_entries import KINDS, TIME_ENTRY_MACHINE, TimeEntry
from models.visits import Visit
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.time_entries import TimeRow
from ontrack_app.services.moves import open_moves
from ontrack_app.services.screens import clock_words, related, words
from ontrack_app.work import Work

KIND_WORDS = dict(KINDS)


def rows(work: Work, entries: Sequence[TimeEntry]) -> dict[UUID, list[TimeRow]]:
    """Each entry that counts as its rows: itself, then those it was corrected from, the latest first."""
    before = _corrected(work, entries)
    everything = [*entries, *(one for chain in before.values() for one in chain)]
    visits = related.by_id(work, Visit, [one.visit_id for one in everything])
    people = related.by_id(work, Member, [one.member_id for one in everything])
    found: dict[UUID, list[TimeRow]] = {}
    for entry in entries:
        olds = before.get(entry.root_id, [])
        drawn = [_row(work, entry, visits, people)]
        drawn += [_row(work, one, visits, people, old=True) for one in olds]
        found[entry.id] = drawn
    return found


def minutes(entry: TimeEntry) -> int:
    """How long it lasted, in whole minutes as shown; nothing while it goes on. Sums are sums of these, so that a column
    adds up to what stands under it."""
    if entry.ended_at is None:
        return 0
    return round((entry.ended_at - entry.started_at) / timedelta(minutes=1))


def total(entries: Iterable[TimeEntry], *kinds: str) -> str:
    """What the entries of these kinds add up to; empty for nothing."""
    number = sum(minutes(one) for one in entries if one.kind in kinds)
    return words.length(number) if number else ""


def _corrected(work: Work, entries: Sequence[TimeEntry]) -> dict[UUID, list[TimeEntry]]:
    roots = {one.root_id: one.turn for one in entries if one.turn}
    if not roots:
        return {}
    query = work.of(TimeEntry).where(col(TimeEntry.root_id).in_(roots)).order_by(col(TimeEntry.turn).desc())
    found: dict[UUID, list[TimeEntry]] = {}
    for one in work.all(query):
        if one.turn < roots[one.root_id]:
            found.setdefault(one.root_id, []).append(one)
    return found


def _row(
    work: Work, entry: TimeEntry, visits: dict[UUID, Visit], people: dict[UUID, Member], *, old: bool = False
) -> TimeRow:
    visit = visits.get(entry.visit_id) if entry.visit_id else None
    member = people.get(entry.member_id)
    start = words.local(work, entry.started_at)
    return TimeRow(
        id=str(entry.id),
        kind=KIND_WORDS[entry.kind],
        who=member.name if member else "",
        visit=visit.title if visit else "",
        visit_href=f"/visits/{visit.id}" if visit else "",
        day=f"{start:%a, %b} {start.day}",
        window=_window(work, entry),
        lasted=words.length(minutes(entry)) if entry.ended_at else "",
        off=clock_words.off(entry),
        said=clock_words.said(work, entry),
        note=f"Corrected: {entry.reason}" if entry.turn else entry.reason,
        stage=_stage(entry),
        old=old,
        **({} if old else _acts(work, entry)),
    )


def _window(work: Work, entry: TimeEntry) -> str:
    start = words.local(work, entry.started_at)
    if entry.ended_at is None:
        return f"{words.clock(start)} –"
    end = words.local(work, entry.ended_at)
    day = "" if end.date() == start.date() else f"{end:%a} "
    return f"{words.clock(start)} – {day}{words.clock(end)}"


def _stage(entry: TimeEntry) -> Badge:
    if entry.ended_at is None:
        return Badge(word="Still running", tint="moving")
    return Badge(word=TIME_ENTRY_MACHINE.label(entry.stage), tint=TIME_ENTRY_MACHINE.tint(entry.stage))


def _acts(work: Work, entry: TimeEntry) -> dict[str, object]:
    start = words.local(work, entry.started_at)
    title = f"the {KIND_WORDS[entry.kind].lower()} of {start:%b} {start.day}"
    found = [] if entry.ended_at is None else open_moves(work, TIME_ENTRY_MACHINE, entry.stage, title=title)
    may = work.actor.granted(Permission.TIME_ENTRIES_WRITE) and entry.stage != "locked"
    return {"moves": found, "can_correct": may}
