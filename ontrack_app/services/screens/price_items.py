"""The price book on screens: the list, and the form of an entry with its tax codes to tick."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.access import Permission
from models.money import format_percent, format_unit_price, parse_unit_price
from models.price_items import KINDS, PRICE_ITEM_FIELDS, PriceItem
from ontrack_app.schemas.documents import plain
from ontrack_app.schemas.price_items import PriceItemBody, PriceItemPatch
from ontrack_app.schemas.screens.common import Form, ListPage, ListQuery
from ontrack_app.schemas.screens.price_items import PriceItemRow, TaxChoice
from ontrack_app.services import price_items, tax_codes
from ontrack_app.services.screens import forms, lists
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

ALL = (View("all", "All"),)
TAX = "tax:"
FIELDS = PRICE_ITEM_FIELDS


def listing(work: Work, asked: ListQuery) -> tuple[list[PriceItemRow], ListPage]:
    """The entries that an address asks for.

    Raises:
        Invalid: a filter or sort that this list does not have.
    """
    work.actor.require(Permission.PRICE_ITEMS_READ)
    found, foot = lists.page(work, PriceItem, ALL, asked, sort="name")
    foot.filters = [
        lists.filter_of(asked, "kind", "Kind", KINDS),
        *lists.other_filters(asked, FIELDS, ["kind"]),
    ]
    return [_row(work, item) for item in found], foot


def form(work: Work, item_id: UUID | None = None) -> tuple[Form, list[TaxChoice]]:
    """The form of an entry, new or filled, and the tax codes to tick.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.PRICE_ITEMS_READ)
    item = work.get(PriceItem, item_id) if item_id else None
    chosen = price_items.codes_of(item) if item else []
    return forms.form(work, FIELDS, item, without=["tax_codes"]), _choices(work, chosen)


def create(work: Work, data: Mapping[str, str]) -> UUID:
    """A new entry from what was typed; its id.

    Raises:
        Invalid: with an error for each field that does not fit.
    """
    return price_items.create(
        work, forms.body(work, PriceItemBody, FIELDS, data, converters=_readers(data))
    ).id


def save(work: Work, data: Mapping[str, str], item_id: UUID, version: int) -> int:
    """Changes an entry to what was typed; its version from then on.

    Raises:
        NotFound, Stale, Invalid: as their words say.
    """
    typed = forms.body(work, PriceItemPatch, FIELDS, data, converters=_readers(data))
    return price_items.patch(work, item_id, typed, version=version).version


def ticked(data: Mapping[str, str]) -> list[str]:
    """The tax codes that a form says are ticked."""
    return [
        name.removeprefix(TAX) for name, value in data.items() if name.startswith(TAX) and value == "true"
    ]


def _readers(data: Mapping[str, str]) -> dict[str, forms.Converter]:
    return {"unit_price": _price, "unit_cost": _price, "tax_codes": lambda _work, _text: ticked(data)}


def _price(work: Work, text: str) -> dict[str, Any] | None:
    if not text:
        return None
    tenant = work.actor.tenant
    price = parse_unit_price(text, tenant.currency, locale=tenant.locale)
    return {"amount": plain(price.amount), "currency": tenant.currency}


def _choices(work: Work, chosen: list[str]) -> list[TaxChoice]:
    """Every tax code of the tenant; ticked ones that are gone stay, so that they can be taken off."""
    locale = work.actor.tenant.locale
    known = [
        TaxChoice(code=rate.code, name=TAX + rate.code, label=f"{rate.label} {format_percent(rate.rate, locale)}", chosen=rate.code in chosen)
        for rate in tax_codes.rates(work)
    ]  # fmt: skip
    codes = {choice.code for choice in known}
    return known + [
        TaxChoice(code=code, name=TAX + code, label=f"{code}, no longer used", chosen=True)
        for code in chosen
        if code not in codes
    ]


def _row(work: Work, item: PriceItem) -> PriceItemRow:
    return PriceItemRow(
        id=str(item.id),
        name=item.name,
        code=item.code,
        kind=dict(KINDS)[item.kind],
        unit=item.unit,
        price=_figure(work, item.unit_price),
        cost=_figure(work, item.unit_cost),
        taxes=" ".join(price_items.codes_of(item)),
    )


def _figure(work: Work, price: Decimal | None) -> str:
    tenant = work.actor.tenant
    return "" if price is None else format_unit_price(price, tenant.currency, tenant.locale)
