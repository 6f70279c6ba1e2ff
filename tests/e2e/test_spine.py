"""The whole spine in a real browser: a request on the public form becomes a paid invoice, each step by who does it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import SLUG
from tests.e2e.story import DESK, PHONE, Story, check, dialog

pytestmark = pytest.mark.browser
NEED = "Water comes in over the kitchen"
PERSON, MAIL = "Walker Pelletier", "walker@mail.example"
ROOFER = "roofer"  # of this walk alone: its day holds one visit


def test_from_the_public_form_to_the_last_cent(story: Story) -> None:
    story.site.field("hire", f"{ROOFER}@{SLUG}.example")
    ask_for_work(story)
    office = story.tab("office", **DESK)
    write_and_send(office)
    approve(story)
    job = plan(story, office)
    perform(story)
    bill(office, job)
    pay(story)
    office.reload()
    expect(office.get_by_text("Paid", exact=True).first).to_be_visible()


def ask_for_work(story: Story) -> None:
    page = story.tab(**PHONE)
    page.goto(f"/f/{SLUG}")
    check(page)
    page.fill("[name=need]", NEED)
    for name, value in (
        ("name", PERSON),
        ("email", MAIL),
        ("phone", "630 555 0199"),
        ("street", "5 Elm Street"),
        ("city", "Naperville"),
        ("postal_code", "60540"),
    ):
        page.fill(f"[name={name}]", value)
    page.locator("form button").last.click()
    page.wait_for_url("**/thanks")


def write_and_send(office: Page) -> None:
    office.goto("/leads")
    office.get_by_role("link", name=PERSON).click()
    office.get_by_role("button", name="Win and write estimate").click()
    office.get_by_role("button", name="Start the estimate").click()
    office.wait_for_url(re.compile("/estimates/[0-9a-f-]{36}"))
    finder = office.locator("[data-finder]")
    finder.press_sequentially("Chimney flashing, copper")
    office.locator("[data-own]").click()
    price = office.get_by_label(re.compile("^Price")).first
    price.fill("412.25")
    price.press("Enter")
    expect(office.get_by_text("$412.25").first).to_be_visible()
    check(office)
    office.get_by_role("button", name=re.compile("^Send to")).click()
    dialog(office).get_by_role("button", name=re.compile("^Send to")).click()
    expect(office.get_by_text("Sent", exact=True).first).to_be_visible()


def approve(story: Story) -> None:
    client = story.tab(**PHONE)
    client.goto(story.link(MAIL, "Estimate", "/portal/link/"))
    check(client)
    client.get_by_role("button", name="Open the estimate").click()
    client.wait_for_url("**/portal/estimates/**")
    client.get_by_role("button", name="Type it").click()
    client.get_by_label("Type your name to sign").fill(PERSON)
    check(client)
    client.get_by_role("button", name="Approve $412.25").click()
    expect(client.get_by_text("You approved this estimate")).to_be_visible()
    client.goto("/portal/invoices")
    assert "/portal/estimates/" in client.url, "the link opens one document and nothing else"


def plan(story: Story, office: Page) -> str:
    office.reload()
    office.get_by_role("button", name="Make the job").click()
    office.wait_for_url(re.compile("/jobs/[0-9a-f-]{36}"))
    office.get_by_role("button", name="Schedule a visit").click()
    form = dialog(office)
    form.locator("[name=day]").fill(today(office))
    form.get_by_label(ROOFER, exact=True).check()
    form.get_by_role("button", name="Add the visit").click()
    expect(office.get_by_text("Scheduled", exact=True).first).to_be_visible()
    check(office)
    return office.url


def perform(story: Story) -> None:
    crew = story.tab(ROOFER, **PHONE)
    crew.goto("/crew/")
    expect(crew.get_by_text(NEED).first).to_be_visible()
    check(crew)
    for name in ("On my way", "Start", "Finish"):
        crew.get_by_role("button", name=name, exact=True).click()
    expect(crew.get_by_text("1 of 1 done")).to_be_visible()
    assert "$" not in crew.locator("main").inner_text()


def bill(office: Page, job: str) -> None:
    office.goto(job)
    office.get_by_role("button", name="Complete", exact=True).click()
    office.get_by_role("button", name="Make the invoice").click()
    office.wait_for_url(re.compile("/invoices/[0-9a-f-]{36}"))
    office.get_by_role("button", name="Issue the invoice").click()
    dialog(office).get_by_role("button", name="Issue the invoice").click()
    expect(office.get_by_text("Issued", exact=True).first).to_be_visible()
    check(office)


def pay(story: Story) -> None:
    client = story.tab(**PHONE)
    client.goto(story.link(MAIL, "Invoice", "/portal/link/"))
    client.locator("form button").click()
    client.wait_for_url("**/portal/invoices/**")
    check(client)
    client.get_by_role("button", name="Pay $412.25").click()
    client.wait_for_url("**/sandbox/pay/**")
    expect(client.get_by_text("TEST").first).to_be_visible()
    check(client)
    client.get_by_role("button", name="TEST: pay $412.25").click()
    client.wait_for_url("**/portal/invoices/**")
    expect(client.get_by_text(re.compile("^Paid")).first).to_be_visible()


def today(page: Page) -> str:
    """The day in the company's zone, which is the browser's too."""
    return str(page.evaluate("new Date().toLocaleDateString('en-CA')"))
