"""The only home of PDF: estimates and invoices on paper, from text that is already formatted for its reader."""

import json
import re
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from ontrack_app.integrations.pdf_drawings import INK, from_png, from_strokes
from ontrack_app.integrations.pdf_views import (
    DEFAULT_BRAND,
    DocumentView,
    Fact,
    LineView,
    Party,
    SignatureView,
    TotalRow,
)

__all__ = [
    "DocumentView",
    "Fact",
    "LineView",
    "Party",
    "SignatureView",
    "TotalRow",
    "estimate_pdf",
    "invoice_pdf",
]

HOME = Path(__file__).with_name("pdf")
TEMPLATE = HOME / "document.typ"
FONTS = HOME / "fonts"
STANDARDS = ["a-3a", "ua-1"]
LETTER_COUNTRIES = frozenset({"US", "CA", "MX"})
LONG_WORD = 34
BREAK = "\u200b"
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
WORDS = {
    "item": "Item",
    "quantity": "Qty",
    "unit": "Unit",
    "price": "Price",
    "amount": "Amount",
    "terms": "Terms",
    "page": "Page",
}


def estimate_pdf(document: DocumentView) -> bytes:
    """The estimate as PDF/A-3a and PDF/UA-1. The same view gives the same bytes."""
    return _render("Estimate", document)


def invoice_pdf(document: DocumentView) -> bytes:
    """The invoice as PDF/A-3a and PDF/UA-1. The same view gives the same bytes."""
    return _render("Invoice", document)


class _Press:
    """The one compiler with its fonts loaded; it takes one document at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._compiler: typst.Compiler | None = None

    def print(self, data: dict[str, Any], standards: list[Any]) -> bytes:
        inputs = {"document": json.dumps(data, ensure_ascii=False)}
        with self._lock:
            if self._compiler is None:
                self._compiler = typst.Compiler(
                    TEMPLATE, root=HOME, font_paths=[FONTS], ignore_system_fonts=True
                )
            made = self._compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=standards)
        if not isinstance(made, bytes):
            raise RuntimeError("The typesetter gave no single file.")
        return made


PRESS = _Press()


def _render(kind: str, document: DocumentView) -> bytes:
    data = data_of(kind, document)
    try:
        return PRESS.print(data, STANDARDS)
    except typst.TypstError:
        # A character that the font lacks (an emoji, say) breaks the archival standard: the document matters more.
        pass
    try:
        return PRESS.print(data, [])
    except typst.TypstError:
        # A signature's picture that cannot be opened: its name and facts still stand.
        without = data["signature"] and {**data["signature"], "drawing": ""}
        return PRESS.print({**data, "signature": without}, [])


def data_of(kind: str, view: DocumentView) -> dict[str, Any]:
    """What the template reads: plain texts and lists, cleaned so that every one of them prints."""
    brand = view.brand if re.fullmatch(r"#[0-9a-fA-F]{6}", view.brand) else DEFAULT_BRAND
    return {
        "heading": _text(f"{kind} {view.number}").strip(),
        "remark": _text(view.remark),
        "title": _text(view.title),
        "note": _lines(view.note),
        "terms": _lines(view.terms),
        "tenant_name": _text(view.tenant_name),
        "tenant_lines": [_text(line) for line in view.tenant_lines if line],
        "initials": _initials(view.tenant_name),
        "brand": brand,
        "on_brand": on_colour(brand),
        "paper": _paper(view),
        "language": view.locale[:2].lower() if re.match("[A-Za-z]{2}", view.locale) else "en",
        "made": [view.made.year, view.made.month, view.made.day],
        "parties": [
            {"label": _text(party.label), "lines": [_text(line) for line in party.lines if line]}
            for party in view.parties
        ],
        "facts": [{"label": _text(fact.label), "value": _text(fact.value)} for fact in view.facts],
        "lines": [_line(line) for line in view.lines],
        "totals": [
            {
                "label": _text(row.label),
                "remark": _text(row.remark),
                "amount": _text(row.amount),
                "strong": row.strong,
            }
            for row in view.totals
        ],
        "signature": _signature(view.signature),
        "words": {**WORDS, **view.words},
    }


def _line(line: LineView) -> dict[str, Any]:
    figures = {name: _text(getattr(line, name)) for name in ("quantity", "unit", "price", "amount")}
    return {"description": _lines(line.description) or [""], **figures}


def _signature(signature: SignatureView | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "name": _text(signature.name),
        "label": _text(signature.label),
        "facts": [_printable(fact) for fact in signature.facts if fact],
        "drawing": from_png(signature.png) or from_strokes(signature.strokes),
        "alt": f"Signature of {_text(signature.name)}",
    }


def _lines(text: str) -> list[str]:
    return [_text(line) for line in text.strip().splitlines()] if text.strip() else []


def _text(text: str) -> str:
    """One line of text that prints; words longer than a column may break anywhere."""
    return re.sub(rf"\S{{{LONG_WORD},}}", lambda word: BREAK.join(word[0]), _printable(text))


def _printable(text: str) -> str:
    return UNPRINTABLE.sub("", re.sub(r"[\t\r\n]", " ", text))


def _initials(name: str) -> str:
    letters = [word[0] for word in name.split() if word[0].isalnum()]
    return "".join(letters[:2]).upper() or "·"


def on_colour(colour: str) -> str:
    """White for letters on this #rrggbb colour, or ink where white would not be read."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return INK if 0.299 * red + 0.587 * green + 0.114 * blue > 150 else "#ffffff"


def _paper(view: DocumentView) -> str:
    country = view.locale.replace("-", "_").partition("_")[2].upper()
    return "us-letter" if view.currency == "USD" or country in LETTER_COUNTRIES else "a4"
