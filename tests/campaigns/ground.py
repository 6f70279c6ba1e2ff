"""The ground of the campaigns: companies with a row of every noun, marked so that a leak can be recognised by its bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID

import psycopg
from sqlalchemy import text
from starlette.testclient import TestClient

from models.access import GRANTABLE, GRANTS, PEOPLE_ROLES, Role
from models.ids import new_id, now
from models.tables import TABLES
from ontrack_app.errors import Refusal
from ontrack_app.schemas.checklist_items import TemplateBody
from ontrack_app.schemas.clients import PropertyPatch
from ontrack_app.schemas.common import MoneyBody
from ontrack_app.schemas.crew_work import AskBody, ExpenseBody, ItemBody, MaterialBody, TimeStartBody
from ontrack_app.schemas.files import FilePatch
from ontrack_app.services import (
    checklist_items,
    checklist_templates,
    conflicts,
    devices,
    expenses,
    materials,
    notes,
    properties,
    tasks,
    time_entries,
)
from ontrack_app.services.clocks import Clock
from ontrack_app.services.files import patch as set_visible
from ontrack_app.services.listing import Query
from ontrack_app.services.sync import quarantine
from ontrack_app.sessions import cookie_name
from ontrack_app.settings import database_urls, settings
from ontrack_app.work import Work
from tests.campaigns import bodies, surfaces
from tests.campaigns.surfaces import Front
from tests.factories import files, phones
from tests.factories.companies import Company, Person, make_company
from tests.factories.http import Caller

ANSWERS = ("idempotency_keys",)  # what was answered before, kept for whoever asks again


@dataclass
class Side:
    """One company of a campaign: its people by role, its rows by noun, and the marks in all that it has written."""

    company: Company
    mark: str
    people: dict[Role, Person] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    taken: dict[Role, frozenset[str]] = field(default_factory=dict)
    given: dict[Role, frozenset[str]] = field(default_factory=dict)

    def ids(self) -> dict[str, list[str]]:
        """Every id of every table, newest last; what the campaign may aim at."""
        with self.company.work() as work:
            return {
                table.name: [
                    str(one)
                    for one in work.session.execute(
                        text(f"SELECT id FROM {table.name} ORDER BY id")
                    ).scalars()
                ]
                for table in TABLES
                if "id" in table.columns
            }

    def fingerprint(self) -> dict[str, str]:
        """What is stored of the company, by table."""
        with self.company.work() as work:
            return {
                table.name: str(work.session.execute(text(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table.name} t")).scalar_one())
                for table in TABLES
                if table.name not in ANSWERS
            }  # fmt: skip


def owner() -> psycopg.Connection[Any]:
    """A connection as the owner of the tables, for what only a migration or an administrator of the database does."""
    return psycopg.connect(database_urls().owner.replace("+psycopg", ""), autocommit=True)


def make_side(http: TestClient, mark: str, *, price: int = 864_213) -> Side:
    """A company with one row of every noun, `mark` in every text, and a person of each role to whom its rows belong."""
    company = make_company()
    side = Side(company, mark)
    call = Caller(http, company.admin)
    company.people[Role.OFFICE.value] = company.person(Role.OFFICE, name=f"office-{mark}")
    crew = company.person(Role.CREW, name=f"crew-{mark}")
    side.rows = _rows(call, mark, str(crew.member_id), price)
    client_id = UUID(side.rows["clients"])
    side.people = {
        Role.ADMIN: company.admin,
        Role.OFFICE: company.office,
        Role.CREW: crew,
        Role.CLIENT: company.person(Role.CLIENT, client_id=client_id, name=f"client-{mark}"),
        Role.PROPERTY_MANAGER: company.person(Role.PROPERTY_MANAGER, client_id=client_id, name=f"pm-{mark}"),
    }
    with company.office.work() as work:
        for noun in ("leads", "clients", "jobs", "visits"):
            notes.add(work, noun, UUID(side.rows[noun]), f"Note {mark}")
    visit = ("visits", UUID(side.rows["visits"]))
    side.rows["files"] = str(files.clean(company.id, crew, visit, name=f"{mark}.jpg"))
    side.rows["uploads"] = str(files.begun(company.admin, visit, name=f"{mark}.jpg"))
    with company.office.work() as work:
        set_visible(work, UUID(side.rows["files"]), FilePatch(is_visible=True))
    side.rows["devices"] = str(phones.said_hello(crew, mark))
    side.rows |= _undecided(side, crew)
    side.rows |= _brought_home(company, crew, UUID(side.rows["visits"]), mark, price)
    keep_awake(company)
    return side


def _brought_home(company: Company, crew: Person, visit_id: UUID, mark: str, cents: int) -> dict[str, str]:
    """What a crew notes on its visit, one of each, and a checklist to copy."""
    ids = {noun: new_id() for noun in ("time_entries", "expenses", "materials", "tasks")}
    start = now() - timedelta(hours=3)
    with crew.work() as work:
        given = {"visit_id": visit_id}
        time_entries.start(work, TimeStartBody(id=ids["time_entries"], kind="work", **given), Clock(start))
        amount = MoneyBody.of(cents, company.currency)
        expenses.claim(work, ExpenseBody(id=ids["expenses"], title=mark, amount=amount, **given))
        materials.use(work, MaterialBody(id=ids["materials"], name=mark, **given))
        tasks.ask(work, "extra_work", AskBody(id=ids["tasks"], text=mark, **given))
    with crew.work() as work:
        time_entries.stop(work, ids["time_entries"], Clock(start + timedelta(hours=1)))
    with company.admin.work() as work:
        step = checklist_items.create(work, ItemBody(visit_id=visit_id, label=mark))
        listed = TemplateBody.model_validate({"name": mark, "steps": [{"label": mark}]})
        template = checklist_templates.create(work, listed)
    made = {"checklist_items": step.id, "checklist_templates": template.id}
    return {noun: str(row_id) for noun, row_id in (ids | made).items()}


def _undecided(side: Side, crew: Person) -> dict[str, str]:
    """Two values to choose from, and work of a phone that was signed off."""
    place, visit = side.rows["properties"], side.rows["visits"]
    with side.company.office.work() as work:
        properties.patch(work, UUID(place), PropertyPatch(access_notes=f"Office {side.mark}"))
    gate = {"property_id": place, "text": f"Crew {side.mark}"}
    phones.brings(crew, UUID(side.rows["devices"]), ("property.access_notes", gate))
    lost = phones.said_hello(crew, side.mark)
    with crew.work() as work:
        devices.revoke(work, lost)
    note = {"id": str(new_id()), "visit_id": visit, "text": side.mark}
    phones.brings(crew, lost, ("note.add", note))
    with side.company.office.work() as work:
        (conflict,) = conflicts.list_page(work, Query()).items
        (waits,) = quarantine.list_page(work, Query(sort="received_at")).items
    return {"conflicts": str(conflict.id), "quarantine": str(waits.id)}


def complete(side: Side, front: Front) -> Side:
    """Gives the company a row of every noun that has routes and no row yet: made by its own route, else found in its list."""
    admin = {
        "Cookie": f"{cookie_name(settings())}={side.people[Role.ADMIN].cookie}",
        "X-OnTrack-Request": "1",
    }
    known = {one.noun: one for one in surfaces.operations() if "{row_id}" in one.path}
    for operation in surfaces.operations():
        if operation.noun in known and operation.noun not in side.rows and "{" not in operation.path:
            given = bodies.least(bodies.schema_of(operation) or {}, lambda name: side.rows.get(name, ""))
            more = {"json": given} if operation.method == "POST" else {}
            answer = front(operation.method, operation.path, admin, **more)
            found = answer.json() if operation.method == "POST" else (answer.json().get("items") or [{}])[0]
            side.rows |= {operation.noun: str(found["id"])} if "id" in found else {}
    keep_awake(side.company)
    return side


def _rows(call: Caller, mark: str, crew: str, cents: int) -> dict[str, str]:
    usd = {"amount_cents": cents, "currency": "USD"}
    line = {"description": mark, "unit_price": usd, "quantity": "1"}
    place = {"street": f"12 {mark} St", "city": mark}
    lead = {"name": f"Name {mark}", "need": mark, "email": f"{mark.lower()}@x.example", "address": place}
    open_lead = call.ok("POST", "/leads", lead)
    won = call.ok("POST", "/leads", lead | {"email": f"won-{mark.lower()}@x.example"})
    won = call.ok("POST", f"/leads/{won['id']}/moves/win", {})
    paper = {"client_id": won["client_id"], "property_id": won["property_id"], "title": mark, "expires_on": "2099-01-01", "lines": [line]}  # fmt: skip
    signed = {"signature": {"kind": "typed", "name": mark}, "evidence": mark}
    draft = call.ok("POST", "/estimates", paper)
    sent = call.ok("POST", "/estimates", paper)
    call.ok("POST", f"/estimates/{sent['id']}/moves/send", {})
    job, _ = _converted(call, paper, signed)
    times = {"planned_start": f"{now() + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}", "planned_end": f"{now() + timedelta(hours=2):%Y-%m-%dT%H:%M:%SZ}"}  # fmt: skip
    visit = call.ok("POST", "/visits", {"job_id": job, "title": mark, "instructions": mark, "assignee_ids": [crew], **times})  # fmt: skip
    invoice = call.ok("POST", "/invoices", {"job_id": job})
    call.ok("POST", f"/invoices/{invoice['id']}/moves/issue", {})
    part = {"amount_cents": 11_731, "currency": "USD"}
    payment = call.ok("POST", "/payments", {"method": "cash", "amount": part, "note": mark, "allocations": [{"invoice_id": invoice["id"], "amount": part}]})  # fmt: skip
    second_job, _ = _converted(call, paper, signed)
    draft_invoice = call.ok("POST", "/invoices", {"job_id": second_job})
    item = call.ok("POST", "/price-items", {"name": mark, "unit_price": usd, "unit_cost": {"amount_cents": cents - 1111, "currency": "USD"}})  # fmt: skip
    contact = call.ok("GET", f"/contacts?client_id={won['client_id']}")["items"][0]["id"]
    return {
        "leads": open_lead["id"], "clients": won["client_id"], "contacts": contact, "properties": won["property_id"],
        "price_items": item["id"], "tax_codes": call.ok("GET", "/tax-codes")["items"][0]["id"], "estimates": sent["id"],
        "drafts": draft["id"], "estimate_lines": draft["lines"][0]["id"], "jobs": job, "visits": visit["id"],
        "invoices": invoice["id"], "draft_invoices": draft_invoice["id"], "payments": payment["id"], "members": crew,
    }  # fmt: skip


def _converted(call: Caller, paper: dict[str, Any], signed: dict[str, Any]) -> tuple[str, str]:
    estimate = call.ok("POST", "/estimates", paper)["id"]
    call.ok("POST", f"/estimates/{estimate}/moves/send", {})
    call.ok("POST", f"/estimates/{estimate}/moves/approve", signed)
    return call.ok("POST", f"/estimates/{estimate}/moves/convert", {})["job_id"], estimate


def keep_awake(company: Company) -> None:
    """Puts off the notes about when a session or key was last used: the campaigns watch for anything that is written."""
    with owner() as connection:
        for table, column in (("sessions", "seen_at"), ("api_keys", "used_at")):
            connection.execute(f"UPDATE auth.{table} SET {column} = now() + interval '1 hour' WHERE tenant_id = %s", [company.id])  # fmt: skip


def take_and_give(side: Side, *, take: bool, give: bool) -> None:
    """Makes the tenant take everything that a role has by default, or give everything that may be given."""
    for role in PEOPLE_ROLES:
        side.taken[role] = frozenset(right.value for right in GRANTS[role]) if take else frozenset()
        side.given[role] = (
            frozenset(r.value for r in GRANTABLE.get(role, frozenset())) if give else frozenset()
        )
    with owner() as connection, connection.transaction():
        connection.execute("SELECT set_config('app.tenant_id', %s, true), set_config('app.scope', 'all', true)", [str(side.company.id)])  # fmt: skip
        for granted, cells in ((False, side.taken), (True, side.given)):
            for role, rights in cells.items():
                for right in sorted(rights):
                    connection.execute(
                        "INSERT INTO role_rights (tenant_id, id, version, created_at, updated_at, role, permission, granted) VALUES (%s, %s, 1, now(), now(), %s, %s, %s)",
                        [side.company.id, new_id(), role.value, right, granted],
                    )


class Rehearsed(Refusal):
    """The service was allowed and did its work, which is now taken back."""

    status = 418
    title = "Rehearsed"


@contextmanager
def rehearsal() -> Iterator[None]:
    """Everything is done but the commit: whatever wrote a row ends as `Rehearsed`, so that no cell changes another."""
    seal: Callable[[Work], None] = Work.seal
    asked = text("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")

    def rehearse(work: Work) -> None:
        seal(work)
        if work.session.execute(asked).scalar_one():
            raise Rehearsed("It would have been done.")

    with patch.object(Work, "seal", rehearse):
        yield
