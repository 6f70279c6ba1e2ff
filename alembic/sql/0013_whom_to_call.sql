-- What a crew's phone holds besides: whom to call, who else goes, and materials to choose from without their prices.
CREATE OR REPLACE FUNCTION app.note_changes(p_touched jsonb, p_writers jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE t uuid := app.tenant_id(); v_n bigint; v_count bigint;
BEGIN
  IF jsonb_array_length(p_writers) > 0 THEN
    INSERT INTO public.field_writers (tenant_id, id, noun, row_id, field, value_hash, mutation_id)
    SELECT t, uuidv7(), w->>'noun', (w->>'id')::uuid, w->>'field', w->>'hash', (w->>'writer')::uuid FROM jsonb_array_elements(p_writers) w
    ON CONFLICT (tenant_id, noun, row_id, field) DO UPDATE SET value_hash = excluded.value_hash, mutation_id = excluded.mutation_id;
  END IF;
  IF jsonb_array_length(p_touched) = 0 THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('devices ' || t, 0));
  IF NOT EXISTS (SELECT FROM public.devices WHERE tenant_id = t AND revoked_at IS NULL) THEN RETURN; END IF;
  SELECT n INTO STRICT v_n FROM public.tenant_counters WHERE tenant_id = t FOR UPDATE;
  WITH touched AS (
    SELECT * FROM jsonb_to_recordset(p_touched) AS x(noun text, id uuid, visit uuid, member uuid, wide boolean)
  ), on_visits AS (
    SELECT x.noun, x.id, x.visit, coalesce(x.member, a.member_id) AS member, x.wide FROM touched x
    LEFT JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = x.visit AND x.member IS NULL
    WHERE x.visit IS NOT NULL
  ), moving AS (
    SELECT DISTINCT o.visit, o.member, v.job_id, j.property_id, j.client_id FROM on_visits o
    JOIN public.visits v ON v.tenant_id = t AND v.id = o.visit JOIN public.jobs j ON j.tenant_id = t AND j.id = v.job_id
    WHERE o.wide AND o.member IS NOT NULL
  ), reached AS (
    SELECT noun, id, member FROM touched WHERE visit IS NULL AND member IS NOT NULL
    UNION SELECT noun, id, member FROM on_visits
    UNION SELECT 'jobs', job_id, member FROM moving
    UNION SELECT 'properties', property_id, member FROM moving
    UNION SELECT 'clients', client_id, member FROM moving
    UNION SELECT 'contacts', c.id, m.member FROM moving m JOIN public.contacts c ON c.tenant_id = t AND c.client_id = m.client_id
    UNION SELECT 'notes', c.id, m.member FROM moving m JOIN public.notes c ON c.tenant_id = t AND c.noun = 'visits' AND c.row_id = m.visit
    UNION SELECT 'checklist_items', c.id, m.member FROM moving m JOIN public.checklist_items c ON c.tenant_id = t AND c.visit_id = m.visit
    UNION SELECT 'materials', c.id, m.member FROM moving m JOIN public.materials c ON c.tenant_id = t AND c.visit_id = m.visit
    UNION SELECT 'tasks', c.id, m.member FROM moving m JOIN public.tasks c ON c.tenant_id = t AND c.visit_id = m.visit
    UNION SELECT 'signatures', c.id, m.member FROM moving m JOIN public.signatures c ON c.tenant_id = t AND c.noun = 'visits' AND c.row_id = m.visit
    UNION SELECT 'files', c.id, m.member FROM moving m JOIN public.files c ON c.tenant_id = t AND c.noun = 'visits' AND c.row_id = m.visit
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.visits v ON v.tenant_id = t AND v.job_id = x.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'jobs'
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.jobs j ON j.tenant_id = t AND j.property_id = x.id
      JOIN public.visits v ON v.tenant_id = t AND v.job_id = j.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'properties'
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.jobs j ON j.tenant_id = t AND j.client_id = x.id
      JOIN public.visits v ON v.tenant_id = t AND v.job_id = j.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'clients'
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.contacts c ON c.tenant_id = t AND c.id = x.id
      JOIN public.jobs j ON j.tenant_id = t AND j.client_id = c.client_id JOIN public.visits v ON v.tenant_id = t AND v.job_id = j.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'contacts'
    UNION SELECT 'visits', v.id, b.member_id FROM touched x JOIN public.visit_assignees a ON a.tenant_id = t AND a.member_id = x.id
      JOIN public.visits v ON v.tenant_id = t AND v.id = a.visit_id
      JOIN public.visit_assignees b ON b.tenant_id = t AND b.visit_id = v.id
      WHERE x.noun = 'members' AND (v.planned_start > now() - interval '16 days' OR v.stage IN ('en_route', 'on_site', 'paused'))
    UNION SELECT x.noun, x.id, d.member_id FROM touched x JOIN public.devices d ON d.tenant_id = t AND d.revoked_at IS NULL
      WHERE x.noun = 'stock'
  )
  INSERT INTO public.changes (tenant_id, n, member_id, noun, row_id, at)
  SELECT t, v_n + row_number() OVER (), r.member, r.noun, r.id, clock_timestamp() FROM reached r
  WHERE r.id IS NOT NULL AND EXISTS (
    SELECT FROM public.devices d WHERE d.tenant_id = t AND d.member_id = r.member AND d.revoked_at IS NULL);
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count > 0 THEN UPDATE public.tenant_counters SET n = v_n + v_count WHERE tenant_id = t; END IF;
END $$;
-- What a crew chooses materials from: the price book's names, never what they cost or sell for.
CREATE FUNCTION app.stock() RETURNS TABLE (id uuid, name varchar, unit varchar, code varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p.id, p.name, p.unit, p.code FROM public.price_items p
  WHERE p.tenant_id = app.tenant_id() AND p.kind = 'material' AND p.archived_at IS NULL AND app.scope() IN ('all', 'member')
$$;

-- Who goes on these visits, by name; of visits on which the asker goes.
CREATE FUNCTION app.crews(p_visits uuid[]) RETURNS TABLE (visit_id uuid, id uuid, name varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT b.visit_id, m.id, m.name FROM public.visit_assignees a
  JOIN public.visit_assignees b ON b.tenant_id = a.tenant_id AND b.visit_id = a.visit_id
  JOIN public.members m ON m.tenant_id = b.tenant_id AND m.id = b.member_id
  WHERE a.tenant_id = app.tenant_id() AND a.member_id = app.member_id() AND a.visit_id = ANY (p_visits)
$$;
REVOKE ALL ON FUNCTION app.stock(), app.crews(uuid[]) FROM public;
GRANT EXECUTE ON FUNCTION app.stock(), app.crews(uuid[]) TO ontrack_app;
DROP POLICY scope_seen ON public.field_writers;
CREATE POLICY scope_seen ON public.field_writers AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'properties' AND app.sees_property(row_id) OR noun = 'contacts' AND EXISTS (SELECT FROM public.contacts c WHERE c.id = row_id AND app.sees_client(c.client_id)) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN noun = 'properties' AND app.sees_property(row_id) OR noun = 'contacts' AND EXISTS (SELECT FROM public.contacts c WHERE c.id = row_id AND app.sees_client(c.client_id)) WHEN 'document' THEN false ELSE false END);
DROP POLICY scope_seen ON public.contacts;
DROP POLICY scope_add ON public.contacts;
DROP POLICY scope_change ON public.contacts;
DROP POLICY scope_drop ON public.contacts;
CREATE POLICY scope_seen ON public.contacts AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_client(client_id) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) WHEN 'member' THEN app.sees_client(client_id) WHEN 'document' THEN client_id = ANY ((SELECT app.client_ids())::uuid[]) ELSE false END);
CREATE POLICY scope_add ON public.contacts AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_change ON public.contacts AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_drop ON public.contacts AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
