"""The only home of the TEST gateway: no real money moves. It behaves like a real one, with a pay page and signed events.

It keeps nothing: what it was told travels in the pay page's signed address. The event that tells the outcome has one id per
checkout, so that the first outcome counts, as with a gateway that closes its page.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import quote
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

from models.money import Money
from ontrack_app.integrations import signatures
from ontrack_app.integrations.payments import Checkout, Event, Headers, NotGenuine, Outcome, Told, Wanted
from ontrack_app.settings import Settings

NAME = "sandbox"
SIGNATURE = "x-sandbox-signature"
PAGE_LASTS_SECONDS = 24 * 3600
OPENED, SUCCEEDED, FAILED = "checkout.opened", "payment.succeeded", "payment.failed"
REFUSED_WORDS = "The card was refused: not enough funds."
CANCELLED_WORDS = "The payment was cancelled before it was made."


@dataclass(frozen=True, slots=True)
class Signed:
    """An event as it is sent: the raw body and its signature header."""

    raw: bytes
    signature: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers to send it with."""
        return {SIGNATURE: self.signature, "content-type": "application/json"}


class SandboxGateway:
    """The TEST gateway of one installation; its keys are derived from the installation's secret."""

    name = NAME

    def __init__(self, secret: str, base_url: str) -> None:
        self._key = signatures.derive(secret, "sandbox gateway events")
        self._orders = URLSafeTimedSerializer(secret, salt="ontrack.sandbox.order")
        self._base_url = base_url

    def open_checkout(self, wanted: Wanted) -> Checkout:
        """The address of the pay page; it holds for a day."""
        order = {
            "tenant": str(wanted.tenant_id),
            "payment": str(wanted.payment_id),
            "cents": wanted.amount.cents,
            "currency": wanted.amount.currency,
            "payee": wanted.payee,
            "purpose": wanted.purpose,
            "back": wanted.back_to,
        }
        page = f"{self._base_url}/sandbox/pay/{wanted.payment_id}"
        return Checkout(
            f"{page}?order={quote(str(self._orders.dumps(order)))}", reference_of(wanted.payment_id)
        )

    def read_order(self, payment_id: UUID, order: str) -> Wanted | None:
        """What the pay page is for; None where its address is changed, of another payment, or older than a day."""
        try:
            given = self._orders.loads(order, max_age=PAGE_LASTS_SECONDS)
        except BadData:
            return None
        if given["payment"] != str(payment_id):
            return None
        return Wanted(
            tenant_id=UUID(given["tenant"]),
            payment_id=payment_id,
            amount=Money(given["cents"], given["currency"]),
            payee=given["payee"],
            purpose=given["purpose"],
            back_to=given["back"],
        )

    def event(self, wanted: Wanted, kind: str, words: str = "", *, at: int | None = None) -> Signed:
        """One event as this gateway sends it; the same kind about the same payment always has the same id."""
        phase = "opened" if kind == OPENED else "outcome"
        body = {
            "id": f"{reference_of(wanted.payment_id)}_{phase}",
            "kind": kind,
            "test": True,
            "tenant": str(wanted.tenant_id),
            "payment": str(wanted.payment_id),
            "cents": wanted.amount.cents,
            "currency": wanted.amount.currency,
            "fee_cents": 0,
            "words": words,
        }
        raw = json.dumps(body).encode()
        return Signed(raw, signatures.sign(self._key, raw, int(time()) if at is None else at))

    def verify(self, raw: bytes, headers: Headers) -> Event:
        """The event in a request's raw body.

        Raises:
            NotGenuine: the signature does not fit or is too old, or the body is none of our events.
        """
        if not signatures.holds(self._key, raw, headers.get(SIGNATURE, ""), int(time())):
            raise NotGenuine("The signature does not fit the body, or is too old.")
        try:
            body = json.loads(raw)
            return Event(str(body["id"]), UUID(body["tenant"]), dict(body))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotGenuine("The body is no event of the sandbox gateway.") from None

    def understand(self, body: Mapping[str, Any]) -> Told:
        """What a verified event says."""
        outcome = {SUCCEEDED: Outcome.SUCCEEDED, FAILED: Outcome.FAILED}.get(
            body.get("kind", ""), Outcome.NOTHING
        )
        return Told(
            outcome=outcome,
            payment_id=UUID(body["payment"]),
            amount=Money(body["cents"], body["currency"]),
            fee_cents=body["fee_cents"],
            words=body["words"],
        )


def reference_of(payment_id: UUID) -> str:
    """The gateway's own name for a checkout."""
    return f"test_{payment_id.hex}"


def sandbox(settings: Settings) -> SandboxGateway | None:
    """The TEST gateway, or None in production, where it does not exist."""
    if settings.is_production:
        return None
    return SandboxGateway(settings.secret_key.get_secret_value(), settings.base_url)
