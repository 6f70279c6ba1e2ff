"""The only home of reading: a mapping bound to a file's columns, and each row made a lead's values or refused in words."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from models.fields import Field
from models.leads import LEAD_FIELDS
from ontrack_app.integrations.csv_files import CsvRow, looks_like_formula, plain
from ontrack_app.schemas.imports import IMPORTABLE, Mapping, Rule, template_parts
from ontrack_app.services.imports.mappings import check_columns
from ontrack_app.services.imports.values import Place, Unfit, convert, tidy
from ontrack_app.work import fold

REACHABLE = ("email", "phone", "need", "street", "city", "postal_code")
DEFAULT_SOURCE = "import"
CELL_SHOWN, ROW_SHOWN = 2_000, 20_000
Part = Callable[[Sequence[str]], str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that can be taken: a lead's columns, and notes on what could not be taken over as it stood."""

    row: int
    values: dict[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken, why, and what it held (long cells cut)."""

    row: int
    words: str
    cells: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row whose number at the source stands in this file already, in row `first`; `differs` where it says other things."""

    row: int
    ref: str
    first: int
    differs: bool = False


@dataclass(frozen=True, slots=True)
class _Bound:
    """One field's rule with its columns' positions."""

    fact: Field
    rule: Rule
    parts: tuple[Part, ...]
    attribute: str
    is_long: bool
    is_words: bool


class Reader:
    """Makes drafts of a file's rows by a mapping; remembers the numbers that it has met (some hundred bytes for each).

    Raises Invalid where the mapping names a column that the file does not have.
    """

    def __init__(self, mapping: Mapping, header: Sequence[str], place: Place) -> None:
        self.header = tuple(header)
        self.formulas = 0
        self.first_formula = 0
        self._mapping = mapping
        self._place = place
        self._nothing = frozenset(word.casefold() for word in mapping.empty)
        self._nothing_most = max(map(len, self._nothing), default=0)
        self._at = check_columns(mapping, header)
        self._keys = [self._at[column] for column in mapping.key]
        self._fields = [self._bind(IMPORTABLE[name], rule) for name, rule in mapping.fields.items()]
        self._seen: dict[
            int, int
        ] = {}  # a number's digest → its first row, and 32 bits of what that row said

    @property
    def left_out(self) -> list[str]:
        """The file's columns that the mapping does not read."""
        read = {column.casefold() for column in self._mapping.columns}
        return [column for column in self.header if column.casefold() not in read]

    def read(self, rows: Iterable[CsvRow]) -> Iterator[Draft | Refused | Repeat]:
        """What becomes of each row, in order."""
        for row in rows:
            found = self._refused(row, row.trouble) if row.trouble else self._read(row)
            yield self._met(found) if isinstance(found, Draft) else found

    def _read(self, row: CsvRow) -> Draft | Refused:
        values: dict[str, Any] = {}
        notes: list[str] = []
        has_formula = False
        for bound in self._fields:
            text = self._text(bound, row.cells)
            if not text:
                continue
            try:
                value = convert(bound.fact, text, bound.rule, self._place)
            except Unfit as unfit:
                value, note = _instead(bound, unfit)
                if value is None and bound.rule.bad != "empty":
                    return self._refused(row, note)
                notes.append(note)
            if value is not None:
                values[bound.attribute] = value
                has_formula |= bound.is_words and looks_like_formula(text)
        words = self._missing(values) or self._identify(row, values)
        if words:
            return self._refused(row, words)
        if has_formula:
            self.formulas += 1
            self.first_formula = self.first_formula or row.number
        return Draft(row.number, values, tuple(notes))

    def _text(self, bound: _Bound, cells: Sequence[str]) -> str:
        rule = bound.rule
        if rule.constant:
            return rule.constant
        for part in bound.parts:
            text = tidy(part(cells), long=bound.is_long)
            if text:
                return text
        return rule.default

    def _missing(self, values: dict[str, Any]) -> str:
        """Why the row makes no lead, or nothing."""
        for name in self._mapping.require:
            if IMPORTABLE[name].attribute not in values:
                columns = " or ".join(dict.fromkeys(self._mapping.fields[name].columns))
                return f"It has no {IMPORTABLE[name].label.lower()}{f' ({columns})' if columns else ''}."
        if not values.get("name"):
            return "It has no name."
        if not any(values.get(name) for name in REACHABLE):
            return "It has a name alone: no e-mail, phone, need or address by which somebody could act on it."
        return ""

    def _identify(self, row: CsvRow, values: dict[str, Any]) -> str:
        """Gives the row its source and number; why it has none, or nothing."""
        keys = [tidy(self._cell(row.cells[at])) for at in self._keys]
        if not all(keys):
            empty = self._mapping.key[keys.index("")]
            return f"Its {empty} is empty, so it could not be told from the others."
        ref = " | ".join(keys) if keys else _fingerprint(values)
        most = LEAD_FIELDS.get("source_ref")
        if most is not None and len(ref) > most.max_length:
            return f"Its {' and '.join(self._mapping.key)} is longer than {most.max_length:,} characters."
        values.setdefault("source", self._mapping.source or DEFAULT_SOURCE)
        values["source_ref"] = ref
        return ""

    def _met(self, draft: Draft) -> Draft | Repeat:
        name = f"{draft.values['source']}\0{draft.values['source_ref']}"
        number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=12).digest())
        said = hash(frozenset(draft.values.items())) & 0xFFFFFFFF
        first, said_first = divmod(self._seen.setdefault(number, draft.row << 32 | said), 1 << 32)
        if first == draft.row:
            return draft
        return Repeat(draft.row, draft.values["source_ref"], first, said != said_first)

    def _refused(self, row: CsvRow, words: str) -> Refused:
        shown: dict[str, str] = {}
        left = ROW_SHOWN
        for at, cell in enumerate(row.cells):
            if cell.strip() and left > 0:
                name = self.header[at] if at < len(self.header) else f"column {at + 1}"
                shown[name] = cell[: min(left, CELL_SHOWN)].replace("\0", "␀")
                left -= len(shown[name])
        return Refused(row.number, words, shown)

    def _bind(self, fact: Field, rule: Rule) -> _Bound:
        parts = tuple(self._part(text) for text in rule.from_)
        is_long = fact.type == "long"
        return _Bound(fact, rule, parts, fact.attribute, is_long, is_long or fact.type == "text")

    def _part(self, text: str) -> Part:
        """A function that takes a row's cells and gives what the column or template makes of them."""
        pieces = [
            (self._at[piece], "") if is_column else (None, piece) for is_column, piece in template_parts(text)
        ]

        def fill(cells: Sequence[str]) -> str:
            words = []
            for at, between in pieces:
                word = between if at is None else self._cell(cells[at])
                if not word:
                    return ""
                words.append(word)
            return "".join(words)

        return fill

    def _cell(self, cell: str) -> str:
        """A cell's text, or nothing where it holds nothing or a word that stands for nothing."""
        cell = plain(cell.strip())
        return "" if len(cell) <= self._nothing_most and cell.casefold() in self._nothing else cell


def _instead(bound: _Bound, unfit: Unfit) -> tuple[str | None, str]:
    """What stands in for a value that does not fit (nothing where the row is refused for it), and the words for it."""
    words = f"{bound.fact.label}: {unfit}."
    if bound.rule.bad == "cut" and unfit.cut:
        return unfit.cut, f"{words} It was cut."
    return None, f"{words} It was left empty." if bound.rule.bad == "empty" else words


def _fingerprint(values: dict[str, Any]) -> str:
    """The number of a row that has none: the same for rows that say the same, however they are spaced or spelt."""
    said = sorted((name, fold(str(value))) for name, value in values.items() if value not in (None, ""))
    return "row-" + hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]
