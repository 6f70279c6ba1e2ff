"""What the campaigns found once: each story as a test of its own, so that it is told in words when it comes back."""

from typing import Any
from uuid import UUID

import pytest

from models.access import Role
from ontrack_app.errors import Forbidden
from ontrack_app.services import notes
from state.clients import ContactFormState
from state.estimates import NewEstimateState
from state.jobs import JobState
from state.leads import LeadState
from state.portal_estimates import PortalEstimatesState
from state.visits import PlanState
from tests.campaigns.callers import fresh_key
from tests.campaigns.ground import Side, keep_awake
from tests.campaigns.surfaces import Front
from tests.state.support import Screen


@pytest.fixture
def screen(ours: Side) -> Any:
    found = Screen(ours.people[Role.ADMIN].session.hash, path=f"/leads/{ours.rows['leads']}")
    yield found
    found.close()


@pytest.mark.parametrize(
    ("handler", "arguments"),
    [(ContactFormState.edit, {"contact": "x"}), (LeadState.assign, {"member": "x"}), (PlanState.keep, {"data": {}})],
    ids=["contact", "assign", "plan"],
)  # fmt: skip
def test_an_id_that_is_none_is_refused_in_words(
    screen: Screen, handler: Any, arguments: dict[str, Any]
) -> None:
    screen.send(handler, **arguments)
    assert screen.toasts[-1].text == "There is nothing with this id."


def test_the_office_may_look_at_the_portals_list(screen: Screen) -> None:
    screen.send(PortalEstimatesState.load)
    assert screen.toasts == []
    assert screen.state(PortalEstimatesState).status == "full"


def test_a_crews_note_on_a_job_is_refused_in_words(ours: Side) -> None:
    """The policy of notes stopped it, and the crew read of a failure on our side."""
    keep_awake(ours.company)
    with pytest.raises(Forbidden, match="on its visits"), ours.people[Role.CREW].work() as work:
        notes.add(work, "jobs", UUID(ours.rows["jobs"]), "Text")


@pytest.mark.parametrize("noun", ["leads", "contacts", "price_items"])
def test_who_may_write_and_not_read_is_not_shown_the_row_by_an_empty_change(
    ours: Side, front: Front, noun: str
) -> None:
    """A key with `leads:write` alone read whole leads by a PATCH that changes nothing."""
    key = fresh_key(ours, frozenset({f"{noun}:write"}))
    path = f"/api/v1/{noun.replace('_', '-')}/{ours.rows[noun]}"
    answer = front("PATCH", path, {"Authorization": f"Bearer {key}"}, json={})
    assert (answer.status_code, ours.mark in answer.text) == (403, False)


@pytest.mark.parametrize(("handler", "arguments"), [(JobState.move, {"name": "cancel", "reason": "x" * 5000}), (NewEstimateState.find, {"text": "a\x00b"})], ids=["long", "NUL"])  # fmt: skip
def test_what_cannot_be_kept_is_refused_in_words(ours: Side, handler: Any, arguments: dict[str, Any]) -> None:
    """The person read that something went wrong on our side, and the log had a failure."""
    screen = Screen(ours.people[Role.ADMIN].session.hash, path=f"/jobs/{ours.rows['jobs']}")
    screen.send(handler, **arguments)
    assert "sign that cannot be" in screen.toasts[-1].text
    screen.close()
