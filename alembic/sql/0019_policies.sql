-- Checklists are the office's: crews get the steps of their visits, not the list of lists.
ALTER TABLE public.checklist_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.checklist_templates FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.checklist_templates USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.checklist_templates AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.checklist_templates AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.checklist_templates AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.checklist_templates AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.checklist_templates TO ontrack_app;
