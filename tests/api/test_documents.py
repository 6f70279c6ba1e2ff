"""Estimates and invoices as PDF over HTTP: who may read which, and what they hold."""

from datetime import timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from models.access import Role
from models.estimates import Estimate
from models.ids import now
from models.invoices import Invoice
from ontrack_app.services import document_links
from ontrack_app.services.clients import primary_contact
from ontrack_app.sessions import cookie_name
from ontrack_app.settings import settings
from tests.factories import spine
from tests.factories.companies import Company
from tests.integrations.test_pdf import pages_of
from tests.web.browsers import Browser, fresh_ip, hidden
from tests.web.test_sign_in import cookie


def text_of(answer: object) -> str:
    assert answer.status_code == 200, answer.text  # type: ignore[attr-defined]
    assert answer.headers["content-type"] == "application/pdf"  # type: ignore[attr-defined]
    return "\n".join(pages_of(answer.content))  # type: ignore[attr-defined]


def test_a_draft_says_that_it_is_one(http: TestClient, company: Company) -> None:
    card = spine.draft(company)
    words = text_of(http.get(f"/api/v1/estimates/{card.id}/pdf", headers=company.office.bearer))
    assert "Draft" in words and card.number in words and "210.00" in words


def test_a_revision_stays_as_it_was_sent(http: TestClient, company: Company) -> None:
    card = spine.moved(company, spine.draft(company).id, "send", "revise")
    with company.office.work() as work:
        spine.estimates.add_line(work, card.id, spine.line(company, amount="1000"))
    spine.moved(company, card.id, "send", "approve")
    address = f"/api/v1/estimates/{card.id}/pdf"
    first = text_of(http.get(f"{address}?revision=1", headers=company.office.bearer))
    latest = text_of(http.get(address, headers=company.office.bearer))
    assert "$210.00" in first and "$2,310.00" not in first and "Ana Gagnon" in first
    assert "$2,310.00" in latest and "Revision 2" in latest and "Signed on paper" in latest
    missing = http.get(f"{address}?revision=9", headers=company.office.bearer)
    assert missing.status_code == 404


def test_an_invoice_shows_what_is_due(http: TestClient, company: Company) -> None:
    card = spine.invoice(company)
    words = text_of(http.get(f"/api/v1/invoices/{card.id}/pdf", headers=company.office.bearer))
    assert card.number and card.number in words and "Due" in words and "$210.00" in words


def test_a_session_reads_it_too(http: TestClient, company: Company) -> None:
    card = spine.invoice(company)
    cookie = {"Cookie": f"{cookie_name(settings())}={company.office.cookie}"}
    assert "$210.00" in text_of(http.get(f"/api/v1/invoices/{card.id}/pdf", headers=cookie))


def test_a_client_reads_its_own_and_no_draft(http: TestClient, company: Company) -> None:
    client = company.client()
    person = company.person(Role.CLIENT, client_id=client.id)
    stranger = company.once(Role.CLIENT)
    offer = spine.moved(company, spine.draft(company, client).id, "send")
    draft, bill = spine.draft(company, client), spine.invoice(company, client)
    for path in (f"/estimates/{offer.id}/pdf", f"/invoices/{bill.id}/pdf"):
        text_of(http.get(f"/api/v1{path}", headers=person.bearer))
        assert http.get(f"/api/v1{path}", headers=stranger.bearer).status_code == 404
    assert http.get(f"/api/v1/estimates/{draft.id}/pdf", headers=person.bearer).status_code == 404


@pytest.mark.parametrize("noun", ["estimates", "invoices"])
def test_the_session_of_a_mailed_link_reads_its_own_document_alone(
    http: TestClient, company: Company, noun: str
) -> None:
    client = company.client()
    offer = spine.moved(company, spine.draft(company, client).id, "send")
    bill = spine.invoice(company, client)
    own, foreign = (offer, bill) if noun == "estimates" else (bill, offer)
    with company.work() as work:
        row = work.get(Estimate if noun == "estimates" else Invoice, own.id)
        link = document_links.add(work, row, primary_contact(work, client.id), now() + timedelta(days=1))
    visitor = Browser(ip=fresh_ip())
    path = link.removeprefix(settings().base_url)
    visitor.send(path, hidden(visitor.open(path)))
    cookies = {"Cookie": f"{cookie_name(settings())}={cookie(visitor)}"}
    assert "$210.00" in text_of(http.get(f"/api/v1/{noun}/{own.id}/pdf", headers=cookies))
    other = "invoices" if noun == "estimates" else "estimates"
    assert http.get(f"/api/v1/{other}/{foreign.id}/pdf", headers=cookies).status_code == 404


@pytest.mark.parametrize("noun", ["estimates", "invoices"])
def test_nobody_else_reads_it(http: TestClient, company: Company, other: Company, noun: str) -> None:
    card_id = spine.invoice(company).id if noun == "invoices" else spine.draft(company).id
    address = f"/api/v1/{noun}/{card_id}/pdf"
    assert http.get(address).status_code == 401
    assert http.get(address, headers=other.admin.bearer).status_code == 404
    assert http.get(address, headers=company.once(Role.CREW).bearer).status_code == 403
    assert http.get(f"/api/v1/{noun}/{uuid4()}/pdf", headers=company.office.bearer).status_code == 404
