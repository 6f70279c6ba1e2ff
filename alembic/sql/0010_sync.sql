-- The outlet: who is told of what was written, in one order for each company.
-- `p_touched` holds the rows of a transaction that crews may see: {noun, id, visit, member, wide}. With a visit, everybody who
-- goes on it is told (or the one member that is named); `wide` says that the visit comes to them or goes, and with it all that
-- hangs on it. The counter's lock is held from here to the commit, so numbers appear in the order in which they were given; who
-- goes on a visit is asked under that lock, so nobody who was sent there meanwhile is left out. A company without phones pays
-- one look; its first phone waits for the transactions that took that look (`app.hold_devices`).
CREATE FUNCTION app.note_changes(p_touched jsonb, p_writers jsonb) RETURNS void
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
    UNION SELECT 'notes', c.id, m.member FROM moving m JOIN public.notes c ON c.tenant_id = t AND c.noun = 'visits' AND c.row_id = m.visit
    UNION SELECT 'checklist_items', c.id, m.member FROM moving m JOIN public.checklist_items c ON c.tenant_id = t AND c.visit_id = m.visit
    UNION SELECT 'materials', c.id, m.member FROM moving m JOIN public.materials c ON c.tenant_id = t AND c.visit_id = m.visit
    UNION SELECT 'tasks', c.id, m.member FROM moving m JOIN public.tasks c ON c.tenant_id = t AND c.visit_id = m.visit
    UNION SELECT 'signatures', c.id, m.member FROM moving m JOIN public.signatures c ON c.tenant_id = t AND c.noun = 'visits' AND c.row_id = m.visit
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.visits v ON v.tenant_id = t AND v.job_id = x.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'jobs'
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.jobs j ON j.tenant_id = t AND j.property_id = x.id
      JOIN public.visits v ON v.tenant_id = t AND v.job_id = j.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'properties'
    UNION SELECT x.noun, x.id, a.member_id FROM touched x JOIN public.jobs j ON j.tenant_id = t AND j.client_id = x.id
      JOIN public.visits v ON v.tenant_id = t AND v.job_id = j.id
      JOIN public.visit_assignees a ON a.tenant_id = t AND a.visit_id = v.id WHERE x.noun = 'clients'
  )
  INSERT INTO public.changes (tenant_id, n, member_id, noun, row_id, at)
  SELECT t, v_n + row_number() OVER (), r.member, r.noun, r.id, clock_timestamp() FROM reached r
  WHERE r.id IS NOT NULL AND EXISTS (
    SELECT FROM public.devices d WHERE d.tenant_id = t AND d.member_id = r.member AND d.revoked_at IS NULL);
  GET DIAGNOSTICS v_count = ROW_COUNT;
  IF v_count > 0 THEN UPDATE public.tenant_counters SET n = v_n + v_count WHERE tenant_id = t; END IF;
END $$;

-- Changes first, the trail's head last: everybody takes these locks in this order.
CREATE FUNCTION app.seal(p_entries jsonb, p_messages jsonb, p_changes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
BEGIN
  PERFORM app.note_changes(p_changes->'touched', p_changes->'writers');
  PERFORM app.seal(p_entries, p_messages);
END $$;

-- The company's counter, locked until the end of the transaction: what a push takes before anything else of the protocol.
CREATE FUNCTION app.hold_counter() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_n bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtextextended('devices ' || app.tenant_id(), 0));
  SELECT n INTO v_n FROM public.tenant_counters WHERE tenant_id = app.tenant_id() FOR UPDATE;
  RETURN coalesce(v_n, 0);
END $$;

-- Before a device is added: waits for every transaction that has looked for devices and found none of this one.
CREATE FUNCTION app.hold_devices() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('devices ' || app.tenant_id(), 0));
  INSERT INTO public.tenant_counters (tenant_id, n, forgotten) VALUES (app.tenant_id(), 0, 0) ON CONFLICT DO NOTHING;
END $$;

-- Forgets changes that no phone asks for any more; one that does starts again from a snapshot.
CREATE FUNCTION app.forget_changes(p_before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_n bigint;
BEGIN
  SELECT max(n) INTO v_n FROM public.changes WHERE tenant_id = app.tenant_id() AND at < p_before;
  IF v_n IS NULL THEN RETURN 0; END IF;
  UPDATE public.tenant_counters SET forgotten = greatest(forgotten, v_n) WHERE tenant_id = app.tenant_id();
  DELETE FROM public.changes WHERE tenant_id = app.tenant_id() AND n <= v_n;
  RETURN v_n;
END $$;
REVOKE ALL ON FUNCTION app.note_changes(jsonb, jsonb), app.seal(jsonb, jsonb, jsonb), app.hold_counter(), app.hold_devices(), app.forget_changes(timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION app.seal(jsonb, jsonb, jsonb), app.hold_counter(), app.hold_devices(), app.forget_changes(timestamptz) TO ontrack_app;
