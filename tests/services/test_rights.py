"""Rights of a tenant: what may be taken and given, that everybody goes by it at once, and that it is this tenant's alone."""

from datetime import timedelta

import pytest
from sqlmodel import col

from models.access import GRANTABLE, GRANTS, LOCKED, PEOPLE_ROLES, Permission, Role
from models.audit_entries import AuditEntry
from ontrack_app.db import begin
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFresh
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import leads, rights
from ontrack_app.services.listing import Query
from tests.factories.companies import Company

CELLS = [(role, right) for role in PEOPLE_ROLES for right in Permission]
P = Permission


def change(company: Company, role: Role, right: Permission, granted: bool) -> None:
    with begin(company.admin.session) as work:
        rights.change(work, role, right, granted)


def entries(company: Company) -> list[AuditEntry]:
    with company.work() as work:
        query = AuditEntry.__table__.select().where(col(AuditEntry.word) == rights.WORD)
        return list(work.session.execute(query.order_by(col(AuditEntry.n))))


def test_what_is_taken_is_gone_in_the_next_event_of_a_running_session(company: Company) -> None:
    with begin(company.office.session) as work:
        leads.create(work, LeadBody(name="Ana", need="Roof"))
    change(company, Role.OFFICE, P.LEADS_WRITE, False)
    with pytest.raises(Forbidden), begin(company.office.session) as work:
        leads.create(work, LeadBody(name="Ana", need="Roof"))
    with pytest.raises(Forbidden), company.office.work() as work:  # its API key too
        leads.create(work, LeadBody(name="Ana", need="Roof"))
    with begin(company.office.session) as work:
        assert leads.list_page(work, Query()).items
    change(company, Role.OFFICE, P.LEADS_WRITE, True)
    with begin(company.office.session) as work:
        leads.create(work, LeadBody(name="Ana", need="Roof"))


def test_what_is_given_is_there_and_can_be_taken_back(company: Company) -> None:
    with begin(company.office.session) as work:
        assert not work.actor.granted(P.LEADS_DELETE)
    change(company, Role.OFFICE, P.LEADS_DELETE, True)
    with begin(company.office.session) as work:
        assert work.actor.granted(P.LEADS_DELETE)
    change(company, Role.OFFICE, P.LEADS_DELETE, False)
    with begin(company.office.session) as work:
        assert not work.actor.granted(P.LEADS_DELETE)


@pytest.mark.parametrize("role", PEOPLE_ROLES)
def test_every_cell_changes_exactly_where_it_may(company: Company, role: Role) -> None:
    """All 45 rights of a role, turned round: either the session's actor has it otherwise, or it is refused and stays."""
    person = company.once(role)
    for right in Permission:
        usual = right in GRANTS[role]
        may = (usual and right not in LOCKED[role]) or right in GRANTABLE.get(role, frozenset())
        if may:
            change(company, role, right, not usual)
        else:
            with pytest.raises(Conflict):
                change(company, role, right, not usual)
        with begin(person.session) as work:
            assert work.actor.granted(right) == (usual != may), right
    with begin(company.admin.session) as work:
        different = rights.restore(work, role)
        assert different == sum(rights.locked(role, right) == "" for right in Permission)
    with begin(person.session) as work:
        assert work.actor.permissions == GRANTS[role]


def test_the_matrix_says_what_sessions_have(company: Company) -> None:
    change(company, Role.CREW, P.NOTES_WRITE, False)
    change(company, Role.OFFICE, P.INVOICES_VOID, True)
    with begin(company.admin.session) as work:
        cells = {(cell.role, cell.permission): cell for cell in rights.matrix(work).cells}
    assert len(cells) == len(CELLS)
    for role in PEOPLE_ROLES:
        with begin(company.once(role).session) as work:
            for right in Permission:
                assert cells[role.value, right.value].granted == work.actor.granted(right), (role, right)
    changed = {key for key, cell in cells.items() if cell.granted != cell.usual}
    assert changed == {("crew", "notes:write"), ("office", "invoices:void")}
    taken = cells["crew", "notes:write"]
    assert (taken.changed_by, taken.changed_at is not None) == (
        company.admin.email.split("@")[0].capitalize(),
        True,
    )


def test_each_change_is_one_entry_with_before_and_after(company: Company) -> None:
    change(company, Role.OFFICE, P.LEADS_WRITE, False)
    change(company, Role.OFFICE, P.LEADS_WRITE, False)  # nothing new
    change(company, Role.OFFICE, P.LEADS_WRITE, True)
    found = entries(company)
    cell = {"role": "office", "permission": "leads:write"}
    assert [(entry.before, entry.after) for entry in found] == [
        (cell | {"granted": True}, cell | {"granted": False}),
        (cell | {"granted": False}, cell | {"granted": True}),
    ]


def test_only_admins_with_a_fresh_proof_change_rights(company: Company) -> None:
    for role in PEOPLE_ROLES:
        if role is not Role.ADMIN:
            with pytest.raises(Forbidden), begin(company.once(role).session) as work:
                rights.change(work, role, P.LEADS_DELETE, True)
            with pytest.raises(Forbidden), begin(company.once(role).session) as work:
                rights.matrix(work)
    with pytest.raises(NotFresh), begin(company.admin.session) as work:
        work.at += timedelta(minutes=6)
        rights.change(work, Role.CREW, P.NOTES_WRITE, False)
    with pytest.raises(NotFresh), company.admin.work() as work:  # an API key
        rights.change(work, Role.CREW, P.NOTES_WRITE, False)
    with pytest.raises(NotFresh), company.admin.work() as work:
        rights.restore(work, Role.CREW)
    with pytest.raises(Invalid), begin(company.admin.session) as work:
        rights.change(work, Role.SYSTEM, P.NOTES_WRITE, False)
    assert entries(company) == []


def test_another_company_keeps_its_own(company: Company, other: Company) -> None:
    change(company, Role.OFFICE, P.LEADS_READ, False)
    with begin(other.office.session) as work:
        assert work.actor.granted(P.LEADS_READ)
        assert work.actor.permissions == GRANTS[Role.OFFICE]
    with begin(other.admin.session) as work:
        assert rights.restore(work, Role.OFFICE) == 0
    with begin(company.office.session) as work:
        assert not work.actor.granted(P.LEADS_READ)
