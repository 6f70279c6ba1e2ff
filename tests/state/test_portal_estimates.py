"""An estimate in the portal: read, signed, sent back, declined; once, in time, by its own client or the bearer of its link."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from models.access import Role
from models.clients import Client
from models.estimates import Estimate
from models.ids import new_id, now
from models.signatures import Signature
from state.portal import PortalState
from state.portal_estimates import PortalEstimatesState, PortalEstimateState
from state.portal_invoices import PortalInvoicesState
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.customers import by_link, person_of, told
from tests.state.support import Screen
from tests.state.tabs import Open

STROKES = [[[10, 40.04], [20, 30], [30, 44]], [[40, 40], [50, 41]]]
TYPED = {"signature_kind": "typed", "signature_text": "  Ana  Gagnon ", "signature_strokes": ""}
DRAWN = {"signature_kind": "drawn", "signature_text": "", "signature_strokes": json.dumps(STROKES)}
STATE = PortalEstimateState


@pytest.fixture
def ana(company: Company) -> Client:
    return company.client()


@pytest.fixture
def sent(company: Company, ana: Client) -> UUID:
    return spine.moved(company, spine.draft(company, ana).id, "send").id


@pytest.fixture
def bearer(company: Company, sent: UUID) -> Iterator[Screen]:
    screen = Screen(by_link(company, Estimate, sent), path=f"/portal/estimates/{sent}")
    screen.send(STATE.load)
    yield screen
    screen.close()


@pytest.fixture
def client(company: Company, ana: Client, sent: UUID, tab: Open) -> Screen:
    screen = tab(person_of(company, ana), f"/portal/estimates/{sent}")
    screen.send(STATE.load)
    return screen


def record(screen: Screen) -> Any:
    return screen.state(STATE).record


def signature(company: Company, estimate_id: UUID) -> Signature:
    with company.work() as work:
        found: Signature = work.first(work.of(Signature).where(col(Signature.row_id) == estimate_id))
    return found


def stage(company: Company, estimate_id: UUID) -> str:
    with company.work() as work:
        return work.get(Estimate, estimate_id).stage


def test_it_shows_what_is_offered_and_nothing_of_the_office(client: Screen) -> None:
    shown = record(client)
    assert (client.state(STATE).status, shown.kind, shown.stage.word) == ("full", "open", "Waits for you")
    assert (shown.title, shown.total, shown.total_label, shown.lines_words) == (
        "New roof",
        "$210.00",
        "Total, USD",
        "1 line, GST",
    )
    assert [(row.label, row.amount) for row in shown.rows] == [
        ("Subtotal, 1 line", "200.00"),
        ("GST 5%", "10.00"),
    ]
    assert "open to" in shown.above and shown.pdf.endswith("/pdf")
    assert not {"margin", "unit_cost", "cost"} & set(shown.model_dump())


@pytest.mark.parametrize(("data", "name", "kind"), [(TYPED, "Ana Gagnon", "typed"), (DRAWN, None, "drawn")])
def test_a_client_signs(
    company: Company, client: Screen, sent: UUID, data: dict[str, str], name: str, kind: str
) -> None:
    client.send(STATE.approve, data=data)
    assert (record(client).kind, stage(company, sent)) == ("approved", "approved")
    kept = signature(company, sent)
    assert (kept.kind, kept.name) == (kind, name or client.state(STATE).record.signer)
    assert kept.strokes == (
        [[[10, 40], [20, 30], [30, 44]], [[40, 40], [50, 41]]] if kind == "drawn" else None
    )
    assert kept.name in record(client).answer


def test_the_bearer_of_a_link_signs_and_sees_nothing_else(
    company: Company, bearer: Screen, sent: UUID
) -> None:
    spine.invoice(company)
    bearer.send(PortalState.load)
    bearer.send(PortalEstimatesState.load)
    bearer.send(PortalInvoicesState.load)
    assert bearer.state(PortalState).frame.confined
    assert [row.id for row in bearer.state(PortalEstimatesState).rows] == [str(sent)]
    assert bearer.state(PortalInvoicesState).rows == []
    assert record(bearer).signer == "Ana Gagnon"
    bearer.send(STATE.approve, data=DRAWN)
    assert record(bearer).kind == "approved"
    assert signature(company, sent).name == "Ana Gagnon"


def test_without_a_signature_nothing_is_approved(company: Company, client: Screen, sent: UUID) -> None:
    far = json.dumps([[[10**12, 1]]])
    for strokes in ("", "[]", "[[]]", "{", '"x"', "[[[1]]]", '[[["a", 1]]]', far, "[" * 5000, "[[[NaN, 1]]]"):
        client.send(STATE.approve, data={**DRAWN, "signature_strokes": strokes})
        assert client.state(STATE).trouble.startswith("Draw your signature"), strokes
    client.send(STATE.approve, data={**TYPED, "signature_text": "  "})
    assert client.state(STATE).trouble == "Type your name to sign."
    client.send(STATE.approve, data={**TYPED, "signature_text": "x" * 300})
    assert "cannot be kept" in client.state(STATE).trouble
    assert (stage(company, sent), record(client).kind) == ("sent", "open")


def test_a_second_approval_says_that_it_is_approved(client: Screen, bearer: Screen) -> None:
    client.send(STATE.approve, data=TYPED)
    bearer.send(STATE.approve, data=TYPED)
    assert told(bearer) == "It is approved already, so there is nothing more to answer."
    assert record(bearer).kind == "approved"


def test_a_change_made_meanwhile_is_shown_before_it_is_signed(
    company: Company, client: Screen, sent: UUID
) -> None:
    spine.moved(company, sent, "revise")
    client.send(STATE.approve, data=TYPED)
    assert client.state(STATE).status == "missing"
    spine.moved(company, sent, "send")
    client.send(STATE.approve, data=TYPED)
    assert told(client).startswith("Somebody changed this estimate")
    assert ", revision 2" in record(client).above
    client.send(STATE.approve, data=TYPED)
    assert record(client).kind == "approved"


def test_a_revision_closes_the_link(company: Company, bearer: Screen, sent: UUID) -> None:
    spine.moved(company, sent, "revise")
    bearer.send(STATE.load)
    assert bearer.went_to == [f"/auth/sign-in?next=/portal/estimates/{sent}"]


def test_asking_for_a_change_needs_words_and_may_end_in_no(
    company: Company, client: Screen, sent: UUID
) -> None:
    client.send(STATE.open_dialog, name="change")
    client.send(STATE.request_changes, data={"reason": " "})
    assert (client.state(STATE).trouble, client.state(STATE).asking) == (
        "Say what should be different.",
        "change",
    )
    client.send(STATE.request_changes, data={"reason": "x" * 4001})
    assert "too long" in client.state(STATE).trouble
    client.send(STATE.request_changes, data={"reason": "Brown gutters"})
    assert (record(client).kind, record(client).quoted, client.state(STATE).asking) == (
        "changes",
        "Brown gutters",
        "",
    )
    client.send(STATE.request_changes, data={"reason": "And doors"})
    assert told(client).startswith("You have asked for a change already")
    client.send(STATE.decline, data={"reason": ""})
    assert (record(client).kind, stage(company, sent)) == ("declined", "declined")


def test_declining_is_one_press(company: Company, bearer: Screen, sent: UUID) -> None:
    bearer.send(STATE.decline, data={})
    assert (record(bearer).kind, record(bearer).may_decline) == ("declined", False)
    bearer.send(STATE.approve, data=TYPED)
    assert told(bearer).startswith("It was declined already")


def test_past_its_day_it_can_only_be_read(company: Company, client: Screen, sent: UUID) -> None:
    with company.work() as work:
        work.get(Estimate, sent).expires_on = (now() - timedelta(days=2)).date()
    for handler, data in (
        (STATE.approve, TYPED),
        (STATE.request_changes, {"reason": "x"}),
        (STATE.decline, {}),
    ):
        client.send(handler, data=data)
        assert told(client) == "Its last day is over. Ask for a new one."
    assert (record(client).kind, stage(company, sent)) == ("expired", "sent")


def test_others_find_nothing(company: Company, other: Company, ana: Client, sent: UUID, tab: Open) -> None:
    stranger = person_of(company, company.client("Bo"))
    manager = person_of(other, other.client(), Role.PROPERTY_MANAGER)
    draft = spine.draft(company, ana).id
    for person, row_id in (
        (stranger, sent),
        (manager, sent),
        (person_of(company, ana), draft),
        (stranger, new_id()),
    ):
        screen = tab(person, f"/portal/estimates/{row_id}")
        for handler, data in (
            (STATE.load, {}),
            (STATE.approve, {"data": TYPED}),
            (STATE.decline, {"data": {}}),
        ):
            screen.send(handler, **data)
            assert (screen.state(STATE).status, record(screen).title) == ("missing", "")
    assert stage(company, sent) == "sent"


def test_the_list_is_the_clients_own(company: Company, ana: Client, sent: UUID, tab: Open) -> None:
    spine.moved(company, spine.draft(company).id, "send")
    approved = spine.moved(company, spine.draft(company, ana).id, "send", "approve").id
    spine.draft(company, ana)
    screen = tab(person_of(company, ana), "/portal/estimates")
    screen.send(PortalEstimatesState.load)
    rows = screen.state(PortalEstimatesState).rows
    assert {row.id for row in rows} == {str(sent), str(approved)}
    assert {(row.stage.word, row.total) for row in rows} == {
        ("Waits for you", "$210.00"),
        ("Approved", "$210.00"),
    }
    foot = screen.state(PortalEstimatesState).foot
    assert [(one.key, one.count) for one in foot.tabs] == [
        ("all", "2"),
        ("open", "1"),
        ("approved", "1"),
        ("past", "0"),
    ]
