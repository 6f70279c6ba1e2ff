"""The only home of the database session: engines, and `begin`, the one way to open a transaction.

Importable by the three doors only: screens (`state/session.py`), HTTP (`api/deps.py`, which `web/` uses too) and
background functions with the command line (`background/queue.py`).
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, overload
from uuid import UUID

import psycopg
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine, Row, TextClause, create_engine, make_url, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

import models.tables  # noqa: F401 - keys point at tables, so all must be known before the first flush
from models.access import Permission, Role
from ontrack_app.actor import Actor, TenantFacts
from ontrack_app.errors import Conflict, Invalid, NotFound, Refusal, SignedOut
from ontrack_app.settings import database_urls
from ontrack_app.work import Work, plain_json

POOL_SIZE = 12
STATEMENT_TIMEOUT_MS = 30_000
UNFIT = "A value is larger than can be kept, or has a sign that cannot be stored."
ROWS_COME = frozenset({ExecStatus.TUPLES_OK, ExecStatus.SINGLE_TUPLE, ExecStatus.TUPLES_CHUNK})


@dataclass(frozen=True, slots=True)
class SessionCredential:
    """A signed-in browser: the hash of its session cookie."""

    hash: str
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class KeyCredential:
    """An API caller: the hash of its bearer key."""

    hash: str
    ip: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class SystemCredential:
    """OnTrack itself, named, in one tenant; `only` narrows what it may do to its purpose."""

    tenant_id: UUID
    name: str
    only: frozenset[Permission] | None = None
    ip: str = ""
    user_agent: str = ""


Credential = SessionCredential | KeyCredential | SystemCredential
ENTER = {
    SessionCredential: text(
        "SELECT *, set_config('plan_cache_mode', :plans, true) FROM auth.enter_session(:secret)"
    ),
    KeyCredential: text("SELECT *, set_config('plan_cache_mode', :plans, true) FROM auth.enter_key(:secret)"),
    SystemCredential: text(
        "SELECT *, set_config('plan_cache_mode', :plans, true) FROM auth.enter_system(CAST(:secret AS uuid))"
    ),
}
# A list is planned for its tenant and filters each time; a change reads and writes rows by their keys, for which a plan
# that is kept is as good, and planning would cost as much again as doing.
PLANS = {False: "force_custom_plan", True: "auto"}


class Doorway:
    """What a transaction without a tenant reaches: the allow-listed functions of schema `auth`, nothing else."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rows(self, sql: str, **values: Any) -> list[Row[Any]]:
        """The rows that a query over `auth` functions returns."""
        return list(self._session.execute(text(sql), values))

    def row(self, sql: str, **values: Any) -> Row[Any] | None:
        """The first row, or None."""
        return self._session.execute(text(sql), values).first()

    def value(self, sql: str, **values: Any) -> Any:
        """The first value of the first row, or None."""
        return self._session.execute(text(sql), values).scalar()


class LeanCursor(psycopg.Cursor[Any]):
    """psycopg describes every column of every result in full, which costs more than the query; names and types are read."""

    @property
    def description(self) -> list[Any] | None:
        """Each column as the DB-API describes it, the optional parts left out; None where there are no rows to come."""
        result = self.pgresult
        if result is None or result.status not in ROWS_COME:
            return None
        empty = (None, None, None, None, None)
        return [
            ((result.fname(at) or b"").decode(), result.ftype(at), *empty) for at in range(result.nfields)
        ]


@lru_cache(maxsize=4)
def engine(url: str) -> Engine:
    """The pool of one role's connections; made lazily, after a server has forked its workers."""
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=4,
        pool_timeout=10,
        json_serializer=plain_json,
        hide_parameters=True,  # an error says which statement failed, never with which values
        connect_args={
            "connect_timeout": 5,
            "cursor_factory": LeanCursor,
            "options": f"{make_url(url).query.get('options', '')} -c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout=10000 -c timezone=UTC "
            "-c idle_in_transaction_session_timeout=60000",
        },
    )


@overload
def begin(
    credential: Credential, *, writes: bool = False, steady: bool = False
) -> AbstractContextManager[Work]: ...
@overload
def begin(credential: None) -> AbstractContextManager[Doorway]: ...
def begin(
    credential: Credential | None, *, writes: bool = False, steady: bool = False
) -> AbstractContextManager[Work] | AbstractContextManager[Doorway]:
    """Opens a transaction: with a credential as its actor in its tenant, with None at the doorway. Commits once, at the end.

    `writes` says that it is about changing rows, not about lists: quicker, and nothing else. In a `steady` one every question
    is answered as of one moment, whatever others commit meanwhile; it is for reading.

    Raises:
        SignedOut: the session or key is unknown, ended or revoked. NotFound: there is no such tenant.
        Conflict: a constraint of the database was in the way. Invalid: a value that the database cannot hold.
    """
    return _open_doorway() if credential is None else _open_work(credential, writes, steady)


@contextmanager
def _open_doorway() -> Iterator[Doorway]:
    with _transaction() as session:
        yield Doorway(session)


@contextmanager
def _open_work(credential: Credential, writes: bool, steady: bool) -> Iterator[Work]:
    with _transaction() as session:
        if steady:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        work = Work(session, enter(session, credential, writes=writes))
        yield work
        work.seal()


@contextmanager
def _transaction() -> Iterator[Session]:
    session = Session(engine(database_urls().app), expire_on_commit=False)
    try:
        yield session
        session.commit()
    except IntegrityError as error:
        session.rollback()
        raise constraint_words(error) from error
    except DataError as error:
        session.rollback()
        raise Invalid(UNFIT) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def who(credential: Credential) -> Actor:
    """Who acts by this credential, looked up now: one statement, with no transaction round it, and nothing to work with.

    Raises:
        SignedOut: the session or key is unknown, ended or revoked. NotFound: there is no such tenant.
    """
    with engine(database_urls().app).connect() as connection:
        return enter(connection.execution_options(isolation_level="AUTOCOMMIT"), credential)


def enter(session: Session | Connection, credential: Credential, *, writes: bool = False) -> Actor:
    """Resolves a credential and sets tenant and scope for the transaction, in one call to the database."""
    if isinstance(credential, SystemCredential):
        secret = str(credential.tenant_id)
    else:
        secret = credential.hash
    row = _first(session, ENTER[type(credential)], {"secret": secret, "plans": PLANS[writes]})
    if row is None:
        if isinstance(credential, SystemCredential):
            raise NotFound("There is no such company.")
        raise SignedOut("You are signed out. Sign in to go on.")
    return _actor(row, credential)


def _first(session: Session | Connection, statement: TextClause, values: dict[str, Any]) -> Row[Any] | None:
    """One retry: after a restart of the database the pool's connections are dead, and nothing has been done yet."""
    try:
        return session.execute(statement, values).first()
    except OperationalError:
        session.rollback()
        return session.execute(statement, values).first()


def _actor(row: Row[Any], credential: Credential) -> Actor:
    tenant = TenantFacts(row.tenant_id, row.slug, row.tenant_name, row.timezone, row.currency, row.locale)
    is_system = isinstance(credential, SystemCredential)
    return Actor(
        tenant=tenant,
        role=Role(row.role),
        scope=row.scope,
        user_id=row.user_id,
        member_id=row.member_id,
        name=credential.name if isinstance(credential, SystemCredential) else row.name,
        email=row.email,
        client_ids=tuple(row.client_ids or ()),
        document_noun=row.document_noun,
        document_id=row.document_id,
        key_scopes=None if row.scopes is None or is_system else frozenset(row.scopes),
        ip=credential.ip,
        user_agent=credential.user_agent,
        only=credential.only if isinstance(credential, SystemCredential) else None,
        session_id=row.session_id,
        proven_at=row.proven_at,
        taken=frozenset(row.taken or ()),
        given=frozenset(row.given or ()),
    )


def constraint_words(error: IntegrityError) -> Refusal:
    """A broken constraint in neutral words: nothing about other rows, tables or tenants."""
    code = getattr(error.orig, "sqlstate", "")
    if code == "23505":
        return Conflict("There is one like this already.")
    if code == "23503":
        return Conflict("Something that this points at is not there, or is still in use.")
    return Conflict("The values do not fit together, so nothing was saved.")
