"""The only home of `Work`: one tenant, one actor, one transaction and one trail."""

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.orm import Session
from sqlalchemy.orm.util import identity_key
from sqlmodel import SQLModel, col

from models.base import NounRow, TenantRow
from models.ids import now
from models.machines import Machine
from ontrack_app import outlet
from ontrack_app.actor import Actor
from ontrack_app.errors import Conflict, FieldError, Invalid, NotFound, Stale

Row = TypeVar("Row", bound=TenantRow)
Company = TypeVar("Company", bound=SQLModel)
Found = TypeVar("Found")
KEPT_OUT = "(not written down)"
TENANT = "our_tenant"  # the parameter that every standing query has
SEAL = text("SELECT app.seal(CAST(:entries AS jsonb), CAST(:messages AS jsonb), CAST(:changes AS jsonb))")


class Work:
    """What a service is given. It reads and changes rows, leaves a trail and promises later work; it never commits."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session = session
        self.actor = actor
        self.at = now()
        self._entries: list[dict[str, Any]] = []
        self._messages: list[dict[str, Any]] = []
        self._held: list[TenantRow] = []  # the session itself forgets rows that nobody holds
        self._locked_keys: set[tuple[type[TenantRow], UUID]] = set()
        self._read: dict[Any, Any] = {}

    def find(self, model: type[Row], row_id: UUID) -> Row | None:
        """The row of this tenant and scope, or None where there is none or it may not be known; asked for once."""
        known = self.session.identity_map.get(identity_key(model, (self.actor.tenant_id, row_id)))
        return known if isinstance(known, model) else self._one(_by_id(model), row_id)

    def get(self, model: type[Row], row_id: UUID) -> Row:
        """The row of this tenant and scope.

        Raises:
            NotFound: there is none, or it may not be known.
        """
        row = self.find(model, row_id)
        if row is None:
            raise NotFound(f"There is no {_singular(model)} with this id.")
        return row

    def lock(self, model: type[Row], row_id: UUID, *, version: int | None = None, field: str = "") -> Row:
        """The row, locked until the transaction ends. `field` is the input that named it, where one did.

        Raises:
            NotFound: there is none, or it may not be known. Invalid: the same, where an input named it.
            Stale: `version` is given and somebody has changed the row since.
        """
        row: Row | None = self._held_row(model, row_id) or self._one(_locked(model), row_id)
        if row is None:
            words = f"There is no {_singular(model)} with this id."
            raise Invalid(words, errors=[FieldError(field, words)]) if field else NotFound(words)
        if version is not None and isinstance(row, NounRow) and row.version != version:
            raise Stale(
                f"Somebody changed this {_singular(model)} in the meantime. Load it again, then make your change."
            )
        return row

    def hold(self, model: type[Row], row_ids: Sequence[UUID]) -> None:
        """Locks several rows in the order of their ids; `lock` gives them without asking again. For whoever will need many,
        before any part that may be taken back (`attempt`): what is locked inside of it is unlocked with it."""
        for row in self.all(_several_locked(model), row_ids=list(row_ids)):
            self._held.append(row)
            self._locked_keys.add((model, row.id))

    def _held_row(self, model: type[Row], row_id: UUID) -> Row | None:
        return self.find(model, row_id) if (model, row_id) in self._locked_keys else None

    def need(self, model: type[Row], row_id: UUID, field: str) -> Row:
        """The row that an input names; like `get`, but says which input was wrong.

        Raises:
            Invalid: there is no such row here.
        """
        row = self.find(model, row_id)
        if row is None:
            words = f"There is no {_singular(model)} with this id."
            raise Invalid(words, errors=[FieldError(field, words)])
        return row

    def find_tenant(self, model: type[Company]) -> Company:
        """The row of the tenant itself, read once in a transaction."""
        found: Company | None = self.once(
            model, lambda: self.first(_tenant(model), row_id=self.actor.tenant_id)
        )
        if found is None:
            raise NotFound("There is no such company.")
        return found

    def of(self, model: type[Row]) -> Select[tuple[Row]]:
        """A query over the tenant's rows of a table, to be narrowed further."""
        return select(model).where(col(model.tenant_id) == self.actor.tenant_id)

    def all(self, query: Select[tuple[Any]], **values: Any) -> list[Any]:
        """Every row that the query finds; the values are those that a `standing` query names."""
        return list(self.session.execute(query, self._given(values)).scalars())

    def first(self, query: Select[tuple[Any]], **values: Any) -> Any:
        """The first row that the query finds, or None; a `standing` query brings its own limit."""
        if values:
            return self.session.execute(query, self._given(values)).scalar_one_or_none()
        return self.session.execute(query.limit(1), self._given({})).scalar_one_or_none()

    def once(self, key: Any, read: Callable[[], Found]) -> Found:
        """What `read` finds, read once in a transaction: for what the transaction reads again and does not change."""
        if key not in self._read:
            found = read()
            if found is None:
                return found
            self._read[key] = found
        kept: Found = self._read[key]
        return kept

    def write(self, *rows: TenantRow) -> None:
        """Writes these rows now, because others will point at them; all else waits for the end."""
        self.session.flush(rows)

    def add(self, row: Row) -> Row:
        """Takes a new row into the transaction, as this tenant's and made by this actor."""
        row.tenant_id = self.actor.tenant_id
        if isinstance(row, NounRow):
            row.created_at = row.updated_at = self.at
            row.created_by = row.updated_by = self.actor.user_id
        index_words(row)
        self.session.add(row)
        return row

    def changed(self, row: NounRow) -> None:
        """Marks a row as changed now by this actor, and keeps its search words true."""
        row.version += 1
        row.updated_at = self.at
        row.updated_by = self.actor.user_id
        index_words(row)

    def advance(
        self,
        row: NounRow,
        machine: Machine,
        name: str,
        *,
        reason: str | None = None,
        along: tuple[str, str] | None = None,
    ) -> None:
        """Makes one move: the right, the stage, the reason, the trail. The only line that writes `.stage`.

        `along` is given where stages are rows of the tenant's own (leads): the kind that the row is at, and the key that
        it goes to.

        Raises:
            NotFound: the noun has no such move. Conflict: the stage does not allow it. Forbidden: the actor may not.
            Invalid: the move needs a reason.
        """
        move = machine.find(name)
        if move is None:
            raise NotFound(f"There is no move “{name}” here.")
        self.actor.require(move.right)
        here: str = row.stage  # type: ignore[attr-defined]
        standing, target = along or (here, move.to)
        if standing not in move.from_:
            label = machine.label(standing).lower()
            raise Conflict(f"“{move.label}” is not possible while it is {label}.")
        if move.needs_reason and not (reason or "").strip():
            words = f"“{move.label}” needs a reason."
            raise Invalid(words, errors=[FieldError("reason", words)])
        if target is None:
            raise Conflict(f"“{move.label}” leads nowhere from here.")
        row.stage = target
        self.changed(row)
        why = (reason or "").strip() or None
        self.record(
            f"{machine.noun}.{name}", row, before={"stage": here}, after={"stage": target}, reason=why
        )

    def record(
        self,
        word: str,
        row: TenantRow,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        reason: str | None = None,
    ) -> None:
        """Leaves an entry in the tenant's trail; it is written and chained when the transaction is sealed."""
        self._entries.append(
            {
                "actor_id": self.actor.member_id or self.actor.user_id,
                "actor_name": self.actor.name,
                "actor_role": self.actor.role.value,
                "word": word,
                "noun": row.__tablename__,
                "row_id": row.id,
                "before": None if before is None else without_secrets(row, before),
                "after": None if after is None else without_secrets(row, after),
                "reason": reason,
                "ip": self.actor.ip,
            }
        )

    def later(self, function: str, *, due_at: datetime | None = None, **arguments: Any) -> None:
        """Promises a background function: run after this transaction commits, at least once, with these arguments."""
        self._messages.append(
            {
                "function": function,
                "arguments": arguments,
                "actor_id": self.actor.user_id,
                "actor_name": self.actor.name,
                "due_at": due_at,
            }
        )

    @contextmanager
    def attempt(self, writer: UUID) -> Iterator[None]:
        """Part of a transaction that can be taken back alone: a refusal inside leaves neither rows nor trail nor promises.
        Shared fields that it writes are `writer`'s."""
        entries, messages = len(self._entries), len(self._messages)
        before = outlet.kept(self.session)
        self.session.info[outlet.WRITER] = writer
        try:
            with self.session.begin_nested():
                yield
        except BaseException:
            del self._entries[entries:], self._messages[messages:]
            outlet.put_back(self.session, before)
            raise
        finally:
            self.session.info.pop(outlet.WRITER, None)

    def _given(self, values: dict[str, Any]) -> dict[str, Any]:
        return {TENANT: self.actor.tenant_id, **values}

    def _one(self, query: Select[tuple[Row]], row_id: UUID) -> Row | None:
        row: Row | None = self.session.execute(query, self._given({"row_id": row_id})).scalar_one_or_none()
        if row is not None:
            self._held.append(row)
        return row

    def seal(self) -> None:
        """Writes out the rows, what crews' phones are told of them, the trail and the promises; called once, by `begin`, just
        before the commit."""
        self.session.flush()
        changes = outlet.marks(self.session)
        if self._entries or self._messages or any(changes.values()):
            given = {"entries": self._entries, "messages": self._messages, "changes": changes}
            self.session.execute(SEAL, {name: plain_json(value) for name, value in given.items()})
            self._entries, self._messages = [], []
            outlet.forget(self.session)


def without_secrets(row: TenantRow, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the trail keeps them: of a secret field only whether something stood there."""
    secret = {field.attribute for field in row.FIELDS.having("secret")} if row.FIELDS is not None else set()
    return {name: KEPT_OUT if name in secret and value else value for name, value in values.items()}


def standing(model: type[Row]) -> Select[tuple[Row]]:
    """A query over the tenant's rows that is built once, when its module is loaded: what differs from one run to the next
    is a `bindparam`, given to `all` or `first` by its name."""
    return select(model).where(col(model.tenant_id) == bindparam(TENANT))


@cache
def _by_id(model: type[Row]) -> Select[tuple[Row]]:
    return standing(model).where(col(model.id) == bindparam("row_id"))


@cache
def _tenant(model: type[Company]) -> Select[tuple[Company]]:
    key = col(model.id)  # type: ignore[attr-defined]
    return select(model).where(key == bindparam("row_id"))


@cache
def _locked(model: type[Row]) -> Select[tuple[Row]]:
    return _by_id(model).with_for_update().execution_options(populate_existing=True)


@cache
def _several_locked(model: type[Row]) -> Select[tuple[Row]]:
    query = standing(model).where(col(model.id).in_(bindparam("row_ids", expanding=True)))
    return query.order_by(col(model.id)).with_for_update().execution_options(populate_existing=True)


def plain_json(value: Any) -> str:
    """The value as JSON text, with ids, times and decimals written as strings."""
    return json.dumps(value, default=_plain, ensure_ascii=False)


def index_words(row: SQLModel) -> None:
    """Keeps `search_text` of a row true to its searchable fields."""
    fields = getattr(row, "FIELDS", None)
    if fields is not None and hasattr(row, "search_text"):
        row.search_text = fold(
            " ".join(str(getattr(row, field.attribute) or "") for field in fields.having("searchable"))
        )


def fold(words: str) -> str:
    """Words as search compares them: lower case, without accents, single spaces."""
    bare = unicodedata.normalize("NFKD", words)
    marks = [ord(sign) for sign in set(bare) if unicodedata.combining(sign)]
    if marks:
        bare = bare.translate(dict.fromkeys(marks))
    return " ".join(bare.casefold().split())


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime) or hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")


def _singular(model: type[TenantRow]) -> str:
    name = str(model.__tablename__).replace("_", " ")
    irregular = {
        "properties": "property",
        "quarantine": "waiting work",
        "tax codes": "tax code",
        "time entries": "time entry",
    }
    return irregular.get(name, name.removesuffix("s"))
