"""`ontrack import leads FILE`: a list from outside, taken in batch by batch, with words for every row left behind."""

import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.exc import OperationalError

from models.access import Permission
from ontrack_app.db import SystemCredential, begin
from ontrack_app.embedded.database import database
from ontrack_app.errors import Conflict, NotFound, Refusal
from ontrack_app.integrations.csv_files import CsvFile
from ontrack_app.schemas.imports import Mapping
from ontrack_app.services.imports import mappings, taking
from ontrack_app.services.imports.reading import Draft, Reader, Refused, Repeat
from ontrack_app.services.imports.values import Place

BATCH = 500
REPEATS_ON_A_LINE = 8
SECONDS_BETWEEN_WORDS = 2.0
RIGHTS = frozenset({Permission.LEADS_READ, Permission.LEADS_WRITE})


@dataclass
class Report:
    """What is told of an import while it runs (stderr) and when it is done (stdout)."""

    rows: int
    dry_run: bool
    read: int = 0
    taken: int = 0
    repeated: int = 0
    refused: int = 0
    noted: int = 0
    spoke: float = field(default_factory=time.monotonic)

    def batch(self, batch: Sequence[taking.Item], outcome: taking.Outcome) -> None:
        """Counts a batch and prints what its rows are owed, in the file's order."""
        self.read += len(batch)
        self.taken += len(outcome.taken)
        for item in batch:
            self._row(item)
        self._here(outcome.here)
        self._progress()

    def finished(self, reader: Reader) -> None:
        """The last words."""
        if reader.formulas:
            click.echo(
                f"Text that starts like a formula is kept as text, and made harmless when exported: "
                f"{_rows(reader.formulas)}, the first is row {reader.first_formula:,}."
            )
        would = "Dry run, nothing written. Would be taken" if self.dry_run else "Taken"
        noted = f" · with a note: {self.noted:,}" if self.noted else ""
        click.echo(
            f"{_rows(self.rows)} read. {would}: {self.taken:,} · repeats: {self.repeated:,} · refused: {self.refused:,}{noted}"
        )

    def _row(self, item: taking.Item) -> None:
        if isinstance(item, Refused):
            self.refused += 1
            click.echo(f"Row {item.row:,} refused: {item.words}")
        elif isinstance(item, Repeat):
            self.repeated += 1
            differs = f" with other words; row {item.first:,} counts" if item.differs else ""
            click.echo(f"Row {item.row:,} repeats row {item.first:,}{_ref(item.ref)}{differs}.")
        else:
            self.noted += bool(item.notes)
            for note in item.notes:
                click.echo(f"Row {item.row:,} note: {note}")

    def _here(self, drafts: Sequence[Draft]) -> None:
        self.repeated += len(drafts)
        for at in range(0, len(drafts), REPEATS_ON_A_LINE):
            named = (
                f"row {draft.row:,}{_ref(draft.values['source_ref'])}"
                for draft in drafts[at : at + REPEATS_ON_A_LINE]
            )
            click.echo(f"Here already: {', '.join(named)}.")

    def _progress(self) -> None:
        if self.read < self.rows and time.monotonic() - self.spoke >= SECONDS_BETWEEN_WORDS:
            self.spoke = time.monotonic()
            share = self.read * 100 // max(self.rows, 1)
            click.echo(f"{self.read:,} of {self.rows:,} rows ({share} %), {self.taken:,} taken", err=True)


@click.group("import")
def command() -> None:
    """Take in a list from outside."""


@command.command("leads")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--tenant", required=True, metavar="SLUG", help="The company that gets the leads.")
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    help="JSON that says which columns become which fields (docs/IMPORT.md). Without it, columns are known by their names.",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen and write nothing.")
def leads(file: Path, tenant: str, mapping_file: Path | None, dry_run: bool) -> None:
    """Take in leads from a CSV file. A row that came in before is not taken again, so it can be run as often as you like.

    Refused rows and repeats are printed on stdout, progress on stderr. Exit code 0 when the file was read to its end,
    even if rows were refused; 1 when the file or the mapping cannot be used, and then nothing is written.
    """
    mapping = mappings.read(mapping_file) if mapping_file else None
    source = CsvFile(file, mapping.delimiter if mapping else None)
    mapping = mapping or mappings.guess(source.header, source.name)
    mappings.check_columns(mapping, source.header)
    if source.encoding.remark:
        click.echo(source.encoding.remark)
    rows = source.survey()
    with database():
        credential = SystemCredential(_tenant_id(tenant), f"import {source.name}", only=RIGHTS)
        _run(source, mapping, credential, Report(rows, dry_run))


def _run(source: CsvFile, mapping: Mapping, credential: SystemCredential, report: Report) -> None:
    with begin(credential) as work:
        facts = work.actor.tenant
        import_id = None if report.dry_run else taking.start(work, source.name, mapping)
        place = Place(facts.currency, facts.zone, work.at)
    reader = Reader(mapping, source.header, place)
    if reader.left_out:
        click.echo(f"Columns left out: {', '.join(reader.left_out)}.")
    try:
        for batch, outcome in _outcomes(reader.read(source.rows()), credential, import_id):
            report.batch(batch, outcome)
    except (Refusal, OperationalError, KeyboardInterrupt) as problem:
        words = f"Stopped after {_rows(report.read)}, {report.taken:,} taken. Run it again to go on; nothing comes in twice."
        click.echo(words, err=True)
        if isinstance(problem, OperationalError):
            raise Conflict("The database went away.") from problem
        raise
    if import_id is not None:
        with begin(credential) as work:
            taking.finish(work, import_id)
    report.finished(reader)


def _outcomes(
    items: Iterable[taking.Item], credential: SystemCredential, import_id: UUID | None
) -> Iterator[tuple[list[taking.Item], taking.Outcome]]:
    """Each batch with what came of it; while the database takes one in, the next is read."""
    with ThreadPoolExecutor(1) as hand:
        before: tuple[list[taking.Item], Future[taking.Outcome]] | None = None
        for batch in _batches(items):
            under_way = batch, hand.submit(_take, credential, import_id, batch)
            if before:
                yield before[0], before[1].result()
            before = under_way
        if before:
            yield before[0], before[1].result()


def _take(
    credential: SystemCredential, import_id: UUID | None, batch: Sequence[taking.Item]
) -> taking.Outcome:
    with begin(credential) as work:
        return taking.preview(work, batch) if import_id is None else taking.take(work, import_id, batch)


def _batches(items: Iterable[taking.Item]) -> Iterator[list[taking.Item]]:
    every = iter(items)
    while batch := list(islice(every, BATCH)):
        yield batch


def _tenant_id(slug: str) -> UUID:
    with begin(None) as doorway:
        found = doorway.value("SELECT auth.tenant_of(:slug)", slug=slug)
    if not isinstance(found, UUID):
        raise NotFound(f"There is no company “{slug}” here.")
    return found


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _ref(ref: str) -> str:
    return "" if ref.startswith("row-") else f" ({ref})"
