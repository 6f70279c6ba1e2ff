"""The only home of who calls in a campaign: every role, usual and changed rights, and every kind of session or key there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from models.access import GRANTS, PEOPLE_ROLES, Role, rights_of
from models.contacts import Contact
from models.estimates import Estimate
from models.ids import now
from ontrack_app.db import begin
from ontrack_app.services import document_links
from ontrack_app.sessions import cookie_name, hash_secret, new_secret
from ontrack_app.settings import settings
from tests.campaigns.ground import Side, owner
from tests.factories.companies import ADD_KEY, OPEN

NARROW = (frozenset[str](), frozenset({"leads:read"}), frozenset({"clients:read", "clients:write"}), frozenset({"jobs:write", "estimates:answer"}))  # fmt: skip


@dataclass(frozen=True)
class Someone:
    """A caller. `rights` is what the one policy source says it has; None: it enters nothing."""

    label: str
    side: Side
    rights: frozenset[str] | None
    role: Role = Role.ADMIN
    cookie: str = ""
    key: str = ""
    whole: bool = True
    stale: bool = False

    @property
    def hash(self) -> str:
        """The hash of the session, as a socket has it."""
        return hash_secret(self.cookie) if self.cookie else ""

    @property
    def headers(self) -> dict[str, str]:
        """What a program sends with a REST call."""
        found = {"X-OnTrack-Request": "1", "Origin": settings().base_url}
        if self.key:
            found["Authorization"] = f"Bearer {self.key}"
        if self.cookie:
            found["Cookie"] = f"{cookie_name(settings())}={self.cookie}"
        return found


def rights(side: Side, role: Role) -> frozenset[str]:
    """What the role may do in that company, from the declarations alone."""
    found = rights_of(role, side.taken.get(role, frozenset()), side.given.get(role, frozenset()))
    return frozenset(right.value for right in found)


def people(sides: dict[str, Side]) -> Iterator[Someone]:
    """Everybody who enters, by company and role."""
    for name, side in sides.items():
        for role in PEOPLE_ROLES:
            person = side.people[role]
            yield Someone(f"{name} {role.value}", side, rights(side, role), role, person.cookie, person.key)


def fresh_session(side: Side, role: Role) -> str:
    """A new session of the company's person of a role; its secret."""
    secret = new_secret()
    with begin(None) as doorway:
        doorway.value(OPEN, email=side.people[role].email, slug=side.company.slug, hash=hash_secret(secret))
    return secret


def changed_session(side: Side, change: str, role: Role = Role.ADMIN) -> str:
    """A session of the company's admin after an administrator of the database changed it."""
    secret = fresh_session(side, role)
    with owner() as connection:
        done = connection.execute(f"UPDATE auth.sessions SET {change} WHERE hash = %s", [hash_secret(secret)])
        assert done.rowcount == 1
    return secret


def fresh_key(side: Side, scopes: frozenset[str] | None, *, change: str = "") -> str:
    """A new API key of the company's admin."""
    secret = f"otk_{new_secret()}"
    given = {
        "hash": hash_secret(secret),
        "person": side.people[Role.ADMIN].user_id,
        "ends": now() + timedelta(days=1),
    }
    with side.company.work() as work:
        work.session.execute(ADD_KEY, {**given, "scopes": None if scopes is None else sorted(scopes)})
    with owner() as connection:
        change = f"used_at = now() + interval '1 hour'{', ' + change if change else ''}"
        connection.execute(f"UPDATE auth.api_keys SET {change} WHERE hash = %s", [hash_secret(secret)])
    return secret


def document_session(side: Side) -> str:
    """The secret of a session that was opened by the link to the company's sent estimate."""
    with side.company.work() as work:
        estimate = work.get(Estimate, UUID(side.rows["estimates"]))
        contact = work.get(Contact, UUID(side.rows["contacts"]))
        link = document_links.add(work, estimate, contact, now() + timedelta(days=1))
    secret = new_secret()
    with begin(None) as doorway:
        opened = "SELECT noun FROM auth.open_document(:link, :session, '127.0.0.1', 'test')"
        assert (
            doorway.value(opened, link=hash_secret(link.rpartition("/")[2]), session=hash_secret(secret))
            == "estimates"
        )
    with owner() as connection:
        connection.execute(
            "UPDATE auth.sessions SET seen_at = now() + interval '1 hour' WHERE hash = %s",
            [hash_secret(secret)],
        )
    return secret


def by_document(side: Side) -> Someone:
    """Who came by the link to one document."""
    rights = frozenset(right.value for right in GRANTS[Role.CLIENT])
    return Someone("document link", side, rights, Role.CLIENT, document_session(side), whole=False)


def proven_long_ago(side: Side) -> Someone:
    """The admin in a session that is alive, and proved six minutes ago who it is."""
    cookie = changed_session(
        side, "proven_at = now() - interval '6 minutes', seen_at = now() + interval '1 hour'"
    )
    return Someone("admin who proved it long ago", side, rights(side, Role.ADMIN), cookie=cookie, stale=True)


ENDED = {
    "pending a factor": "pending = 'factor'",
    "pending an enrolment": "pending = 'enrol'",
    "revoked": "revoked_at = now()",
    "over": "ends_at = now() - interval '1 second'",
    "idle for too long": "seen_at = now() - idle - interval '1 second'",
}


def nobodies(side: Side) -> Iterator[Someone]:
    """Sessions that enter nothing, and none at all."""
    for label, change in ENDED.items():
        yield Someone(f"session {label}", side, None, cookie=changed_session(side, change))
    yield Someone("unknown session", side, None, cookie=new_secret())
    yield Someone("no session", side, None)


def keys(side: Side) -> Iterator[Someone]:
    """Keys with narrow scopes, and keys that enter nothing."""
    every = rights(side, Role.ADMIN)
    for scopes in NARROW:
        label = f"key with {', '.join(sorted(scopes)) or 'no scope'}"
        yield Someone(label, side, every & scopes, key=fresh_key(side, scopes))
    for label, change in (
        ("expired", "expires_at = now() - interval '1 second'"),
        ("revoked", "revoked_at = now()"),
    ):
        yield Someone(f"{label} key", side, None, key=fresh_key(side, None, change=change))
    yield Someone("unknown key", side, None, key=new_secret())


def member_id(side: Side, role: Role) -> str:
    """The member's id of the company's person of a role."""
    return str(side.people[role].member_id)
