"""The only home of how a list and its address belong together: the URL's query is the list's state, handlers change it.

    class LeadsState(ListState, rx.State):
        rows: list[LeadRow] = []

        @rx.event
        @guarded(Permission.LEADS_READ)
        async def load(self) -> None:
            self.rows = await self._listed(leads.listing)

A tab, filter, search or page is a new address; the page's `on_load` answers it, so links, Back and Reload all show the same.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx

from ontrack_app.errors import Invalid, NotFound
from ontrack_app.schemas.screens.common import ListPage, ListQuery
from ontrack_app.work import Work
from state.guarding import guarded
from state.session import ask

OWN = ("tab", "q", "sort", "page")
MOST_PAGES = 4000
MOST_WORDS = 200
Row = TypeVar("Row")


def read(parameters: Mapping[str, str]) -> ListQuery:
    """What an address asks of a list; what makes no sense in it is left out."""
    given = {name: value.replace("\x00", "")[:MOST_WORDS] for name, value in parameters.items() if value}
    page = given.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return ListQuery(
        tab=given.get("tab", ""),
        q=given.get("q", ""),
        sort=given.get("sort", ""),
        page=min(max(number, 1), MOST_PAGES),
        filters={name: value for name, value in given.items() if name not in OWN},
    )


def address(path: str, parameters: Mapping[str, str], changes: Mapping[str, str]) -> str:
    """The address with some parts changed (empty: taken out); the page starts at the first again unless it is changed.

    Its parts stand in one order, so that the same view has one address.
    """
    wanted = {**{name: value for name, value in parameters.items() if name != "page"}, **changes}
    order = [*OWN, *sorted(set(wanted) - set(OWN))]
    kept = {name: wanted[name] for name in order if wanted.get(name)}
    return f"{path}?{urlencode(kept)}" if kept else path


def row_id(state: rx.State) -> UUID:
    """The id at the end of the page's address, as in /leads/{id}.

    Raises:
        NotFound: it is none.
    """
    last = str(state.router.url.path).rstrip("/").rpartition("/")[2]
    try:
        return UUID(last)
    except ValueError:
        raise NotFound("There is nothing at this address.") from None


class ListState(rx.State, mixin=True):
    """What every list remembers besides its rows, and the handlers of its tabs, filters and pager."""

    status: str = "loading"
    trouble: str = ""
    q: str = ""
    sort_by: str = ""
    descending: bool = False
    page_number: int = 1
    foot: ListPage = ListPage()

    async def _listed(self, listing: Callable[[Work, ListQuery], tuple[list[Row], ListPage]]) -> list[Row]:
        """The rows that the address asks for; also sets everything around them. `listing` runs as `ask` runs it."""
        asked = read(self.router.url.query_parameters)
        try:
            rows, foot = await ask(self, listing, asked)
        except Invalid as error:
            self.status, self.trouble = "error", str(error)
            self.foot = ListPage(tabs=self.foot.tabs)
            return []
        except Exception:
            self.status, self.trouble = "error", ""
            raise
        self.foot, self.q, self.page_number = foot, asked.q, asked.page
        self.sort_by, self.descending = foot.sort.removeprefix("-"), foot.sort.startswith("-")
        self.status = status_of(asked, foot, shown=len(rows))
        return rows

    def _go(self, changes: Mapping[str, str], *, afresh: bool = False) -> Any:
        url = self.router.url
        return rx.redirect(address(url.path, {} if afresh else url.query_parameters, changes))

    @rx.event
    @guarded.any_member
    async def pick_tab(self, tab: str) -> Any:
        """Go to another view; what was searched for and filtered stays behind."""
        return self._go({"tab": tab}, afresh=True)

    @rx.event
    @guarded.any_member
    async def search(self, text: str) -> Any:
        """Narrow the list to rows with these words."""
        if text.strip() == self.q:
            return None
        return self._go({"q": text.strip()})

    @rx.event
    @guarded.any_member
    async def sort_rows(self, key: str) -> Any:
        """Sort by a column; the same column again turns the order round."""
        again = key == self.sort_by and not self.descending
        return self._go({"sort": f"-{key}" if again else key})

    @rx.event
    @guarded.any_member
    async def filter_by(self, name: str, value: str) -> Any:
        """Set a filter, or take it off with an empty value."""
        return None if name in OWN else self._go({name: value})

    @rx.event
    @guarded.any_member
    async def clear_filters(self) -> Any:
        """Take off the search and every filter; the view stays."""
        return self._go({"tab": self.foot.tab}, afresh=True)

    @rx.event
    @guarded.any_member
    async def previous_page(self) -> Any:
        """Go one page back."""
        return self._go({"page": str(max(self.page_number - 1, 1))})

    @rx.event
    @guarded.any_member
    async def next_page(self) -> Any:
        """Go one page on."""
        return self._go({"page": str(self.page_number + 1)})


def status_of(asked: ListQuery, foot: ListPage, *, shown: int) -> str:
    """Which of its states a list is in: full, nothing (searched in vain), none (this view is empty) or empty (all are)."""
    if shown:
        return "full"
    if asked.q or asked.filters:
        return "nothing"
    return "none" if any(tab.count != "0" for tab in foot.tabs) else "empty"
