"""Reading CSV: every encoding and delimiter that people send, broken files in words, memory that stays bounded."""

import tracemalloc
from pathlib import Path

import pytest

from ontrack_app.errors import Invalid
from ontrack_app.integrations.csv_files import CsvFile, CsvRow, neutral, plain

HEADER = "name,need,street\n"


@pytest.fixture
def write(tmp_path: Path):
    def to_file(content: str | bytes, encoding: str = "utf-8") -> Path:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return to_file


def rows_of(path: Path) -> list[CsvRow]:
    return list(CsvFile(path).rows())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_and_plain_unicode(write, encoding: str) -> None:
    file = CsvFile(write(HEADER + "Zoë,Roof,1 A\n", encoding))
    assert file.header == ("name", "need", "street")
    assert [row.cells for row in file.rows()] == [["Zoë", "Roof", "1 A"]]
    assert file.encoding.remark == ""


def test_windows_1252_is_said(write) -> None:
    file = CsvFile(write(HEADER + "A,b,c\nZoë,Roof,1 A\n", "cp1252"))
    assert [row.cells[0] for row in file.rows()] == ["A", "Zoë"]
    assert "Line 3 is not UTF-8" in file.encoding.remark


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "is empty"),
        (HEADER.encode() + b"ok,ok,ok\n\x81\x8d,x,y\n", r"see line 3\) nor Windows-1252 \(see line 3"),
        (b"PK\x03\x04rest of a workbook", "workbook"),
        (HEADER.encode("utf-16-le"), "NUL"),
        (b"\xef\xbb\xbfname\n\xff\n", "marked as UTF-8, but line 2"),
        (b"name,Name \nx,y\n", r"“name” is there more than once \(columns 1, 2\)"),
        (b"name,,need\nx,y,z\n", "Column 2 has no name"),
        (b"q" * 2_000_000, "too long to hold column names"),
        (b'"name,need\nx,y\n' * 3, "quote opens in row 1"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(write, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        CsvFile(write(content)).survey()


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"There is no file nothing\.csv"):
        CsvFile(tmp_path / "nothing.csv")
    with pytest.raises(Invalid, match="not a file"):
        CsvFile(tmp_path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(write, delimiter: str) -> None:
    content = 'name,need,street\nJoe,"a,b;c|d\te",1 A\n'.replace('"a,b;c|d\te"', "QUOTED").replace(
        ",", delimiter
    )
    file = CsvFile(write(content.replace("QUOTED", '"a,b;c|d\te"')))
    assert [row.cells for row in file.rows()] == [["Joe", "a,b;c|d\te", "1 A"]]


def test_rows_are_counted_as_a_spreadsheet_counts(write) -> None:
    rows = rows_of(write(HEADER + '"two\nlines",b,c\n\n,,\nlast,b,c,,\n'))
    assert [(row.number, row.cells[0]) for row in rows] == [(2, "two\nlines"), (5, "last")]


def test_ragged_rows_are_refused_alone(write) -> None:
    rows = rows_of(write(HEADER + "a,b\nok,b,c\na,b,c,d\n"))
    assert [row.trouble for row in rows] == [
        "It has 2 cells, and the file has 3 columns.",
        "",
        "It has 4 cells, and the file has 3 columns.",
    ]


def test_broken_quotes_within_a_line_cost_that_row_only(write) -> None:
    rows = rows_of(write(HEADER + 'a,"8" pipe",c\nok,8" pipe,c\nlast,"never,c'))
    assert "quotes do not fit" in rows[0].trouble
    assert rows[1].cells == ["ok", '8" pipe', "c"]
    assert "never closes" in rows[2].trouble


@pytest.mark.parametrize("after", ["a,b,c\n" * 50_000, 'a,"b",c\n' * 10])
def test_a_quote_that_never_closes_does_not_swallow_the_file(write, after: str) -> None:
    file = CsvFile(write(HEADER + 'a,b,c\nbad,"open,c\n' + after))
    with pytest.raises(Invalid, match=r"quote opens in row 3 \(line 3\)"):
        file.survey()


def test_ten_megabytes_in_a_cell_cost_that_row_only_and_little_memory(write) -> None:
    path = write(HEADER + 'a,"' + "z" * 10_000_000 + '",c\nb,' + "y" * 200_000 + ",c\nok,b,c\n")
    tracemalloc.start()
    try:
        rows = rows_of(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [row.trouble for row in rows] == [
        "It is longer than 1,000,000 characters.",
        "One of its cells is longer than 131,072 characters.",
        "",
    ]
    assert peak < 8_000_000


def test_nul_is_refused_in_its_row(write) -> None:
    assert "NUL" in rows_of(write(HEADER + "a\0,b,c\n"))[0].trouble


@pytest.mark.parametrize("text", ["=1+1", "@cmd", "+1 615", "-x", "'=1", "''=1", "'tis", "plain", "", "\tx"])
def test_neutral_cells_come_back_as_they_were(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t"))
