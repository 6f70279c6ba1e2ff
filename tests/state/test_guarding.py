"""What `guarded` and the middleware let through, and what they do with everything else."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
import reflex as rx
from reflex_base.utils.format import format_event_handler

from models.access import Permission, Role
from ontrack_app.actor import Actor, TenantFacts
from ontrack_app.errors import Conflict, FieldError, Forbidden, Invalid, SignedOut
from ontrack_app.web.forms import check_form_token
from ontrack_app.web.guard import ADMITTED
from state import guarding
from state.guarding import actor_now, guarded, use_desk
from state.policies import MARK, Policy, arguments_of, refusal_of
from state.session import SessionDesk, SessionState, ask, refusal_words
from state.sockets import SOCKETS, ClosedNamespace, session_now
from tests.state.support import KEY, Screen

PEOPLE = {"office-session": Role.OFFICE, "crew-session": Role.CREW}
RAN: list[Any] = []


class SampleState(rx.State):
    """Handlers of every shape."""

    total: int = 0

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def add(self, by: int, note: str = "") -> None:
        RAN.append(("add", by, note))
        self.total += by

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def pick(self, lead_id: UUID) -> None:
        RAN.append(lead_id)

    @rx.event
    @guarded.any_member
    def plain(self) -> None:
        RAN.append(actor_now().role)

    @rx.event
    @guarded(Permission.LEADS_WRITE)
    async def steps(self) -> AsyncIterator[Any]:
        self.total = 1
        yield
        yield SampleState.add(10)
        raise Conflict("Stopped half-way.")

    @rx.event
    @guarded.any_member
    async def outer(self) -> None:
        await self.refused()
        RAN.append("after the refusal")

    @rx.event
    @guarded.any_member
    async def refused(self) -> None:
        words = "The amount must be above zero."
        raise Invalid("Check the amount.", errors=[FieldError("amount", words)])

    @rx.event
    @guarded.any_member
    async def broken(self) -> None:
        raise RuntimeError("secret-canary")

    @rx.event
    @guarded.any_member
    async def save(self, form: dict[str, str]) -> None:
        RAN.append(form)

    @rx.event(background=True)
    @guarded.any_member
    async def behind(self) -> None:
        async with self:
            self.total = 5
        raise Conflict("Refused in the background.")

    @rx.event
    async def unguarded(self) -> None:
        RAN.append("unguarded")

    def forgotten(self) -> None:
        RAN.append("forgotten")


class TestDesk(SessionDesk):
    """Knows two sessions; everything else of the desk is the real one."""

    __test__ = False
    ended: set[str] = set()

    async def companies(self) -> list[tuple[str, str, bool]]:
        return [("sample", "Sample Roofing", True)]

    async def actor(self) -> Actor:
        role = PEOPLE.get(session_now())
        if role is None or session_now() in self.ended:
            raise SignedOut("You are signed out.")
        tenant = TenantFacts(uuid4(), "sample", "Sample", "UTC", "USD", "en")
        return Actor(tenant=tenant, role=role, name="Sam Ple", email="sam@sample.example")


@pytest.fixture(autouse=True)
def _desk() -> Iterator[None]:
    RAN.clear()
    TestDesk.ended.clear()
    use_desk(TestDesk())
    yield
    use_desk(SessionDesk())


@pytest.fixture
def office() -> Iterator[Screen]:
    screen = Screen("office-session", path="/leads")
    yield screen
    screen.close()


@pytest.fixture
def crew() -> Iterator[Screen]:
    screen = Screen("crew-session")
    yield screen
    screen.close()


def test_a_granted_event_runs_with_typed_arguments(office: Screen) -> None:
    lead_id = uuid4()
    office.send(SampleState.add, by=2, note="x")
    office.send(SampleState.pick, lead_id=str(lead_id))
    assert [("add", 2, "x"), lead_id] == RAN
    assert office.state(SampleState).total == 2


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"by": "2"},
        {"by": 2.5},
        {"by": None},
        {"by": True},
        {"by": [2]},
        {"by": 2, "note": 5},
        {"by": 2, "extra": 1},
        {"by": {"a": 1}},
    ],
)
def test_arguments_of_another_type_do_not_run(office: Screen, payload: dict[str, Any]) -> None:
    office.send(SampleState.add, **payload)
    assert RAN == []


@pytest.mark.parametrize("lead_id", ["x", "", 7, None, ["0190b2c0-0000-7000-8000-000000000000"]])
def test_an_id_that_is_none_does_not_run(office: Screen, lead_id: Any) -> None:
    office.send(SampleState.pick, lead_id=lead_id)
    assert RAN == []


def test_a_form_arrives_as_the_browser_sends_it(office: Screen) -> None:
    office.send(SampleState.save, form={"__reflex_form_data__": [["name", "Ann"]]})
    assert RAN == [{"name": "Ann"}]


def test_a_role_without_the_right_is_told_so(crew: Screen) -> None:
    crew.send(SampleState.add, by=1)
    assert RAN == []
    assert [toast.text for toast in crew.toasts] == ["The role crew may not change leads."]


@pytest.mark.parametrize("session", ["", "unknown"])
def test_without_a_live_session_nothing_runs_and_the_tab_leaves(session: str) -> None:
    screen = Screen(session, path="/leads")
    screen.send(SampleState.plain)
    assert RAN == []
    assert screen.went_to == ["/auth/sign-in?next=/leads"]
    screen.close()


def test_a_session_that_ends_is_noticed_at_the_next_event(office: Screen) -> None:
    office.send(SampleState.add, by=1)
    TestDesk.ended.add("office-session")
    office.send(SampleState.add, by=1)
    assert len(RAN) == 1
    assert office.went_to == ["/auth/sign-in?next=/leads"]


def test_leaving_is_not_remembered(office: Screen) -> None:
    TestDesk.ended.add("office-session")
    office.send(SampleState.plain)
    assert office.state(SessionState).leave_to == ""


@pytest.mark.parametrize(
    "name", ["unguarded", "forgotten", "setvar", "set_total", "_private", "get_state", "reset"]
)
def test_what_carries_no_policy_does_not_run(office: Screen, name: str) -> None:
    full = f"{SampleState.get_full_name()}.{name}"
    assert refusal_of(full, {})
    if name in SampleState.event_handlers:
        office.send_named(full, {})
    assert RAN == []


def test_setvar_is_denied_on_every_state(office: Screen) -> None:
    office.send_named(f"{SampleState.get_full_name()}.setvar", {"var_name": "total", "value": 9})
    assert office.state(SampleState).total == 0
    assert refusal_of("reflex___state____state.setvar", {"var_name": "is_hydrated", "value": True})


def test_setvar_is_denied_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{SampleState.get_full_name()}.setvar"
    setvar = SampleState.event_handlers["setvar"].fn
    monkeypatch.setattr(setvar, MARK, Policy(None, arguments_of(_like_setvar)), raising=False)
    assert refusal_of(name, {"var_name": "total", "value": 9})


def _like_setvar(self: Any, var_name: str, value: int) -> None: ...


@pytest.mark.parametrize(
    "scope",
    [None, {}, {ADMITTED: "x"}, {ADMITTED: {"session_hash": "x"}}, {ADMITTED: True}],
)
def test_only_the_guard_admits_a_socket(scope: Any) -> None:
    namespace = ClosedNamespace("/_event", None)  # type: ignore[arg-type]
    environ = {"asgi.scope": scope, "QUERY_STRING": "token=t"}
    assert asyncio.run(namespace.on_connect("sid", environ)) is False
    assert asyncio.run(namespace.on_connect("sid", "not a dict")) is False


def test_an_event_of_the_server_belongs_to_the_socket_of_its_tab(office: Screen) -> None:
    """A refresh that the server sends by itself carries no route: the tab's open socket says whose it is."""
    SOCKETS.opened("sid", "office-session")
    SOCKETS.keyed("sid", KEY)
    office.send_named(format_event_handler(SampleState.plain), {}, session=False)
    SOCKETS.closed("sid")
    office.send_named(format_event_handler(SampleState.plain), {}, session=False)
    assert RAN == [Role.OFFICE]
    assert office.went_to == ["/auth/sign-in"]


def test_a_client_may_not_say_that_a_page_has_loaded() -> None:
    name = "reflex___state____state.set_is_hydrated"
    assert refusal_of(name, {"value": True})
    assert not refusal_of(name, {"value": True}, from_client=False)


def test_a_streaming_handler_shows_each_step_and_its_refusal(office: Screen) -> None:
    office.send(SampleState.steps)
    assert office.state(SampleState).total == 11
    assert [toast.text for toast in office.toasts] == ["Stopped half-way."]


def test_a_refusal_ends_the_handler_that_called(office: Screen) -> None:
    office.send(SampleState.outer)
    assert RAN == []
    assert [toast.text for toast in office.toasts] == ["Check the amount. The amount must be above zero."]


def test_a_background_handler_shows_its_refusal(office: Screen) -> None:
    office.send(SampleState.behind)
    assert office.state(SampleState).total == 5
    assert [toast.text for toast in office.toasts] == ["Refused in the background."]


def test_a_failure_gives_a_reference_that_the_log_has_too(
    office: Screen, caplog: pytest.LogCaptureFixture
) -> None:
    office.send(SampleState.broken)
    words = office.toasts[0].text
    assert "secret-canary" not in words
    assert words.split()[-1].rstrip(".") in caplog.text


def test_a_message_can_be_taken_away(office: Screen) -> None:
    office.send(SampleState.refused)
    office.send(SessionState.dismiss, toast_id=office.toasts[0].id)
    assert office.toasts == []


def test_a_page_shows_who_is_signed_in(office: Screen) -> None:
    office.send(SessionState.load)
    session = office.state(SessionState)
    assert (session.name, session.initials, session.role) == ("Sam Ple", "SP", "office")
    assert "leads:write" in session.granted
    assert [(company.id, company.mark) for company in session.companies] == [("sample", "SR")]
    check_form_token(session.form_token, "office-session")
    with pytest.raises(Forbidden):
        check_form_token(session.form_token, "crew-session")


def test_ask_outside_a_guarded_handler_is_a_mistake(office: Screen) -> None:
    with pytest.raises(RuntimeError):
        office._runner.run(ask(office.state(SampleState), lambda work: None))


def test_a_handler_must_type_its_arguments() -> None:
    async def loose(self, value) -> None: ...  # type: ignore[no-untyped-def]

    async def many(self, *values: int) -> None: ...  # type: ignore[no-untyped-def]

    for handler in (loose, many):
        with pytest.raises(TypeError):
            arguments_of(handler)


def test_refusal_words_are_not_repeated() -> None:
    assert refusal_words(Invalid("Say why.", errors=[FieldError("reason", "Say why.")])) == "Say why."


def test_nobody_acts_outside_an_event() -> None:
    with pytest.raises(RuntimeError):
        guarding.actor_now()
