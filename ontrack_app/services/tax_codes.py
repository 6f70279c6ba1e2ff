"""Tax codes: the rates that lines name."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.ids import new_id
from models.tax_codes import TaxCode
from models.taxes import TaxRate
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.common import Page
from ontrack_app.schemas.price_items import TaxCodeBody, TaxCodeCard, TaxCodePatch
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work, standing

IN_USE = (
    standing(TaxCode)
    .where(col(TaxCode.archived_at).is_(None))
    .order_by(col(TaxCode.position), col(TaxCode.created_at))
)


def create(work: Work, body: TaxCodeBody) -> TaxCodeCard:
    """A new tax code.

    Raises:
        Conflict: there is one of that name. Invalid: a rate above 100 percent.
    """
    work.actor.require(Permission.TAX_CODES_WRITE)
    if work.first(work.of(TaxCode).where(col(TaxCode.code) == body.code)) is not None:
        raise Conflict(f"There is a tax code {body.code} already.")
    given = body.model_dump() | {"rate": _rate(body.rate)}
    tax = work.add(TaxCode(tenant_id=work.actor.tenant_id, id=new_id(), position=len(_read(work)), **given))
    work.record("tax_codes.created", tax, after={"code": tax.code, "rate": tax.rate})
    return card(work, tax)


def patch(work: Work, tax_code_id: UUID, body: TaxCodePatch, *, version: int | None = None) -> TaxCodeCard:
    """Changes a tax code for documents that are worked out from now on.

    Raises:
        NotFound, Forbidden, Stale, Invalid: as their words say.
    """
    work.actor.require(Permission.TAX_CODES_READ)
    tax = work.lock(TaxCode, tax_code_id, version=version)
    work.actor.require(Permission.TAX_CODES_WRITE)
    given = rows.given(body)
    if body.rate is not None:
        given["rate"] = _rate(body.rate)
    rows.change(work, tax, given, word="tax_codes.changed")
    return card(work, tax)


def get(work: Work, tax_code_id: UUID) -> TaxCodeCard:
    """One tax code.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.TAX_CODES_READ)
    return card(work, work.get(TaxCode, tax_code_id))


def list_page(work: Work, query: Query) -> Page[TaxCodeCard]:
    """A page of tax codes, as `listing.Query` asks."""
    work.actor.require(Permission.TAX_CODES_READ)
    found = listing.page(work, TaxCode, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def rates(work: Work) -> list[TaxRate]:
    """The tenant's rates in their order, as the money engine takes them; read once in a transaction."""
    return work.once(rates, lambda: _read(work))


def _read(work: Work) -> list[TaxRate]:
    found: list[TaxCode] = work.all(IN_USE)
    return [TaxRate(t.code, t.label, t.rate, compound=t.compound, inclusive=t.inclusive) for t in found]


def card(work: Work, tax: TaxCode) -> TaxCodeCard:  # noqa: ARG001 - every noun's card takes the work
    """The tax code as the API shows it."""
    return TaxCodeCard.model_construct(**tax.model_dump(include=set(TaxCodeCard.model_fields)))


def _rate(text: str) -> Decimal:
    rate = Decimal(text)
    if rate > 100:
        words = "A rate is between 0 and 100 percent."
        raise Invalid(words, errors=[FieldError("rate", words)])
    return rate
