"""The only home of what an amount from outside must be: in the tenant's own currency, and not below zero."""

from models.money import Money
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.work import Work


def own(work: Work, value: MoneyBody, field: str) -> Money:
    """The amount as money of this tenant.

    Raises:
        Invalid: another currency, or below zero.
    """
    own_currency(work, value.currency, field)
    if value.amount_cents < 0:
        words = "This amount cannot be below zero."
        raise Invalid(words, errors=[FieldError(field, words)])
    return value.money()


def own_currency(work: Work, currency: str, field: str) -> None:
    """Stops an amount in a currency that is not the tenant's.

    Raises:
        Invalid: with both currencies named.
    """
    ours = work.actor.tenant.currency
    if currency != ours:
        words = f"Amounts here are in {ours}, not {currency}."
        raise Invalid(words, errors=[FieldError(field, words)])
