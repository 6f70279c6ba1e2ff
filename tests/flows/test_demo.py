"""The demo: loaded once, without a gap in what the screens show, and all of it adds up."""

import pytest
from sqlalchemy import text

from models.access import Role
from ontrack_app.db import SystemCredential, begin
from ontrack_app.demo import load
from ontrack_app.services import verify
from ontrack_app.settings import DatabaseUrls, database_urls

COUNTS = {
    "leads": 30, "clients": 10, "contacts": 10, "properties": 10, "price_items": 15, "tax_codes": 1, "estimates": 15,
    "jobs": 10, "visits": 10, "invoices": 5, "payments": 3, "notes": 5, "signatures": 5,
    "devices": 3, "conflicts": 3, "quarantine": 2,
    "checklist_templates": 2, "checklist_items": 8, "checklist_results": 3, "time_entries": 20, "expenses": 5, "materials": 5, "tasks": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def companies(database: DatabaseUrls) -> list[SystemCredential]:
    load()
    load()
    with begin(None) as doorway:
        ids = [
            doorway.value("SELECT auth.tenant_of(:slug)", slug=slug)
            for slug in ("summit-roofing", "rivard-plomberie")
        ]
    return [SystemCredential(tenant_id, "tests") for tenant_id in ids]


def test_no_screen_is_empty(companies: list[SystemCredential]) -> None:
    for company in companies:
        with begin(company) as work:
            for table, least in COUNTS.items():
                found = work.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                assert found >= least, (work.actor.tenant.slug, table, found)
            for table, stages in (
                ("estimates", 6),
                ("visits", 4),
                ("jobs", 3),
                ("leads", 5),
                ("time_entries", 3),
                ("expenses", 3),
                ("checklist_items", 2),
            ):
                kinds = work.session.execute(text(f"SELECT count(DISTINCT stage) FROM {table}")).scalar_one()
                assert kinds >= stages, (work.actor.tenant.slug, table)


def test_everybody_of_the_contract_is_there(companies: list[SystemCredential]) -> None:
    with begin(None) as doorway:
        people = {(row.email, row.role, row.slug) for row in doorway.rows("SELECT * FROM auth.people()")}
    for slug in ("summit-roofing", "rivard-plomberie"):
        for who, role in (
            ("admin", Role.ADMIN), ("office", Role.OFFICE), ("crew", Role.CREW), ("crew2", Role.CREW),
            ("manager", Role.PROPERTY_MANAGER), ("client", Role.CLIENT),
        ):  # fmt: skip
            assert (f"{who}@{slug}.example", role.value, slug) in people
        assert ("owner@both.example", "admin", slug) in people


def test_crews_brought_home_something_of_everything(companies: list[SystemCredential]) -> None:
    asked = (
        "SELECT count(*) FROM time_entries WHERE skewed",
        "SELECT count(*) FROM time_entries WHERE corrects_id IS NOT NULL",
        "SELECT count(*) FROM expenses WHERE receipt_id IS NOT NULL",
        "SELECT count(*) FROM expenses WHERE approved_cents <> claimed_cents",
        "SELECT count(*) FROM tasks WHERE kind = 'reschedule'",
        "SELECT count(*) FROM signatures WHERE noun = 'visits' AND strokes IS NOT NULL",
    )
    for company in companies:
        with begin(company) as work:
            for query in asked:
                assert work.session.execute(text(query)).scalar_one() > 0, query


def test_settings_have_something_to_show(companies: list[SystemCredential]) -> None:
    taken = []
    for company in companies:
        with begin(company) as work:
            pending = work.session.execute(text("SELECT count(*) FROM invitations WHERE stage = 'pending'"))
            assert pending.scalar_one() == 1
            taken += (
                work.session.execute(text("SELECT role, permission, granted FROM role_rights")).tuples().all()
            )
    assert taken == [("office", "visits:correct", False)]


def test_the_inbox_has_both_kinds_of_choice_and_work_of_a_lost_phone(
    companies: list[SystemCredential],
) -> None:
    for company in companies:
        with begin(company) as work:
            kinds = work.session.execute(
                text("SELECT DISTINCT noun, kind FROM conflicts WHERE decision IS NULL")
            )
            assert set(kinds.tuples()) == {
                ("properties", "field"),
                ("contacts", "field"),
                ("visits", "stage"),
            }
            asked = "SELECT DISTINCT q.reason FROM quarantine q JOIN devices d ON d.id = q.device_id WHERE d.revoked_at IS NOT NULL"
            assert work.session.execute(text(asked)).scalars().all() == ["revoked"]


def test_it_adds_up(companies: list[SystemCredential]) -> None:
    for company in companies:
        with begin(company) as work:
            assert verify.problems(work) == []


def test_nobody_but_the_owner_can_tell_a_past(companies: list[SystemCredential]) -> None:
    with begin(companies[0]) as work:
        work.session.execute(text("SELECT set_config('app.clock', '2020-01-01T00:00:00Z', true)"))
        work.session.execute(
            text(
                'SELECT app.seal(\'[{"word": "x.y", "noun": "leads", "actor_name": "", "actor_role": "", "ip": ""}]\', \'[]\')'
            )
        )
        told = work.session.execute(
            text("SELECT max(at) > now() - interval '1 minute' FROM audit_entries WHERE word = 'x.y'")
        ).scalar_one()
    assert told
    assert "role" not in database_urls().app
