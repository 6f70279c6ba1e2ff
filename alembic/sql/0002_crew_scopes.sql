-- What a crew or a customer sees of visits and what hangs on them is asked row by row: the sets of before were worked out
-- whole for every statement, and grew with each visit that a crew had ever done.
-- Owned by the finder, so that the policies that call them do not call each other.
CREATE FUNCTION app.sees_visit(p_visit uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE app.scope()
    WHEN 'member' THEN EXISTS (
      SELECT 1 FROM public.visit_assignees a JOIN public.visits v ON v.tenant_id = a.tenant_id AND v.id = a.visit_id
      WHERE a.tenant_id = app.tenant_id() AND a.visit_id = p_visit AND a.member_id = app.member_id() AND v.archived_at IS NULL)
    WHEN 'clients' THEN EXISTS (
      SELECT 1 FROM public.visits v JOIN public.jobs j ON j.tenant_id = v.tenant_id AND j.id = v.job_id
      WHERE v.tenant_id = app.tenant_id() AND v.id = p_visit AND j.client_id = ANY (app.client_ids()))
    ELSE false END
$$;
CREATE FUNCTION app.sees_job(p_job uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE app.scope()
    WHEN 'member' THEN EXISTS (
      SELECT 1 FROM public.visits v JOIN public.visit_assignees a ON a.tenant_id = v.tenant_id AND a.visit_id = v.id
      WHERE v.tenant_id = app.tenant_id() AND v.job_id = p_job AND v.archived_at IS NULL AND a.member_id = app.member_id())
    WHEN 'clients' THEN EXISTS (
      SELECT 1 FROM public.jobs j WHERE j.tenant_id = app.tenant_id() AND j.id = p_job AND j.client_id = ANY (app.client_ids()))
    ELSE false END
$$;
CREATE FUNCTION app.sees_client(p_client uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.jobs j WHERE j.tenant_id = app.tenant_id() AND j.client_id = p_client AND app.sees_job(j.id))
$$;
CREATE FUNCTION app.sees_property(p_property uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (SELECT 1 FROM public.jobs j WHERE j.tenant_id = app.tenant_id() AND j.property_id = p_property AND app.sees_job(j.id))
$$;
DROP POLICY scope_seen ON public.clients;
CREATE POLICY scope_seen ON public.clients AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_client(id) WHEN 'document' THEN id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_client(id) WHEN 'document' THEN id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
DROP POLICY scope_seen ON public.properties;
CREATE POLICY scope_seen ON public.properties AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_property(id) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_property(id) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
DROP POLICY scope_seen ON public.jobs;
CREATE POLICY scope_seen ON public.jobs AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_job(id) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_job(id) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.visits;
CREATE POLICY scope_seen ON public.visits AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN app.sees_job(job_id) WHEN 'member' THEN app.sees_visit(id) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN app.sees_job(job_id) WHEN 'member' THEN app.sees_visit(id) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.visit_assignees;
CREATE POLICY scope_seen ON public.visit_assignees AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN app.sees_visit(visit_id) WHEN 'member' THEN app.sees_visit(visit_id) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN app.sees_visit(visit_id) WHEN 'member' THEN app.sees_visit(visit_id) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.notes;
CREATE POLICY scope_seen ON public.notes AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'visits' AND app.sees_visit(row_id) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'visits' AND app.sees_visit(row_id) WHEN 'document' THEN false ELSE false END);
DROP FUNCTION app.my_clients(), app.my_properties(), app.my_visits(), app.my_jobs();
