"""The trail as a file: CSV made piece by piece, each piece read in a transaction of its own, so that a long trail and a slow
reader hold neither memory nor a connection."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar

from models.access import Permission
from ontrack_app.integrations.csv_files import neutral
from ontrack_app.schemas.screens.common import ListQuery
from ontrack_app.services import audit
from ontrack_app.services.screens import audit as screen
from ontrack_app.work import Work

PIECE = 1_000
FILE_NAME = {screen.DONE: "audit-trail.csv", screen.SECURITY: "security-events.csv"}
BEGINS = "\ufeff"  # by this mark a spreadsheet knows UTF-8
NOT_FILTERS = frozenset({"tab", "q", "limit", "cursor", "sort", "page", *screen.PLACES[:2]})
Found = TypeVar("Found")


class Run(Protocol):
    """How a door runs a service: as the caller, in a transaction of its own, each time anew."""

    def __call__(self, service: Callable[..., Found], *args: Any) -> Found:
        """What the service returns."""


def query_from(given: Mapping[str, str]) -> ListQuery:
    """Which part of the trail the parameters of an address ask for."""
    filters = {name: value for name, value in given.items() if value and name not in NOT_FILTERS}
    return ListQuery(
        tab=given.get("tab", ""), q=given.get("q", "")[:200].replace("\x00", ""), filters=filters
    )


def may_export(work: Work, query: ListQuery) -> list[tuple[str, str]]:
    """Checks who asks and what for; the filters in words.

    Raises:
        Forbidden: the actor may not read the trail. NotFresh: a browser whose proof of who it is is too old.
        Invalid: a filter that does not fit.
    """
    work.actor.require(Permission.AUDIT_READ)
    if work.actor.session_id is not None:
        work.actor.require_fresh(work.at)
    first = screen.view_of(work, query, most=1)
    screen.batches(work, first)
    return list(screen.in_words(query, work))


def export(run: Run, query: ListQuery) -> Iterator[str]:
    """The pieces of the file. The export is written into the trail before the first piece leaves.

    Raises:
        Forbidden, NotFresh, Invalid: as `may_export`, and before anything is sent.
    """
    run(_start, query)
    return _pieces(run, query)


def file_name(query: ListQuery) -> str:
    """What the file is called."""
    return FILE_NAME[screen.SECURITY if query.tab == screen.SECURITY else screen.DONE]


def _start(work: Work, query: ListQuery) -> None:
    may_export(work, query)
    what = "security events" if query.tab == screen.SECURITY else "trail"
    audit.note_export(work, what, {**query.filters, **({"q": query.q} if query.q else {})})


def _pieces(run: Run, query: ListQuery) -> Iterator[str]:
    yield BEGINS + _lines([list(screen.COLUMNS)])
    place = ""
    while True:
        asked = query.model_copy(
            update={"filters": {**query.filters, **({"before": place} if place else {})}}
        )
        rows = run(_piece, asked)
        if rows:
            yield _lines(rows)
            place = rows[-1][0]
        if len(rows) < PIECE:
            return


def _piece(work: Work, query: ListQuery) -> list[list[str]]:
    return screen.batches(work, screen.view_of(work, query, most=PIECE))


def _lines(rows: list[list[str]]) -> str:
    kept = io.StringIO()
    csv.writer(kept, lineterminator="\r\n").writerows([[neutral(cell) for cell in row] for row in rows])
    return kept.getvalue()
