"""Tax codes over HTTP."""

from models.tax_codes import TAX_CODE_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.price_items import TaxCodeBody, TaxCodeCard, TaxCodePatch
from ontrack_app.services import tax_codes

TAX_CODES = Noun(
    "tax_codes", tax_codes, TAX_CODE_FIELDS, TaxCodeCard, TaxCodeBody, TaxCodePatch, archives=False
)
