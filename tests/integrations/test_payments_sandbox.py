"""The TEST gateway's signatures and addresses: nothing that was changed, is old or is another's is taken."""

import json
from time import time
from uuid import uuid4

import pytest

from models.money import Money
from ontrack_app.integrations import signatures
from ontrack_app.integrations.payments import NotGenuine, Outcome, PaymentGateway, Wanted
from ontrack_app.integrations.payments_sandbox import (
    FAILED,
    OPENED,
    SIGNATURE,
    SUCCEEDED,
    SandboxGateway,
    sandbox,
)
from ontrack_app.settings import Settings

KEY = b"k" * 32
NOW = 1_800_000_000


@pytest.fixture
def gateway() -> SandboxGateway:
    return SandboxGateway("one secret of this installation", "http://localhost:8000")


@pytest.fixture
def wanted() -> Wanted:
    return Wanted(
        uuid4(), uuid4(), Money(16097, "CAD"), "Rivard Plomberie", "Invoice INV-1", "/portal/invoices/1"
    )


def order_in(address: str) -> str:
    return address.partition("?order=")[2]


def test_a_signature_holds_for_its_body_and_time() -> None:
    header = signatures.sign(KEY, b"body", NOW)
    assert signatures.holds(KEY, b"body", header, NOW)
    assert signatures.holds(KEY, b"body", header, NOW + signatures.TOLERANCE_SECONDS)
    assert signatures.holds(KEY, b"body", f"{header},v1=00", NOW), "a second one, while keys are changed"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=",
        "v1=",
        "t=1,v1=",
        "t=abc,v1=00",
        f"t={NOW}",
        f"t={NOW},v1=",
        f"t={NOW},v1=é",
        "t=²,v1=00",
        "t=" + "9" * 400 + ",v1=0",
        "t=1,t=2",
    ],
)
def test_what_is_no_signature_does_not_hold(header: str) -> None:
    assert not signatures.holds(KEY, b"body", header, NOW)


def test_a_changed_body_key_time_or_age_does_not_hold() -> None:
    header = signatures.sign(KEY, b"body", NOW)
    assert not signatures.holds(KEY, b"bodi", header, NOW)
    assert not signatures.holds(b"j" * 32, b"body", header, NOW)
    assert not signatures.holds(KEY, b"body", header.replace(str(NOW), str(NOW + 1)), NOW)
    assert not signatures.holds(KEY, b"body", header, NOW + signatures.TOLERANCE_SECONDS + 1)
    assert not signatures.holds(KEY, b"body", header, NOW - signatures.TOLERANCE_SECONDS - 1)


def test_keys_for_two_purposes_differ() -> None:
    assert signatures.derive("secret", "a") != signatures.derive("secret", "b")


def test_the_pay_page_knows_what_it_is_for(gateway: SandboxGateway, wanted: Wanted) -> None:
    checkout = gateway.open_checkout(wanted)
    assert checkout.address.startswith(f"http://localhost:8000/sandbox/pay/{wanted.payment_id}?order=")
    assert gateway.read_order(wanted.payment_id, order_in(checkout.address)) == wanted


def test_a_changed_or_foreign_address_opens_nothing(gateway: SandboxGateway, wanted: Wanted) -> None:
    order = order_in(gateway.open_checkout(wanted).address)
    stranger = SandboxGateway("another secret", "http://localhost:8000")
    assert gateway.read_order(uuid4(), order) is None
    assert gateway.read_order(wanted.payment_id, order[:-1]) is None
    assert gateway.read_order(wanted.payment_id, "") is None
    assert stranger.read_order(wanted.payment_id, order) is None


def test_an_event_says_what_happened(gateway: SandboxGateway, wanted: Wanted) -> None:
    for kind, outcome in (
        (OPENED, Outcome.NOTHING),
        (SUCCEEDED, Outcome.SUCCEEDED),
        (FAILED, Outcome.FAILED),
    ):
        sent = gateway.event(wanted, kind, "words")
        event = gateway.verify(sent.raw, sent.headers)
        told = gateway.understand(event.body)
        assert (event.tenant_id, told.payment_id, told.amount) == (
            wanted.tenant_id,
            wanted.payment_id,
            wanted.amount,
        )
        assert (told.outcome, told.words) == (outcome, "words")


def test_the_same_outcome_has_the_same_id_and_an_opening_another(
    gateway: SandboxGateway, wanted: Wanted
) -> None:
    ids = [
        json.loads(gateway.event(wanted, kind).raw)["id"] for kind in (OPENED, SUCCEEDED, SUCCEEDED, FAILED)
    ]
    assert len(set(ids)) == 2
    assert ids[1] == ids[2] == ids[3]


def test_events_of_others_are_turned_down(gateway: SandboxGateway, wanted: Wanted) -> None:
    sent = gateway.event(wanted, SUCCEEDED)
    stranger = SandboxGateway("another secret", "").event(wanted, SUCCEEDED)
    old = gateway.event(wanted, SUCCEEDED, at=int(time()) - 3600)
    for raw, headers in (
        (sent.raw, {}),
        (sent.raw + b" ", sent.headers),
        (stranger.raw, stranger.headers),
        (old.raw, old.headers),
    ):
        with pytest.raises(NotGenuine):
            gateway.verify(raw, headers)


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"null", b'{"id": 1, "tenant": "x"}', b"\xff"])
def test_a_signed_body_that_is_no_event_is_turned_down(gateway: SandboxGateway, raw: bytes) -> None:
    signed = {SIGNATURE: signatures.sign(gateway._key, raw, int(time()))}
    with pytest.raises(NotGenuine):
        gateway.verify(raw, signed)


def test_it_does_not_exist_in_production() -> None:
    production = Settings.model_validate({"ONTRACK_ENV": "production"})
    development = Settings.model_validate({"ONTRACK_ENV": "development"})
    assert sandbox(production) is None
    found: PaymentGateway | None = sandbox(development)
    assert found is not None
    assert found.name == "sandbox"
