"""The only home of what a payment gateway is to us: the few words that any of them must understand, in our money.

A gateway takes the customer to a pay page of its own and tells the outcome by events. What it tells is verified over the raw
body, kept in the inbox under the gateway's own event id, and understood later: in any order, any number of times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from models.money import Money

Headers = Mapping[str, str]


class NotGenuine(Exception):
    """An event that the gateway did not sign for us, or signed too long ago; nothing of it may be kept."""


class Outcome(StrEnum):
    """What an event says about a payment."""

    NOTHING = "nothing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer is to pay, as the gateway is told. `payment_id` makes asking twice the same as asking once."""

    tenant_id: UUID
    payment_id: UUID
    amount: Money
    payee: str
    purpose: str
    back_to: str


@dataclass(frozen=True, slots=True)
class Checkout:
    """An open pay page: where the customer goes, and the gateway's own name for it."""

    address: str
    reference: str


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event, ready for the inbox."""

    external_id: str
    tenant_id: UUID
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An event in our words. `amount` is what was really taken, `fee_cents` what the gateway kept of it."""

    outcome: Outcome
    payment_id: UUID | None = None
    amount: Money | None = None
    fee_cents: int = 0
    words: str = ""


class PaymentGateway(Protocol):
    """One gateway. `name` is the source of its events and the `gateway` of its payments."""

    name: str

    def open_checkout(self, wanted: Wanted) -> Checkout:
        """A pay page for this payment; the same one however often it is asked for."""
        ...

    def verify(self, raw: bytes, headers: Headers) -> Event:
        """The event in a request's raw body.

        Raises:
            NotGenuine: the signature does not fit, is too old, or the body is none of its events.
        """
        ...

    def understand(self, body: Mapping[str, Any]) -> Told:
        """What a verified event says; `Outcome.NOTHING` for kinds that do not concern us."""
        ...
