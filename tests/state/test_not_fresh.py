"""What a person sees where a fresh proof is missing: why, and the way to the page that takes one and leads back."""

import json

import pytest
import reflex as rx

from models.access import Role
from ontrack_app.api import problems
from ontrack_app.errors import NotFresh
from ontrack_app.services import factor_rules
from ontrack_app.ui.toast import toasts
from ontrack_app.work import Work
from state.guarding import guarded
from state.roles import RolesState
from state.session import SessionState, ask
from tests.factories.companies import Company
from tests.factories.factors import make_stale
from tests.state.tabs import Open


def guarded_change(work: Work) -> None:
    """A service that asks for a fresh proof."""
    work.actor.require_fresh(work.at)


class PayoutState(rx.State):
    """A screen of something that needs a fresh proof."""

    done: bool = False

    @rx.event
    @guarded.any_member
    async def change(self) -> None:
        await ask(self, guarded_change)
        self.done = True


def test_a_fresh_proof_is_asked_for_and_leads_back_here(company: Company, tab: Open) -> None:
    screen = tab(company.admin, "/settings/roles?show=crew")
    screen.send(PayoutState.change)
    assert screen.state(PayoutState).done and screen.toasts == []
    make_stale(company.admin.cookie)
    screen.send(PayoutState.change)
    (toast,) = screen.toasts
    assert (toast.action_label, toast.tint) == ("Confirm", "waiting")
    assert toast.href == "/auth/confirm?next=/settings/roles%3Fshow%3Dcrew"
    assert "Confirm first that it is you" in toast.text and screen.went_to == []


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_what_the_browser_says_of_its_page_leads_nowhere_else(company: Company, tab: Open, path: str) -> None:
    make_stale(company.admin.cookie)
    screen = tab(company.admin, path)
    screen.send(PayoutState.change)
    assert [toast.href for toast in screen.toasts] == ["/auth/confirm"]


def test_the_roles_screen_asks_for_it(company: Company, tab: Open) -> None:
    make_stale(company.admin.cookie)
    screen = tab(company.admin, "/settings/roles")
    screen.send(RolesState.require_factor, role="crew", needed=True)
    assert [toast.action_label for toast in screen.toasts] == ["Confirm"]
    with company.work() as work:
        assert factor_rules.required_roles(work) == frozenset()


def test_whoever_owes_a_factor_is_led_out_of_the_screen(company: Company, tab: Open) -> None:
    screen = tab(company.office, "/leads")
    screen.send(SessionState.load)
    with company.work() as work:
        factor_rules.require_factor(work, Role.OFFICE, True)
    screen.send(SessionState.load)
    assert screen.went_to == ["/auth/sign-in?next=/leads"]


def test_over_http_the_title_says_it() -> None:
    answer = problems.refused(NotFresh("Confirm first that it is you."))
    assert answer.status_code == 403
    assert json.loads(bytes(answer.body))["title"] == "Confirm that it is you"


def test_the_link_of_a_message_loads_the_page_from_the_server() -> None:
    drawn = str(toasts(SessionState.toasts, SessionState.dismiss))
    assert drawn.count("reloadDocument") == 1 and drawn.count('startsWith("/auth/")') == 1
