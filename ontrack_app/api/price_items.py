"""The price book over HTTP."""

from models.price_items import PRICE_ITEM_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.price_items import PriceItemBody, PriceItemCard, PriceItemPatch
from ontrack_app.services import price_items

PRICE_ITEMS = Noun(
    "price_items", price_items, PRICE_ITEM_FIELDS, PriceItemCard, PriceItemBody, PriceItemPatch
)
