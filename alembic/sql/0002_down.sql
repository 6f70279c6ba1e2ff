-- Back to sets worked out whole.
CREATE FUNCTION app.my_visits() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.visit_id FROM public.visit_assignees a JOIN public.visits v ON v.tenant_id = a.tenant_id AND v.id = a.visit_id
  WHERE a.tenant_id = app.tenant_id() AND app.scope() = 'member' AND a.member_id = app.member_id() AND v.archived_at IS NULL
  UNION ALL
  SELECT v.id FROM public.visits v JOIN public.jobs j ON j.tenant_id = v.tenant_id AND j.id = v.job_id
  WHERE v.tenant_id = app.tenant_id() AND app.scope() = 'clients' AND j.client_id = ANY (app.client_ids())
$$;
CREATE FUNCTION app.my_jobs() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT v.job_id FROM public.visit_assignees a JOIN public.visits v ON v.tenant_id = a.tenant_id AND v.id = a.visit_id
  WHERE a.tenant_id = app.tenant_id() AND app.scope() = 'member' AND a.member_id = app.member_id() AND v.archived_at IS NULL
  UNION ALL
  SELECT id FROM public.jobs WHERE tenant_id = app.tenant_id() AND app.scope() = 'clients' AND client_id = ANY (app.client_ids())
$$;
CREATE FUNCTION app.my_clients() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT client_id FROM public.jobs WHERE tenant_id = app.tenant_id() AND id IN (SELECT app.my_jobs()) $$;
CREATE FUNCTION app.my_properties() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT property_id FROM public.jobs WHERE tenant_id = app.tenant_id() AND id IN (SELECT app.my_jobs()) $$;
DROP POLICY scope_seen ON public.clients;
CREATE POLICY scope_seen ON public.clients AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_clients()) WHEN 'document' THEN id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_clients()) WHEN 'document' THEN id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
DROP POLICY scope_seen ON public.properties;
CREATE POLICY scope_seen ON public.properties AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_properties()) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_properties()) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
DROP POLICY scope_seen ON public.jobs;
CREATE POLICY scope_seen ON public.jobs AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_jobs()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN id IN (SELECT app.my_jobs()) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.visits;
CREATE POLICY scope_seen ON public.visits AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN job_id IN (SELECT app.my_jobs()) WHEN 'member' THEN id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN job_id IN (SELECT app.my_jobs()) WHEN 'member' THEN id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.visit_assignees;
CREATE POLICY scope_seen ON public.visit_assignees AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN visit_id IN (SELECT app.my_visits()) WHEN 'member' THEN visit_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN visit_id IN (SELECT app.my_visits()) WHEN 'member' THEN visit_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.notes;
CREATE POLICY scope_seen ON public.notes AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'visits' AND row_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'visits' AND row_id IN (SELECT app.my_visits()) WHEN 'document' THEN false ELSE false END);
DROP FUNCTION app.sees_client(uuid), app.sees_property(uuid), app.sees_visit(uuid), app.sees_job(uuid);
