"""The only home of who acts: the person or system behind a transaction, in one tenant, with rights and a scope."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from models.access import OFFICE_ROLES, PORTAL_ROLES, Permission, Role, rights_of
from ontrack_app.errors import Forbidden, NotFresh

FRESH_FOR = timedelta(minutes=5)
RIGHT_WORDS = {
    "approve": "approve", "answer": "answer", "correct": "correct", "delete": "archive", "issue": "issue", "manage": "manage", "pay": "pay",
    "perform": "perform", "read": "see", "record": "record", "void": "void", "write": "change", "all": "take out",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TenantFacts:
    """What every door needs of the tenant without asking again."""

    id: UUID
    slug: str
    name: str
    timezone: str
    currency: str
    locale: str

    @property
    def zone(self) -> ZoneInfo:
        """The tenant's time zone."""
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class Actor:
    """Who acts in one transaction. `scope` is all, member, clients or document, as row-level security knows it."""

    tenant: TenantFacts
    role: Role
    scope: str = "all"
    user_id: UUID | None = None
    member_id: UUID | None = None
    name: str = ""
    email: str = ""
    client_ids: tuple[UUID, ...] = ()
    document_noun: str | None = None
    document_id: UUID | None = None
    key_scopes: frozenset[str] | None = None
    ip: str = ""
    user_agent: str = ""
    only: frozenset[Permission] | None = field(default=None)
    session_id: UUID | None = None
    proven_at: datetime | None = None
    taken: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    @property
    def tenant_id(self) -> UUID:
        """The one tenant of this transaction."""
        return self.tenant.id

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """What the tenant lets the role do, narrowed by an API key's scopes or a system actor's purpose."""
        granted = rights_of(self.role, self.taken, self.given)
        if self.key_scopes is not None:
            granted = frozenset(right for right in granted if right.value in self.key_scopes)
        return granted if self.only is None else granted & self.only

    @property
    def is_office(self) -> bool:
        """Whether the actor works in the office (or is OnTrack itself)."""
        return self.role in OFFICE_ROLES or self.role is Role.SYSTEM

    @property
    def is_customer(self) -> bool:
        """Whether the actor is a client or a property manager."""
        return self.role in PORTAL_ROLES

    def granted(self, permission: Permission) -> bool:
        """Whether the actor may do this at all (which rows is another question)."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Stops an actor who may not do this.

        Raises:
            Forbidden: with words that name the right.
        """
        if permission not in self.permissions:
            noun, verb = permission.value.split(":")
            who = "This API key" if self.key_scopes is not None else f"The role {self.role.label.lower()}"
            raise Forbidden(f"{who} may not {RIGHT_WORDS.get(verb, verb)} {noun.replace('_', ' ')}.")

    def require_fresh(self, at: datetime) -> None:
        """Stops a person who has not proven in the last minutes who they are; OnTrack itself is not asked.

        Raises:
            NotFresh: the proof is too old, or the caller is an API key, which cannot prove anything.
        """
        if self.role is Role.SYSTEM:
            return
        if self.key_scopes is not None or self.session_id is None:
            raise NotFresh("An API key may not do this. Sign in with a browser.")
        if self.proven_at is None or self.proven_at < at - FRESH_FOR:
            raise NotFresh(
                "Confirm first that it is you. It takes a moment, and then holds for five minutes."
            )
