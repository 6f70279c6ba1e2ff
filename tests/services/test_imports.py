"""Imports on a real database, and by the command: each lead once, words for the rest, nothing half-written."""

import csv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select
from sqlmodel import col

from models.audit_entries import AuditEntry
from models.imports import Import, ImportRefusal
from models.leads import Lead
from ontrack_app.cli.imports import leads as command
from ontrack_app.errors import Invalid, NotFound
from ontrack_app.services.imports import mappings, taking
from ontrack_app.services.imports.reading import Draft
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls, settings
from ontrack_app.work import index_words
from tests.factories.companies import Company

SAMPLE = PROJECT_ROOT / "tests" / "data" / "nashville_sample.csv"
MAPPING = PROJECT_ROOT / "docs" / "examples" / "nashville_permits.mapping.json"
MAPPED = mappings.parse({"fields": {"name": "name", "street": "street"}})
ImportFile = Callable[..., Result]


@pytest.fixture
def import_file(
    company: Company, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImportFile]:
    """`ontrack import leads`, into the company and on the test's database."""
    monkeypatch.setenv("DATABASE_URL", database.app)
    settings.cache_clear()

    def run(path: Path, *options: str, tenant: str = company.slug) -> Result:
        return CliRunner().invoke(command, [str(path), "--tenant", tenant, *options])

    yield run
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def to_file(content: str) -> Path:
        path = tmp_path / "list.csv"
        path.write_text(content, encoding="utf-8", newline="")
        return path

    return to_file


def leads_of(company: Company) -> list[Lead]:
    with company.work() as work:
        return work.all(work.of(Lead).order_by(col(Lead.id)))


def imports_of(company: Company) -> list[Import]:
    with company.work() as work:
        return work.all(work.of(Import).order_by(col(Import.id)))


def test_one_lead_for_each_permit_and_nothing_on_the_second_run(
    company: Company, other: Company, import_file: ImportFile
) -> None:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        permits = {row["Permit__"]: row for row in reversed(list(csv.DictReader(file)))}
    dry = import_file(SAMPLE, "--mapping", str(MAPPING), "--dry-run")
    assert leads_of(company) == []
    assert imports_of(company) == []
    first = import_file(SAMPLE, "--mapping", str(MAPPING))
    taken = {lead.source_ref: lead for lead in leads_of(company)}
    second = import_file(SAMPLE, "--mapping", str(MAPPING))
    assert (dry.exit_code, first.exit_code, second.exit_code) == (0, 0, 0)
    assert taken.keys() == permits.keys()
    assert len(leads_of(company)) == len(permits)
    assert leads_of(other) == []
    assert f"Taken: {len(permits):,} · repeats: 1 · refused: 0" in first.output
    assert f"Would be taken: {len(permits):,} · repeats: 1 · refused: 0" in dry.output
    assert "repeats row" in first.output
    assert "(T2022049428) with other words" in first.output
    assert f"Taken: 0 · repeats: {len(permits) + 1:,} · refused: 0" in second.output
    assert all(f"({permit})" in second.output for permit in permits)
    for permit, row in permits.items():
        assert_is_the_permit(taken[permit], row)


def assert_is_the_permit(lead: Lead, row: dict[str, str]) -> None:
    assert lead.name == " ".join(row["Contact"].split())
    assert lead.street == " ".join(row["Address"].split())
    assert (lead.city, lead.region, lead.postal_code, lead.country) == (
        row["City"],
        row["State"],
        row["ZIP"],
        "US",
    )
    assert " ".join(lead.need.split()).startswith(" ".join(row["Purpose"].split()))
    assert lead.value_cents == (int(row["Const_Cost"]) * 100 or None)
    assert lead.created_at.timestamp() * 1000 == int(row["Date_Entered"])
    assert (lead.source, lead.stage, lead.urgency, lead.version) == ("nashville-permits", "new", "normal", 1)
    stored = lead.search_text
    index_words(lead)
    assert lead.search_text == stored


def test_counts_refusals_and_the_trail_are_kept(
    company: Company, import_file: ImportFile, write: Callable[[str], Path]
) -> None:
    result = import_file(
        write(
            "name,street,value,id\nAda,1 A St,5,K1\nBob,,,K2\nCy,2 A St,-5,K3\nAda,1 A St,5,K1\nDee,3 A,1\n"
        )
    )
    assert result.exit_code == 0, result.output
    assert "Row 3 refused: It has a name alone" in result.output
    assert "Row 4 refused: Value: “-5” is below zero." in result.output
    assert "Row 5 repeats row 2 (K1)." in result.output
    assert "Row 6 refused: It has 3 cells" in result.output
    (found,) = imports_of(company)
    assert (found.taken, found.repeated, found.refused) == (1, 1, 3)
    assert found.finished_at is not None
    assert found.mapping["source"] == "list"
    with company.work() as work:
        refusals = work.all(work.of(ImportRefusal).order_by(col(ImportRefusal.row_number)))
        entries = work.all(work.of(AuditEntry).where(col(AuditEntry.word) == "leads.imported"))
    assert [(row.row_number, row.row.get("name")) for row in refusals] == [(3, "Bob"), (4, "Cy"), (6, "Dee")]
    assert [entry.after["taken"] for entry in entries] == [1]
    assert entries[0].actor_name == "import list.csv"


def test_a_file_without_numbers_adds_nothing_the_second_time(
    company: Company, import_file: ImportFile, write: Callable[[str], Path]
) -> None:
    path = write("name,address\nAda,1 A St\nBob,2 A St\n")
    assert "Taken: 2" in import_file(path).output
    path = write("address,name\n2 A St,Bob\n 1  a st,ADA\n3 A St,Cy\n")
    assert "Taken: 1 · repeats: 2" in import_file(path).output
    assert len(leads_of(company)) == 3


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("name,colour\nAda,red\n", "1 column is not known: “colour”"),
        ("Ada,1 A St\nBob,2 A St\n", "None of the columns is known"),
        ("name,street,Name\n", "more than once"),
        (
            "name,street\n" + "Ada,1 A St\n" * 600 + 'Bob,"2 A St\n' + "Cy,3 A St\n" * 600,
            "quote opens in row 602",
        ),
    ],
)
def test_an_unusable_file_writes_nothing(
    company: Company, import_file: ImportFile, write: Callable[[str], Path], content: str, words: str
) -> None:
    result = import_file(write(content))
    assert result.exit_code == 1
    assert isinstance(result.exception, Invalid)
    assert words in str(result.exception)
    assert imports_of(company) == []
    assert leads_of(company) == []


def test_an_unknown_company_is_said(import_file: ImportFile, write: Callable[[str], Path]) -> None:
    result = import_file(write("name,street\nAda,1 A St\n"), tenant="nobody")
    assert isinstance(result.exception, NotFound)


def test_a_run_that_broke_off_is_gone_on_with(
    company: Company, import_file: ImportFile, write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("name,street,id\n" + "".join(f"Ada,{n} A St,K{n}\n" for n in range(1_700)))
    whole, batches = taking.take, []

    def breaks(*given: object) -> taking.Outcome:
        batches.append(1)
        if len(batches) == 3:
            raise Invalid("The power went.")
        return whole(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(taking, "take", breaks)
        broken = import_file(path)
    assert broken.exit_code == 1
    assert "Stopped after" in broken.output
    here = len(leads_of(company))
    assert 1_000 <= here < 1_700
    again = import_file(path)
    assert f"Taken: {1_700 - here:,} · repeats: {here:,} · refused: 0" in again.output
    assert len(leads_of(company)) == 1_700
    assert [found.finished_at is None for found in imports_of(company)] == [True, False]


def test_two_runs_at_once_take_each_lead_once(company: Company, other: Company) -> None:
    drafts = [
        Draft(n, {"name": "Ada", "street": f"{n} A St", "source": "s", "source_ref": f"K{n}"})
        for n in range(400)
    ]
    together = Barrier(2)

    def run(batch: list[Draft]) -> int:
        with company.work() as work:
            opened = taking.start(work, "list.csv", MAPPED)
        together.wait()
        taken = 0
        for at in range(0, len(batch), 100):
            with company.work() as work:
                taken += len(taking.take(work, opened, batch[at : at + 100]).taken)
        return taken

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(run, (drafts, drafts[::-1])))
    assert sum(counts) == 400
    with company.work() as work:
        assert work.session.execute(select(func.count()).select_from(Lead)).scalar_one() == 400


def test_an_archived_lead_is_a_repeat_and_the_same_number_elsewhere_is_not(
    company: Company, other: Company, import_file: ImportFile, write: Callable[[str], Path]
) -> None:
    path = write("name,street,id\nAda,1 A St,K1\n")
    import_file(path)
    with company.work() as work:
        lead = work.first(work.of(Lead))
        lead.archived_at = work.at
    assert "Here already: row 2 (K1)." in import_file(path).output
    assert "Taken: 1" in import_file(path, tenant=other.slug).output
