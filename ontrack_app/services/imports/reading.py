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
    """A row whose number at the source stands in this file already, in row `first`."""

    row: int
    ref: str
    first: int


@dataclass(frozen=True, slots=True)
class _Bound:
    """One field's rule with its columns' positions."""

    fact: Field
    rule: Rule
    parts: tuple[Part, ...]


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
        self._nothing = frozenset(fold(word) for word in mapping.empty)
        self._at = check_columns(mapping, header)
        self._fields = [self._bind(IMPORTABLE[name], rule) for name, rule in mapping.fields.items()]
        self._seen: dict[bytes, int] = {}

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
        for bound in self._fields:
            text = self._text(bound, row.cells)
            if not text:
                continue
            try:
                value = convert(bound.fact, text, bound.rule, self._place)
            except Unfit as unfit:
                words = f"{bound.fact.label}: {unfit}."
                if bound.rule.bad == "refuse" or (bound.rule.bad == "cut" and not unfit.cut):
                    return self._refused(row, words)
                is_cut = bound.rule.bad == "cut"
                value = unfit.cut if is_cut else None
                notes.append(words + (" It was cut." if is_cut else " It was left empty."))
            if value is not None:
                values[bound.fact.attribute] = value
        words = self._missing(values) or self._identify(row, values)
        return self._refused(row, words) if words else self._draft(row, values, notes)

    def _text(self, bound: _Bound, cells: Sequence[str]) -> str:
        rule, is_long = bound.rule, bound.fact.type == "long"
        if rule.constant:
            return rule.constant
        for part in bound.parts:
            text = tidy(part(cells), long=is_long)
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
        keys = [self._cell(row.cells, column) for column in self._mapping.key]
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

    def _draft(self, row: CsvRow, values: dict[str, Any], notes: list[str]) -> Draft:
        for bound in self._fields:
            value = values.get(bound.fact.attribute)
            if bound.fact.type in ("text", "long") and isinstance(value, str) and looks_like_formula(value):
                self.formulas += 1
                self.first_formula = self.first_formula or row.number
                break
        return Draft(row.number, values, tuple(notes))

    def _met(self, draft: Draft) -> Draft | Repeat:
        name = f"{draft.values['source']}\0{draft.values['source_ref']}"
        digest = hashlib.blake2b(name.encode(), digest_size=16).digest()
        first = self._seen.setdefault(digest, draft.row)
        return draft if first == draft.row else Repeat(draft.row, draft.values["source_ref"], first)

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
        return _Bound(fact, rule, tuple(self._part(text) for text in rule.from_))

    def _part(self, text: str) -> Part:
        """A function that takes a row's cells and gives what the column or template makes of them."""
        pieces = template_parts(text)

        def fill(cells: Sequence[str]) -> str:
            words = []
            for is_column, piece in pieces:
                word = self._cell(cells, piece) if is_column else piece
                if is_column and not word:
                    return ""
                words.append(word)
            return "".join(words)

        return fill

    def _cell(self, cells: Sequence[str], column: str) -> str:
        """A cell's text, or nothing where it holds nothing, or a word that stands for nothing."""
        cell = plain(cells[self._at[column]].strip())
        return "" if self._nothing and len(cell) < 100 and fold(cell) in self._nothing else cell


def _fingerprint(values: dict[str, Any]) -> str:
    """The number of a row that has none: the same for rows that say the same, however they are spaced or spelt."""
    said = sorted((name, fold(str(value))) for name, value in values.items() if value not in (None, ""))
    return "row-" + hashlib.sha256(json.dumps(said).encode()).hexdigest()[:40]
