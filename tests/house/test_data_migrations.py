"""Migrations that change rows, tried on rows of two companies that were there before: up, and back down."""

import json
from collections.abc import Iterator
from uuid import UUID

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, pool, text

from models.ids import new_id
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare
from ontrack_app.settings import PROJECT_ROOT

NAME = "data_migrations"
AS = text("SELECT set_config('app.tenant_id', :tenant, true)")
TENANT = text("""
  INSERT INTO tenants (id, slug, name, legal_name, stage, timezone, currency, locale, tax_level, payment_terms_days, phone, email, street,
    city, region, postal_code, country, brand, document_terms, factor_roles, version, created_at, updated_at)
  VALUES (:id, :slug, 'A', '', 'active', 'UTC', 'USD', 'en_US', 'document', 15, '', '', '', '', '', '', 'US', '{}', '', '{}', 1, now(), now())
""")
FILE = text("""
  INSERT INTO files (tenant_id, id, version, created_at, updated_at, noun, row_id, name, kind, is_visible, stage, size, received, sha256,
    content_type, uploader_name, expires_at, tries, checked_by, note, search_text)
  VALUES (:tenant, :id, 1, now(), now(), 'jobs', :id, :name, 'photo', false, :stage, 1, 1, '', '', '', now(), 0, :by, :note, '')
""")
STAGES = text("SELECT name, stage FROM files")
TEMPLATE = text("""
  INSERT INTO checklist_templates (tenant_id, id, version, created_at, updated_at, name, steps)
  VALUES (:tenant, :id, 1, now(), now(), :name, CAST(:steps AS jsonb))
""")
BEFORE = [
    ("coming", "uploading", "", ""),
    ("waits", "quarantined", "", "The virus scanner does not answer."),
    ("good", "clean", "ClamAV", ""),
    ("virus", "refused", "ClamAV", "The virus scanner found Some.Virus."),
    ("test virus", "refused", "content policy (no antivirus)", "It holds the test virus EICAR."),
    ("script", "refused", "content policy (no antivirus)", "This PDF runs a script. Print it to a new PDF and send that."),
    ("two things", "refused", "ClamAV", "This PDF is something else at the same time. Print it to a new PDF and send that."),
    ("drawing", "refused", "ClamAV", "This is an SVG drawing."),
    ("given up", "refused", "", "The sender took it back."),
]  # fmt: skip
AFTER = {
    "coming": "uploading", "waits": "scanning", "good": "clean", "virus": "infected", "test virus": "infected", "script": "infected",
    "two things": "failed", "drawing": "failed", "given up": "failed",
}  # fmt: skip


@pytest.fixture
def connection(cluster: Cluster) -> Iterator[Connection]:
    """A database of this test's own, as its owner."""
    prepare(cluster, NAME)
    engine = create_engine(cluster.url("ontrack_owner", NAME), poolclass=pool.NullPool)
    with engine.connect() as found:
        yield found
    engine.dispose()


def migrate(connection: Connection, revision: str, *, down: bool = False) -> None:
    """To a revision, without any company in sight, as `ontrack migrate` does it."""
    connection.execute(AS, {"tenant": ""})
    config = Config(PROJECT_ROOT / "alembic.ini")
    config.set_main_option("script_location", str(PROJECT_ROOT / "alembic"))
    config.attributes["connection"] = connection
    (command.downgrade if down else command.upgrade)(config, revision)
    connection.commit()


def company(connection: Connection) -> UUID:
    """A company, which the connection is in from now on."""
    tenant = new_id()
    connection.execute(AS, {"tenant": str(tenant)})
    connection.execute(TENANT, {"id": tenant, "slug": f"a-{tenant.hex}"})
    return tenant


def stages(connection: Connection, tenant: UUID) -> dict[str, str]:
    connection.execute(AS, {"tenant": str(tenant)})
    return {row.name: row.stage for row in connection.execute(STAGES)}


def test_files_that_were_refused_are_infected_or_failed_and_back(connection: Connection) -> None:
    migrate(connection, "0013")
    tenants = [company(connection), company(connection)]
    for tenant in tenants:
        connection.execute(AS, {"tenant": str(tenant)})
        for name, stage, by, note in BEFORE:
            found = {"tenant": tenant, "id": new_id(), "name": name, "stage": stage, "by": by, "note": note}
            connection.execute(FILE, found)
    connection.commit()
    migrate(connection, "0014")
    assert [stages(connection, tenant) for tenant in tenants] == [AFTER, AFTER]
    migrate(connection, "0013", down=True)
    before = {name: stage for name, stage, _, _ in BEFORE}
    assert [stages(connection, tenant) for tenant in tenants] == [before, before]
    migrate(connection, "0014")
    assert set(stages(connection, tenants[0]).values()) == set(AFTER.values())


def test_steps_that_were_kept_in_part_are_whole(connection: Connection) -> None:
    migrate(connection, "0021")
    whole = {"label": "Water off", "kind": "number", "required": True}
    for _ in range(2):
        tenant = company(connection)
        for name, steps in (("parts", [{"label": "Roof"}, whole]), ("none", [])):
            given = {"tenant": tenant, "id": new_id(), "name": name, "steps": json.dumps(steps)}
            connection.execute(TEMPLATE, given)
    connection.commit()
    migrate(connection, "0022")
    connection.execute(AS, {"tenant": str(tenant)})
    found = connection.execute(text("SELECT name, steps FROM checklist_templates ORDER BY name")).all()
    assert [(row.name, row.steps) for row in found] == [
        ("none", []),
        ("parts", [{"label": "Roof", "kind": "check", "required": False}, whole]),
    ]
    migrate(connection, "0021", down=True)
