"""Companies and people for tests: a tenant of its own for each test, entered through the real doors as real people."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from uuid import UUID

import psycopg
from sqlalchemy import text

from models.access import Role
from models.clients import Client
from models.contacts import Contact
from models.ids import new_id, now
from models.tenants import Tenant
from ontrack_app.db import KeyCredential, SessionCredential, SystemCredential, begin
from ontrack_app.schemas.price_items import TaxCodeBody
from ontrack_app.services import members, pipeline_stages, tax_codes
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import database_urls
from ontrack_app.work import Work

ADD_KEY = text("SELECT auth.add_key(:hash, CAST(:person AS uuid), CAST(:scopes AS text[]), :ends)")
OPEN = "SELECT auth.open_session(:email, :slug, :hash, '127.0.0.1', 'test')"
_numbers = count(1)


@dataclass
class Person:
    """A member of a company, with a session and an API key."""

    member_id: UUID
    user_id: UUID
    email: str
    role: Role
    cookie: str
    key: str

    @property
    def session(self) -> SessionCredential:
        """The credential of the person's browser."""
        return SessionCredential(hash_secret(self.cookie), ip="127.0.0.1", user_agent="test")

    @property
    def bearer(self) -> dict[str, str]:
        """The header of the person's API key."""
        return {"Authorization": f"Bearer {self.key}"}

    def work(self) -> AbstractContextManager[Work]:
        """A transaction as this person."""
        return begin(KeyCredential(hash_secret(self.key)))


@dataclass
class Company:
    """A tenant made for one test."""

    id: UUID
    slug: str
    currency: str
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def system(self) -> SystemCredential:
        """OnTrack itself in this tenant."""
        return SystemCredential(self.id, "tests")

    def work(self) -> AbstractContextManager[Work]:
        """A transaction as OnTrack itself."""
        return begin(self.system)

    def person(self, role: Role, *, client_id: UUID | None = None, name: str = "") -> Person:
        """A new member with a session and a key."""
        name = name or f"{role.value}{next(_numbers)}"
        email = f"{name}@{self.slug}.example".lower()
        cookie, key = new_secret(), new_secret()
        with self.work() as work:
            card = members.add(work, email, name.capitalize(), role, client_id=client_id)
            work.session.flush()
            user_id = work.session.execute(
                text("SELECT user_id FROM members WHERE id = :id"), {"id": card.id}
            ).scalar_one()
            ends = now() + timedelta(days=1)
            work.session.execute(
                ADD_KEY, {"hash": hash_secret(key), "person": user_id, "scopes": None, "ends": ends}
            )
        with begin(None) as doorway:
            doorway.value(OPEN, email=email, slug=self.slug, hash=hash_secret(cookie))
        return Person(card.id, user_id, email, role, cookie, key)

    def once(self, role: Role) -> Person:
        """The company's first person of a role, made when first asked for; customers get a client of their own."""
        if role.value not in self.people:
            client_id = self.client().id if role in (Role.CLIENT, Role.PROPERTY_MANAGER) else None
            self.people[role.value] = self.person(role, client_id=client_id)
        return self.people[role.value]

    @property
    def office(self) -> Person:
        """The first office member."""
        return self.once(Role.OFFICE)

    @property
    def admin(self) -> Person:
        """The first admin."""
        return self.once(Role.ADMIN)

    def client(self, name: str = "Ana Gagnon", email: str = "") -> Client:
        """A client with one contact."""
        email = email or f"contact{next(_numbers)}@{self.slug}.example"
        with self.work() as work:
            client = work.add(Client(tenant_id=self.id, id=new_id(), name=name))
            work.session.flush()
            work.add(
                Contact(
                    tenant_id=self.id,
                    id=new_id(),
                    client_id=client.id,
                    name=name,
                    email=email,
                    is_primary=True,
                )
            )
        return client


def make_company(*, currency: str = "USD", timezone: str = "America/Chicago", taxes: bool = True) -> Company:
    """A fresh tenant with the usual pipeline, and GST 5 % and QST 9.975 % where `taxes`."""
    company = Company(new_id(), f"company-{next(_numbers)}-{new_id().hex[-6:]}", currency)
    with psycopg.connect(_conninfo(database_urls().owner)) as connection:
        connection.execute(
            "SELECT app.add_tenant(%s, %s, %s)", [company.id, company.slug, company.slug.capitalize()]
        )
    with company.work() as work:
        tenant = work.find_tenant(Tenant)
        tenant.currency, tenant.timezone = currency, timezone
        pipeline_stages.add_defaults(work)
    if taxes:
        with company.work() as work:
            for code, rate in (("GST", "5"), ("QST", "9.975")):
                tax_codes.create(work, TaxCodeBody(code=code, label=code, rate=rate))
    return company


def _conninfo(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
