"""Documents add up to the cent: known cases, and what must hold for every document."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.money import Money
from models.rounding import MAX_CENTS, AmountTooLarge, MoneyError
from models.totals import Document, DocumentError, Fee, Line, TaxRate, TaxRow, Totals, work_out

GST = TaxRate("GST", "GST", Decimal(5))
QST = TaxRate("QST", "QST", Decimal("9.975"))
OLD_QST = TaxRate("OQST", "QST on GST", Decimal("7.5"), compound=True)
GST_IN = TaxRate("GSTI", "GST included", Decimal(5), inclusive=True)
QST_IN = TaxRate("QSTI", "QST included", Decimal("9.975"), inclusive=True)
OLD_QST_IN = TaxRate("OQSTI", "QST on GST, included", Decimal("7.5"), compound=True, inclusive=True)
RATES = (GST, QST, OLD_QST, GST_IN, QST_IN, OLD_QST_IN)
BOTH = ("GST", "QST")


def line(price: str, *codes: str, quantity: str = "1", discount: int = 0) -> Line:
    return Line(Decimal(quantity), Decimal(price), discount, codes)


def added(*lines: Line, rates: tuple[TaxRate, ...] = RATES, **more: object) -> Totals:
    return work_out(Document("CAD", lines, rates, **more))  # type: ignore[arg-type]


def taxes(totals: Totals) -> dict[str, tuple[int, int]]:
    return {row.code: (row.base_cents, row.amount_cents) for row in totals.tax_rows}


def test_quebec_to_the_cent() -> None:
    totals = added(line("140.00", *BOTH))
    assert taxes(totals) == {"GST": (14000, 700), "QST": (14000, 1397)}
    assert (totals.subtotal, totals.tax, totals.total) == (
        Money(14000, "CAD"),
        Money(2097, "CAD"),
        Money(16097, "CAD"),
    )


def test_the_estimate_in_the_pictures() -> None:
    nets = [
        ("118.00", "2.5"),
        ("1284.00", "1"),
        ("14.35", "22"),
        ("342.00", "1"),
        ("128.00", "5"),
        ("145.00", "1"),
    ]
    lines = [line(price, *BOTH, quantity=quantity) for price, quantity in nets]
    lines.append(Line(Decimal(1), Decimal("389.00"), tax_codes=BOTH, counted=False))
    totals = added(*lines, discount_percent=Decimal(5))
    assert totals.line_nets == (29500, 128400, 31570, 34200, 64000, 14500, 38900)
    assert (totals.subtotal_cents, totals.discount_cents) == (302170, 15109)
    assert taxes(totals) == {"GST": (287061, 14353), "QST": (287061, 28634)}
    assert totals.total_cents == 330048


@pytest.mark.parametrize(
    ("given_", "net"),
    [
        (line("33.3325", quantity="2.5"), 8333), (line("0.005"), 1), (line("-0.005"), -1), (line("0.0049"), 0), (line("10", discount=1000), 0),
        (line("137.7778", quantity="9"), 124000), (line("0.0001", quantity="0.0001"), 0), (line("10.005", discount=1), 1000), (line("0"), 0),
        (line("-1000"), -100000), (line("1.15", quantity="0.5"), 58), (line("-1.15", quantity="0.5"), -58), (line("5", quantity="0"), 0),
    ],
)  # fmt: skip
def test_line_nets(given_: Line, net: int) -> None:
    assert added(given_).line_nets == (net,)


def test_yen_has_no_decimals() -> None:
    totals = work_out(Document("JPY", [line("1500.5", "JCT")], [TaxRate("JCT", "Tax", Decimal(10))]))
    assert (totals.line_nets, totals.total_cents) == ((1501,), 1651)


def test_per_line_and_per_document_differ_where_halves_meet() -> None:
    lines = [line("0.10", "GST")] * 3
    assert taxes(added(*lines)) == {"GST": (30, 2)}
    assert taxes(added(*lines, tax_level="line")) == {"GST": (30, 3)}


def test_compound_lies_on_the_tax_as_charged() -> None:
    assert taxes(added(line("10.10", "GST", "OQST"))) == {"GST": (1010, 51), "OQST": (1061, 80)}
    mixed = added(line("10.10", "GST", "OQST"), line("20.00", "GST"), line("5.00", "OQST"))
    assert taxes(mixed) == {"GST": (3010, 151), "OQST": (1010 + 51 + 500, 117)}
    assert taxes(added(line("10.00", "OQST"))) == {"OQST": (1000, 75)}


def test_compound_follows_the_tenants_order() -> None:
    assert taxes(added(line("100", "GST", "OQST"), rates=(OLD_QST, GST))) == {
        "OQST": (10000, 750),
        "GST": (10000, 500),
    }


def test_inclusive_is_backed_out_and_the_price_stays() -> None:
    totals = added(line("114.98", "GSTI", "QSTI"))
    assert taxes(totals) == {"GSTI": (10000, 500), "QSTI": (10000, 998)}
    assert (totals.subtotal_cents, totals.tax_cents, totals.included_tax_cents, totals.total_cents) == (
        11498,
        1498,
        1498,
        11498,
    )


def test_inclusive_compound() -> None:
    totals = added(line("112.88", "GSTI", "OQSTI"))
    assert taxes(totals) == {"GSTI": (10000, 500), "OQSTI": (10500, 788)}
    assert totals.total_cents == 11288


def test_inclusive_and_added_taxes_on_one_line() -> None:
    totals = added(line("105.00", "GSTI", "QST"))
    assert taxes(totals) == {"QST": (10000, 998), "GSTI": (10000, 500)}
    assert totals.total_cents == 10500 + 998


def test_document_discount_is_shared_over_the_tax_groups() -> None:
    totals = added(line("100", *BOTH), line("50", "GST"), line("50"), discount_cents=1000)
    assert taxes(totals) == {"GST": (14250, 713), "QST": (9500, 948)}
    assert totals.total_cents == 20000 - 1000 + 713 + 948


def test_fees_come_after_the_discount() -> None:
    totals = added(
        line("100", "GST"),
        discount_percent=Decimal(50),
        fees=(Fee("Disposal", 1000, ("GST",)), Fee("Permit", 500)),
    )
    assert (totals.discount_cents, totals.fees_cents, taxes(totals)["GST"]) == (5000, 1500, (6000, 300))
    assert totals.total_cents == 5000 + 1500 + 300


def test_rebates_lower_the_tax_of_their_group() -> None:
    totals = added(line("100", "GST"), line("-40.10", "GST"))
    assert taxes(totals) == {"GST": (5990, 300)}
    assert added(line("-100.10", "GST")).total_cents == -10511


def test_nothing_and_zero() -> None:
    assert added().total_cents == 0
    assert added(line("0", *BOTH)).tax_rows[0].amount_cents == 0
    none = TaxRate("NONE", "Sales tax", Decimal(0))
    assert taxes(added(line("10", "NONE"), rates=(none,))) == {"NONE": (1000, 0)}
    assert added(line("10", *BOTH), discount_percent=Decimal(100)).total_cents == 0
    assert added(line("-10", "GST"), line("10"), tax_level="line").total_cents == -50


@pytest.mark.parametrize(
    ("document", "field", "words"),
    [
        (Document("CAD", [line("1", discount=101)]), "lines.0.discount", "more than the line"),
        (Document("CAD", [line("1"), line("1", discount=-1)]), "lines.1.discount", "cannot be negative"),
        (Document("CAD", [line("-1", discount=1)]), "lines.0.discount", "more than the line"),
        (Document("CAD", [line("1", "HST")]), "lines.0.tax_codes", "no tax code HST"),
        (Document("CAD", [line("1", "GST", "GST")], [GST]), "lines.0.tax_codes", "named twice"),
        (Document("CAD", [line("1")], [GST, GST]), "tax_codes", "there twice"),
        (Document("CAD", [line("1")], [replace(GST, rate=Decimal(-1))]), "rate", "cannot be negative"),
        (Document("CAD", [line("1")], discount_cents=101), "discount", "more than the lines"),
        (Document("CAD", [], discount_cents=1), "discount", "more than the lines"),
        (Document("CAD", [line("1")], discount_cents=-1), "discount", "cannot be negative"),
        (Document("CAD", [line("1")], discount_percent=Decimal(101)), "discount", "between 0 and 100"),
        (Document("CAD", [line("1")], discount_percent=Decimal(1), discount_cents=1), "discount", "not both"),
        (Document("CAD", [line("1")], fees=[Fee("Fee", -1)]), "fees.0", "cannot be negative"),
        (Document("CAD", [line("1")], fees=[Fee("Fee", 1, ("HST",))]), "fees.0.tax_codes", "no tax code HST"),
        (Document("CAD", [Line(1.0, Decimal(1))]), "lines.0.quantity", "exact, not float"),  # type: ignore[arg-type]
        (Document("CAD", [Line(Decimal(1), 1.0)]), "lines.0.unit_price", "exact, not float"),  # type: ignore[arg-type]
        (Document("CAD", [line("1")], discount_cents=0.5), "discount", "not float"),  # type: ignore[arg-type]
        (Document("CAD", [line("1")], [replace(GST, rate=0.05)]), "rate", "exact, not float"),  # type: ignore[arg-type]
    ],
)
def test_refusals_name_the_field_and_say_why(document: Document, field: str, words: str) -> None:
    with pytest.raises(MoneyError, match=words) as refused:
        work_out(document)
    assert refused.value.field == field
    assert isinstance(refused.value, (DocumentError, MoneyError))


def test_amounts_past_64_bits_are_refused() -> None:
    most = Decimal("99999999999999.9999")
    for document in (
        Document("CAD", [Line(most, most)]),
        Document("CAD", [line("90000000000000", quantity="1000")] * 2),
        Document("CAD", [line("92233720368547", "GST", quantity="1000")], [GST]),
        Document("CAD", [line("1")], fees=[Fee("Fee", MAX_CENTS)]),
    ):
        with pytest.raises(AmountTooLarge, match="too large"):
            work_out(document)


def test_tax_rows_survive_their_storage() -> None:
    rows = added(line("140.00", *BOTH), line("3", "GSTI")).tax_rows
    assert rows[1].as_json() == {
        "code": "QST",
        "label": "QST",
        "rate": "9.975",
        "base_cents": 14000,
        "amount_cents": 1397,
        "inclusive": False,
    }
    assert tuple(TaxRow.from_json(row.as_json()) for row in rows) == rows


PLACES = st.decimals(min_value=0, max_value=5000, places=4)
CODES = st.lists(st.sampled_from([rate.code for rate in RATES]), unique=True, max_size=4).map(tuple)
LINES = st.builds(Line, PLACES, PLACES, st.just(0), CODES)
REBATES = st.builds(
    Line, st.just(Decimal(1)), st.decimals(min_value=-900, max_value=0, places=4), st.just(0), CODES
)
FEES = st.builds(Fee, st.just("Fee"), st.integers(0, 99999), CODES)
DOCUMENTS = st.builds(
    Document,
    st.sampled_from(["CAD", "JPY", "KWD"]),
    st.lists(LINES | REBATES, max_size=9).map(tuple),
    st.permutations(RATES).map(tuple),
    st.sampled_from(["document", "line"]),
    discount_percent=st.none() | st.decimals(0, 100, places=4),
    fees=st.lists(FEES, max_size=3).map(tuple),
)


@settings(max_examples=300)
@given(DOCUMENTS)
def test_the_parts_add_up(document: Document) -> None:
    totals = work_out(document)
    assert totals.subtotal_cents == sum(totals.line_nets)
    added_tax = sum(row.amount_cents for row in totals.tax_rows if not row.inclusive)
    assert (
        totals.tax_cents
        == added_tax + totals.included_tax_cents
        == sum(row.amount_cents for row in totals.tax_rows)
    )
    assert totals.total_cents == totals.subtotal_cents - totals.discount_cents + totals.fees_cents + added_tax
    used = {code for part in (*document.lines, *document.fees) for code in part.tax_codes}
    assert [row.code for row in totals.tax_rows] == [
        rate.code for rate in document.rates if rate.code in used
    ]
    for figure in (*totals.line_nets, totals.total_cents, *(row.amount_cents for row in totals.tax_rows)):
        assert type(figure) is int


@settings(max_examples=300)
@given(DOCUMENTS)
def test_added_taxes_at_document_level_are_their_rate_of_their_base_rounded_once(document: Document) -> None:
    for row in work_out(replace(document, tax_level="document")).tax_rows:
        if not row.inclusive:
            exact = Fraction(row.base_cents) * Fraction(row.rate) / 100
            assert abs(row.amount_cents - exact) <= Fraction(1, 2)


@settings(max_examples=300)
@given(DOCUMENTS, st.randoms())
def test_the_order_of_lines_and_fees_changes_nothing(document: Document, random: object) -> None:
    lines, fees = list(document.lines), list(document.fees)
    random.shuffle(lines)  # type: ignore[attr-defined]
    random.shuffle(fees)  # type: ignore[attr-defined]
    moved = work_out(replace(document, lines=lines, fees=fees))
    assert replace(moved, line_nets=()) == replace(work_out(document), line_nets=())


@settings(max_examples=200)
@given(DOCUMENTS, st.integers(0, 10**6))
def test_the_discounts_parts_add_up(document: Document, discount: int) -> None:
    """With one added tax of 100 % everywhere, the tax is the sum of all bases: nothing of the discount got lost."""
    whole = TaxRate("ALL", "All", Decimal(100))
    lines = [replace(each, tax_codes=("ALL",)) for each in document.lines]
    nets = work_out(Document("CAD", lines, [whole])).subtotal_cents
    taken = min(discount, max(nets, 0))
    for level in ("document", "line"):
        totals = work_out(Document("CAD", lines, [whole], level, discount_cents=taken))  # type: ignore[arg-type]
        assert totals.tax_rows == () or totals.tax_cents == nets - taken


@settings(max_examples=200)
@given(st.lists(LINES, max_size=6).map(tuple))
def test_a_mirrored_document_is_the_same_with_the_other_sign(lines: tuple[Line, ...]) -> None:
    mirrored = [replace(each, unit_price=-each.unit_price) for each in lines]
    assert added(*mirrored).total_cents == -added(*lines).total_cents
