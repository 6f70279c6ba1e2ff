"""A contractor's job from the first call to the last cent, over HTTP, as each of the people who do it."""

import pytest

from models.access import Role
from tests.factories.companies import Company
from tests.factories.http import Caller

LINES = [
    {"description": "Labour", "quantity": "2.5", "unit_price": {"amount": "33.3325", "currency": "CAD"}, "tax_codes": ["GST", "QST"]},
    {"description": "Heater", "quantity": "1", "unit_price": {"amount_cents": 14000, "currency": "CAD"},
     "discount": {"amount_cents": 1000, "currency": "CAD"}, "tax_codes": ["GST", "QST"]},
    {"description": "Permit", "quantity": 1, "unit_price": {"amount": "12", "currency": "CAD"}},
]  # fmt: skip


class Story:
    """The calls of the spine, step by step."""

    def __init__(self, company: Company, calling) -> None:
        self.company, self.calling = company, calling
        self.office = calling(company.office)
        self.crew_member = company.once(Role.CREW)

    def won_lead(self, email: str = "ana@x.example") -> dict:
        body = {
            "name": "Ana",
            "email": email,
            "source": "Form",
            "address": {"street": "1 rue A", "city": "Laval", "country": "ca"},
        }
        lead = self.office.ok("POST", "/leads", body)
        return self.office.ok("POST", f"/leads/{lead['id']}/moves/win", {})

    def sent_estimate(self, lead: dict) -> dict:
        body = {
            "client_id": lead["client_id"],
            "property_id": lead["property_id"],
            "expires_on": "2099-01-01",
            "lines": LINES,
        }
        draft = self.office.ok("POST", "/estimates", body)
        return self.office.ok("POST", f"/estimates/{draft['id']}/moves/send", {})

    def client_of(self, lead: dict) -> Caller:
        from uuid import UUID

        return self.calling(self.company.person(Role.CLIENT, client_id=UUID(lead["client_id"])))


@pytest.fixture
def story(new_company, calling) -> Story:
    return Story(new_company(currency="CAD", timezone="America/Toronto"), calling)


def test_the_whole_spine_to_the_cent(story: Story) -> None:
    lead = story.won_lead()
    estimate = story.sent_estimate(lead)
    # 2.5 x 33.3325 = 83.33125 → 83.33; 140 - 10 = 130; 12. Taxed: 213.33 → GST 10.67, QST 21.28 (21.2797…).
    assert estimate["subtotal"]["amount_cents"] == 22533
    assert [(row["code"], row["base"]["amount_cents"], row["amount"]["amount_cents"]) for row in estimate["tax_rows"]] == [
        ("GST", 21333, 1067), ("QST", 21333, 2128),
    ]  # fmt: skip
    assert estimate["total"]["amount_cents"] == 22533 + 1067 + 2128
    client = story.client_of(lead)
    approved = client.ok(
        "POST", f"/estimates/{estimate['id']}/moves/approve", {"signature": {"kind": "typed", "name": "Ana"}}
    )
    assert approved["stage"] == "approved"
    assert approved["signature"]["document_hash"] == estimate["document_hash"]
    converted = story.office.ok("POST", f"/estimates/{estimate['id']}/moves/convert", {})
    assert (
        story.office.ok("POST", f"/estimates/{estimate['id']}/moves/convert", {})["job_id"]
        == converted["job_id"]
    )
    visit = story.office.ok("POST", "/visits", {
        "job_id": converted["job_id"], "planned_start": "2026-12-01T14:00:00Z", "planned_end": "2026-12-01T16:00:00Z",
        "assignee_ids": [str(story.crew_member.member_id)],
    })  # fmt: skip
    crew = story.calling(story.crew_member)
    assert story.office("POST", f"/jobs/{converted['job_id']}/moves/complete", {}).status_code == 409
    for move in ("depart", "arrive", "pause", "resume", "finish"):
        visit = crew.ok("POST", f"/visits/{visit['id']}/moves/{move}", {})
    assert visit["stage"] == "done"
    story.office.ok("POST", f"/jobs/{converted['job_id']}/moves/complete", {})
    draft = story.office.ok("POST", "/invoices", {"job_id": converted["job_id"]})
    assert story.office("POST", "/invoices", {"job_id": converted["job_id"]}).status_code == 409
    assert client("GET", f"/invoices/{draft['id']}").status_code == 404, "drafts are not for customers"
    issued = story.office.ok("POST", f"/invoices/{draft['id']}/moves/issue", {})
    assert issued["total"] == estimate["total"]
    assert (issued["payment_status"], issued["balance"]) == ("unpaid", estimate["total"])
    half = {"amount_cents": 10000, "currency": "CAD"}
    pay = {"method": "cheque", "amount": half, "allocations": [{"invoice_id": issued["id"], "amount": half}]}
    story.office.ok("POST", "/payments", pay)
    assert client.ok("GET", f"/invoices/{issued['id']}")["payment_status"] == "partly_paid"
    rest = {"amount_cents": estimate["total"]["amount_cents"] - 10000 + 500, "currency": "CAD"}
    last = story.office.ok(
        "POST", "/payments", {"method": "cash", "amount": rest, "client_id": lead["client_id"]}
    )
    assert last["unallocated"]["amount_cents"] == 500, "what is left over is the client's credit"
    paid = client.ok("GET", f"/invoices/{issued['id']}")
    assert (paid["payment_status"], paid["balance"]["amount_cents"], paid["overdue"]) == ("paid", 0, False)
    story.office.ok("POST", f"/jobs/{converted['job_id']}/moves/close", {})


def test_a_second_approval_and_other_late_answers_are_refused(story: Story) -> None:
    lead = story.won_lead()
    estimate = story.sent_estimate(lead)
    client, path = story.client_of(lead), f"/estimates/{estimate['id']}/moves"
    signed = {"signature": {"kind": "drawn", "name": "Ana", "strokes": [[[1, 2], [3, 4]]]}}
    assert client("POST", f"{path}/approve", {}).status_code == 422
    assert (
        story.office("POST", f"{path}/approve", {"signature": {"kind": "typed", "name": "Ana"}}).status_code
        == 422
    )
    client.ok("POST", f"{path}/approve", signed)
    assert client("POST", f"{path}/approve", signed).status_code == 409
    assert client("POST", f"{path}/decline", {}).status_code == 409
    assert client("POST", f"{path}/convert", {}).status_code == 403
    assert client("POST", f"{path}/void", {"reason": "x"}).status_code == 403


def test_changes_are_asked_revised_and_sent_again(story: Story) -> None:
    lead = story.won_lead()
    first = story.sent_estimate(lead)
    client, path = story.client_of(lead), f"/estimates/{first['id']}"
    assert client("POST", f"{path}/moves/request_changes", {}).status_code == 422
    client.ok("POST", f"{path}/moves/request_changes", {"reason": "Can the tank be bigger?"})
    revised = story.office.ok("POST", f"{path}/moves/revise", {})
    assert (revised["number"], revised["revision"], revised["stage"]) == (first["number"], 2, "draft")
    assert client("GET", path).status_code == 404, "a draft is not for the client"
    story.office.ok("PATCH", path, {"lines": LINES[:1]})
    second = story.office.ok("POST", f"{path}/moves/send", {})
    assert second["document_hash"] != first["document_hash"]
    client.ok("POST", f"{path}/moves/decline", {})


def test_sending_needs_a_line_a_contact_and_an_expiry(story: Story) -> None:
    client = story.office.ok("POST", "/clients", {"name": "No contact"})
    draft = story.office.ok("POST", "/estimates", {"client_id": client["id"]})
    send = f"/estimates/{draft['id']}/moves/send"
    assert "no line" in story.office("POST", send, {}).json()["detail"]
    story.office.ok("PATCH", f"/estimates/{draft['id']}", {"lines": LINES})
    assert "no contact" in story.office("POST", send, {}).json()["detail"]
    story.office.ok("POST", "/contacts", {"client_id": client["id"], "name": "Bea", "email": "bea@x.example"})
    assert "no expiry" in story.office("POST", send, {}).json()["detail"]
    story.office.ok("PATCH", f"/estimates/{draft['id']}", {"expires_on": "2020-01-01"})
    assert "passed" in story.office("POST", send, {}).json()["detail"]
    story.office.ok("PATCH", f"/estimates/{draft['id']}", {"expires_on": "2099-01-01"})
    story.office.ok("POST", send, {})


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quantity": "-1"}, "lines.0.quantity"),
        ({"quantity": "1.23456"}, "lines.0.quantity"),
        ({"unit_price": {"amount": "99999999999999999", "currency": "CAD"}}, "lines.0.unit_price.amount"),
        ({"unit_price": {"amount": "5", "currency": "USD"}}, "lines.0.unit_price.currency"),
        ({"discount": {"amount_cents": 10**9, "currency": "CAD"}}, "lines.0.discount"),
        ({"tax_codes": ["VAT"]}, "lines.0.tax_codes"),
        ({"description": ""}, "lines.0.description"),
        ({"quantity": "99999999999999", "unit_price": {"amount": "99999999999999", "currency": "CAD"}}, "lines.0"),
    ],
)  # fmt: skip
def test_lines_that_cannot_be_are_refused_whole(story: Story, change: dict, field: str) -> None:
    lead = story.won_lead()
    body = {"client_id": lead["client_id"], "lines": [LINES[0] | change]}
    answer = story.office("POST", "/estimates", body)
    assert answer.status_code == 422, answer.text
    assert any(error["field"].startswith(field) for error in answer.json()["errors"]), answer.json()
    assert story.office.ok("GET", "/estimates")["items"] == []


def test_numbers_have_no_gaps_when_some_fail_and_many_hurry(story: Story) -> None:
    from concurrent.futures import ThreadPoolExecutor

    lead = story.won_lead()
    good = {"client_id": lead["client_id"], "lines": LINES}
    bad = {
        "client_id": lead["client_id"],
        "lines": [LINES[0] | {"discount": {"amount_cents": 10**9, "currency": "CAD"}}],
    }
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda at: story.office("POST", "/estimates", bad if at % 3 == 2 else good), range(18))
        )
    numbers = sorted(answer.json()["number"] for answer in answers if answer.status_code == 201)
    assert [int(number[-5:]) for number in numbers] == list(range(1, 13))


def test_payments_never_take_more_than_is_owed_or_came_in(story: Story) -> None:
    lead = story.won_lead()
    job = story.office.ok("POST", "/jobs", {"client_id": lead["client_id"], "title": "Repair"})
    draft = story.office.ok("POST", "/invoices", {"job_id": job["id"], "lines": LINES[2:]})

    def pay(cents: int, part: int) -> int:
        amount, wanted = {"amount_cents": cents, "currency": "CAD"}, {"amount_cents": part, "currency": "CAD"}
        body = {
            "method": "cash",
            "amount": amount,
            "allocations": [{"invoice_id": draft["id"], "amount": wanted}],
        }
        return story.office("POST", "/payments", body).status_code

    assert pay(1200, 1200) == 409, "a draft cannot be paid"
    story.office.ok("POST", f"/invoices/{draft['id']}/moves/issue", {})
    assert [pay(0, 0), pay(1000, 1200), pay(2000, 1201), pay(2000, 0)] == [422, 422, 409, 422]
    assert pay(1200, 1200) == 201
    assert pay(1200, 1200) == 409
    admin = story.calling(story.company.admin)
    assert admin("POST", f"/invoices/{draft['id']}/moves/void", {"reason": "x"}).status_code == 409
    assert admin("PATCH", f"/invoices/{draft['id']}", {"note_to_client": "x"}).status_code == 409


def test_an_exempt_client_bears_no_tax(story: Story) -> None:
    lead = story.won_lead()
    story.office.ok("PATCH", f"/clients/{lead['client_id']}", {"tax_exempt": True})
    estimate = story.sent_estimate(lead)
    assert (estimate["tax"]["amount_cents"], estimate["tax_rows"], estimate["total"]) == (
        0,
        [],
        estimate["subtotal"],
    )


def test_a_rate_that_changed_before_sending_counts_whole(story: Story) -> None:
    lead = story.won_lead()
    draft = story.office.ok(
        "POST", "/estimates", {"client_id": lead["client_id"], "expires_on": "2099-01-01", "lines": LINES[:1]}
    )
    admin = story.calling(story.company.admin)
    gst = next(tax for tax in admin.ok("GET", "/tax-codes")["items"] if tax["code"] == "GST")
    admin.ok("PATCH", f"/tax-codes/{gst['id']}", {"rate": "10"})
    sent = story.office.ok("POST", f"/estimates/{draft['id']}/moves/send", {})
    taxes = sum(row["amount"]["amount_cents"] for row in sent["tax_rows"])
    assert taxes == sent["tax"]["amount_cents"] > draft["tax"]["amount_cents"]
    assert sent["total"]["amount_cents"] == sent["subtotal"]["amount_cents"] + taxes
