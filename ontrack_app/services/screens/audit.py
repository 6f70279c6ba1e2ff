"""The trail on screens: who did what, before and after in words; security events beside it; both as rows of a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row

from models.audit_entries import AuditEntry
from models.members import Member
from ontrack_app.errors import Invalid
from ontrack_app.schemas.screens.audit import AuditFoot, AuditRow
from ontrack_app.schemas.screens.common import Filter, ListPage, ListQuery, Tab
from ontrack_app.services import audit
from ontrack_app.services.audit import NOBODY, Asked
from ontrack_app.services.screens import audit_words, lists, words
from ontrack_app.work import Work

PER_PAGE = 25
DONE, SECURITY = "done", "security"
TABS = (Tab(key=DONE, label="What was done"), Tab(key=SECURITY, label="Sign-in and security"))
PERIODS = (("1", "Today"), ("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("365", "A year"))
NAMELESS = frozenset(
    {"access.refused", "document_link.opened", "oidc.refused"}
)  # by people whom nobody knows
PLACES = ("before", "after", "period")
COLUMNS = ("Number", "When", "Who", "Role", "What", "On", "Change", "Reason", "IP address")


@dataclass(frozen=True)
class View:
    """What an address asks for: which of the two lists, narrowed how, from where."""

    tab: str
    asked: Asked


def listing(work: Work, query: ListQuery) -> tuple[list[AuditRow], ListPage]:
    """The entries, or security events, that an address asks for.

    Raises:
        Forbidden: the actor may not read the trail. Invalid: a filter that does not fit.
    """
    view = view_of(work, query)
    rows = _rows(work, view)
    return rows, _foot(work, query, view, rows)


def view_of(work: Work, query: ListQuery, *, most: int = PER_PAGE + 1) -> View:
    """What the address asks for, ready for the service.

    Raises:
        Invalid: a period or a number that is none.
    """
    tab = SECURITY if query.tab == SECURITY else DONE
    filters = {name: value for name, value in query.filters.items() if name not in PLACES}
    if period := query.filters.get("period"):
        if period not in dict(PERIODS):
            raise Invalid("There is no such period.")
        first = words.local(work, work.at).date() - timedelta(days=int(period) - 1)
        filters["since"] = first.isoformat()
    before, after = _number(query, "before"), _number(query, "after")
    return View(tab, Asked(filters, query.q, before, None if before else after, most))


def batches(work: Work, view: View) -> list[list[str]]:
    """The rows of a file for one part of the list, without their head."""
    rows = _rows(work, view)
    return [[r.n, r.when_full, r.who, r.role, r.text, r.on, r.change_full, r.reason, r.ip] for r in rows]


def in_words(query: ListQuery, work: Work) -> Iterator[tuple[str, str]]:
    """Each filter that is set, as its label and its value in words."""
    for one in _filters(work, query):
        if one.value:
            yield one.label, next((o.label for o in one.options if o.value == one.value), one.shown)
    if query.q:
        yield "Words", query.q


def _rows(work: Work, view: View) -> list[AuditRow]:
    if view.tab == SECURITY:
        people = {member.email: member for member in words.people(work).values()}
        return [_event(work, event, people) for event in audit.events(work, view.asked)]
    found = audit.entries(work, view.asked)
    known = audit_words.names(work, found)
    return [_entry(work, entry, known) for entry in found]


def _entry(work: Work, entry: AuditEntry, known: audit_words.Names) -> AuditRow:
    changes = audit_words.changes(work, entry, known)
    return AuditRow(
        n=str(entry.n),
        when=words.when(work, entry.at),
        when_full=words.moment(work, entry.at),
        who=entry.actor_name or "OnTrack",
        role=audit_words.role(entry),
        text=audit_words.sentence(entry.word),
        on=audit_words.on(entry, known),
        href=audit_words.address(entry.noun, entry.row_id),
        change=audit_words.short(changes),
        change_full="; ".join(changes),
        reason=entry.reason or "",
        ip=entry.ip,
    )


def _event(work: Work, event: Row[Any], people: Mapping[str, Member]) -> AuditRow:
    member = people.get(event.email)
    return AuditRow(
        n=str(event.n),
        when=words.when(work, event.at),
        when_full=words.moment(work, event.at),
        who=(member.name if member else event.email) or ("Somebody" if event.word in NAMELESS else "OnTrack"),
        role=member.role.replace("_", " ").capitalize() if member else "",
        text=audit_words.event_sentence(event.word),
        change=event.detail,
        change_full=event.detail,
        ip=event.ip,
    )


def _foot(work: Work, query: ListQuery, view: View, rows: list[AuditRow]) -> AuditFoot:
    """The foot; takes the one row too many off the list, which says whether there is more that way."""
    asked, more = view.asked, len(rows) > PER_PAGE
    if more:
        del rows[0 if asked.after is not None else PER_PAGE]
    foot = AuditFoot(tab=view.tab, tabs=list(TABS), filters=_filters(work, query))
    foot.has_prev = more if asked.after is not None else asked.before is not None
    foot.has_next = more if asked.after is None else True
    if rows:
        foot.newer, foot.older = rows[0].n, rows[-1].n
    foot.text = _text(work, view, rows)
    kept = {"tab": view.tab, "q": query.q, **{n: v for n, v in query.filters.items() if n not in PLACES[:2]}}
    foot.export_href = (
        f"/auth/audit/export?{urlencode({name: value for name, value in kept.items() if value})}"
    )
    return foot


def _text(work: Work, view: View, rows: Sequence[AuditRow]) -> str:
    if not rows:
        return "Nothing"
    shown = f"{int(rows[0].n):,} to {int(rows[-1].n):,}"
    if view.tab == SECURITY:
        return words.some(len(rows), "event")
    total = audit.count(work, view.asked)
    return f"Entries {shown}, {lists.count_text(total)} in all"


def _filters(work: Work, query: ListQuery) -> list[Filter]:
    people = [(NOBODY, "OnTrack itself"), *((str(m.id), m.name) for m in words.people(work).values())]
    found = [lists.filter_of(query, "actor_id", "Who", people)]
    if query.tab == SECURITY:
        kinds = [(word, audit_words.event_sentence(word).capitalize()) for word in audit.event_words(work)]
        found.append(lists.filter_of(query, "word", "What", kinds))
    else:
        said, nouns = audit.words_and_nouns(work)
        kinds = sorted(((w, audit_words.sentence(w).capitalize()) for w in said), key=lambda pair: pair[1])
        found.append(lists.filter_of(query, "word", "What", kinds))
        found.append(
            lists.filter_of(query, "noun", "On", [(noun, audit_words.noun_label(noun)) for noun in nouns])
        )
        found.append(lists.filter_of(query, "row_id", "Record", shown=_record(work, query)))
    found.append(lists.filter_of(query, "period", "When", PERIODS))
    return found + [lists.filter_of(query, name, label) for name, label in (("since", "From"), ("until", "Up to"))]  # fmt: skip


def _record(work: Work, query: ListQuery) -> str:
    """The name of the one record that the list is about, where the address asks for one."""
    if "row_id" not in query.filters:
        return ""
    latest = audit.entries(work, Asked({"row_id": query.filters["row_id"]}, most=1))
    return audit_words.on(latest[0], audit_words.names(work, latest)) if latest else "one that is not here"


def _number(query: ListQuery, name: str) -> int | None:
    value = query.filters.get(name, "")
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 18:
        raise Invalid("This address of a page is not one of ours.")
    return int(value)
