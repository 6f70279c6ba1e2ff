"""The stage of the demo: acting as a person at a moment of the past, under the application's own policies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from uuid import UUID

import psycopg
from sqlalchemy import text

from models.access import Role
from models.ids import new_id
from models.members import Member
from ontrack_app.db import KeyCredential, SessionCredential, SystemCredential, begin
from ontrack_app.services import members
from ontrack_app.sessions import hash_secret, new_secret
from ontrack_app.settings import DatabaseUrls
from ontrack_app.work import Work

OPEN = "SELECT auth.open_session(:email, :slug, :hash, '', '')"
CLOCK = text("SELECT set_config('app.clock', :at, true)")
KEY = text("SELECT auth.add_key(:hash, CAST(:person AS uuid), NULL, :ends)")


def as_past_teller(urls: DatabaseUrls) -> DatabaseUrls:
    """The database as the owner signs in to it and at once steps down to the application's role: the one way in which
    the trail takes another clock than the server's."""
    mark = "&" if "?" in urls.owner else "?"
    down = f"{urls.owner}{mark}options={quote('-c role=ontrack_app -c synchronous_commit=off')}"
    return DatabaseUrls(app=down, owner=urls.owner, worker=urls.worker)


@dataclass
class Stage:
    """One company in the making: its id, the people who act, and the day that everything is counted from."""

    tenant_id: UUID
    today: datetime
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, UUID] = field(default_factory=dict)

    @contextmanager
    def system(self, at: datetime) -> Iterator[Work]:
        """OnTrack itself at that moment."""
        with begin(SystemCredential(self.tenant_id, "OnTrack")) as work:
            _set_clock(work, at)
            yield work

    @contextmanager
    def acting(self, who: str, at: datetime) -> Iterator[Work]:
        """A person at that moment, with exactly that person's rights."""
        with begin(KeyCredential(self.keys[who])) as work:
            _set_clock(work, at)
            yield work

    @contextmanager
    def in_browser(self, email: str, slug: str, at: datetime) -> Iterator[Work]:
        """A person at that moment in a browser, who has just proven who they are; signed out afterwards."""
        secret = hash_secret(new_secret())
        with begin(None) as doorway:
            doorway.value(OPEN, email=email, slug=slug, hash=secret)
        with begin(SessionCredential(secret)) as work:
            _set_clock(work, at)
            yield work
        with begin(None) as doorway:
            doorway.value("SELECT auth.end_session(:hash)", hash=secret)

    def ago(self, days: float, hour: float = 10) -> datetime:
        """That many days before today, at an hour of the day in UTC; never later than now."""
        moment = self.today - timedelta(days=days) + timedelta(hours=hour)
        return min(moment, datetime.now(UTC) - timedelta(minutes=2))

    def join(self, who: str, email: str, name: str, role: Role, client_id: UUID | None = None) -> None:
        """Makes a person a member who can act in the demo from now on."""
        secret = hash_secret(new_secret())
        with self.system(self.ago(120)) as work:
            card = members.add(work, email, name, role, client_id=client_id)
            work.session.flush()
            user_id = work.get(Member, card.id).user_id
            ends = datetime.now(UTC) + timedelta(minutes=30)
            work.session.execute(KEY, {"hash": secret, "person": user_id, "ends": ends})
        self.keys[who], self.ids[who] = secret, card.id


def open_stage(urls: DatabaseUrls, slug: str, name: str, today: datetime) -> Stage:
    """A bare company to fill."""
    tenant_id = new_id()
    with psycopg.connect(urls.owner.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        connection.execute("SELECT app.add_tenant(%s, %s, %s)", [tenant_id, slug, name])
    return Stage(tenant_id, today)


def _set_clock(work: Work, at: datetime) -> None:
    work.at = at
    work.session.execute(CLOCK, {"at": at.isoformat()})
