"""Mapping files and what they make of a row, without a database."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ontrack_app.errors import Invalid
from ontrack_app.integrations.csv_files import CsvRow
from ontrack_app.schemas.imports import Mapping
from ontrack_app.services.imports import mappings
from ontrack_app.services.imports.reading import Draft, Reader, Refused, Repeat
from ontrack_app.services.imports.values import Place
from ontrack_app.settings import PROJECT_ROOT

PLACE = Place("USD", ZoneInfo("America/Chicago"), datetime(2026, 1, 1, tzinfo=UTC))
HEADER = ("Who", "Where", "Cost", "When", "Code", "Text")


def reader(fields: dict[str, Any], **given: Any) -> Reader:
    return Reader(
        mappings.parse({"fields": {"name": "Who", "street": "Where"} | fields} | given), HEADER, PLACE
    )


def one(fields: dict[str, Any], cells: dict[str, str], **given: Any) -> Draft | Refused | Repeat:
    row = {"Who": "Joe", "Where": "1 A St"} | cells
    return next(reader(fields, **given).read([CsvRow(2, [row.get(name, "") for name in HEADER])]))


def value(name: str, rule: Any, cells: dict[str, str]) -> Any:
    found = one({name: rule}, cells)
    assert isinstance(found, Draft), found
    return found.values.get("value_cents" if name == "value" else name)


@pytest.mark.parametrize(
    ("rule", "text", "cents"),
    [
        ("Cost", "1234.5", 123450),
        ("Cost", "$1,234.50", 123450),
        ("Cost", "0", 0),
        ("Cost", "", None),
        ({"from": "Cost", "zero": "none"}, "0.00", None),
        ({"from": "Cost", "decimal": ","}, "1 234,50", 123450),
        ("Cost", "92233720368547758.07", 2**63 - 1),
    ],
)
def test_amounts(rule: Any, text: str, cents: int | None) -> None:
    assert value("value", rule, {"Cost": text}) == cents


@pytest.mark.parametrize(
    "text", ["-5", "(5.00)", "92233720368547758.08", "9" * 50, "abc", "12,34", "=1+1", "1.234"]
)
def test_amounts_that_do_not_fit_are_refused_or_left_empty_in_words(text: str) -> None:
    refused = one({"value": "Cost"}, {"Cost": text})
    assert isinstance(refused, Refused)
    assert refused.words.startswith("Value: ")
    assert refused.cells["Cost"] == text
    kept = one({"value": {"from": "Cost", "bad": "empty"}}, {"Cost": text})
    assert isinstance(kept, Draft)
    assert "value_cents" not in kept.values
    assert kept.notes[0].endswith("It was left empty.")


@pytest.mark.parametrize(
    ("dates", "text", "iso"),
    [
        ("auto", "1681189200000", "2023-04-11T05:00:00+00:00"),
        ("auto", "1681189200000.0", "2023-04-11T05:00:00+00:00"),
        ("auto", "1681189200", "2023-04-11T05:00:00+00:00"),
        ("auto", "2023-04-11", "2023-04-11T05:00:00+00:00"),
        ("auto", "20230411", "2023-04-11T05:00:00+00:00"),
        ("auto", "2023/04/11 05:00:00+00", "2023-04-11T05:00:00+00:00"),
        (["auto", "%m/%d/%Y"], "04/11/2023", "2023-04-11T05:00:00+00:00"),
        ("epoch_s", "0", "1970-01-01T00:00:00+00:00"),
    ],
)
def test_dates(dates: Any, text: str, iso: str) -> None:
    assert value("created_at", {"from": "When", "dates": dates}, {"When": text}).isoformat() == iso


@pytest.mark.parametrize(
    "text", ["soon", "04/11/2023", "45028", "99999999999999999999", "2099-01-01", "1 681 189"]
)
def test_dates_that_cannot_be_told_are_refused(text: str) -> None:
    assert isinstance(one({"created_at": "When"}, {"When": text}), Refused)


def test_the_first_origin_that_holds_something_wins() -> None:
    rule = {"from": ["Text", "{Where} ({Code})", "Code"], "default": "nobody"}
    assert value("need", rule, {"Text": " a  b ", "Code": "C1"}) == "a b"
    assert value("need", rule, {"Text": "  ", "Code": "C1"}) == "1 A St (C1)"
    assert value("need", rule, {}) == "nobody"
    assert value("need", {"from": "{{Code}} {Code}"}, {"Code": "x"}) == "{Code} x"


def test_words_that_mean_nothing_are_nothing() -> None:
    found = one({"city": "Text"}, {"Text": "<NULL>"}, empty=["<null>"])
    assert isinstance(found, Draft)
    assert "city" not in found.values


def test_spaces_and_control_characters() -> None:
    assert value("city", "Text", {"Text": "\u00a0 Old\tHickory\x07 \r\n"}) == "Old Hickory"
    assert value("need", "Text", {"Text": " one   two \r\n\r\n\r\n\r\nthree "}) == "one two\n\nthree"


def test_long_text_is_kept_whole_or_cut_with_a_note_never_in_silence() -> None:
    assert len(value("need", "Text", {"Text": "x" * 20_000})) == 20_000
    assert isinstance(one({"need": "Text"}, {"Text": "x" * 20_001}), Refused)
    cut = one({"need": {"from": "Text", "bad": "cut"}}, {"Text": "x" * 20_001})
    assert isinstance(cut, Draft)
    assert cut.notes == ("Need: 20,001 characters are more than the 20,000 that fit. It was cut.",)


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [("country", "us", "US"), ("urgency", "Urgent", "high"), ("email", "Joe@X.example", "joe@x.example"), ("postal_code", "37206.0", "37206")],
)  # fmt: skip
def test_other_fields(name: str, text: str, kept: str) -> None:
    assert value(name, "Text", {"Text": text}) == kept
    if name != "postal_code":
        assert isinstance(one({name: "Text"}, {"Text": "no such thing"}), Refused)


def test_formulas_stay_text_and_are_counted() -> None:
    found = reader({"need": "Text"})
    drafts = list(
        found.read([CsvRow(2, ["=1+1", "@cmd", "", "", "", "-x"]), CsvRow(3, ["A", "B", "", "", "", ""])])
    )
    assert isinstance(drafts[0], Draft)
    assert drafts[0].values["name"] == "=1+1"
    assert (found.formulas, found.first_formula) == (1, 2)


def test_rows_that_make_no_lead_are_refused_in_words() -> None:
    assert "no street (Where)" in refusal({"Where": " "}, require=["street"])
    assert "no name" in refusal({"Who": ""})
    assert "name alone" in refusal({"Where": ""})
    assert "Its Code is empty" in refusal({}, key="Code", source="x")
    assert "longer than 100" in refusal({"Code": "9" * 101}, key="Code", source="x")


def refusal(cells: dict[str, str], **given: Any) -> str:
    found = one({}, cells, **given)
    assert isinstance(found, Refused), found
    return found.words


def test_repeats_in_the_file_name_the_first_row() -> None:
    rows = [
        CsvRow(at, ["Joe", "1 A", "", "", code, ""])
        for at, code in ((2, "K1"), (3, "K2"), (4, " K1 "), (5, "K1"))
    ]
    rows[3].cells[1] = "9 Z"
    found = list(reader({}, key=["Code"], source="x").read(rows))
    assert found[2:] == [Repeat(4, "K1", 2), Repeat(5, "K1", 2, differs=True)]


def test_rows_without_a_number_are_told_apart_by_what_they_say() -> None:
    rows = [
        CsvRow(at, ["Joe", where, "", "", "", ""])
        for at, where in ((2, "1 A St"), (3, "1  a st"), (4, "2 A St"))
    ]
    found = list(reader({}).read(rows))
    assert [type(item) for item in found] == [Draft, Repeat, Draft]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"fields": {"naem": "Who"}}, "no field “naem”"),
        ({"fields": {"name": "Who", "source_ref": "Code"}}, "filled from “key”"),
        ({"fields": {"name": "Who", "stage": "Code"}}, "no field “stage”"),
        ({"fields": {"street": "Who"}}, "must fill name"),
        ({"fields": {"name": {"from": "Who", "constant": "x"}}}, "either “from”"),
        ({"fields": {"name": {"from": "Who", "upper": True}}}, "upper: this name is not known"),
        ({"fields": {"name": "{Who"}}, "needs a column's name between"),
        ({"fields": {"name": {"from": "Who", "zero": "none"}}}, "“zero” does not fit name"),
        ({"fields": {"name": {"from": "Who", "bad": "empty"}}}, "must be filled"),
        ({"fields": {"name": {"from": "Who", "bad": "panic"}}}, "this must be 'refuse', 'empty' or 'cut'"),
        ({"fields": {"name": "Who", "created_at": {"from": "When", "dates": "soon"}}}, "no date format"),
        ({"fields": {"name": "Who"}, "key": "Code"}, "needs a “source”"),
        ({"fields": {"name": "Who"}, "require": "street"}, "does not fill it"),
        ({"fields": {"name": "Who"}, "colour": 1}, "colour: this name is not known"),
        ({"fields": {"name": 7}}, "fields → name"),
        ({}, "fields: this is missing"),
        ([], "must hold one object"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_says_where(given: Any, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        mappings.parse(given)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"{", "not JSON: line 1"), (b"\xff", "not UTF-8"), (b'{"a": 1, "a": 2}', "“a” twice"), (b"[" * 100_000, "nested")],
)  # fmt: skip
def test_a_mapping_file_that_is_no_json(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "m.json"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=words):
        mappings.read(path)


def test_a_column_that_the_file_does_not_have_is_named() -> None:
    with pytest.raises(Invalid, match=r"not in the file: “Phone”.*names “Who”, “Where”"):
        reader({"phone": "Phone"})


def test_columns_are_known_by_their_names() -> None:
    mapping = mappings.guess(
        ["Full Name", "E-Mail", "ZIP", "State", "Address", "Permit #", "created_at"], "may.csv"
    )
    assert {name: rule.from_ for name, rule in mapping.fields.items()} == {
        "name": ["Full Name"], "email": ["E-Mail"], "postal_code": ["ZIP"], "region": ["State"], "street": ["Address"],
        "created_at": ["created_at"],
    }  # fmt: skip
    assert (mapping.key, mapping.source) == (["Permit #"], "may")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (["name", "Colour", "Size"], "2 columns are not known: “Colour”, “Size”"),
        (["Joe", "1 A St"], "None of the columns is known"),
        (["email", "phone"], "No column is the name"),
        (["name", "zip", "postal code"], "both look like postal_code"),
    ],
)
def test_columns_that_cannot_be_guessed_are_said(header: list[str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        mappings.guess(header, "list.csv")


def test_the_example_is_a_good_mapping() -> None:
    path = PROJECT_ROOT / "docs" / "examples" / "nashville_permits.mapping.json"
    assert mappings.read(path) == Mapping.model_validate(json.loads(path.read_text()))
