"""Development only: the pay page of the TEST gateway, where a customer chooses how the payment ends. No real money moves."""

from uuid import UUID

from starlette.responses import Response

from models.money import format_money
from ontrack_app.errors import Gone, Invalid, NotFound
from ontrack_app.integrations.payments import Wanted
from ontrack_app.integrations.payments_sandbox import (
    CANCELLED_WORDS,
    FAILED,
    OPENED,
    REFUSED_WORDS,
    SUCCEEDED,
    SandboxGateway,
    Signed,
    sandbox,
)
from ontrack_app.settings import settings
from ontrack_app.web import webhooks
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.pages import Call, Who, go_to, page, route

FORM = "sandbox pay"
ENDINGS = {"pay": (SUCCEEDED, ""), "refuse": (FAILED, REFUSED_WORDS), "cancel": (FAILED, CANCELLED_WORDS)}
DELIVERIES = {"once": "Once", "twice": "Every message twice", "backwards": "In the wrong order"}


def show(call: Call) -> Response:
    """The pay page: for whom, for what, how much, and the ways it can end."""
    _, wanted = _wanted(call)
    return _page(call, wanted)


def pay(call: Call) -> Response:
    """Ends the payment as chosen: sends the signed events through the webhook, then leads back to the document."""
    gateway, wanted = _wanted(call)
    try:
        call.came_back(FORM)
    except FormExpired as expired:
        return _page(call, wanted, status=403, error=expired.detail)
    chosen, delivery = call.form.get("ending", ""), call.form.get("delivery", "once")
    if chosen not in ENDINGS or delivery not in DELIVERIES:
        raise Invalid("Choose how the payment ends with one of the buttons of the page.")
    for event in messages(gateway, wanted, chosen, delivery):
        webhooks.receive(gateway, event.raw, event.headers)
    return go_to(wanted.back_to)


def messages(gateway: SandboxGateway, wanted: Wanted, ending: str, delivery: str) -> list[Signed]:
    """The events of one checkout in the order in which they are sent."""
    kind, words = ENDINGS[ending]
    told = [gateway.event(wanted, OPENED), gateway.event(wanted, kind, words)]
    if delivery == "backwards":
        return told[::-1]
    return [event for event in told for _ in range(2)] if delivery == "twice" else told


def _wanted(call: Call) -> tuple[SandboxGateway, Wanted]:
    gateway = sandbox(settings())
    if gateway is None:
        raise NotFound("There is nothing at this address.")
    try:
        payment_id = UUID(call.values["payment_id"])
    except ValueError:
        raise NotFound("There is nothing at this address.") from None
    wanted = gateway.read_order(payment_id, call.query.get("order", ""))
    if wanted is None:
        raise Gone("This pay page has closed. Open the invoice again and press Pay.")
    return gateway, wanted


def _page(call: Call, wanted: Wanted, *, status: int = 200, error: str = "") -> Response:
    values = {
        "payee": wanted.payee,
        "purpose": wanted.purpose,
        "amount": format_money(wanted.amount),
        "currency": wanted.amount.currency,
        "deliveries": DELIVERIES,
        "error": error,
        "token": call.blank(FORM),
    }
    return page("sandbox_pay.html", status=status, **values)


ROUTES = [route("/sandbox/pay/{payment_id}", get=show, post=pay, who=Who.DEVELOPMENT)]
