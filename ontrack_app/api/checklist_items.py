"""Steps of visits over HTTP."""

from models.checklist_items import CHECKLIST_ITEM_FIELDS, CHECKLIST_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.checklist_items import ItemCard, ItemMoveBody, ItemPatch
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.services import checklist_items

CHECKLIST_ITEMS = Noun(
    "checklist_items",
    checklist_items,
    CHECKLIST_ITEM_FIELDS,
    ItemCard,
    ItemBody,
    ItemPatch,
    machine=CHECKLIST_MACHINE,
    move_body=ItemMoveBody,
    puts_away="write",
)
