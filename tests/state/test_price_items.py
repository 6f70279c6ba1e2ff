"""The price book on screen: the list, and the form with prices to four decimals and tax codes to tick."""

from decimal import Decimal
from uuid import UUID

import pytest

from models.price_items import PriceItem
from state.price_items import PriceItemFormState, PriceItemsState
from tests.factories import spine
from tests.factories.companies import Company
from tests.state.support import Screen
from tests.state.tabs import Open

GIVEN = {
    "name": "Ridge vent",
    "kind": "material",
    "unit_price": "33.3325",
    "unit_cost": "",
    "tax:GST": "true",
}


def only(company: Company) -> PriceItem:
    with company.work() as work:
        item: PriceItem = work.first(work.of(PriceItem))
    return item


def started(tab: Open, company: Company) -> Screen:
    screen = tab(company.office, "/price-items/new")
    screen.send(PriceItemFormState.start)
    return screen


def test_an_entry_is_made_from_the_form(company: Company, tab: Open) -> None:
    screen = started(tab, company)
    assert [choice.label for choice in screen.state(PriceItemFormState).taxes] == ["GST 5%", "QST 9.975%"]
    assert "tax_codes" not in {spec.name for spec in screen.state(PriceItemFormState).specs}
    screen.send(PriceItemFormState.create, data=GIVEN | {"tax:QST": "true"})
    item = only(company)
    assert (item.name, item.unit_price, item.unit_cost, item.tax_codes) == (
        "Ridge vent",
        Decimal("33.3325"),
        None,
        "GST,QST",
    )
    assert screen.went_to == ["/price-items"]


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [("unit_price", "", "cannot be empty"), ("unit_price", "1.23456", "four decimals"), ("unit_price", "a lot", "not a number"), ("unit_price", "-1", "below zero"),
     ("unit_cost", "CA$5", "USD is expected"), ("kind", "boat", "does not fit"), ("tax:VAT", "true", "no tax code")],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_nothing_is_kept(
    company: Company, tab: Open, field: str, text: str, words: str
) -> None:
    screen = started(tab, company)
    screen.send(PriceItemFormState.create, data=GIVEN | {field: text})
    state = screen.state(PriceItemFormState)
    assert words in " ".join([*state.errors.values(), state.trouble]).lower() or words in " ".join(
        state.errors.values()
    )
    assert only(company) is None


def test_an_entry_is_changed_and_a_tax_taken_off(company: Company, tab: Open) -> None:
    item_id = spine.item(company).id
    screen = tab(company.office, f"/price-items/{item_id}")
    screen.send(PriceItemFormState.load)
    state = screen.state(PriceItemFormState)
    assert (state.title, state.values["unit_price"], [one.chosen for one in state.taxes]) == (
        "Ridge vent",
        "11.75",
        [True, False],
    )
    screen.send(PriceItemFormState.save, data={**state.values, "unit_price": "12.5"})
    item = only(company)
    assert (item.unit_price, item.tax_codes, item.version) == (Decimal("12.5"), "", 2)
    screen.send(PriceItemFormState.save, data={**state.values, "unit_price": "13"})
    assert "Somebody changed this price item" in screen.state(PriceItemFormState).trouble


def test_the_list_shows_prices_with_their_decimals(company: Company, other: Company, tab: Open) -> None:
    spine.item(other, "Not ours")
    spine.item(company)
    screen = tab(company.office, "/price-items?kind=service&q=ridge")
    screen.send(PriceItemsState.load)
    (row,) = screen.state(PriceItemsState).rows
    assert (row.price, row.cost, row.taxes, row.kind) == ("11.75", "6.20", "GST", "Service")


def test_another_companys_entry_is_not_there(company: Company, other: Company, tab: Open) -> None:
    theirs: UUID = spine.item(other).id
    screen = tab(company.office, f"/price-items/{theirs}")
    screen.send(PriceItemFormState.load)
    assert screen.state(PriceItemFormState).status == "missing"
    screen.send(PriceItemFormState.save, data=GIVEN)
    assert only(other).version == 1
