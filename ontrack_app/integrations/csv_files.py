"""The only home of CSV: reading a file row by row in bounded memory, and text that a spreadsheet must not run."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from ontrack_app.errors import Invalid
from ontrack_app.integrations.text_lines import ROW_MOST, Lines, RowTooLong, detect

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
CELL_MOST = csv.field_size_limit()
MAX_COLUMNS = 1_000
FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row. `number` counts as a spreadsheet does (the header is row 1); `trouble` says why its cells cannot be used."""

    number: int
    cells: list[str] = field(default_factory=list)
    trouble: str = ""


class CsvFile:
    """A CSV file whose encoding and delimiter are found out and whose first row names its columns.

    Raises Invalid, with words, where the file as a whole cannot be used.
    """

    def __init__(self, path: Path, delimiter: str | None = None) -> None:
        self.path = path
        self.name = path.name.encode(errors="replace").decode()
        self.encoding = detect(path)
        self.delimiter = delimiter or self._sniff()
        self.header_row = 0
        self.header = self._read_header()

    def survey(self) -> int:
        """Reads the whole file once, so that nothing is written from one that breaks off; how many rows it has.

        Raises:
            Invalid: a quote never closes, which makes every row after it unreadable, or there are no rows.
        """
        count = sum(1 for _ in self.rows())
        if count == 0:
            raise Invalid(f"{self.name} has column names and no rows.")
        return count

    def rows(self) -> Iterator[CsvRow]:
        """The rows after the header, one at a time; empty ones are passed over.

        Raises:
            Invalid: a quote never closes, or a row is too long to find its end.
        """
        for row in self._records():
            if row.number > self.header_row and (row.trouble or any(map(str.strip, row.cells))):
                yield self._checked(row)

    def _records(self) -> Iterator[CsvRow]:
        with closing(Lines(self.path, self.encoding)) as lines:
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True, skipinitialspace=True)
            number = 0
            while True:
                lines.begin_row()
                before, number = lines.number, number + 1
                try:
                    yield CsvRow(number, next(reader))
                except StopIteration:
                    return
                except (csv.Error, RowTooLong) as error:
                    is_open = isinstance(error, RowTooLong) and error.is_open
                    if is_open or lines.number > before + 1:
                        raise _never_closes(self.path, number, before + 1) from None
                    yield CsvRow(number, trouble=_trouble(error))

    def _checked(self, row: CsvRow) -> CsvRow:
        width, cells = len(self.header), row.cells
        if row.trouble:
            return row
        if len(cells) != width:
            if len(cells) < width or any(map(str.strip, cells[width:])):
                words = f"It has {len(cells):,} cells, and the file has {width:,} columns."
                return CsvRow(row.number, cells[:MAX_COLUMNS], words)
            del cells[width:]
        if any("\0" in cell for cell in cells):
            return CsvRow(row.number, cells, "It holds a NUL character, which is no text.")
        return row

    def _sniff(self) -> str:
        """The delimiter that splits the first line into most cells."""
        with closing(Lines(self.path, self.encoding)) as lines:
            try:
                line = next((line for line in lines if line.strip()), "")
            except RowTooLong:
                raise Invalid(f"The first line of {self.name} is too long to hold column names.") from None
        return max(DELIMITERS, key=lambda mark: _width(line, mark))

    def _read_header(self) -> tuple[str, ...]:
        first = next((row for row in self._records() if row.trouble or any(map(str.strip, row.cells))), None)
        if first is None:
            raise Invalid(f"{self.name} is empty.")
        names = [" ".join(cell.split()) for cell in first.cells]
        while names and not names[-1]:
            names.pop()
        if first.trouble:
            raise Invalid(f"The column names of {self.name} cannot be read. {first.trouble}")
        self.header_row = first.number
        _check_names(names)
        return tuple(names)


def neutral(text: str) -> str:
    """A cell for a file that people open in a spreadsheet: what would run as a formula there gets a ' in front."""
    return f"'{text}" if FORMULA.match(text) else text


def plain(cell: str) -> str:
    """The text that `neutral` made the cell from, so that what was exported imports as it was."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet might run this text."""
    return text.startswith(("=", "+", "-", "@"))


def _width(line: str, delimiter: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return 0


def _check_names(names: list[str]) -> None:
    if len(names) > MAX_COLUMNS:
        raise Invalid(f"The file has {len(names):,} columns; {MAX_COLUMNS:,} are the most.")
    if any("\0" in name for name in names):
        raise Invalid("The first row holds NUL characters, so this is no CSV text. Save it as CSV in UTF-8.")
    if "" in names:
        raise Invalid(f"Column {names.index('') + 1:,} has no name. The first row must name every column.")
    counts = Counter(name.casefold() for name in names)
    twice = [name for name in dict.fromkeys(names) if counts[name.casefold()] > 1]
    if twice:
        places = [f"{at:,}" for at, name in enumerate(names, 1) if name.casefold() == twice[0].casefold()]
        raise Invalid(f"The column “{twice[0][:60]}” is there more than once (columns {', '.join(places)}).")


def _trouble(error: Exception) -> str:
    if isinstance(error, RowTooLong):
        return f"It is longer than {ROW_MOST:,} characters."
    if "field limit" in str(error):
        return f"One of its cells is longer than {CELL_MOST:,} characters."
    if "unexpected end" in str(error):
        return "A quote opens in it and never closes."
    return "Its quotes do not fit: inside a quoted cell a quote is written twice."


def _never_closes(path: Path, number: int, line: int) -> Invalid:
    return Invalid(
        f"{path.name}: a quote opens in row {number:,} (line {line:,}) and does not close where it should, or its cell is "
        f"longer than {CELL_MOST:,} characters. Nothing after it can be told apart. Mend that row first."
    )
