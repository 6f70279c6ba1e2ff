"""Below the page: what a crew, a client and a property manager are answered by every door, and by a statement without a WHERE."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from sqlalchemy import text

from models.access import Role
from models.tables import TABLES
from pages.crew.picture import Picture
from tests.campaigns import surfaces
from tests.campaigns.callers import document_session
from tests.campaigns.ground import Side, complete, keep_awake, make_side
from tests.campaigns.screens import arguments, path_of
from tests.campaigns.surfaces import Call, Front
from tests.campaigns.test_idor import someone
from tests.campaigns.test_matrix import call
from tests.factories.http import Caller
from tests.state.support import Screen

CENTS, COST = 864_213, 863_102
PRICES = (
    "8642.13",
    "8,642.13",
    "864213",
    "8631.02",
    "8,631.02",
    "863102",
    "117.31",
    "11731",
    "8,524.82",
    "8524.82",
    "852482",
)
MONEY_WORDS = ("price", "cost", "cents", "amount", "total", "money", "balance", "paid", "owed")
PLAIN_TO_CREWS = {
    "tenants",
    "members",
    "clients",
    "contacts",
    "properties",
    "jobs",
    "visits",
    "visit_assignees",
    "notes",
    "idempotency_keys",
    "devices",
    "files",
    "file_variants",
    "sync_clients",
    "sync_mutations",
    "changes",
    "tenant_counters",
    "field_writers",
    "quarantine",
    "conflicts",
    "checklist_items",
    "checklist_results",
    "expenses",  # their own claims, with the amounts that they said themselves; no answer repeats one
    "materials",
    "tasks",
    "time_entries",
}


@pytest.fixture(scope="module")
def place(front: Front, http: Any) -> Side:
    """Where every route and handler is called, so that rows may have moved on."""
    return a_place(front, http)


@pytest.fixture
def untouched(front: Front, http: Any) -> Side:
    """The same for one test alone."""
    return a_place(front, http)


def a_place(front: Front, http: Any) -> Side:
    """A company in which every price is known, one client's work is the crew's, and another client has work of its own."""
    side = complete(make_side(http, "WmMine4c1d", price=CENTS), front)
    admin = Caller(http, side.people[Role.ADMIN])
    usd = {"amount_cents": CENTS, "currency": "USD"}
    other = admin.ok("POST", "/clients", {"name": "WmElsewhere8b2a"})["id"]
    admin.ok("POST", "/contacts", {"client_id": other, "name": "WmElsewhere8b2a", "email": "e@x.example"})
    spot = admin.ok("POST", "/properties", {"client_id": other, "address": {"street": "WmElsewhere8b2a"}})[
        "id"
    ]
    paper = {"client_id": other, "property_id": spot, "title": "WmElsewhere8b2a", "expires_on": "2099-01-01", "lines": [{"description": "WmElsewhere8b2a", "unit_price": usd}]}  # fmt: skip
    estimate = admin.ok("POST", "/estimates", paper, Idempotency_Key="kept-with-its-prices")["id"]
    admin.ok("POST", f"/estimates/{estimate}/moves/send", {})
    job = admin.ok("POST", "/jobs", {"client_id": other, "property_id": spot, "title": "WmElsewhere8b2a"})[
        "id"
    ]
    admin.ok("POST", "/visits", {"job_id": job, "title": "WmElsewhere8b2a"})
    keep_awake(side.company)
    return side


def rows_seen(side: Side, role: Role) -> dict[str, list[str]]:
    """Every row of every table that a transaction of the person sees, as text."""
    with side.people[role].work() as work:
        return {
            table.name: list(work.session.execute(text(f"SELECT t::text FROM {table.name} t")).scalars())
            for table in TABLES
        }


def answers(front: Front, side: Side, role: Role) -> Iterator[tuple[str, str]]:
    """All that a person is answered: by every REST route, and by every handler, about rows that are its own."""
    person = someone(side, role)
    asked = [one for one in surfaces.operations() if not one.path.endswith("/pdf")]
    for operation, answer in zip(asked, front.all([call(person, one) for one in asked]), strict=True):
        yield operation.label, answer.text
    screen = Screen(person.hash)
    for handler in surfaces.handlers():
        screen.deltas.clear()
        noun = handler.name.rpartition("____")[0].rpartition("___")[2].removeprefix("portal_")
        screen.path = path_of(handler, side.rows.get(noun, side.rows["visits"]))
        screen.send_named(handler.name, arguments(handler, side))
        yield handler.label, str(screen.deltas) + str([toast.text for toast in screen.toasts])
    screen.close()


def test_no_price_reaches_a_crew(front: Front, place: Side) -> None:
    told = list(answers(front, place, Role.CREW))
    assert any(place.mark in words for _, words in told)
    assert [(label, price) for label, words in told for price in PRICES if price in words] == []
    assert [label for label, words in told if "WmElsewhere8b2a" in words] == []


def test_the_amounts_would_be_seen(front: Front, place: Side) -> None:
    """The search itself: the office is told what the crew is not."""
    told = "".join(words for _, words in answers(front, place, Role.OFFICE))
    assert {"864213", "8,642.13", "8642.13"} <= {price for price in PRICES if price in told}
    assert "WmElsewhere8b2a" in told


def test_a_crews_statement_without_a_where_sees_its_own_visits_and_what_they_need(place: Side) -> None:
    seen = rows_seen(place, Role.CREW)
    assert {name for name, rows in seen.items() if rows} <= PLAIN_TO_CREWS
    assert len(seen["visits"]) == len(seen["jobs"]) == len(seen["clients"]) == len(seen["properties"]) == 1
    everything = "".join(row for rows in seen.values() for row in rows)
    assert place.rows["visits"] in everything
    assert "WmElsewhere8b2a" not in everything
    but_claims = "".join(row for name, rows in seen.items() if name != "expenses" for row in rows)
    assert [price for price in PRICES if price in but_claims] == []


@pytest.mark.parametrize("role", [Role.CLIENT, Role.PROPERTY_MANAGER])
def test_customers_see_their_own_alone(front: Front, place: Side, role: Role) -> None:
    seen = rows_seen(place, role)
    everything = "".join(row for rows in seen.values() for row in rows)
    assert place.mark in everything and "WmElsewhere8b2a" not in everything
    assert not any(
        seen[name]
        for name in ("leads", "price_items", "notes", "audit_entries", "outbox_messages", "role_rights")
    )
    assert not any(",draft," in row for row in seen["estimates"] + seen["invoices"])
    told = list(answers(front, place, role))
    assert any(place.mark in words for _, words in told)
    assert [
        label
        for label, words in told
        if "WmElsewhere8b2a" in words or "863102" in words or "8,631.02" in words
    ] == []


def test_a_document_link_sees_that_document_alone(front: Front, untouched: Side) -> None:
    headers = {
        "Cookie": someone(untouched, Role.CLIENT).headers["Cookie"].partition("=")[0]
        + "="
        + document_session(untouched),
        "X-OnTrack-Request": "1",
    }
    lists = [one for one in surfaces.operations() if one.method == "GET" and "{" not in one.path]
    for operation, answer in zip(
        lists, front.all([Call("GET", one.path, headers) for one in lists]), strict=True
    ):
        assert "WmElsewhere8b2a" not in answer.text, operation.label
        if operation.noun == "estimates":
            assert [one["id"] for one in answer.json()["items"]] == [untouched.rows["estimates"]]
        elif (
            operation.noun in ("invoices", "jobs", "visits", "payments", "leads")
            and answer.status_code == 200
        ):
            assert answer.json()["items"] == [], operation.label


def test_what_was_answered_to_others_is_not_a_crews_to_read(place: Side) -> None:
    """Answers are kept for a day under their Idempotency-Key, prices and all; a crew's transaction read everybody's."""
    with place.company.work() as work:
        kept = text("SELECT count(*) FROM idempotency_keys WHERE body LIKE '%864213%'")
        assert work.session.execute(kept).scalar_one() >= 1
    for role in (Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER):
        assert rows_seen(place, role)["idempotency_keys"] == [], role


def drawn_of(shape: Any, seen: set[Any]) -> Iterator[str]:
    """Every name of a shape that pages are drawn from, and of the shapes in it."""
    for one in (shape, *get_args(shape)):
        if is_dataclass(one) and one not in seen:
            seen.add(one)
            kinds = get_type_hints(one)
            for name, kind in kinds.items():
                yield name
                yield from drawn_of(kind, seen)
        elif one is not shape:
            yield from drawn_of(one, seen)


def test_the_crews_pages_have_no_place_for_a_price() -> None:
    """What the pages of a crew can draw is what their picture holds: no field of it is money."""
    names = list(drawn_of(Picture, set()))
    assert len(names) > 60
    assert [name for name in names if any(word in name for word in MONEY_WORDS)] == []
