"""The TEST gateway's pay page and webhook over HTTP: only for who came by the invoice, and not at all in production."""

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ontrack_app.integrations.payments_sandbox import SUCCEEDED
from ontrack_app.settings import Settings, settings
from ontrack_app.web.routes import routes
from tests.background.paying import Owed, an_owed_invoice, changed, gateway
from tests.background.support import drain, forget_messages
from tests.factories.companies import Company

TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@pytest.fixture
def browser() -> Iterator[TestClient]:
    """A browser at our address, without a session."""
    app = Starlette(routes=routes(settings()))
    with TestClient(app, base_url=settings().base_url, follow_redirects=False) as client:
        yield client


@pytest.fixture
def owed(company: Company) -> Owed:
    """An invoice to pay, in an outbox where nothing of other tests waits before it."""
    forget_messages()
    return an_owed_invoice(company)


def press(
    browser: TestClient, address: str, *, token: str | None = None, **form: str
) -> tuple[int, str, str]:
    """Opens the pay page and presses one of its buttons; returns status, address to go to, and text."""
    shown = browser.get(address)
    found = TOKEN.search(shown.text)
    assert found is not None
    data = {"form_token": found[1] if token is None else token} | form
    answer = browser.post(address, data=data, headers={"Origin": settings().base_url})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def test_the_page_says_that_it_is_a_test_and_what_it_is_for(browser: TestClient, owed: Owed) -> None:
    shown = browser.get(owed.start())
    assert shown.status_code == 200
    assert "TEST gateway: no real money moves." in shown.text
    assert "$160.97" in shown.text
    assert f"Invoice {owed.invoice().number}" in shown.text
    assert shown.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("delivery", ["once", "twice", "backwards"])
def test_paying_leads_back_to_an_invoice_that_is_paid(browser: TestClient, owed: Owed, delivery: str) -> None:
    status, place, _ = press(browser, owed.start(), ending="pay", delivery=delivery)
    assert (status, place) == (303, f"/portal/invoices/{owed.invoice_id}")
    drain()
    assert owed.invoice().payment_status == "paid"


@pytest.mark.parametrize(("ending", "words"), [("refuse", "not enough funds"), ("cancel", "cancelled")])
def test_it_can_end_otherwise(browser: TestClient, owed: Owed, ending: str, words: str) -> None:
    assert press(browser, owed.start(), ending=ending)[0] == 303
    drain()
    (payment,) = owed.payments()
    assert payment.stage == "failed"
    assert words in payment.failure


def test_a_press_that_is_not_from_the_page_does_nothing(browser: TestClient, owed: Owed) -> None:
    address = owed.start()
    status, _, shown = press(browser, address, token="x", ending="pay")
    assert status == 403
    assert "open for too long" in shown
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert browser.post(address, data={"ending": "pay"}, headers=origin).status_code == 403
    assert press(browser, address, ending="steal")[0] == 422
    assert press(browser, address, ending="pay", delivery="never")[0] == 422
    drain()
    assert owed.payments()[0].stage == "pending"


def test_a_changed_address_opens_nothing(browser: TestClient, owed: Owed) -> None:
    address = owed.start()
    assert browser.get(address[:-1]).status_code == 410
    assert browser.get(address.partition("?")[0]).status_code == 410
    assert browser.get("/sandbox/pay/not-an-id?order=x").status_code == 404


def test_the_webhook_takes_what_is_signed_and_repeats_silently(browser: TestClient, owed: Owed) -> None:
    event = gateway().event(owed.wanted(owed.start()), SUCCEEDED)
    for _ in range(2):
        answer = browser.post("/webhooks/sandbox", content=event.raw, headers=event.headers)
        assert (answer.status_code, answer.json()) == (200, {"received": True})
    drain()
    assert owed.invoice().payment_status == "paid"


def test_the_webhook_turns_down_what_is_not(browser: TestClient, owed: Owed) -> None:
    event = changed(gateway().event(owed.wanted(owed.start()), SUCCEEDED), cents=1)
    answer = browser.post("/webhooks/sandbox", content=event.raw, headers=event.headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The signature does not fit the body, or is too old."
    assert browser.post("/webhooks/sandbox").status_code == 400
    assert browser.get("/webhooks/sandbox").status_code == 404


def test_none_of_it_is_there_in_production(owed: Owed) -> None:
    production = Settings.model_validate({"ONTRACK_ENV": "production"})
    event = gateway().event(owed.wanted(owed.start()), SUCCEEDED)
    with TestClient(Starlette(routes=routes(production)), base_url=settings().base_url) as browser:
        assert browser.get(owed.start()).status_code == 404
        assert browser.post("/webhooks/sandbox", content=event.raw, headers=event.headers).status_code == 404
