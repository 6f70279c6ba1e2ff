"""Home and search as screens remember them."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.home import Hits
from ontrack_app.schemas.screens.home import Home as HomePage
from ontrack_app.services.screens import home, search
from state.guarding import guarded
from state.lists import address, read
from state.session import ask


class HomeState(rx.State):
    """What waits, who is out, what just happened."""

    status: str = "loading"
    home: HomePage = HomePage()

    @rx.event
    @guarded(Permission.LEADS_READ)
    async def load(self) -> None:
        """Count everything anew."""
        try:
            self.home = await ask(self, home.home)
        except Exception:
            self.status = "error"
            raise
        self.status = "full" if self.home.groups else "empty"


class SearchState(rx.State):
    """One search over everything; the words stand in the address."""

    status: str = "loading"
    q: str = ""
    groups: list[Hits] = []

    @rx.event
    @guarded(Permission.LEADS_READ)
    async def load(self) -> None:
        """Show what the words in the address are found in."""
        self.q = read(self.router.url.query_parameters).q
        try:
            self.groups = await ask(self, search.search, self.q)
        except Exception:
            self.status = "error"
            raise
        short = len(self.q.strip()) < search.FEWEST
        self.status = "full" if self.groups else "empty" if short else "nothing"

    @rx.event
    @guarded.any_member
    async def search(self, text: str) -> Any:
        """Look for other words."""
        words = text.strip()
        return None if words == self.q else rx.redirect(address("/search", {}, {"q": words}), replace=True)

    @rx.event
    @guarded.any_member
    async def clear(self) -> Any:
        """Start again without words."""
        return rx.redirect("/search", replace=True)
