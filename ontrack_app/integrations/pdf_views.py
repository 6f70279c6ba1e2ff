"""The only home of what a document on paper is made of: text that is already formatted for its reader."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

DEFAULT_BRAND = "#006972"


@dataclass(frozen=True, slots=True)
class Party:
    """Someone or somewhere the document names: a label and its lines, such as Bill to, and name and address."""

    label: str
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value: Due, June 15, 2026."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as shown; the figures stand without a currency sign."""

    description: str
    quantity: str
    unit: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class TotalRow:
    """One row under the lines: QST 9.975%, "on 2,870.61", 286.34. A strong last row is what is to be paid."""

    label: str
    amount: str
    remark: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Who agreed, and the quiet lines below: when, evidence, the hash.

    A drawn signature is a PNG picture, or `strokes` of points (x, y); without either the name is set large.
    """

    name: str
    facts: Sequence[str]
    label: str = "Approved and signed"
    strokes: Sequence[Sequence[Sequence[float]]] = ()
    png: bytes = b""


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document as its reader sees it: every text already formatted. `made` dates the file itself."""

    tenant_name: str
    number: str
    made: date
    lines: Sequence[LineView]
    totals: Sequence[TotalRow]
    tenant_lines: Sequence[str] = ()
    parties: Sequence[Party] = ()
    facts: Sequence[Fact] = ()
    remark: str = ""
    title: str = ""
    note: str = ""
    terms: str = ""
    signature: SignatureView | None = None
    brand: str = DEFAULT_BRAND
    locale: str = "en_US"
    currency: str = "USD"
    words: dict[str, str] = field(default_factory=dict)
