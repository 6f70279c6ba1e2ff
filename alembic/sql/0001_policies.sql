-- Who may see and write what, table by table, as it stood when the tables were made (written out from ontrack_app/rls.py).
ALTER TABLE public.tenants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.tenants USING (id = (SELECT app.tenant_id())) WITH CHECK (id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.tenants AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN true WHEN 'member' THEN true WHEN 'document' THEN true ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN true WHEN 'member' THEN true WHEN 'document' THEN true ELSE false END);
CREATE POLICY scope_add ON public.tenants AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.tenants AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.tenants AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.tenants FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.tenants TO ontrack_finder;
GRANT SELECT, UPDATE ON public.tenants TO ontrack_app;
ALTER TABLE public.audit_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.audit_entries USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.audit_entries AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.audit_entries AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.audit_entries AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.audit_entries AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT ON public.audit_entries TO ontrack_app;
ALTER TABLE public.audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.audit_heads USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.audit_heads AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.audit_heads AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.audit_heads AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.audit_heads AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT ON public.audit_heads TO ontrack_app;
ALTER TABLE public.clients ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.clients FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.clients USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.clients AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_clients()) WHEN 'document' THEN id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_clients()) WHEN 'document' THEN id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
CREATE POLICY scope_add ON public.clients AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.clients AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.clients AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.clients FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.clients TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.clients TO ontrack_app;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.idempotency_keys USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.idempotency_keys AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN true WHEN 'member' THEN true WHEN 'document' THEN true ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN true WHEN 'member' THEN true WHEN 'document' THEN true ELSE false END);
CREATE POLICY scope_add ON public.idempotency_keys AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'clients', 'document', 'member'));
CREATE POLICY scope_change ON public.idempotency_keys AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document', 'member'));
CREATE POLICY scope_drop ON public.idempotency_keys AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document', 'member'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.idempotency_keys TO ontrack_app;
ALTER TABLE public.imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.imports FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.imports USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.imports AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.imports AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.imports AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.imports AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.imports TO ontrack_app;
ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.notes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.notes USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.notes AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'visits' AND row_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'visits' AND row_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.notes AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_change ON public.notes AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_drop ON public.notes AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.notes TO ontrack_app;
ALTER TABLE public.number_patterns ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.number_patterns FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.number_patterns USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.number_patterns AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.number_patterns AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.number_patterns AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.number_patterns AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.number_patterns TO ontrack_app;
ALTER TABLE public.number_sequences ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.number_sequences FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.number_sequences USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.number_sequences AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.number_sequences AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.number_sequences AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.number_sequences AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.number_sequences TO ontrack_app;
ALTER TABLE public.outbox_messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox_messages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.outbox_messages USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.outbox_messages AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.outbox_messages AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.outbox_messages AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.outbox_messages AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY relay ON public.outbox_messages TO ontrack_worker USING (true) WITH CHECK (true);
CREATE POLICY inbox ON public.outbox_messages FOR INSERT TO ontrack_finder WITH CHECK (true);
GRANT SELECT, UPDATE, DELETE ON public.outbox_messages TO ontrack_worker;
GRANT INSERT ON public.outbox_messages TO ontrack_finder;
GRANT SELECT ON public.outbox_messages TO ontrack_app;
GRANT UPDATE (state, done_at, error) ON public.outbox_messages TO ontrack_app;
ALTER TABLE public.pipeline_stages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.pipeline_stages FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.pipeline_stages USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.pipeline_stages AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.pipeline_stages AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.pipeline_stages AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.pipeline_stages AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.pipeline_stages TO ontrack_app;
ALTER TABLE public.price_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.price_items FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.price_items USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.price_items AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.price_items AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.price_items AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.price_items AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.price_items FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.price_items TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.price_items TO ontrack_app;
ALTER TABLE public.signatures ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.signatures FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.signatures USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.signatures AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN row_id IN (SELECT app.my_estimates()) WHEN 'member' THEN false WHEN 'document' THEN row_id IN (SELECT app.my_estimates()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN row_id IN (SELECT app.my_estimates()) WHEN 'member' THEN false WHEN 'document' THEN row_id IN (SELECT app.my_estimates()) ELSE false END);
CREATE POLICY scope_add ON public.signatures AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY scope_change ON public.signatures AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY scope_drop ON public.signatures AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document'));
GRANT SELECT, INSERT ON public.signatures TO ontrack_app;
ALTER TABLE public.tax_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tax_codes FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.tax_codes USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.tax_codes AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.tax_codes AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.tax_codes AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.tax_codes AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.tax_codes FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.tax_codes TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.tax_codes TO ontrack_app;
ALTER TABLE public.contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.contacts USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.contacts AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN false WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN false WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
CREATE POLICY scope_add ON public.contacts AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.contacts AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.contacts AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.contacts FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.contacts TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.contacts TO ontrack_app;
ALTER TABLE public.import_refusals ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.import_refusals FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.import_refusals USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.import_refusals AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.import_refusals AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.import_refusals AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.import_refusals AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.import_refusals TO ontrack_app;
ALTER TABLE public.members ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.members FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.members USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.members AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = (SELECT app.member_id()) WHEN 'member' THEN id = (SELECT app.member_id()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = (SELECT app.member_id()) WHEN 'member' THEN id = (SELECT app.member_id()) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.members AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.members AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.members AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.members FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.members TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.members TO ontrack_app;
ALTER TABLE public.properties ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.properties FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.properties USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.properties AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_properties()) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_properties()) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
CREATE POLICY scope_add ON public.properties AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.properties AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.properties AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.properties FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.properties TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.properties TO ontrack_app;
ALTER TABLE public.jobs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.jobs FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.jobs USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.jobs AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_jobs()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_jobs()) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.jobs AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.jobs AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.jobs AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.jobs FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.jobs TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.jobs TO ontrack_app;
ALTER TABLE public.leads ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.leads FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.leads USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.leads AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.leads AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.leads AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.leads AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.leads FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.leads TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.leads TO ontrack_app;
ALTER TABLE public.estimates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.estimates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.estimates USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.estimates AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) AND stage <> 'draft' WHEN 'member' THEN false WHEN 'document' THEN id = (SELECT app.document_id()) AND stage <> 'draft' ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) AND stage <> 'draft' WHEN 'member' THEN false WHEN 'document' THEN id = (SELECT app.document_id()) AND stage <> 'draft' ELSE false END);
CREATE POLICY scope_add ON public.estimates AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY scope_change ON public.estimates AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY scope_drop ON public.estimates AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY finder ON public.estimates FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.estimates TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.estimates TO ontrack_app;
ALTER TABLE public.visits ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.visits FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.visits USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.visits AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN job_id IN (SELECT app.my_jobs()) WHEN 'member' THEN id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN job_id IN (SELECT app.my_jobs()) WHEN 'member' THEN id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.visits AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_change ON public.visits AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_drop ON public.visits AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY finder ON public.visits FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.visits TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.visits TO ontrack_app;
ALTER TABLE public.estimate_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.estimate_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.estimate_lines USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.estimate_lines AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN estimate_id IN (SELECT app.my_estimates()) WHEN 'member' THEN false WHEN 'document' THEN estimate_id IN (SELECT app.my_estimates()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN estimate_id IN (SELECT app.my_estimates()) WHEN 'member' THEN false WHEN 'document' THEN estimate_id IN (SELECT app.my_estimates()) ELSE false END);
CREATE POLICY scope_add ON public.estimate_lines AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.estimate_lines AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.estimate_lines AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.estimate_lines TO ontrack_app;
ALTER TABLE public.estimate_revisions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.estimate_revisions FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.estimate_revisions USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.estimate_revisions AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN estimate_id IN (SELECT app.my_estimates()) WHEN 'member' THEN false WHEN 'document' THEN estimate_id IN (SELECT app.my_estimates()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN estimate_id IN (SELECT app.my_estimates()) WHEN 'member' THEN false WHEN 'document' THEN estimate_id IN (SELECT app.my_estimates()) ELSE false END);
CREATE POLICY scope_add ON public.estimate_revisions AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.estimate_revisions AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.estimate_revisions AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT ON public.estimate_revisions TO ontrack_app;
ALTER TABLE public.invoices ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.invoices USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.invoices AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) AND stage <> 'draft' WHEN 'member' THEN false WHEN 'document' THEN id = (SELECT app.document_id()) AND stage <> 'draft' ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) AND stage <> 'draft' WHEN 'member' THEN false WHEN 'document' THEN id = (SELECT app.document_id()) AND stage <> 'draft' ELSE false END);
CREATE POLICY scope_add ON public.invoices AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.invoices AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.invoices AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.invoices FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.invoices TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.invoices TO ontrack_app;
ALTER TABLE public.visit_assignees ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.visit_assignees FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.visit_assignees USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.visit_assignees AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN visit_id IN (SELECT app.my_visits()) WHEN 'member' THEN visit_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN visit_id IN (SELECT app.my_visits()) WHEN 'member' THEN visit_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.visit_assignees AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.visit_assignees AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.visit_assignees AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.visit_assignees FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.visit_assignees TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.visit_assignees TO ontrack_app;
ALTER TABLE public.invoice_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invoice_lines FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.invoice_lines USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.invoice_lines AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN invoice_id IN (SELECT app.my_invoices()) WHEN 'member' THEN false WHEN 'document' THEN invoice_id IN (SELECT app.my_invoices()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN invoice_id IN (SELECT app.my_invoices()) WHEN 'member' THEN false WHEN 'document' THEN invoice_id IN (SELECT app.my_invoices()) ELSE false END);
CREATE POLICY scope_add ON public.invoice_lines AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.invoice_lines AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.invoice_lines AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.invoice_lines TO ontrack_app;
ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.payments USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.payments AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN false WHEN 'document' THEN invoice_id = (SELECT app.document_id()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN false WHEN 'document' THEN invoice_id = (SELECT app.document_id()) ELSE false END);
CREATE POLICY scope_add ON public.payments AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY scope_change ON public.payments AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY scope_drop ON public.payments AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'clients', 'document'));
CREATE POLICY finder ON public.payments FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.payments TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.payments TO ontrack_app;
ALTER TABLE public.allocations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.allocations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.allocations USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.allocations AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN invoice_id IN (SELECT app.my_invoices()) WHEN 'member' THEN false WHEN 'document' THEN invoice_id IN (SELECT app.my_invoices()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN invoice_id IN (SELECT app.my_invoices()) WHEN 'member' THEN false WHEN 'document' THEN invoice_id IN (SELECT app.my_invoices()) ELSE false END);
CREATE POLICY scope_add ON public.allocations AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.allocations AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.allocations AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT ON public.allocations TO ontrack_app;
ALTER TABLE public.ledger_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_entries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.ledger_entries USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.ledger_entries AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN false WHEN 'document' THEN invoice_id = (SELECT app.document_id()) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN false WHEN 'document' THEN invoice_id = (SELECT app.document_id()) ELSE false END);
CREATE POLICY scope_add ON public.ledger_entries AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.ledger_entries AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.ledger_entries AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT ON public.ledger_entries TO ontrack_app;
CREATE INDEX ix_clients_search ON public.clients USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_clients(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.clients WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_clients(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_clients(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_clients(text, integer) TO ontrack_app;
CREATE INDEX ix_contacts_search ON public.contacts USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_contacts(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.contacts WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_contacts(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_contacts(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_contacts(text, integer) TO ontrack_app;
CREATE INDEX ix_estimates_search ON public.estimates USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_estimates(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.estimates WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_estimates(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_estimates(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_estimates(text, integer) TO ontrack_app;
CREATE INDEX ix_invoices_search ON public.invoices USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_invoices(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.invoices WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_invoices(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_invoices(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_invoices(text, integer) TO ontrack_app;
CREATE INDEX ix_jobs_search ON public.jobs USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_jobs(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.jobs WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_jobs(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_jobs(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_jobs(text, integer) TO ontrack_app;
CREATE INDEX ix_leads_search ON public.leads USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_leads(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.leads WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_leads(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_leads(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_leads(text, integer) TO ontrack_app;
CREATE INDEX ix_members_search ON public.members USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_members(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.members WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_members(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_members(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_members(text, integer) TO ontrack_app;
CREATE INDEX ix_payments_search ON public.payments USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_payments(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.payments WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_payments(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_payments(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_payments(text, integer) TO ontrack_app;
CREATE INDEX ix_price_items_search ON public.price_items USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_price_items(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.price_items WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_price_items(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_price_items(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_price_items(text, integer) TO ontrack_app;
CREATE INDEX ix_properties_search ON public.properties USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_properties(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.properties WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_properties(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_properties(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_properties(text, integer) TO ontrack_app;
CREATE INDEX ix_tax_codes_search ON public.tax_codes USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_tax_codes(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.tax_codes WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_tax_codes(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_tax_codes(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_tax_codes(text, integer) TO ontrack_app;
CREATE INDEX ix_visits_search ON public.visits USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_visits(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
  SELECT id FROM public.visits WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
$$;
ALTER FUNCTION app.search_visits(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_visits(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_visits(text, integer) TO ontrack_app;
