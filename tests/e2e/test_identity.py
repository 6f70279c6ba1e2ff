"""Who somebody is, in real browsers: invited, a second step set up, signed in by code and recovery code, ended from afar."""

import re
import time
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.e2e.story import DESK, PHONE, Story, check, dialog

pytestmark = pytest.mark.browser
MAIL = "nora@mail.example"
CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b")
STEP_S = 30
CLOSED_WITHIN_S = 5


def test_from_an_invitation_to_a_browser_that_is_signed_out_from_afar(story: Story) -> None:
    nora = joins(story)
    key, used, codes = sets_up(nora)
    signs_out(nora)
    with_link_and_app(story, nora, key, used)
    phone = story.tab(**PHONE)
    socket = with_code_and_recovery(story, phone, codes[0])
    ends(nora, phone, socket)


def joins(story: Story) -> Page:
    admin = story.tab("admin", **DESK)
    admin.goto("/settings/members")
    admin.get_by_role("button", name="Invite somebody").click()
    dialog(admin).locator("[name=email]").fill(MAIL)
    dialog(admin).locator("[name=email]").blur()
    dialog(admin).get_by_role("button", name="Send invitation").click()
    expect(admin.get_by_text(MAIL).first).to_be_visible()
    nora = story.tab(**DESK)
    nora.goto(story.link(MAIL, "invites you", "/auth/invitation/"))
    check(nora)
    nora.get_by_role("button", name="Join").click()
    nora.wait_for_url(re.compile(r"^http://[^/]+/$"))
    return nora


def sets_up(nora: Page) -> tuple[str, str, list[str]]:
    nora.goto("/auth/account")
    check(nora)
    nora.get_by_role("link", name="Turn on two-step sign-in").click()
    nora.get_by_role("button", name="Show the code to scan").click()
    check(nora)
    key = (nora.locator("#typed-key").text_content() or "").replace(" ", "").strip()
    used = pyotp.TOTP(key).now()
    nora.fill("[name=code]", used)
    nora.get_by_role("button", name="Turn on two-step sign-in").click()
    codes = nora.get_by_role("list", name="Recovery codes").get_by_role("listitem").all_text_contents()
    check(nora)
    assert len(set(codes)) == 10
    return key, used, [code.strip() for code in codes]


def signs_out(nora: Page) -> None:
    nora.goto("/auth/account")
    nora.get_by_role("button", name="Sign out", exact=True).click()
    nora.wait_for_url("**/auth/sign-in")


def asks(story: Story, page: Page) -> dict[str, Any]:
    subject = "Sign in to"
    sent = page.request.get("/dev/outbox.json").json()
    before = sum(one["to"] == MAIL and subject in one["subject"] for one in sent)
    page.goto("/auth/sign-in")
    page.fill("[name=email]", MAIL)
    page.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Look in your e-mail")).to_be_visible()
    return story.mail(MAIL, subject, before)


def with_link_and_app(story: Story, nora: Page, key: str, used: str) -> None:
    letter = asks(story, nora)
    nora.goto(next(link for link in letter["links"] if "/auth/link/" in link))
    nora.get_by_role("button", name="Sign in").click()
    nora.wait_for_url("**/auth/factor**")
    check(nora)
    nora.fill("[name=code]", used)
    nora.get_by_role("button", name=re.compile("Sign in to")).click()
    expect(nora.locator("#code-error")).to_be_visible()  # the step that turned it on has been used
    nora.fill("[name=code]", pyotp.TOTP(key).at(int(time.time()) + STEP_S))
    nora.get_by_role("button", name=re.compile("Sign in to")).click()
    nora.wait_for_url(re.compile(r"^http://[^/]+/$"))


def with_code_and_recovery(story: Story, phone: Page, code: str) -> WebSocket:
    typed = CODE.search(asks(story, phone)["text"])
    assert typed
    phone.fill("[name=code]", typed.group().lower())
    phone.get_by_role("button", name="Sign in with the code").click()
    phone.wait_for_url("**/auth/factor**")
    phone.get_by_role("link", name=re.compile("recovery code")).click()
    phone.fill("[name=code]", code)
    with phone.expect_websocket() as opened:
        phone.get_by_role("button", name=re.compile("Sign in to")).click()
    return opened.value


def ends(nora: Page, phone: Page, socket: WebSocket) -> None:
    expect(phone.get_by_role("heading").first).to_be_visible()
    assert not socket.is_closed()
    nora.goto("/auth/account")
    check(nora)
    began = time.monotonic()
    nora.get_by_role(
        "button", name=re.compile("^Sign out .*Android|^Sign out .*Chrom|^Sign out .* since")
    ).first.click()
    expect(nora.get_by_text("Nowhere else.")).to_be_visible()
    if not socket.is_closed():
        socket.wait_for_event("close", timeout=CLOSED_WITHIN_S * 1000)
    assert time.monotonic() - began < CLOSED_WITHIN_S
    phone.wait_for_url("**/auth/sign-in**")
