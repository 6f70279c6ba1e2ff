"""Money never mixes currencies, never rounds twice, never holds a float, and reads and writes as people do."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import (
    AmountTooLarge,
    CurrencyMismatch,
    Money,
    MoneyError,
    NotAnAmount,
    UnitPrice,
    format_money,
    format_percent,
    format_quantity,
    format_unit_price,
    parse_money,
    parse_quantity,
    parse_unit_price,
    round_half_away,
    split_by_largest_remainder,
    total,
)
from models.rounding import MAX_CENTS

CENTS = st.integers(-(10**15), 10**15)


def cad(cents: int) -> Money:
    return Money(cents, "CAD")


def test_sums_and_comparison() -> None:
    assert cad(100) + cad(50) - cad(25) == cad(125)
    assert -cad(5) == cad(-5)
    assert abs(cad(-5)) == cad(5)
    assert cad(1) < cad(2) <= cad(2)
    assert cad(3) > cad(2) >= cad(2)
    assert not cad(0)
    assert total([cad(1), cad(2)], "CAD") == cad(3)
    assert total([], "CAD") == Money.zero("CAD")
    assert cad(16097).amount() == Decimal("160.97")
    assert cad(16097).as_json() == {"amount_cents": 16097, "currency": "CAD"}


def test_currencies_never_mix() -> None:
    usd = Money(1, "USD")
    for act in (
        lambda: cad(1) + usd,
        lambda: cad(1) - usd,
        lambda: cad(1) < usd,
        lambda: total([usd], "CAD"),
    ):
        with pytest.raises(CurrencyMismatch, match="cannot be mixed"):
            act()
    assert cad(1) != usd


@pytest.mark.parametrize("cents", [1.0, "1", None, True, Decimal(1)])
def test_only_whole_minor_units(cents: object) -> None:
    with pytest.raises(NotAnAmount, match="whole number of cents"):
        Money(cents, "CAD")  # type: ignore[arg-type]


@pytest.mark.parametrize("currency", ["cad", "CA", "CADD", "", None, "C\nD"])
def test_currency_is_three_capitals(currency: object) -> None:
    with pytest.raises(NotAnAmount, match="three capital letters"):
        Money(1, currency)  # type: ignore[arg-type]


def test_beyond_64_bits_is_refused_with_words() -> None:
    assert cad(MAX_CENTS).cents == MAX_CENTS
    for act in (
        lambda: cad(MAX_CENTS + 1),
        lambda: cad(MAX_CENTS) + cad(1),
        lambda: cad(MAX_CENTS).times(Decimal(2)),
    ):
        with pytest.raises(AmountTooLarge, match="too large"):
            act()


def test_money_only_adds_to_money() -> None:
    with pytest.raises(NotAnAmount, match="only adds to money"):
        cad(1) + 1  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        ("2.5", 0, "3"), ("-2.5", 0, "-3"), ("0.5", 0, "1"), ("-0.5", 0, "-1"), ("1.005", 2, "1.01"),
        ("2.4999999999999999999999999999999999", 0, "2"), ("13.965", 2, "13.97"), ("-13.965", 2, "-13.97"), ("0", 2, "0"),
        ("12345678901234567890123456789012345.5", 0, "12345678901234567890123456789012346"),
    ],
)  # fmt: skip
def test_halves_go_away_from_zero(value: str, places: int, expected: str) -> None:
    assert round_half_away(Decimal(value), places) == Decimal(expected)


@pytest.mark.parametrize("value", [1.5, "1.5", Decimal("NaN"), Decimal("Infinity"), Decimal("1E+9999999")])
def test_rounding_takes_exact_finite_numbers_only(value: object) -> None:
    with pytest.raises(NotAnAmount):
        round_half_away(value)  # type: ignore[arg-type]


@given(
    st.integers(-9 * 10**14, 9 * 10**14), st.decimals(-9999, 9999, places=4)
)  # the product stays in 64 bits
def test_times_is_symmetric_and_never_off_by_more_than_half_a_cent(cents: int, quantity: Decimal) -> None:
    product = cad(cents).times(quantity)
    assert cad(-cents).times(quantity) == -product
    assert abs(Decimal(product.cents) - Decimal(cents) * quantity) <= Decimal("0.5")


@given(CENTS, st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any))
def test_shares_add_up_and_stay_within_a_cent(amount: int, weights: list[int]) -> None:
    shares = split_by_largest_remainder(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share * sum(weights) - amount * weight) < sum(weights)
    assert split_by_largest_remainder(-amount, weights) == [-share for share in shares]


@given(CENTS, st.lists(st.integers(-1000, 1000), min_size=1, max_size=12).filter(sum), st.randoms())
def test_shares_follow_their_weight_not_their_place(amount: int, weights: list[int], random: object) -> None:
    pairs = sorted(zip(weights, split_by_largest_remainder(amount, weights), strict=True))
    shuffled = list(weights)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sorted(zip(shuffled, split_by_largest_remainder(amount, shuffled), strict=True)) == pairs


def test_known_shares() -> None:
    assert split_by_largest_remainder(100, [1, 1, 1]) == [34, 33, 33]
    assert split_by_largest_remainder(-100, [1, 1, 1]) == [-34, -33, -33]
    assert split_by_largest_remainder(100, [1000, -200]) == [125, -25]
    assert split_by_largest_remainder(0, [0, 0]) == [0, 0]
    assert split_by_largest_remainder(0, []) == []
    with pytest.raises(MoneyError, match="nothing to share"):
        split_by_largest_remainder(1, [0])


@pytest.mark.parametrize(
    ("money", "locale", "shown"),
    [
        (Money(2480000, "USD"), "en_US", "$24,800.00"), (Money(-111862, "USD"), "en_US", "−$1,118.62"),
        (Money(5, "CAD"), "en_CA", "$0.05"), (Money(330048, "CAD"), "fr_CA", "3\u00a0300,48\u00a0$"),
        (Money(-5, "CAD"), "fr_CA", "−0,05\u00a0$"), (Money(1500, "JPY"), "en_US", "¥1,500"),
        (Money(1234567, "KWD"), "en_US", "KWD\u00a01,234.567"), (Money(0, "USD"), "en_US", "$0.00"),
        (Money(MAX_CENTS, "USD"), "en_US", "$92,233,720,368,547,758.07"),
    ],
)  # fmt: skip
def test_written_amounts(money: Money, locale: str, shown: str) -> None:
    assert format_money(money, locale) == shown


def test_written_amounts_without_symbol_and_abroad() -> None:
    assert format_money(cad(-330048), symbol=False) == "−3,300.48"
    assert format_money(cad(100), home="CAD") == "$1.00"
    assert format_money(cad(-100), home="USD") == "−CA$1.00"


def test_written_quantities_prices_and_rates() -> None:
    assert [format_quantity(Decimal(q)) for q in ("34.0000", "31.4", "0.125", "1200", "-2")] == [
        "34",
        "31.4",
        "0.125",
        "1,200",
        "−2",
    ]
    assert [format_unit_price(Decimal(p), "USD") for p in ("118", "137.7778", "6.8500")] == [
        "118.00",
        "137.7778",
        "6.85",
    ]
    assert format_unit_price(Decimal(1500), "JPY") == "1,500"
    assert format_percent(Decimal("9.9750")) == "9.975%"
    assert format_percent(Decimal("9.975"), "fr_CA") == "9,975\u00a0%"


@pytest.mark.parametrize(
    ("text", "locale", "cents"),
    [
        ("1,234.50", "en_US", 123450), ("$1,234.50", "en_US", 123450), ("1234.5", "en_US", 123450), (" 12 ", "en_US", 1200),
        ("−$5", "en_US", -500), ("-5.00", "en_US", -500), ("$-5", "en_US", -500), ("(5.00)", "en_US", -500), (".5", "en_US", 50),
        ("CAD 5", "en_US", 500), ("5 CAD", "en_US", 500), ("CA$5", "en_US", 500), ("1,234", "en_US", 123400), ("5.500", "en_US", 550),
        ("1 234,50 $", "fr_CA", 123450), ("1\u00a0234,50\u00a0$", "fr_CA", 123450), ("1234,5", "fr_CA", 123450), ("1234.50", "fr_CA", 123450),
        ("92,233,720,368,547,758.07", "en_US", MAX_CENTS),
    ],
)  # fmt: skip
def test_read_amounts(text: str, locale: str, cents: int) -> None:
    assert parse_money(text, "CAD", locale=locale) == cad(cents)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("$1 234,50", "more than one way"), ("1234,50", "more than one way"), ("1,23", "more than one way"), ("1.234.567", "more than one way"),
        ("12,34.50", "more than one way"), ("", "not a number"), ("abc", "not a number"), ("1e5", "not a number"), ("NaN", "not a number"),
        ("--5", "not a number"), ("(-5)", "not a number"), ("(5", "not a number"), ("٣", "not a number"), ("5.005", "at most 2 decimals"),
        ("USD 5", "USD, and CAD is expected"), ("5 €", "€, and CAD is expected"), ("US$5", "US\\$, and CAD"), ("92,233,720,368,547,758.08", "too large"), ("9" * 50, "too large"),
        ("9" * 5000, "not a number"), ("=1+1", "not a number"),
    ],
)  # fmt: skip
def test_refused_amounts_say_why(text: str, words: str) -> None:
    with pytest.raises(MoneyError, match=words) as refused:
        parse_money(text, "CAD")
    assert refused.value.field == "amount"


@given(
    st.integers(-MAX_CENTS, MAX_CENTS),
    st.sampled_from(["en_US", "en_CA", "fr_CA"]),
    st.sampled_from(["CAD", "JPY", "KWD"]),
)
def test_what_is_written_reads_back(cents: int, locale: str, currency: str) -> None:
    money = Money(cents, currency)
    assert parse_money(format_money(money, locale), currency, locale=locale) == money


def test_quantities() -> None:
    assert parse_quantity("2.5") == Decimal("2.5")
    assert parse_quantity("1,200.1250") == Decimal("1200.125")
    assert parse_quantity(3) == parse_quantity(Decimal(3)) == 3
    assert parse_quantity("2,5", locale="fr_CA") == Decimal("2.5")
    for given_, words in [
        ("-1", "cannot be negative"), ("1.00001", "four decimals"), (1.5, "exact, not float"), ("$5", "plain number"), (True, "exact, not bool"),
        (Decimal(10**14), "14 digits"), (10**14, "14 digits"), (Decimal("NaN"), "not a number"), (None, "exact"),
    ]:  # fmt: skip
        with pytest.raises(MoneyError, match=words) as refused:
            parse_quantity(given_, field="lines.0.quantity")  # type: ignore[arg-type]
        assert refused.value.field == "lines.0.quantity"


def test_unit_prices() -> None:
    price = parse_unit_price("33.3325", "CAD")
    assert price == UnitPrice(Decimal("33.3325"), "CAD")
    assert price.as_json() == {"amount": "33.3325", "currency": "CAD"}
    assert UnitPrice.from_json(price.as_json()) == price
    assert UnitPrice.from_json({"amount_cents": 3333, "currency": "CAD"}).amount == Decimal("33.33")
    assert parse_unit_price("-1,000", "CAD").amount == -1000
    assert UnitPrice.of(cad(-5)).amount == Decimal("-0.05")
    bad: list[dict[str, object]] = [
        {"currency": "CAD"}, {"amount": "1", "amount_cents": 100, "currency": "CAD"}, {"amount": 1.5, "currency": "CAD"},
        {"amount": "1"}, {"amount_cents": "1", "currency": "CAD"}, {"amount": "1.00001", "currency": "CAD"}, {"amount": [], "currency": "CAD"},
    ]  # fmt: skip
    for given_ in bad:
        with pytest.raises(MoneyError):
            UnitPrice.from_json(given_)
    with pytest.raises(NotAnAmount, match="four decimals"):
        UnitPrice(Decimal("1.00001"), "CAD")
