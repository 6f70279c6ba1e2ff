"""What is turned down is a security event of its own transaction, counted, and limited so that nobody floods the chain."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from models.access import Role
from ontrack_app import refusals
from ontrack_app.db import SystemCredential, begin
from ontrack_app.errors import Forbidden, NotFound, NotFresh, Refusal
from ontrack_app.refusals import FIRST, Refused
from ontrack_app.services import audit
from ontrack_app.services.audit import Asked
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import settings
from ontrack_app.web.closed import note_foreign
from ontrack_app.web.forms import FormExpired
from ontrack_app.web.guard import Doors, Guard
from ontrack_app.web.origins import ourselves
from state.leads import LeadFormState
from tests.factories.companies import Company
from tests.state.support import Screen
from tests.web.browsers import Browser


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test counts for itself."""
    monkeypatch.setattr(refusals, "REFUSED", Refused())


def refused(company: Company) -> list[Any]:
    """The refusals on record in a company, the newest first."""
    with company.admin.work() as work:
        return list(audit.events(work, Asked({"word": "access.refused"}, most=100)))


def everybodys() -> int:
    """How many security events there are at all."""
    with begin(None) as doorway:
        row = doorway.row("SELECT n FROM auth.security_place(NULL)")
    return int(row.n) if row else 0


def test_a_service_that_refuses_leaves_an_event_though_its_transaction_is_gone(calling: Any, company: Company) -> None:  # fmt: skip
    answer = calling(company.once(Role.CREW))("POST", "/leads", {"name": "Ana", "need": "x"})
    assert answer.status_code == 403
    (event,) = refused(company)
    assert event.email == company.once(Role.CREW).email
    assert event.detail == f"POST /api/v1/leads: {answer.json()['detail']}"


def test_an_event_of_a_screen_that_is_refused_is_on_record_too(company: Company) -> None:
    screen = Screen(company.once(Role.CREW).session.hash, path="/leads/new")
    try:
        screen.send(LeadFormState.start)
    finally:
        screen.close()
    (event,) = refused(company)
    assert event.detail.startswith("LeadFormState.start: ") and event.ip == "192.0.2.1"


def test_a_page_that_refuses_is_on_record_without_the_rest_of_its_address(company: Company) -> None:
    browser = Browser()
    browser.cookies.set(f"ontrack_{settings().port}", company.admin.cookie)
    answer = browser.send("/auth/switch", {"tenant": "somebody-elses", "form_token": "wrong"})
    assert answer.status_code == 403
    (event,) = refused(company)
    assert event.detail.startswith("POST /auth/switch: This page is from an earlier sign-in")
    assert event.email == company.admin.email


def test_a_wrong_key_is_nobodys_event(http: Any, company: Company) -> None:
    mine = refused(company)
    before = everybodys()
    answer = http.get("/api/v1/leads", headers={"Authorization": f"Bearer {new_secret()}"})
    assert answer.status_code == 401
    assert everybodys() == before + 1 and refused(company) == mine


def test_what_comes_from_another_site_is_on_record(database: Any) -> None:
    async def inner(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("nothing gets in")

    doors = Doors(us=ourselves(settings()), cookie="c", lookup=lambda _: None, told=note_foreign)
    host = next(iter(doors.us.hosts)).encode()
    headers = [(b"host", host), (b"origin", b"https://evil.example")]
    form = {
        "type": "http",
        "method": "POST",
        "path": "/auth/sign-in",
        "headers": headers,
        "client": ("192.0.2.7", 1),
    }
    socket = {"type": "websocket", "path": "/_event", "headers": headers, "client": ("192.0.2.8", 1)}

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        assert message.get("status", 403) == 403

    before = everybodys()
    for scope in (form, socket):
        asyncio.run(Guard(inner, doors)(scope, receive, send))
    assert everybodys() == before + 2


def test_ordinary_refusals_are_no_security_events(calling: Any, company: Company) -> None:
    office = calling(company.office)
    assert office("GET", f"/leads/{company.id}").status_code == 404
    assert office("POST", "/leads", {"name": ""}).status_code == 422
    assert refused(company) == []
    kinds: list[tuple[Refusal, bool]] = [
        (Forbidden("x"), True),
        (NotFresh("x"), False),
        (FormExpired("x"), False),
        (NotFound("x"), False),
    ]
    assert [refusals.is_noted(kind) for kind, _ in kinds] == [noted for _, noted in kinds]


def test_who_tries_again_and_again_is_counted_not_written_down(calling: Any, company: Company) -> None:
    call = calling(company.once(Role.CREW))
    for _ in range(101):
        assert call("GET", "/leads").status_code == 403
    details = [event.detail.rpartition("(")[2] for event in refused(company)]
    assert len(details) == FIRST + 2
    assert details[:2] == ["100 times in this minute)", "10 times in this minute)"]


def test_several_processes_together_write_no_more_than_the_database_allows(company: Company) -> None:
    crew = company.once(Role.CREW)
    for _ in range(10):
        refusals.REFUSED = Refused()
        for _ in range(FIRST):
            refusals.note("x", crew.session, "192.0.2.1")
    assert len(refused(company)) == 20


def test_many_sources_share_one_count_once_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_SOURCES", 50)
    counted = Refused()
    written = [counted.again(f"192.0.2.{at}") for at in range(200)]
    assert sum(1 for times in written if times) == 50 + FIRST + 2


@pytest.mark.parametrize("ended", [True, False])
def test_an_answer_does_not_depend_on_the_record(company: Company, monkeypatch: pytest.MonkeyPatch, ended: bool) -> None:  # fmt: skip
    """A session that ended between the refusal and the record, a database that is away: nothing is raised."""

    def away(*_: object, **__: object) -> Callable[..., None]:
        raise RuntimeError("away")

    if not ended:
        monkeypatch.setattr(refusals, "begin", away)
    credential = company.admin.session
    refusals.note("x", type(credential)(hash_secret("gone")), "192.0.2.1")
    refusals.note("x", SystemCredential(company.id, "x"), "192.0.2.1")
    assert refused(company) == []
