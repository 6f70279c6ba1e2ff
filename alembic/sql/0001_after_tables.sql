-- The trail and the promises of a transaction, written together, last of all: the head's lock orders the chain.
CREATE FUNCTION app.entry_hash(p_before text, e public.audit_entries) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(p_before, e.tenant_id, e.n, extract(epoch FROM e.at), e.actor_id, e.actor_name,
    e.actor_role, e.word, e.noun, e.row_id, e.before, e.after, e.reason, e.ip)::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION app.seal(p_entries jsonb, p_messages jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE t uuid := app.tenant_id(); h public.audit_heads; e public.audit_entries; item jsonb;
  v_at timestamptz := clock_timestamp();
BEGIN
  -- Only whoever signed in as the owner may tell a past (the demo does); the application's role cannot.
  IF session_user = 'ontrack_owner' AND current_setting('app.clock', true) <> '' THEN
    v_at := current_setting('app.clock')::timestamptz;
  END IF;
  IF jsonb_array_length(p_messages) > 0 THEN
    INSERT INTO public.outbox_messages (tenant_id, id, function, arguments, actor_id, actor_name, state, created_at, due_at, fence, attempts, error)
    SELECT t, uuidv7(), m->>'function', m->'arguments', (m->>'actor_id')::uuid, coalesce(m->>'actor_name', ''), 'waiting', now(),
           coalesce((m->>'due_at')::timestamptz, now()), 0, 0, '' FROM jsonb_array_elements(p_messages) m;
    PERFORM pg_notify('ontrack_outbox', '');
  END IF;
  IF jsonb_array_length(p_entries) = 0 THEN RETURN; END IF;
  SELECT * INTO STRICT h FROM public.audit_heads WHERE tenant_id = t FOR UPDATE;
  FOR item IN SELECT * FROM jsonb_array_elements(p_entries) LOOP
    e := jsonb_populate_record(NULL::public.audit_entries, item);
    e.tenant_id := t;
    e.n := h.n + 1;
    e.at := v_at;
    e.hash := app.entry_hash(h.hash, e);
    INSERT INTO public.audit_entries VALUES (e.*);
    h.n := e.n;
    h.hash := e.hash;
  END LOOP;
  UPDATE public.audit_heads SET n = h.n, hash = h.hash WHERE tenant_id = t;
END $$;

-- The first row at which the current tenant's chain does not hold, or null: a changed, missing, added or cut-off row.
CREATE FUNCTION app.first_broken_entry() RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT e.n, e.hash, row_number() OVER (ORDER BY e.n) AS place,
           app.entry_hash(coalesce(lag(e.hash) OVER (ORDER BY e.n), ''), e) AS expected
    FROM public.audit_entries e WHERE e.tenant_id = app.tenant_id()
  ), last AS (SELECT max(n) AS n FROM chain)
  SELECT coalesce(
    (SELECT min(n) FROM chain WHERE hash IS DISTINCT FROM expected OR n <> place),
    (SELECT coalesce(last.n, 0) + 1 FROM public.audit_heads h, last WHERE h.tenant_id = app.tenant_id()
       AND (h.n <> coalesce(last.n, 0) OR h.hash <> coalesce((SELECT hash FROM chain WHERE chain.n = last.n), ''))))
$$;

-- What the narrow scopes reach. Owned by the finder, so that the policies that call them do not call each other.
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
CREATE FUNCTION app.my_estimates() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM public.estimates WHERE tenant_id = app.tenant_id() AND stage <> 'draft' AND CASE app.scope()
    WHEN 'clients' THEN client_id = ANY (app.client_ids()) WHEN 'document' THEN id = app.document_id() ELSE false END
$$;
CREATE FUNCTION app.my_invoices() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT id FROM public.invoices WHERE tenant_id = app.tenant_id() AND stage <> 'draft' AND CASE app.scope()
    WHEN 'clients' THEN client_id = ANY (app.client_ids()) WHEN 'document' THEN id = app.document_id() ELSE false END
$$;

-- A new company, whole: only the owner may call it (the command line, the demo, tests).
CREATE FUNCTION app.add_tenant(p_id uuid, p_slug text, p_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', p_id::text, true), set_config('app.scope', 'all', true);
  INSERT INTO public.tenants (id, slug, name, legal_name, stage, timezone, currency, locale, tax_level, payment_terms_days,
    phone, email, street, city, region, postal_code, country, brand, document_terms, version, created_at, updated_at)
  VALUES (p_id, p_slug, p_name, p_name, 'active', 'America/Chicago', 'USD', 'en_US', 'document', 15,
    '', '', '', '', '', '', 'US', '{}', '', 1, now(), now());
  INSERT INTO public.audit_heads (tenant_id, n, hash) VALUES (p_id, 0, '');
END $$;

-- Issued invoices are never edited.
CREATE FUNCTION app.keep_issued_lines() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM public.invoices i WHERE i.tenant_id = coalesce(NEW.tenant_id, OLD.tenant_id)
             AND i.id = coalesce(NEW.invoice_id, OLD.invoice_id) AND i.stage <> 'draft') THEN
    RAISE EXCEPTION 'The lines of an issued invoice do not change.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER keep_issued_lines BEFORE INSERT OR UPDATE OR DELETE ON public.invoice_lines
FOR EACH ROW EXECUTE FUNCTION app.keep_issued_lines();
