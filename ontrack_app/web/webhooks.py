"""The only home of events from outside: verified over the raw body, put into the inbox, answered; their effect comes later."""

import logging

from sqlalchemy.exc import DBAPIError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ontrack_app.db import begin
from ontrack_app.errors import Refusal
from ontrack_app.integrations.payments import Headers, NotGenuine, PaymentGateway
from ontrack_app.integrations.payments_sandbox import sandbox
from ontrack_app.settings import settings
from ontrack_app.work import plain_json

logger = logging.getLogger("ontrack.webhooks")
HANDLER = "payments.handle_event"
RECEIVE = "SELECT auth.receive(:source, :external, CAST(:tenant AS uuid), CAST(:body AS jsonb), :function)"


def receive(gateway: PaymentGateway, raw: bytes, headers: Headers) -> bool:
    """Takes one event into the inbox and promises its handling; returns False where it was there already.

    Raises:
        NotGenuine: it is not signed by the gateway, or too old; nothing is kept.
    """
    event = gateway.verify(raw, headers)
    with begin(None) as doorway:
        is_new = doorway.value(
            RECEIVE,
            source=gateway.name,
            external=event.external_id,
            tenant=event.tenant_id,
            body=plain_json(event.body),
            function=HANDLER,
        )
    return bool(is_new)


async def from_sandbox(request: Request) -> Response:
    """`POST /webhooks/sandbox`: 200 for a new event and for a repeat, 400 for one that is not genuine."""
    gateway = sandbox(settings())
    if gateway is None:
        return _problem(404, "Not found", "There is nothing at this address.")
    return await _answer(gateway, request)


async def _answer(gateway: PaymentGateway, request: Request) -> Response:
    raw = await request.body()
    try:
        await run_in_threadpool(receive, gateway, raw, request.headers)
    except NotGenuine as words:
        logger.warning("An event for %s was turned down: %s", gateway.name, words)
        return _problem(400, "Not genuine", str(words))
    except Refusal as refusal:
        return _problem(refusal.status, refusal.title, refusal.detail)
    except DBAPIError:
        logger.exception("An event for %s could not be kept.", gateway.name)
        return _problem(503, "Try again", "The event could not be kept just now. Send it again.")
    return JSONResponse({"received": True})


def _problem(status: int, title: str, detail: str) -> Response:
    found = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JSONResponse(found, status_code=status, media_type="application/problem+json")


SANDBOX_ROUTES = [Route("/webhooks/sandbox", from_sandbox, methods=["POST"])]
