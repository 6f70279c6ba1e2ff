"""Four shortcuts that each lose work, planted into the running server and its phones to try the gate."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, text
from sqlmodel import col, select

from models.properties import Property
from models.sync import Change, SyncClient
from ontrack_app.schemas.sync import PushBody, PushCard, ResultCard
from ontrack_app.services.sync import devices, holding, pull, push, rules, shown
from ontrack_app.services.sync.rules import Outcome
from ontrack_app.settings import database_urls
from ontrack_app.work import Work
from tests.sync.support import Phone

Plant = Callable[[pytest.MonkeyPatch], AbstractContextManager[dict[str, Any]]]


@dataclass(frozen=True)
class Shortcut:
    """A shortcut: how it is planted, and what the histories see of it."""

    name: str
    goes_wrong: str
    plant: Plant


@contextmanager
def last_write_wins(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Nobody asks what the writer had seen."""

    def scalar(work: Work, said: Any, row: Any, wish: Any, apply: Callable[[], object]) -> Outcome:
        apply()
        return Outcome()

    monkeypatch.setattr("ontrack_app.services.sync.mutators.scalar", scalar)
    yield {}


@contextmanager
def integer_versions(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A number that is counted up stands for what was seen; phones count their own waiting changes on."""

    def writer_of(work: Work, noun: str, row_id: UUID, name: str) -> UUID:
        return UUID(int=work.get(Property, row_id).version)

    def writers(work: Work, noun: str, ids: Sequence[UUID]) -> dict[UUID, dict[str, UUID]]:
        wanted = ids if noun == "properties" else []
        return {row_id: {"access_notes": UUID(int=work.get(Property, row_id).version)} for row_id in wanted}

    def base(phone: Phone, key: tuple[str, str, str], pending: list[str]) -> str:
        return str(UUID(int=UUID(phone.writers[key] or "").int + len(pending)))

    monkeypatch.setattr(rules, "writer_of", writer_of)
    monkeypatch.setattr(shown, "writers", writers)
    yield {"base": base}


@contextmanager
def no_memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """What comes is done, whether it came before or not."""

    def take(work: Work, body: PushBody) -> PushCard:
        device = devices.own(work, body.device_id)
        holding.hold(work, body.mutations)
        client = work.lock(SyncClient, device.id)
        batch = push.Batch(work, device, body.schema_version, "", {})
        results = []
        for said in body.mutations:
            if said.seq > client.last_seq + 1:
                break
            outcome = push._run(batch, said)
            results.append(ResultCard(seq=said.seq, status=outcome.status, detail=outcome.detail))
            client.last_seq = max(client.last_seq, said.seq)
        return PushCard(last_seq=client.last_seq, results=results, n=0)

    monkeypatch.setattr(push, "push", take)
    yield {}


@contextmanager
def global_sequence(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Numbers come from a sequence, which gives them before the commit, and no lock orders the commits."""

    def counter(work: Work) -> pull.Counter:
        query = select(func.max(Change.n)).where(col(Change.tenant_id) == work.actor.tenant_id)
        n = work.session.execute(query).scalar_one() or 0
        return pull.Counter(n, 0)

    monkeypatch.setattr(pull, "_counter", counter)
    monkeypatch.setattr(push, "HOLD_COUNTER", text("SELECT 0"))
    with psycopg.connect(database_urls().owner.replace("+psycopg", ""), autocommit=True) as connection:
        row = connection.execute("SELECT pg_get_functiondef('app.note_changes'::regproc)").fetchone()
        assert row is not None
        real = str(row[0])
        changes = {
            "WHERE tenant_id = t FOR UPDATE;": "WHERE tenant_id = t;",
            "v_n + row_number() OVER ()": "nextval('public.planted_numbers')",
            "IF v_count > 0 THEN UPDATE": "IF false THEN UPDATE",
        }
        planted = real
        for old, new in changes.items():
            assert old in planted, old
            planted = planted.replace(old, new)
        connection.execute("CREATE SEQUENCE public.planted_numbers START 1000000")
        connection.execute(planted)
        try:
            yield {}
        finally:
            connection.execute(real)
            connection.execute("DROP SEQUENCE public.planted_numbers")


SHORTCUTS = (
    Shortcut("integer versions", "overwritten", integer_versions),
    Shortcut("a global sequence", "missed", global_sequence),
    Shortcut("last write wins", "overwritten", last_write_wins),
    Shortcut("no memory of what came", "duplicated", no_memory),
)
