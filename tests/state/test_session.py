"""The screens' door on the real database: who an event is, what `ask` runs as, and what happens when a session ends."""

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
import reflex as rx

from models.access import Permission, Role
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import Conflict
from ontrack_app.web.areas import Area
from ontrack_app.work import Work
from state.guarding import guarded
from state.session import SessionState, ask, look_up, say
from tests.factories.companies import Company, Person
from tests.state.support import Screen


def who(work: Work, mark: str) -> tuple[UUID, str, str, str, bool]:
    """A service that says as whom it runs."""
    inside = threading.current_thread() is not threading.main_thread()
    return work.actor.tenant_id, work.actor.email, work.actor.ip, mark, inside


def refuse(work: Work) -> None:
    """A service that refuses after it has written."""
    work.session.connection()
    raise Conflict("Two required steps are still open.")


class AskingState(rx.State):
    """A screen that asks."""

    found: list[str] = []

    @rx.event
    @guarded(Permission.LEADS_READ)
    async def look(self, mark: str) -> None:
        self.found = [str(value) for value in await ask(self, who, mark)]

    @rx.event
    @guarded.any_member
    async def fail(self) -> None:
        await ask(self, refuse)
        self.found = ["went on"]

    @rx.event
    @guarded.any_member
    async def tell(self) -> None:
        await say(self, "Sent.", action_label="Open", href="/leads")


@pytest.fixture
def office(company: Company) -> Iterator[tuple[Person, Screen]]:
    screen = Screen(company.office.session.hash, path="/leads")
    yield company.office, screen
    screen.close()


def end(person: Person) -> None:
    with begin(None) as doorway:
        doorway.value("SELECT auth.end_session(:hash)", hash=person.session.hash)


def test_ask_runs_as_the_person_off_the_event_loop(company: Company, office: tuple[Person, Screen]) -> None:
    person, screen = office
    screen.send(AskingState.look, mark="m")
    assert screen.state(AskingState).found == [str(company.id), person.email, "192.0.2.1", "m", "True"]


def test_a_refusal_of_a_service_is_shown_and_ends_the_handler(office: tuple[Person, Screen]) -> None:
    _, screen = office
    screen.send(AskingState.fail)
    assert screen.state(AskingState).found == []
    assert [toast.text for toast in screen.toasts] == ["Two required steps are still open."]


def test_a_message_may_lead_somewhere(office: tuple[Person, Screen]) -> None:
    _, screen = office
    screen.send(AskingState.tell)
    assert [(toast.text, toast.tint, toast.href) for toast in screen.toasts] == [("Sent.", "good", "/leads")]


def test_an_ended_session_is_nobody(office: tuple[Person, Screen]) -> None:
    person, screen = office
    screen.send(AskingState.look, mark="before")
    end(person)
    screen.send(AskingState.look, mark="after")
    assert screen.state(AskingState).found[3] == "before"
    assert screen.went_to == ["/auth/sign-in?next=/leads"]
    assert look_up(person.session.hash) is None


def test_the_raw_cookie_and_the_key_open_nothing(company: Company) -> None:
    assert look_up(company.office.cookie) is None
    assert look_up(company.office.key) is None
    assert look_up("") is None


@pytest.mark.parametrize(
    ("role", "area", "home"),
    [(Role.ADMIN, Area.OFFICE, "/"), (Role.OFFICE, Area.OFFICE, "/"), (Role.CREW, Area.CREW, "/crew/"),
     (Role.CLIENT, Area.PORTAL, "/portal/"), (Role.PROPERTY_MANAGER, Area.PORTAL, "/portal/")],
)  # fmt: skip
def test_each_role_has_its_area(company: Company, role: Role, area: Area, home: str) -> None:
    facts = look_up(company.once(role).session.hash)
    assert facts is not None
    assert (facts.area, facts.home, facts.confined) == (area, home, False)


def test_a_page_shows_the_companies_of_the_person(company: Company, office: tuple[Person, Screen]) -> None:
    _, screen = office
    screen.send(SessionState.load)
    found = screen.state(SessionState)
    assert (found.role, found.tenant_slug) == ("office", company.slug)
    assert [(one.id, one.current) for one in found.companies] == [(company.slug, True)]


def test_the_actor_is_read_again_at_every_event(company: Company, office: tuple[Person, Screen]) -> None:
    """A role that was taken away counts at the next event, not at the next sign-in."""
    person, screen = office
    screen.send(AskingState.look, mark="before")
    with begin(company.system) as work:
        work.session.connection().exec_driver_sql(
            "UPDATE members SET role = 'crew' WHERE id = %s", (person.member_id,)
        )
    screen.send(AskingState.look, mark="after")
    assert screen.state(AskingState).found[3] == "before"
    with begin(SessionCredential(person.session.hash)) as work:
        assert work.actor.role is Role.CREW
