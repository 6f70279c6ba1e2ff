"""Price items: the price book."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from models.access import Permission
from models.ids import new_id
from models.price_items import PriceItem
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import Body, Page
from ontrack_app.schemas.documents import UnitPriceCard
from ontrack_app.schemas.price_items import PriceItemBody, PriceItemCard, PriceItemPatch
from ontrack_app.services import lines, listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work


def create(work: Work, body: PriceItemBody) -> PriceItemCard:
    """A new entry of the price book.

    Raises:
        Invalid: a price in another currency, or an unknown tax code.
    """
    work.actor.require(Permission.PRICE_ITEMS_WRITE)
    item = work.add(PriceItem(tenant_id=work.actor.tenant_id, id=new_id(), **_columns(work, body)))
    work.record("price_items.created", item, after={"name": item.name, "unit_price": item.unit_price})
    return card(work, item)


def patch(work: Work, item_id: UUID, body: PriceItemPatch, *, version: int | None = None) -> PriceItemCard:
    """Changes an entry; lines that were filled from it keep what they have.

    Raises:
        NotFound, Forbidden, Stale, Invalid: as their words say.
    """
    work.actor.require(Permission.PRICE_ITEMS_READ)
    item = work.lock(PriceItem, item_id, version=version)
    work.actor.require(Permission.PRICE_ITEMS_WRITE)
    rows.change(work, item, _columns(work, body), word="price_items.changed", nullable=["unit_cost"])
    return card(work, item)


def get(work: Work, item_id: UUID) -> PriceItemCard:
    """One entry.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.PRICE_ITEMS_READ)
    return card(work, work.get(PriceItem, item_id))


def list_page(work: Work, query: Query) -> Page[PriceItemCard]:
    """A page of the price book, as `listing.Query` asks."""
    work.actor.require(Permission.PRICE_ITEMS_READ)
    found = listing.page(work, PriceItem, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, item_id: UUID, *, version: int | None = None) -> None:
    """Takes an entry out of the price book."""
    rows.archive(work, PriceItem, item_id, Permission.PRICE_ITEMS_DELETE, version=version)


def card(work: Work, item: PriceItem) -> PriceItemCard:
    """The entry as the API shows it."""
    currency = work.actor.tenant.currency
    cost = item.unit_cost
    return PriceItemCard.model_construct(
        unit_price=UnitPriceCard.model_construct(amount=item.unit_price, currency=currency),
        unit_cost=None if cost is None else UnitPriceCard.model_construct(amount=cost, currency=currency),
        tax_codes=codes_of(item),
        **item.model_dump(include={"id", "name", "code", "kind", "description", "unit"} | set(rows.TRAIL)),
    )


def codes_of(item: PriceItem) -> list[str]:
    """The tax codes that a line filled from this entry gets."""
    return [code for code in item.tax_codes.split(",") if code]


def _columns(work: Work, body: Body) -> dict[str, Any]:
    given = rows.given(body)
    for name in ("unit_price", "unit_cost"):
        if given.get(name) is not None:
            given[name] = lines.unit_price(work, getattr(body, name), name)
            _check_sign(given[name], name)
    if given.get("tax_codes") is not None:
        given["tax_codes"] = ",".join(lines.known_codes(work, given["tax_codes"], "tax_codes"))
    return given


def _check_sign(price: Decimal, name: str) -> None:
    if price < 0:
        words = "This cannot be below zero. A rebate is written on the line itself."
        raise Invalid(words, errors=[FieldError(name, words)])
