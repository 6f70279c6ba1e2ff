"""Why can, or can't, somebody do that: the answer is what the services really do, for every role and right."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from models.access import PEOPLE_ROLES, Permission, Role
from models.ids import new_id, now
from ontrack_app.db import begin
from ontrack_app.errors import Forbidden, Invalid, NotFound
from ontrack_app.schemas.clients import ClientBody, ContactBody, PropertyBody
from ontrack_app.schemas.common import Address, MoneyBody
from ontrack_app.schemas.estimates import EstimateBody
from ontrack_app.schemas.jobs import JobBody, VisitBody
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.schemas.price_items import PriceItemBody, TaxCodeBody
from ontrack_app.schemas.rights import WhyCard, WhyQuery
from ontrack_app.services import (
    clients,
    contacts,
    estimates,
    invoices,
    jobs,
    leads,
    members,
    payments,
    price_items,
    properties,
    rights,
    tax_codes,
    visits,
    why,
)  # fmt: skip
from ontrack_app.services.listing import Query
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.work import Work
from tests.factories.companies import ADD_KEY, Company, Person

P = Permission
LISTS = (clients, contacts, estimates, invoices, jobs, leads, members, payments, price_items, properties, tax_codes, visits)  # fmt: skip


def ask(company: Company, person: Person, right: Permission, address: str = "") -> WhyCard:
    with begin(company.admin.session) as work:
        return why.why(work, WhyQuery(member_id=person.member_id, permission=right.value, address=address))


def attempts(client_id: UUID) -> dict[Permission, Callable[[Work], object]]:
    """For rights that a service asks for first: that service."""
    place = Address(street="1 Elm")
    usd = MoneyBody.of(100, "USD")
    found: dict[Permission, Callable[[Work], object]] = {
        P.CLIENTS_WRITE: lambda work: clients.create(work, ClientBody(name="Ana")),
        P.CONTACTS_WRITE: lambda work: contacts.create(work, ContactBody(client_id=client_id, name="Ana")),
        P.PROPERTIES_WRITE: lambda work: properties.create(
            work, PropertyBody(client_id=client_id, address=place)
        ),
        P.ESTIMATES_WRITE: lambda work: estimates.create(work, EstimateBody(client_id=client_id)),
        P.JOBS_WRITE: lambda work: jobs.create(work, JobBody(client_id=client_id, title="Roof")),
        P.LEADS_WRITE: lambda work: leads.create(work, LeadBody(name="Ana", need="Roof")),
        P.PRICE_ITEMS_WRITE: lambda work: price_items.create(
            work, PriceItemBody.model_validate({"name": "Nails", "unit_price": usd.model_dump()})
        ),
        P.TAX_CODES_WRITE: lambda work: tax_codes.create(
            work, TaxCodeBody(code="NEW", label="New", rate="1")
        ),
        P.MEMBERS_MANAGE: rights.matrix,
    }
    for service in LISTS:
        name = service.__name__.rpartition(".")[2]
        found[Permission(f"{name}:read")] = lambda work, service=service: service.list_page(work, Query())
    return found


def agrees(company: Company, person: Person, client_id: UUID) -> None:
    """Every right of the person: the answer, the actor of a session, and the service itself say the same."""
    tries = attempts(client_id)
    for right in Permission:
        said = ask(company, person, right).can
        with begin(person.session) as work:
            assert work.actor.granted(right) == said, (person.role, right)
        if right not in tries:
            continue
        try:
            with begin(person.session) as work, work.session.begin_nested() as step:
                tries[right](work)
                step.rollback()
                work.seal = lambda: None  # type: ignore[method-assign]
            done = True
        except Forbidden:
            done = False
        assert done == said, (person.role, right)


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_the_answer_is_what_happens_by_default(company: Company, role: Role) -> None:
    agrees(company, company.once(role), company.client().id)


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_the_answer_is_what_happens_with_every_cell_turned_round(company: Company, role: Role) -> None:
    person = company.once(role)
    with begin(company.admin.session) as work:
        for right in Permission:
            if not rights.locked(role, right):
                has = right in rights.rights_here(role, {})
                rights.change(work, role, right, not has)
    agrees(company, person, company.client().id)


@pytest.fixture
def visit_rows(company: Company) -> dict[str, UUID]:
    """Two jobs of two clients with a visit each; the first visit is the crew member's, the first client has a person."""
    crew, rows = company.once(Role.CREW), {}
    for name in ("mine", "theirs"):
        client = company.client()
        rows[f"{name}_client"] = client.id
        with company.office.work() as work:
            job = jobs.create(work, JobBody(client_id=client.id, title=name))
            work.session.flush()
            start = now() + timedelta(days=1)
            body = VisitBody(
                job_id=job.id, planned_start=start, planned_end=start + timedelta(hours=2),
                assignee_ids=[crew.member_id] if name == "mine" else [],
            )  # fmt: skip
            rows[f"{name}_job"], rows[f"{name}_visit"] = job.id, visits.create(work, body).id
    return rows


def test_one_row_is_answered_as_the_policies_decide_it(company: Company, visit_rows: dict[str, UUID]) -> None:
    crew = company.once(Role.CREW)
    customer = company.person(Role.CLIENT, client_id=visit_rows["mine_client"])
    services = {"job": jobs, "visit": visits, "client": clients}
    for person in (crew, customer, company.office):
        for name, row_id in visit_rows.items():
            kind = name.partition("_")[2]
            right = Permission(f"{kind}s:read")
            said = ask(company, person, right, f"http://localhost:8000/{kind}s/{row_id}?tab=x")
            try:
                with begin(person.session) as work:
                    services[kind].get(work, row_id)
                seen = True
            except (Forbidden, NotFound):
                seen = False
            assert said.can == seen, (person.role, name, said)
            assert said.can == (name.startswith("mine") or person.role is Role.OFFICE)


def test_the_scope_of_whoever_asks_is_whole_afterwards(company: Company, visit_rows: dict[str, UUID]) -> None:
    crew = company.once(Role.CREW)
    with begin(company.admin.session) as work:
        query = WhyQuery(
            member_id=crew.member_id, permission="jobs:read", address=f"/jobs/{visit_rows['theirs_job']}"
        )
        assert not why.why(work, query).can
        assert jobs.get(work, visit_rows["theirs_job"]).id == visit_rows["theirs_job"]
        scope = "SELECT current_setting('app.scope') || current_setting('app.client_ids') || current_setting('app.member_id')"
        assert work.session.execute(text(scope)).scalar_one() == f"all{{}}{company.admin.member_id}"


def test_another_companys_row_is_no_row(company: Company, other: Company) -> None:
    job = other.client()
    said = ask(company, company.office, P.CLIENTS_READ, f"/clients/{job.id}")
    nowhere = ask(company, company.office, P.CLIENTS_READ, f"/clients/{new_id()}")
    assert (said.can, said.reasons) == (nowhere.can, nowhere.reasons)
    assert "There is no client at this address." in said.reasons
    with pytest.raises(NotFound), begin(company.admin.session) as work:
        why.why(work, WhyQuery(member_id=other.office.member_id, permission="leads:read"))


def test_it_says_who_took_or_gave_it_and_when(company: Company) -> None:
    name = company.admin.email.split("@")[0].capitalize()
    with begin(company.admin.session) as work:
        rights.change(work, Role.OFFICE, P.LEADS_READ, False)
        rights.change(work, Role.OFFICE, P.LEADS_DELETE, True)
    taken = ask(company, company.office, P.LEADS_READ)
    assert taken.answer.startswith("No. ")
    assert any(line.startswith(f"Taken from the role by {name} on ") for line in taken.reasons)
    given = ask(company, company.office, P.LEADS_DELETE)
    assert given.answer.startswith("Yes. ")
    assert any(line.startswith(f"Given to the role by {name} on ") for line in given.reasons)


def test_who_is_deactivated_can_do_nothing(company: Company) -> None:
    person = company.person(Role.OFFICE)
    with begin(company.admin.session) as work:
        members.patch(work, person.member_id, MemberPatch(active=False))
    for right in Permission:
        said = ask(company, person, right)
        assert not said.can
        assert said.reasons[0].startswith("Deactivated by ")


def test_keys_that_are_narrower_are_named(company: Company) -> None:
    person = company.person(Role.OFFICE)
    with company.work() as work:
        given = {"person": person.user_id, "scopes": ["leads:read"], "ends": now() + timedelta(days=1)}
        work.session.execute(ADD_KEY, {"hash": hash_secret(new_secret()), **given})
    assert any("1 API key" in line for line in ask(company, person, P.CLIENTS_READ).reasons)
    assert not any("API key" in line for line in ask(company, person, P.LEADS_READ).reasons)


@pytest.mark.parametrize(
    "right, address", [("leads:read", "nonsense"), ("leads:read", "/leads/1"), ("leads:read", f"/jobs/{new_id()}"), ("x:y", "")]
)  # fmt: skip
def test_what_cannot_be_answered_is_refused_in_words(company: Company, right: str, address: str) -> None:
    with pytest.raises(Invalid), begin(company.admin.session) as work:
        why.why(work, WhyQuery(member_id=company.office.member_id, permission=right, address=address))


@pytest.mark.parametrize("role", [role for role in PEOPLE_ROLES if role is not Role.ADMIN])
def test_only_admins_ask(company: Company, role: Role) -> None:
    with pytest.raises(Forbidden), begin(company.once(role).session) as work:
        why.why(work, WhyQuery(member_id=company.office.member_id, permission="leads:read"))
