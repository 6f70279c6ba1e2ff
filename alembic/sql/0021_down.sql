-- Back to claims that stay on the phone when their visit has gone.
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
