"""A list and its address: what is read from it, what is left out, and where each handler leads."""

import pytest

from ontrack_app.schemas.screens.common import ListPage, ListQuery, Tab
from state.leads import LeadsState
from state.lists import address, read, status_of
from tests.factories.companies import Company
from tests.state.tabs import Open


@pytest.mark.parametrize(
    ("given", "page"),
    [
        ({}, 1),
        ({"page": "3"}, 3),
        ({"page": "0"}, 1),
        ({"page": "-2"}, 1),
        ({"page": "x"}, 1),
        ({"page": "٣"}, 1),
        ({"page": "99999"}, 4000),
        ({"page": "9" * 500}, 1),
    ],
)
def test_a_page_that_makes_no_sense_is_the_first(given: dict[str, str], page: int) -> None:
    assert read(given).page == page


def test_everything_that_is_no_word_of_ours_is_a_filter() -> None:
    asked = read({"tab": "won", "q": "a\x00b" + "c" * 500, "sort": "-value", "urgency": "high", "source": ""})
    assert (asked.tab, asked.sort, asked.filters, len(asked.q)) == ("won", "-value", {"urgency": "high"}, 200)


def test_a_change_starts_at_the_first_page_again() -> None:
    given = {"tab": "won", "q": "roof & co", "page": "4"}
    assert address("/leads", given, {"sort": "-value"}) == "/leads?tab=won&q=roof+%26+co&sort=-value"
    assert address("/leads", given, {"page": "5"}) == "/leads?tab=won&q=roof+%26+co&page=5"
    assert address("/leads", given, {"tab": "", "q": ""}) == "/leads"


def test_an_empty_list_says_why() -> None:
    foot = ListPage(tabs=[Tab(key="open", label="Open", count="0"), Tab(key="won", label="Won", count="2")])
    assert status_of(ListQuery(), foot, shown=3) == "full"
    assert status_of(ListQuery(q="x"), foot, shown=0) == "nothing"
    assert status_of(ListQuery(filters={"city": "x"}), foot, shown=0) == "nothing"
    assert status_of(ListQuery(), foot, shown=0) == "none"
    assert status_of(ListQuery(), ListPage(tabs=foot.tabs[:1]), shown=0) == "empty"


def test_handlers_change_the_address_alone(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/leads?tab=won&q=roof&page=2")
    screen.send(LeadsState.load)
    screen.send(LeadsState.pick_tab, tab="lost")
    screen.send(LeadsState.search, text=" Noor ")
    screen.send(LeadsState.search, text="roof")
    screen.send(LeadsState.sort_rows, key="value")
    screen.send(LeadsState.filter_by, name="urgency", value="high")
    screen.send(LeadsState.filter_by, name="page", value="7")
    screen.send(LeadsState.clear_filters)
    screen.send(LeadsState.previous_page)
    screen.send(LeadsState.next_page)
    assert screen.went_to == [
        "/leads?tab=lost",
        "/leads?tab=won&q=Noor",
        "/leads?tab=won&q=roof&sort=value",
        "/leads?tab=won&q=roof&urgency=high",
        "/leads?tab=won",
        "/leads?tab=won&q=roof&page=1",
        "/leads?tab=won&q=roof&page=3",
    ]


def test_the_same_column_again_turns_the_order_round(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/leads?sort=value")
    screen.send(LeadsState.load)
    screen.send(LeadsState.sort_rows, key="value")
    assert screen.went_to == ["/leads?sort=-value"]
