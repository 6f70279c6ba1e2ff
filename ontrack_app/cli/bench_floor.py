"""The floor of `ontrack bench flow`: the same rows read, written and changed by bare psycopg, in as many transactions.

A flow that the application made is read back once; each run writes it again under new ids and numbers. It keeps the trail
and the promises like the application (`app.seal`), and leaves out everything else: policies, rights, rules, HTTP, JSON.
"""

import json
from collections.abc import Callable
from itertools import groupby
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier, Placeholder
from psycopg.types.json import Jsonb

from models.ids import new_id

Row = dict[str, Any]
COMMITS = 14
OF_LEAD = {
    "leads": "id = %(lead)s",
    "clients": "id = (SELECT client_id FROM leads WHERE id = %(lead)s)",
    "contacts": "client_id = %(client)s",
    "properties": "client_id = %(client)s",
    "estimates": "client_id = %(client)s",
    "estimate_lines": "estimate_id IN (SELECT id FROM estimates WHERE client_id = %(client)s)",
    "estimate_revisions": "estimate_id IN (SELECT id FROM estimates WHERE client_id = %(client)s)",
    "signatures": "row_id IN (SELECT id FROM estimates WHERE client_id = %(client)s)",
    "jobs": "client_id = %(client)s",
    "visits": "job_id IN (SELECT id FROM jobs WHERE client_id = %(client)s)",
    "visit_assignees": "visit_id IN (SELECT v.id FROM visits v JOIN jobs j ON j.id = v.job_id WHERE j.client_id = %(client)s)",
    "invoices": "client_id = %(client)s",
    "invoice_lines": "invoice_id IN (SELECT id FROM invoices WHERE client_id = %(client)s)",
    "payments": "client_id = %(client)s",
    "allocations": "payment_id IN (SELECT id FROM payments WHERE client_id = %(client)s)",
    "ledger_entries": "client_id = %(client)s",
}
TAKE = """INSERT INTO number_sequences (tenant_id, id, kind, period, last) VALUES (%s, %s, %s, 'floor', 1)
          ON CONFLICT (tenant_id, kind, period) DO UPDATE SET last = number_sequences.last + 1 RETURNING last"""
BALANCE = "SELECT sum(amount_cents) FROM ledger_entries WHERE tenant_id = %s AND account = 'receivable' AND invoice_id = %s"
SEAL = "SELECT app.seal(%s, %s)"
ENTRY = ("actor_id", "actor_name", "actor_role", "word", "noun", "row_id", "before", "after", "reason", "ip")


class Flow:
    """One flow of the application, to be written again and again."""

    def __init__(self, connection: Connection[Any], lead_id: str) -> None:
        self._connection = connection
        self._rows: dict[str, list[Row]] = {}
        client_id = None
        with connection.cursor(row_factory=dict_row) as cursor:
            for table, condition in OF_LEAD.items():
                found = cursor.execute(
                    f"SELECT * FROM {table} WHERE {condition} ORDER BY id",  # noqa: S608 - our own words
                    {"lead": lead_id, "client": client_id},
                )
                self._rows[table] = found.fetchall()
                client_id = client_id or (self._rows["clients"][0]["id"] if table == "clients" else None)
        self._ids = [row["id"] for rows in self._rows.values() for row in rows]
        self._tenant: UUID = self._rows["leads"][0]["tenant_id"]
        self._entries = self._trail()
        self._inserts = {table: _insert(table, rows[0]) for table, rows in self._rows.items()}
        self._map: dict[UUID, UUID] = {}
        connection.execute("SELECT set_config('app.tenant_id', %s, false)", [str(self._tenant)])
        connection.commit()

    def run(self) -> None:
        """Writes the flow again: 14 transactions."""
        self._map = {old: new_id() for old in self._ids}
        calls: list[Callable[[], list[str]]] = [
            self._lead, self._win, self._estimate, self._send, self._approve, self._convert, self._visit, self._visit_move,
            self._visit_move, self._visit_move, self._complete, self._invoice, self._issue, self._pay,
        ]  # fmt: skip
        for call, entries in zip(calls, self._entries, strict=True):
            with self._connection.transaction():
                promised = call()
                self._seal(entries, promised)

    def _lead(self) -> list[str]:
        self._get("pipeline_stages", "position >= 0")
        self._add("leads", stage="new", client_id=None, property_id=None, email=f"{new_id().hex}@x.example")
        return []

    def _win(self) -> list[str]:
        self._lock("leads")
        self._get("pipeline_stages", "position >= 0")
        self._get("contacts", "email = %s", "nobody@x.example")
        for table in ("clients", "contacts", "properties"):
            self._add(table)
        self._set("leads", stage="won", client_id=self._id("clients"), property_id=self._id("properties"))
        return []

    def _estimate(self) -> list[str]:
        self._get("clients", "id = %s", self._id("clients"))
        self._get("properties", "id = %s", self._id("properties"))
        self._get("tax_codes", "archived_at IS NULL")
        self._add("estimates", stage="draft", job_id=None, contact_id=None, number=self._number("estimate"))
        self._add("estimate_lines")
        return []

    def _send(self) -> list[str]:
        self._lock("estimates")
        self._get("estimate_lines", "estimate_id = %s", self._id("estimates"))
        for table, key in (("contacts", "client_id"), ("clients", "id")):
            self._get(table, f"{key} = %s", self._id("clients"))
        self._get("properties", "id = %s", self._id("properties"))
        self._get("tax_codes", "archived_at IS NULL")
        self._add("estimate_revisions")
        self._set("estimates", stage="sent", contact_id=self._id("contacts"))
        return ["estimates.mail_sent"]

    def _approve(self) -> list[str]:
        self._lock("estimates")
        self._get("estimate_revisions", "estimate_id = %s", self._id("estimates"))
        self._add("signatures")
        self._set("estimates", stage="approved")
        self._get("estimate_lines", "estimate_id = %s", self._id("estimates"))
        return []

    def _convert(self) -> list[str]:
        self._lock("estimates")
        self._add("jobs", stage="open", number=self._number("job"))
        self._set("estimates", stage="converted", job_id=self._id("jobs"))
        self._get("estimate_lines", "estimate_id = %s", self._id("estimates"))
        return []

    def _visit(self) -> list[str]:
        self._get("jobs", "id = %s", self._id("jobs"))
        self._get("members", "id = %s", self._rows["visit_assignees"][0]["member_id"])
        self._add("visits", stage="scheduled")
        self._add("visit_assignees")
        return []

    def _visit_move(self) -> list[str]:
        self._lock("visits")
        self._set("visits", stage="on_site")
        self._get("visit_assignees", "visit_id = %s", self._id("visits"))
        return []

    def _complete(self) -> list[str]:
        self._lock("jobs")
        self._get("visits", "job_id = %s", self._id("jobs"))
        self._set("jobs", stage="completed")
        return []

    def _invoice(self) -> list[str]:
        self._lock("jobs")
        self._get("invoices", "job_id = %s", self._id("jobs"))
        self._get("estimates", "job_id = %s", self._id("jobs"))
        self._get("estimate_lines", "estimate_id = %s", self._id("estimates"))
        self._get("tax_codes", "archived_at IS NULL")
        self._add("invoices", stage="draft", number=None)
        self._add("invoice_lines")
        return []

    def _issue(self) -> list[str]:
        self._lock("invoices")
        self._get("invoice_lines", "invoice_id = %s", self._id("invoices"))
        self._get("clients", "id = %s", self._id("clients"))
        self._get("tax_codes", "archived_at IS NULL")
        self._set("invoices", stage="issued", number=self._number("invoice"))
        self._add("ledger_entries", most=1)
        self._connection.execute(BALANCE, [self._tenant, self._id("invoices")]).fetchall()
        return ["invoices.mail_issued"]

    def _pay(self) -> list[str]:
        self._lock("invoices")
        self._connection.execute(BALANCE, [self._tenant, self._id("invoices")]).fetchall()
        self._add("payments")
        self._add("allocations")
        self._add("ledger_entries", after=1)
        return []

    def _trail(self) -> list[list[Row]]:
        """The entries that each of the 14 transactions left: those of one transaction have one time."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(
                "SELECT * FROM audit_entries WHERE row_id = ANY (%s) ORDER BY n", [self._ids]
            )
            grouped = groupby(found.fetchall(), key=lambda entry: entry["at"])
            return [[{name: row[name] for name in ENTRY} for row in entries] for _, entries in grouped]

    def _seal(self, entries: list[Row], functions: list[str]) -> None:
        renamed = [entry | {"row_id": self._map[entry["row_id"]]} for entry in entries]
        promised = [
            {"function": function, "arguments": {"id": str(self._id("leads"))}} for function in functions
        ]
        given = (Jsonb(renamed, dumps=_dumps), Jsonb(promised))
        self._connection.execute(SEAL, given).fetchall()

    def _id(self, table: str) -> UUID:
        return self._map[self._rows[table][0]["id"]]

    def _get(self, table: str, condition: str, *values: Any) -> None:
        statement = f"SELECT * FROM {table} WHERE tenant_id = %s AND {condition}"  # noqa: S608 - our own words
        self._connection.execute(statement, [self._tenant, *values]).fetchall()

    def _lock(self, table: str) -> None:
        self._get(table, "id = %s FOR UPDATE", self._id(table))

    def _set(self, table: str, **values: Any) -> None:
        named = ", ".join(f"{name} = %s" for name in values)
        statement = f"UPDATE {table} SET {named}, version = version + 1, updated_at = now() WHERE tenant_id = %s AND id = %s"  # noqa: S608
        self._connection.execute(statement, [*values.values(), self._tenant, self._id(table)])

    def _add(self, table: str, *, after: int = 0, most: int | None = None, **values: Any) -> None:
        chosen = self._rows[table][after : None if most is None else after + most]
        rows = [self._fresh(row | values) for row in chosen]
        with self._connection.cursor() as cursor:
            if len(rows) == 1:
                cursor.execute(self._inserts[table], rows[0])
            else:
                cursor.executemany(self._inserts[table], rows)

    def _fresh(self, row: Row) -> Row:
        return {
            name: self._map.get(value, value) if isinstance(value, UUID) else Jsonb(value) if isinstance(value, dict | list) else value
            for name, value in row.items()
        }  # fmt: skip

    def _number(self, kind: str) -> str:
        row = self._connection.execute(TAKE, [self._tenant, new_id(), kind]).fetchone()
        return f"FLOOR-{kind}-{row[0] if row else 0}"


def _insert(table: str, row: Row) -> Composed:
    return SQL("INSERT INTO {} ({}) VALUES ({})").format(
        Identifier(table), SQL(", ").join(map(Identifier, row)), SQL(", ").join(map(Placeholder, row))
    )


def _dumps(value: Any) -> str:
    return json.dumps(value, default=str)
