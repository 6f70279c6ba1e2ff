"""The inbox on screen: values that two people changed, and work that waits for a decision; each paged in SQL by its own views."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission
from models.conflicts import CONFLICT_FIELDS, Conflict
from models.fields import FieldList
from models.jobs import Job
from models.properties import Property
from models.sync import QUARANTINE_FIELDS, Quarantined
from models.visits import Visit
from ontrack_app.schemas.screens.common import Fact, Filter, ListPage, ListQuery
from ontrack_app.schemas.screens.inbox import InboxRow
from ontrack_app.services.properties import one_line
from ontrack_app.services.screens import lists, waiting_work, words
from ontrack_app.services.screens.choices import rows as choices
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

OPEN, WAITING = "open", "waiting"
CHOICES = (
    View(OPEN, "To choose", (col(Conflict.decision).is_(None),)),
    View("decided", "Chosen", (col(Conflict.decision).is_not(None),)),
)
WORKS = (
    View(WAITING, "Work that waits", (col(Quarantined.decision).is_(None),)),
    View("settled", "Taken or discarded", (col(Quarantined.decision).is_not(None),)),
)
# Oldest first where it waits: it waits the longest, and what ends a thing is taken in after what began it.
ORDER = {OPEN: "created_at", "decided": "-decided_at", WAITING: "received_at", "settled": "-decided_at"}


def listing(work: Work, asked: ListQuery) -> tuple[list[InboxRow], ListPage]:
    """The part of the inbox that the address asks for. Whoever does not put visits right has no work to decide in it.

    Raises:
        Forbidden: the role performs no visits. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.VISITS_PERFORM)
    decides = work.actor.granted(Permission.VISITS_CORRECT)
    if decides and asked.tab in {view.key for view in WORKS}:
        works, foot = lists.page(work, Quarantined, WORKS, asked, sort=ORDER[asked.tab])
        rows = waiting_work.rows(work, works)
        fields = QUARANTINE_FIELDS
        foot.tabs = [*lists.counted(work, Conflict, CHOICES), *foot.tabs]
    else:
        tab = "decided" if asked.tab == "decided" else OPEN
        found, foot = lists.page(work, Conflict, CHOICES, asked, sort=ORDER[tab])
        rows = choices(work, found)
        fields = CONFLICT_FIELDS
        foot.tabs = [*foot.tabs, *(lists.counted(work, Quarantined, WORKS) if decides else ())]
    foot.filters = [_people(work, asked), *_others(work, asked, fields)]
    return rows, foot


def bands(work: Work, visit: Visit, job: Job) -> list[Fact]:
    """What about a visit waits in the inbox: its stage or how to get in, twice; work of its crew that was not taken."""
    places = [row_id for row_id in (visit.id, job.property_id) if row_id is not None]
    found = []
    if work.actor.granted(Permission.VISITS_PERFORM):
        for row_id, number in _open_about(work, places).items():
            told = (
                "Two people said differently where it stands"
                if row_id == visit.id
                else "Two people changed how to get in"
            )
            found.append(
                Fact(label=told, value=_choose(number), href=f"/conflicts?tab={OPEN}&row_id={row_id}")
            )
    if work.actor.granted(Permission.VISITS_CORRECT) and (number := _waiting_on(work, visit.id)):
        told = f"{words.some(number, 'piece')} of work on it could not be taken"
        found.append(Fact(label=told, value="Decide", href=f"/conflicts?tab={WAITING}&visit_id={visit.id}"))
    return found


def _choose(number: int) -> str:
    return "Choose" if number == 1 else f"Choose, {number} times"


def _open_about(work: Work, row_ids: Sequence[UUID]) -> dict[UUID, int]:
    asked = (
        select(col(Conflict.row_id), func.count())
        .where(col(Conflict.tenant_id) == work.actor.tenant_id, col(Conflict.row_id).in_(row_ids))
        .where(col(Conflict.decision).is_(None))
        .group_by(col(Conflict.row_id))
    )
    return {row[0]: int(row[1]) for row in work.session.execute(asked)}


def _waiting_on(work: Work, visit_id: UUID) -> int:
    asked = (
        select(func.count())
        .select_from(Quarantined)
        .where(col(Quarantined.tenant_id) == work.actor.tenant_id, col(Quarantined.visit_id) == visit_id)
        .where(col(Quarantined.decision).is_(None))
    )
    return int(work.session.execute(asked).scalar_one())


def _others(work: Work, asked: ListQuery, fields: FieldList) -> list[Filter]:
    """Filters that only an address sets; a record by its name."""
    found = lists.other_filters(asked, fields, ["member_id"])
    for one in found:
        if one.name in ("row_id", "visit_id"):
            one.shown = _named(work, UUID(one.value)) or "one that is not here"
    return found


def _named(work: Work, row_id: UUID) -> str:
    visit = work.find(Visit, row_id)
    if visit is not None:
        return visit.title or "Visit"
    return one_line(work.find(Property, row_id))


def _people(work: Work, asked: ListQuery) -> Filter:
    options = [(one.value, one.label) for one in words.member_options(work) if one.value]
    return lists.filter_of(asked, "member_id", "Who", options)
