"""Walks of a browser through signing in with others: pressing a button, coming back, and what is known afterwards."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import psycopg
import pytest

from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import SignedOut
from ontrack_app.integrations import oidc_documents
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import database_urls, settings
from ontrack_app.web.forms import form_token
from tests.factories.companies import Person
from tests.web.browsers import Browser, fresh_ip
from tests.web.oidc_providers import CLIENT_ID, CLIENT_SECRET, WELL_KNOWN, Real

BACK = "http://localhost:8000/auth/oidc/"
ACCOUNT = "/auth/account"


@contextmanager
def configured(**metadata_urls: str) -> Iterator[None]:
    """The settings with these providers, by name, and no others."""
    with pytest.MonkeyPatch.context() as patch:
        for known in [name for name in os.environ if name.startswith("OIDC_")]:  # noqa: TID251 - settings of tests
            patch.delenv(known)
        for name, url in metadata_urls.items():
            values = {"CLIENT_ID": CLIENT_ID, "CLIENT_SECRET": CLIENT_SECRET, "METADATA_URL": url}
            for part, value in values.items():
                patch.setenv(f"OIDC_{name.upper()}_{part}", value)
        patch.setenv("ONTRACK_BASE_URL", "http://localhost:8000")
        settings.cache_clear()
        oidc_documents.forget()
        yield
    settings.cache_clear()
    oidc_documents.forget()


def at(issuer: str) -> str:
    """The address of an issuer's discovery document."""
    return issuer + WELL_KNOWN


def token_of(page: httpx.Response, action: str) -> str:
    """The token of the form that posts there."""
    form = page.text.split(f'action="{action}"', 1)[1].split("</form>", 1)[0]
    return unescape(form.split('name="form_token" value="', 1)[1].split('"', 1)[0])


def leaves(answer: httpx.Response) -> str:
    """Where the page that leads on leads."""
    assert answer.status_code == 200, answer.text
    return unescape(answer.text.split('content="0;url=', 1)[1].split('"', 1)[0])


def asked(address: str) -> dict[str, str]:
    """What the provider is asked."""
    return dict(parse_qsl(urlsplit(address).query))


def press(browser: Browser, name: str, next_path: str = "") -> str:
    """Presses “Continue with …” on the sign-in page; returns where that leads."""
    page = browser.open("/auth/sign-in")
    form = {"form_token": token_of(page, f"/auth/oidc/{name}"), "next": next_path}
    return leaves(browser.send(f"/auth/oidc/{name}", form))


def press_connect(browser: Browser, name: str) -> httpx.Response:
    """Presses “Connect” on the account page."""
    form = {"form_token": session_token(browser), "purpose": "link"}
    return browser.send(f"/auth/oidc/{name}", form)


def press_disconnect(browser: Browser, name: str) -> httpx.Response:
    """Presses “Disconnect” on the account page."""
    path = f"{ACCOUNT}/identities/{name}/disconnect"
    return browser.send(path, {"form_token": session_token(browser)})


def come_back(browser: Browser, address: str) -> httpx.Response:
    """Opens the address to which a provider sends the browser back."""
    return browser.open(address.removeprefix("http://localhost:8000"))


def answer(browser: Browser, name: str, **query: Any) -> httpx.Response:
    """Comes back with an answer that is put together by hand."""
    return browser.open(f"/auth/oidc/{name}/callback", params=query)


def secret_of(browser: Browser) -> str:
    """The secret of the session that the browser carries; empty for none."""
    return browser.cookies.get(cookie_name(settings())) or ""


def session_token(browser: Browser) -> str:
    """The token of the forms of the browser's session."""
    return form_token(hash_secret(secret_of(browser)))


def signed_in(person: Person, ip: str) -> Browser:
    """A browser that carries the person's session."""
    browser = Browser(ip=ip)
    browser.cookies.set(cookie_name(settings()), person.cookie, domain="localhost.local")
    return browser


def who(browser: Browser) -> str:
    """The address of the person who is signed in here; empty for nobody."""
    if not secret_of(browser):
        return ""
    try:
        with begin(SessionCredential(hash_secret(secret_of(browser)))) as work:
            return work.actor.email
    except SignedOut:
        return ""


def as_owner(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What nobody else may do: looks into or changes what only the functions of schema `auth` see."""
    url = database_urls().owner.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        done = connection.execute(sql, values)
        return done.fetchall() if done.description else []


def events(since: int) -> list[tuple[str, str, str]]:
    """The security events about other providers after this number: word, e-mail, detail."""
    found = as_owner(
        "SELECT word, email, detail FROM auth.security_events WHERE n > %s AND word LIKE 'oidc.%%' ORDER BY n",
        since,
    )
    return [(word, email, detail) for word, email, detail in found]


def last_event() -> int:
    """The number of the newest security event."""
    return int(as_owner("SELECT n FROM auth.security_head")[0][0])


def connect(real: Real, person: Person, name: str, provider: str = "acme") -> Browser:
    """Connects an account at the provider to a person; returns their browser."""
    browser = signed_in(person, fresh_ip())
    answer = come_back(browser, real.sign_in(leaves(press_connect(browser, provider)), name, BACK))
    assert (answer.status_code, answer.headers["location"]) == (303, f"{ACCOUNT}?done=connected"), answer.text
    return browser


def sign_in(real: Real, name: str, next_path: str = "") -> tuple[Browser, int, str]:
    """Signs in with the provider in a fresh browser: status, and where it leads or what the page says."""
    browser = Browser(ip=fresh_ip())
    answer = come_back(browser, real.sign_in(press(browser, "acme", next_path), name, BACK))
    return browser, answer.status_code, answer.headers.get("location", answer.text)


def token(browser: Browser) -> str:
    """The token of the button on the sign-in page."""
    page = browser.open("/auth/sign-in").text
    return page.split('action="/auth/oidc/acme"', 1)[1].split('value="', 1)[1].split('"', 1)[0]
