"""The price book as screens remember it: the list, and the form of an entry."""

from typing import Any

import reflex as rx

from models.access import Permission
from ontrack_app.schemas.screens.price_items import PriceItemRow, TaxChoice
from ontrack_app.services.screens import price_items
from state.forms import FormState
from state.guarding import guarded
from state.lists import ListState, row_id
from state.records import RecordState
from state.session import ask, say


class PriceItemsState(ListState, rx.State):
    """The list of the price book."""

    rows: list[PriceItemRow] = []

    @rx.event
    @guarded(Permission.PRICE_ITEMS_READ)
    async def load(self) -> None:
        """Show the entries that the address asks for."""
        self.rows = await self._listed(price_items.listing)


class PriceItemFormState(FormState, RecordState, rx.State):
    """The form of an entry: a new one, or the one at this address."""

    title: str = ""
    taxes: list[TaxChoice] = []

    @rx.event
    @guarded(Permission.PRICE_ITEMS_WRITE)
    async def start(self) -> None:
        """Show the empty form of a new entry."""
        form, self.taxes = await ask(self, price_items.form)
        self._show(form)

    @rx.event
    @guarded(Permission.PRICE_ITEMS_READ)
    async def load(self) -> None:
        """Show the entry at this address in its form."""
        found = await self._recorded(price_items.form)
        if found is not None:
            form, self.taxes = found
            self._show(form)
            self.title = form.values["name"]

    @rx.event
    @guarded(Permission.PRICE_ITEMS_WRITE)
    async def create(self, data: dict[str, str]) -> Any:
        """Put the entry into the price book."""
        if await self._sent(data, price_items.create) is None:
            return None
        await say(self, f"{data.get('name', '')} is in the price book.")
        return rx.redirect("/price-items")

    @rx.event
    @guarded(Permission.PRICE_ITEMS_WRITE)
    async def save(self, data: dict[str, str]) -> Any:
        """Save what was typed, unless somebody changed the entry meanwhile."""
        if await self._sent(data, price_items.save, row_id(self), self.version) is None:
            return None
        await say(self, "Price saved. Lines that were written before keep theirs.")
        return rx.redirect("/price-items")
