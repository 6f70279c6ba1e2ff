"""Estimates and invoices on paper: readable, archival, and nothing in them can act."""

import random
import re
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from ontrack_app.integrations.pdf import (
    DocumentView,
    Fact,
    LineView,
    Party,
    SignatureView,
    TotalRow,
    estimate_pdf,
    invoice_pdf,
    on_colour,
)

VIEW = DocumentView(
    tenant_name="Rivard Plomberie inc.",
    number="EST-2026-00418",
    made=date(2026, 6, 18),
    tenant_lines=("RBQ 5791-2284-01", "514 555-0138"),
    parties=(Party("For", ("Geneviève Archambault-Desrosiers", "4217 rue Saint-Hubert, app. 3")),),
    facts=(Fact("Sent", "June 16, 2026"),),
    remark="Revision 2",
    title="Water heater",
    lines=(LineView("Remove the old tank", "2.5", "h", "118.00", "295.00"), LineView("Rebate", "1", "", "−1,000.00", "−1,000.00")),
    totals=(TotalRow("GST 5%", "143.53", "on 2,870.61"), TotalRow("Total, CAD", "$3,300.48", strong=True)),
    terms="30% now.\nThe rest in 15 days.",
    locale="en_CA",
    currency="CAD",
)  # fmt: skip
OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj(.*?)endobj", re.DOTALL)
MARK = re.compile(rb"\bBT\b|/(f\d+) [\d.]+ Tf|\[|/ActualText[(<]|\(|(?<!<)<(?!<)")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x40" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, one piece of text a line, as a reader's search would find it."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    pages = [body for body in objects.values() if re.search(rb"/Type ?/Page\b(?!s)", body)]
    return [_page(objects, body) for body in pages]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources = objects[int(_found(rb"/Resources (\d+) 0 R", page))]
    fonts = dict(re.findall(rb"/(f\d+) (\d+) 0 R", resources))
    maps = {name: _cmap(objects, objects[int(number)]) for name, number in fonts.items()}
    content = _stream(objects[int(_found(rb"/Contents (\d+) 0 R", page))])
    pieces, font, at = [""], b"", 0
    while mark := MARK.search(content, at):
        at = mark.end()
        if mark[0] == b"BT":
            pieces.append("")
        elif mark[1]:
            font = mark[1]
        elif mark[0].startswith(b"/ActualText"):
            at = _next_string(content, at - 1)[1]
        else:
            codes, at = _array(content, at) if mark[0] == b"[" else _next_string(content, at - 1)
            pieces[-1] += "".join(maps[font].get(codes[i : i + 2], "?") for i in range(0, len(codes), 2))
    return "\n".join(pieces)


def _array(content: bytes, at: int) -> tuple[bytes, int]:
    codes = b""
    while content[at : at + 1] != b"]":
        part, at = _next_string(content, at)
        codes += part
    return codes, at


def _next_string(content: bytes, at: int) -> tuple[bytes, int]:
    """The string at `at`, or nothing for one other byte; and where to go on."""
    if content[at : at + 1] == b"<":
        end = content.index(b">", at)
        return bytes.fromhex(content[at + 1 : end].decode()), end + 1
    if content[at : at + 1] != b"(":
        return b"", at + 1
    depth, end = 1, at + 1
    while depth:
        mark = content[end : end + 1]
        depth += (mark == b"(") - (mark == b")")
        end += 2 if mark == b"\\" else 1
    return ESCAPED.sub(_unescape, content[at + 1 : end - 1]), end


def _cmap(objects: dict[int, bytes], font: bytes) -> dict[bytes, str]:
    table = _stream(objects[int(_found(rb"/ToUnicode (\d+) 0 R", font))])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table.replace(b"> <FFFF>\n", b""))
    return {
        bytes.fromhex(code.decode()): bytes.fromhex(text.decode()).decode("utf-16-be") for code, text in pairs
    }


def _stream(body: bytes) -> bytes:
    raw = body.partition(b"stream")[2].lstrip(b"\r\n")
    return zlib.decompressobj().decompress(raw) if b"FlateDecode" in body else raw


def _found(pattern: bytes, body: bytes) -> bytes:
    found = re.search(pattern, body)
    assert found, f"no {pattern!r} in the file"
    return found[1]


def _unescape(found: re.Match[bytes]) -> bytes:
    mark = found[1]
    return bytes([int(mark, 8)]) if mark.isdigit() else NAMED.get(mark, mark)


def text_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def test_everything_in_the_view_is_on_the_paper() -> None:
    text = text_of(estimate_pdf(VIEW))
    assert "Estimate EST-2026-00418" in text
    for part in (
        "Rivard Plomberie inc.", "RBQ 5791-2284-01", "Geneviève Archambault-Desrosiers", "June 16, 2026", "Revision 2", "Water heater",
        "Remove the old tank", "2.5", "118.00", "295.00", "−1,000.00", "GST 5%", "on 2,870.61", "143.53", "Total, CAD", "$3,300.48",
        "30% now.", "The rest in 15 days.", "Page", "Item", "Qty",
    ):  # fmt: skip
        assert part in text, part
    assert "Invoice EST-2026-00418" in text_of(invoice_pdf(VIEW))


def test_it_is_archival_tagged_and_the_same_every_time() -> None:
    made = estimate_pdf(VIEW)
    assert made == estimate_pdf(VIEW)
    for mark in (
        b"<pdfaid:part>3",
        b"<pdfaid:conformance>A",
        b"<pdfuaid:part>1",
        b"/StructTreeRoot",
        b"/Lang",
        b"/S/TH",
    ):
        assert mark in made, mark
    assert b"/JavaScript" not in made
    assert b"/URI" not in made


HOSTILE = '#panic() #read("/etc/passwd") <script>x</script> $x$ *b* _i_ `c` \\ @ref // c [c] #{1+1} {{ x }} \u202eabc'


def test_text_is_never_code() -> None:
    view = replace(
        VIEW,
        tenant_name=HOSTILE,
        title=HOSTILE,
        note=HOSTILE,
        terms=HOSTILE,
        number=HOSTILE,
        lines=[LineView(HOSTILE, HOSTILE, "", "", "")],
        signature=SignatureView(HOSTILE, (HOSTILE,)),
        brand="red; #panic()",
        locale="#panic()",
    )
    text = "".join(text_of(estimate_pdf(view)).split())
    for part in (
        "#panic()",
        '#read("/etc/passwd")',
        "<script>x</script>",
        "$x$",
        "*b*",
        "_i_",
        "`c`",
        "@ref",
        "//c",
        "#{1+1}",
        "{{x}}",
    ):
        assert text.count(part) >= 6, part


def test_paper_follows_the_country() -> None:
    assert b"/MediaBox[0 0 612 792]" in estimate_pdf(VIEW)
    assert b"/MediaBox[0 0 612 792]" in estimate_pdf(replace(VIEW, locale="es", currency="USD"))
    assert b"/MediaBox[0 0 595" in estimate_pdf(replace(VIEW, locale="fr_FR", currency="EUR"))


def test_many_lines_repeat_the_head_and_keep_the_totals_together() -> None:
    lines = [LineView(f"Line number {at}", "1", "ea", "10.00", "10.00") for at in range(200)]
    pages = pages_of(invoice_pdf(replace(VIEW, lines=lines, terms="")))
    assert 5 <= len(pages) <= 9
    assert all(f"{at} / {len(pages)}" in page or str(at) in page for at, page in enumerate(pages, 1))
    assert all("Qty" in page for page in pages if "Line number" in page)
    assert sum("Line number" in row for page in pages for row in page.splitlines()) == 200
    assert [("GST 5%" in page) for page in pages] == [("Total, CAD" in page) for page in pages]


def test_what_is_too_long_or_empty_still_prints() -> None:
    long = "W" * 400
    view = replace(
        VIEW,
        lines=[
            LineView(
                long,
                "99,999,999,999,999.9999",
                "sq",
                "−99,999,999,999,999.9999",
                "−92,233,720,368,547,758.07",
            )
        ],
    )
    text = text_of(
        invoice_pdf(replace(view, parties=(Party("For", (long,)), Party("At", (long,))), title=long))
    )
    assert text.count("W") == 1600
    bare = DocumentView(tenant_name="", number="", made=date(2026, 1, 1), lines=(), totals=())
    assert "Invoice" in text_of(invoice_pdf(bare))


def test_line_breaks_stay_and_control_characters_go() -> None:
    text = text_of(estimate_pdf(replace(VIEW, note="One\r\ntwo\tthree\x00\x07\u200d four")))
    assert "One\ntwo three" in text
    assert "\x07" not in text


@pytest.mark.parametrize("name", ["Zoë 😀", "漢字", "\ue000", "شركة"])
def test_a_character_without_a_glyph_costs_the_standard_and_not_the_document(name: str) -> None:
    made = estimate_pdf(replace(VIEW, title=name))
    assert made.startswith(b"%PDF-")
    assert "Remove the old tank" in text_of(made)


def test_signatures_typed_drawn_and_pictured() -> None:
    facts = ("June 18, 2026, 10:52 AM EDT", "Document " + "a3f9" * 16)
    typed = SignatureView("Geneviève A.", facts)
    assert text_of(estimate_pdf(replace(VIEW, signature=typed))).count("Geneviève A.") == 2
    drawn = replace(typed, strokes=(((0, 50), (10, 20.5)), ((70, 20), (900, 45)), ()))
    pictured = replace(typed, png=png(300, 80))
    for signature in (drawn, pictured):
        made = estimate_pdf(replace(VIEW, signature=signature))
        assert b"<pdfaid:part>3" in made
        assert text_of(made).count("Geneviève A.") == 1
        assert facts[1] in text_of(made)
    assert b"/Subtype/Image" in estimate_pdf(replace(VIEW, signature=pictured))


@pytest.mark.parametrize("strokes", [(((float("nan"), 1), (2, 2)),), ((),), (((5, 5),),)])
def test_odd_strokes_still_print(strokes: tuple[tuple[tuple[float, float], ...], ...]) -> None:
    assert "Approved" in text_of(
        estimate_pdf(replace(VIEW, signature=SignatureView("Ann", (), strokes=strokes)))
    )


@pytest.mark.parametrize(
    "picture", [b"", b"GIF89a", png(300, 80)[:60], png(300, 80)[:20], png(5000, 2), b"<svg/>"]
)
def test_odd_pictures_still_print(picture: bytes) -> None:
    assert "Approved" in text_of(estimate_pdf(replace(VIEW, signature=SignatureView("Ann", (), png=picture))))


@pytest.mark.parametrize(
    ("brand", "ink"), [("#ffffff", True), ("#ffe600", True), ("#006972", False), ("#35599f", False)]
)
def test_the_mark_is_readable_on_any_brand(brand: str, ink: bool) -> None:
    assert (on_colour(brand) == "#1c2024") is ink


def test_many_threads_print_their_own_document() -> None:
    numbers = [f"EST-{at:04}" for at in range(12)]
    random.Random(1).shuffle(numbers)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda number: estimate_pdf(replace(VIEW, number=number)), numbers))
    assert [number in text_of(each) for number, each in zip(numbers, made, strict=True)] == [True] * 12
