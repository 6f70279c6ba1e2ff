"""The only home of reading lines of a text file whose encoding nobody told us, never holding more than one line's limit."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ontrack_app.errors import Invalid

ROW_MOST = 1_000_000
CHUNK_BYTES = 1 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class RowTooLong(Exception):
    """A row of more than ROW_MOST characters. `is_open` says whether a quote may still be open at its line's end."""

    def __init__(self, *, is_open: bool) -> None:
        super().__init__("row too long")
        self.is_open = is_open


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file are read: the codec, how many bytes its mark takes, and what to tell people, if anything."""

    codec: str
    mark_bytes: int = 0
    remark: str = ""


def detect(path: Path) -> Encoding:
    """Reads the file through once and says how it is encoded: by its mark, else UTF-8, else Windows-1252 with a remark.

    Raises:
        Invalid: no regular file, an empty one, a workbook, or bytes that fit none of these.
    """
    if not path.exists():
        raise Invalid(f"There is no file {path.name}.")
    if not path.is_file():
        raise Invalid(f"{path.name} is not a file that can be read.")
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise Invalid(f"{path.name} is empty.")
    if start in WORKBOOKS:
        raise Invalid(f"{path.name} is a workbook or archive, not CSV text. Save it as CSV first.")
    for mark, codec in MARKS:
        if start.startswith(mark):
            line = _first_bad_line(path, codec, len(mark))
            if line:
                raise Invalid(f"{path.name} is marked as {_shown(codec)}, but line {line:,} is not.")
            return Encoding(codec, len(mark))
    return _unmarked(path)


def _unmarked(path: Path) -> Encoding:
    not_utf8 = _first_bad_line(path, "utf-8", 0)
    if not not_utf8:
        return Encoding("utf-8")
    bad = _first_bad_line(path, "cp1252", 0)
    if bad:
        raise Invalid(
            f"{path.name} is neither UTF-8 (see line {not_utf8:,}) nor Windows-1252 (see line {bad:,}). Save it as UTF-8."
        )
    return Encoding(
        "cp1252",
        remark=f"Line {not_utf8:,} is not UTF-8, so the file is read as Windows-1252. Look at names with accents.",
    )


def _shown(codec: str) -> str:
    return "UTF-16" if codec.startswith("utf-16") else codec.upper()


def _first_bad_line(path: Path, codec: str, skip: int) -> int:
    """The number of the first line that does not decode; 0 where all do."""
    decoder = codecs.getincrementaldecoder(codec)()
    line = 1
    with path.open("rb") as file:
        file.seek(skip)
        while True:
            chunk = file.read(CHUNK_BYTES)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + _line_ends(error.object[: error.start].decode(codec, "replace"))
            if not chunk:
                return 0
            line += _line_ends(text)


def _line_ends(text: str) -> int:
    return max(text.count("\n"), text.count("\r"))


class Lines:
    """The lines of a file, line ends included, as an iterator that can go on after it has refused one."""

    def __init__(self, path: Path, encoding: Encoding) -> None:
        self.number = 0
        self._left = ROW_MOST
        self._file: TextIO = path.open(encoding=encoding.codec, newline="")
        if encoding.mark_bytes:
            self._file.seek(encoding.mark_bytes)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._file.readline(ROW_MOST)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == ROW_MOST and line[-1] not in "\r\n":
            raise RowTooLong(is_open=self._skip_rest(line.count('"')) % 2 == 1)
        self._left -= len(line)
        if self._left < 0:
            raise RowTooLong(is_open=True)
        return line

    def begin_row(self) -> None:
        """Starts to count a new row's characters."""
        self._left = ROW_MOST

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def _skip_rest(self, quotes: int) -> int:
        """Passes over the rest of a line without keeping it; how many quotes the whole line holds."""
        while True:
            piece = self._file.readline(ROW_MOST)
            quotes += piece.count('"')
            if len(piece) < ROW_MOST or piece[-1] in "\r\n":
                return quotes
