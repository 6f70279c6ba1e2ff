"""Leads: taking them in, moving them, winning them, as each role."""

import pytest

from models.access import Role
from models.clients import Client
from ontrack_app.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from ontrack_app.schemas.common import Address, MoneyBody
from ontrack_app.schemas.leads import LeadBody, LeadMoveBody, LeadPatch
from ontrack_app.services import leads
from ontrack_app.services.listing import Query
from tests.factories.companies import Company

WIN = LeadMoveBody()


def a_lead(**given: object) -> LeadBody:
    return LeadBody.model_validate({"name": "Ana Gagnon", "need": "Roof leaks"} | given)


def test_a_lead_starts_in_the_first_open_stage(company: Company) -> None:
    with company.office.work() as work:
        card = leads.create(work, a_lead(value=MoneyBody.of(50_00, "USD")))
    assert (card.stage, card.stage_kind, card.version) == ("new", "open", 1)
    assert card.value is not None and card.value.amount_cents == 5000


def test_a_name_alone_is_not_enough(company: Company) -> None:
    with pytest.raises(Invalid, match="e-mail, a phone number"), company.office.work() as work:
        leads.create(work, LeadBody(name="Ana"))


def test_an_amount_in_another_currency_is_refused_in_words(company: Company) -> None:
    with pytest.raises(Invalid, match="USD, not CAD"), company.office.work() as work:
        leads.create(work, a_lead(value=MoneyBody.of(1, "CAD")))


def test_winning_makes_client_contact_and_property_once(company: Company) -> None:
    body = a_lead(email="ana@x.example", source="Referral", address=Address(street="1 Main St", city="Elgin"))
    with company.office.work() as work:
        first = leads.move(work, leads.create(work, body).id, "win", WIN)
    with company.office.work() as work:
        second = leads.move(work, leads.create(work, body).id, "win", WIN)
        client = work.get(Client, first.client_id)
    assert first.stage == second.stage == "won"
    assert first.client_id == second.client_id
    assert first.property_id == second.property_id
    assert client.source == "Referral"


def test_losing_and_reopening_need_a_reason(company: Company) -> None:
    with company.office.work() as work:
        lead = leads.create(work, a_lead())
    with pytest.raises(Invalid, match="needs a reason"), company.office.work() as work:
        leads.move(work, lead.id, "lose", LeadMoveBody())
    with company.office.work() as work:
        lost = leads.move(work, lead.id, "lose", LeadMoveBody(reason="Too far away"))
    assert (lost.stage, lost.lost_reason) == ("lost", "Too far away")
    with pytest.raises(Conflict), company.office.work() as work:
        leads.move(work, lead.id, "advance", LeadMoveBody(stage="contacted"))


def test_a_stale_version_is_refused(company: Company) -> None:
    with company.office.work() as work:
        lead = leads.create(work, a_lead())
        leads.patch(work, lead.id, LeadPatch(need="Other"), version=1)
    with pytest.raises(Stale), company.office.work() as work:
        leads.patch(work, lead.id, LeadPatch(need="Third"), version=1)


def test_another_tenant_sees_and_changes_nothing(company: Company, other: Company) -> None:
    with company.office.work() as work:
        lead = leads.create(work, a_lead(name="Watermark"))
    with other.admin.work() as work:
        assert leads.list_page(work, Query()).items == []
        assert leads.list_page(work, Query(q="Watermark")).items == []
    for attempt in (
        lambda work: leads.get(work, lead.id),
        lambda work: leads.patch(work, lead.id, LeadPatch(name="Mine")),
        lambda work: leads.move(work, lead.id, "win", WIN),
        lambda work: leads.archive(work, lead.id),
    ):
        with pytest.raises(NotFound), other.admin.work() as work:
            attempt(work)


@pytest.mark.parametrize("role", [Role.CREW, Role.CLIENT, Role.PROPERTY_MANAGER])
def test_leads_are_for_the_office(company: Company, role: Role) -> None:
    with pytest.raises(Forbidden), company.once(role).work() as work:
        leads.list_page(work, Query())


def test_pages_follow_each_other_without_gap_or_repeat(company: Company) -> None:
    with company.office.work() as work:
        for at in range(7):
            value = MoneyBody.of(at % 3 * 100, "USD") if at % 2 else None
            leads.create(work, a_lead(name=f"Lead {at}", value=value))
    for sort in ("-created_at", "created_at", "name", "-value", "value"):
        seen: list[str] = []
        cursor = None
        with company.office.work() as work:
            while True:
                page = leads.list_page(work, Query(limit=2, cursor=cursor, sort=sort))
                seen += [item.name for item in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    break
        assert len(seen) == len(set(seen)) == 7, sort


def test_search_finds_parts_without_accents_or_case(company: Company) -> None:
    with company.office.work() as work:
        leads.create(work, a_lead(name="Geneviève Archambault", phone="514 555-0138"))
    with company.office.work() as work:
        assert [item.name for item in leads.list_page(work, Query(q="GENEVIEVE arch")).items] == [
            "Geneviève Archambault"
        ]
        assert len(leads.list_page(work, Query(q="555-01")).items) == 1
        assert leads.list_page(work, Query(q="100%")).items == []
