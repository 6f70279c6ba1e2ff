"""The only home of the tenant rule in Postgres: one policy text for every table, used by migrations and tests.

Each table has one permissive policy (the tenant) and, beneath it, restrictive ones (the scope): a crew member sees what
its visits need, customers their own rows, the bearer of a document link that one document. The scope is set together with
the tenant when a transaction is entered; without either there are no rows and nothing can be written. Where a scope has a
long history (a crew's), its condition asks about the one row (`app.sees_…`), so that a visit costs no more in its third year.
"""

from dataclasses import dataclass

TENANT_IS_OURS = "tenant_id = (SELECT app.tenant_id())"
SCOPE = "(SELECT app.scope())"
OWN_CLIENTS = "ANY ((SELECT app.client_ids())::uuid[])"
THE_DOCUMENT = "(SELECT app.document_id())"
FILE_OF_WORK = "noun = 'visits' AND app.sees_visit(row_id) OR noun = 'jobs' AND app.sees_job(row_id)"
# A receipt says what was paid: of receipts a crew sees its own.
NO_FOREIGN_RECEIPT = "(kind <> 'receipt' OR member_id = (SELECT app.member_id()))"
OF_A_FILE = "file_id IN (SELECT f.id FROM public.files f)"  # the files that the policies of files show
SEARCHABLE = ("clients", "contacts", "estimates", "files", "invitations", "invoices", "jobs", "leads", "members", "payments", "price_items", "properties", "tax_codes", "visits")  # fmt: skip
APPEND_ONLY = frozenset(
    {
        "audit_entries",
        "ledger_entries",
        "signatures",
        "estimate_revisions",
        "allocations",
        "checklist_results",
    }
)
READ_ONLY = frozenset(
    {"audit_entries", "audit_heads", "outbox_messages", "changes", "field_writers", "tenant_counters"}
)
OWN = "member_id = (SELECT app.member_id())"
BY_MEMBER = frozenset({"member"})
FINDER_READS = (
    "tenants",
    "members",
    "visits",
    "visit_assignees",
    "jobs",
    "estimates",
    "invoices",
    "role_rights",
)


@dataclass(frozen=True)
class Scope:
    """What the narrow scopes may see of a table, as SQL over its columns, and which of them may write it."""

    clients: str = "false"
    member: str = "false"
    document: str = "false"
    writers: frozenset[str] = frozenset()


SCOPES: dict[str, Scope] = {
    "tenants": Scope("true", "true", "true"),
    "members": Scope("id = (SELECT app.member_id())", "id = (SELECT app.member_id())"),
    "clients": Scope(f"id = {OWN_CLIENTS}", "app.sees_client(id)", f"id = {OWN_CLIENTS}"),
    "contacts": Scope(
        f"client_id = {OWN_CLIENTS}",
        "app.sees_client(client_id)",
        f"client_id = {OWN_CLIENTS}",
        writers=BY_MEMBER,
    ),
    "properties": Scope(
        f"client_id = {OWN_CLIENTS}",
        "app.sees_property(id)",
        f"client_id = {OWN_CLIENTS}",
        writers=BY_MEMBER,
    ),
    "jobs": Scope(f"client_id = {OWN_CLIENTS}", "app.sees_job(id)"),
    "visits": Scope("app.sees_job(job_id)", "app.sees_visit(id)", writers=frozenset({"member"})),
    "visit_assignees": Scope("app.sees_visit(visit_id)", "app.sees_visit(visit_id)"),
    "estimates": Scope(
        f"client_id = {OWN_CLIENTS} AND stage <> 'draft'",
        document=f"id = {THE_DOCUMENT} AND stage <> 'draft'",
        writers=frozenset({"clients", "document"}),
    ),
    "estimate_lines": Scope(
        "estimate_id IN (SELECT app.my_estimates())", document="estimate_id IN (SELECT app.my_estimates())"
    ),
    "estimate_revisions": Scope(
        "estimate_id IN (SELECT app.my_estimates())", document="estimate_id IN (SELECT app.my_estimates())"
    ),
    "invoices": Scope(
        f"client_id = {OWN_CLIENTS} AND stage <> 'draft'",
        document=f"id = {THE_DOCUMENT} AND stage <> 'draft'",
    ),
    "invoice_lines": Scope(
        "invoice_id IN (SELECT app.my_invoices())", document="invoice_id IN (SELECT app.my_invoices())"
    ),
    "payments": Scope(
        f"client_id = {OWN_CLIENTS}",
        document=f"invoice_id = {THE_DOCUMENT}",
        writers=frozenset({"clients", "document"}),
    ),
    "allocations": Scope(
        "invoice_id IN (SELECT app.my_invoices())", document="invoice_id IN (SELECT app.my_invoices())"
    ),
    "ledger_entries": Scope(f"client_id = {OWN_CLIENTS}", document=f"invoice_id = {THE_DOCUMENT}"),
    "signatures": Scope(
        "row_id IN (SELECT app.my_estimates())",
        "noun = 'visits' AND app.sees_visit(row_id)",
        document="row_id IN (SELECT app.my_estimates())",
        writers=frozenset({"clients", "document", "member"}),
    ),
    "devices": Scope(member=OWN, writers=BY_MEMBER),
    "sync_clients": Scope(member=OWN, writers=BY_MEMBER),
    "sync_mutations": Scope(member=OWN, writers=BY_MEMBER),
    "field_writers": Scope(
        member="noun = 'properties' AND app.sees_property(row_id) OR noun = 'contacts' AND "
        "EXISTS (SELECT FROM public.contacts c WHERE c.id = row_id AND app.sees_client(c.client_id))"
    ),
    "changes": Scope(member=OWN),
    "tenant_counters": Scope(member="true"),
    "conflicts": Scope(member=OWN, writers=BY_MEMBER),
    "quarantine": Scope(member=OWN, writers=BY_MEMBER),
    "checklist_items": Scope(member="app.sees_visit(visit_id)", writers=BY_MEMBER),
    "checklist_results": Scope(member="app.sees_visit(visit_id)", writers=BY_MEMBER),
    "time_entries": Scope(member=OWN, writers=BY_MEMBER),
    "materials": Scope(member="app.sees_visit(visit_id)", writers=BY_MEMBER),
    "expenses": Scope(member=OWN, writers=BY_MEMBER),
    "tasks": Scope(member="app.sees_visit(visit_id)", writers=BY_MEMBER),
    "notes": Scope(member="noun = 'visits' AND app.sees_visit(row_id)", writers=frozenset({"member"})),
    "files": Scope(
        f"is_visible AND stage = 'clean' AND archived_at IS NULL AND ({FILE_OF_WORK})",
        f"{NO_FOREIGN_RECEIPT} AND ({FILE_OF_WORK})",
        writers=frozenset({"member"}),
    ),
    "file_parts": Scope(member=OF_A_FILE, writers=frozenset({"member"})),
    "file_variants": Scope(OF_A_FILE, OF_A_FILE),
    "idempotency_keys": Scope(
        "actor_id = (SELECT app.member_id())",
        "actor_id = (SELECT app.member_id())",
        f"actor_id = {THE_DOCUMENT}",
        writers=frozenset({"clients", "member", "document"}),
    ),
}
OFFICE_ONLY = Scope()


def policies(table: str) -> list[str]:
    """The statements that close `table`: forced row-level security, its tenant policy and its scope policies."""
    tenant = TENANT_IS_OURS.replace("tenant_id =", "id =") if table == "tenants" else TENANT_IS_OURS
    scope = SCOPES.get(table, OFFICE_ONLY)
    seen = (
        f"CASE {SCOPE} WHEN 'all' THEN true WHEN 'clients' THEN {scope.clients} "
        f"WHEN 'member' THEN {scope.member} WHEN 'document' THEN {scope.document} ELSE false END"
    )
    may_write = f"{SCOPE} IN ({', '.join(repr(name) for name in sorted({'all', *scope.writers}))})"
    statements = [
        f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE public.{table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON public.{table} USING ({tenant}) WITH CHECK ({tenant})",
        f"CREATE POLICY scope_seen ON public.{table} AS RESTRICTIVE TO ontrack_app USING ({seen}) WITH CHECK ({seen})",
        f"CREATE POLICY scope_add ON public.{table} AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ({may_write})",
        f"CREATE POLICY scope_change ON public.{table} AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ({may_write})",
        f"CREATE POLICY scope_drop ON public.{table} AS RESTRICTIVE FOR DELETE TO ontrack_app USING ({may_write})",
    ]
    return statements + finder_policies(table)


def finder_policies(table: str) -> list[str]:
    """What the allow-listed SECURITY DEFINER functions' owner may read across rows, and the relay across tenants."""
    statements = []
    if table in SEARCHABLE or table in FINDER_READS:
        statements.append(f"CREATE POLICY finder ON public.{table} FOR SELECT TO ontrack_finder USING (true)")
        statements.append(f"GRANT SELECT ON public.{table} TO ontrack_finder")
    if table == "outbox_messages":
        statements += [
            f"CREATE POLICY relay ON public.{table} TO ontrack_worker USING (true) WITH CHECK (true)",
            f"CREATE POLICY inbox ON public.{table} FOR INSERT TO ontrack_finder WITH CHECK (true)",
            f"GRANT SELECT, UPDATE, DELETE ON public.{table} TO ontrack_worker",
            f"GRANT INSERT ON public.{table} TO ontrack_finder",
        ]
    return statements


def grants(table: str) -> list[str]:
    """What the application's role may do with `table` at all, before any policy is asked."""
    if table in READ_ONLY:
        verbs = "SELECT"
    elif table in APPEND_ONLY:
        verbs = "SELECT, INSERT"
    elif table == "tenants":
        verbs = "SELECT, UPDATE"
    else:
        verbs = "SELECT, INSERT, UPDATE, DELETE"
    statements = [f"GRANT {verbs} ON public.{table} TO ontrack_app"]
    if table == "outbox_messages":
        statements.append("GRANT UPDATE (state, done_at, error) ON public.outbox_messages TO ontrack_app")
    return statements


def search_function(table: str) -> list[str]:
    """A search over `search_text` that can use its trigram index under row-level security, and that index.

    ILIKE is not leakproof, so a policy would keep the planner off the index. The function carries the tenant filter
    inside and returns ids only (at most `most` of them); the query that joins them is under the policies again.
    """
    name = f"app.search_{table}"
    return [
        f"CREATE INDEX ix_{table}_search ON public.{table} USING gin (tenant_id, search_text gin_trgm_ops)",
        f"""CREATE FUNCTION {name}(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
            SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
              SELECT id FROM public.{table} WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
            $$""",
        f"ALTER FUNCTION {name}(text, integer) OWNER TO ontrack_finder",
        f"REVOKE ALL ON FUNCTION {name}(text, integer) FROM public",
        f"GRANT EXECUTE ON FUNCTION {name}(text, integer) TO ontrack_app",
    ]
