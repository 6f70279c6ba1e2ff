-- The trail of a company, readable and exported; keys with names; refusals on record; chains that name their first bad row.
CREATE INDEX ix_security_events_tenant ON auth.security_events (tenant_id, n);

-- Facts stay as they were written, also for the owner of the tables: whoever changes one must first take this away.
CREATE FUNCTION app.keep_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'What was written down here is never changed.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON public.audit_entries FOR EACH ROW EXECUTE FUNCTION app.keep_facts();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON public.audit_entries FOR EACH STATEMENT EXECUTE FUNCTION app.keep_facts();
CREATE TRIGGER keep_facts BEFORE UPDATE OR DELETE ON auth.security_events FOR EACH ROW EXECUTE FUNCTION app.keep_facts();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON auth.security_events FOR EACH STATEMENT EXECUTE FUNCTION app.keep_facts();

-- The first row at which the current tenant's chain does not hold, or null: a changed, missing, added or cut-off row, or a
-- head that says something else than the rows. A row that is missing is named by its own number.
CREATE OR REPLACE FUNCTION app.first_broken_entry() RETURNS bigint LANGUAGE sql STABLE AS $$
  WITH chain AS (
    SELECT e.n, e.hash, row_number() OVER (ORDER BY e.n) AS place,
           app.entry_hash(coalesce(lag(e.hash) OVER (ORDER BY e.n), ''), e) AS expected
    FROM public.audit_entries e WHERE e.tenant_id = app.tenant_id()
  ), bad AS (SELECT min(least(n, place)) AS n FROM chain WHERE hash IS DISTINCT FROM expected OR n <> place
  ), ends AS (
    SELECT coalesce((SELECT max(n) FROM chain), 0) AS last, coalesce((SELECT hash FROM chain ORDER BY n DESC LIMIT 1), '') AS hash,
           (SELECT n FROM public.audit_heads WHERE tenant_id = app.tenant_id()) AS head_n,
           (SELECT hash FROM public.audit_heads WHERE tenant_id = app.tenant_id()) AS head_hash)
  SELECT CASE WHEN bad.n IS NOT NULL THEN least(bad.n, coalesce(ends.head_n, bad.n - 1) + 1)
              WHEN ends.head_n IS NULL THEN ends.last
              WHEN ends.head_n <> ends.last THEN least(ends.head_n, ends.last) + 1
              WHEN ends.head_hash <> ends.hash THEN ends.last END
  FROM bad, ends
$$;

CREATE OR REPLACE FUNCTION auth.first_broken_event() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH chain AS (
    SELECT e.n, e.hash, row_number() OVER (ORDER BY e.n) AS place,
           auth.event_hash(coalesce(lag(e.hash) OVER (ORDER BY e.n), ''), e) AS expected
    FROM auth.security_events e
  ), bad AS (SELECT min(least(n, place)) AS n FROM chain WHERE hash IS DISTINCT FROM expected OR n <> place
  ), ends AS (
    SELECT coalesce((SELECT max(n) FROM chain), 0) AS last, coalesce((SELECT hash FROM chain ORDER BY n DESC LIMIT 1), '') AS hash,
           (SELECT n FROM auth.security_head) AS head_n, (SELECT hash FROM auth.security_head) AS head_hash)
  SELECT CASE WHEN bad.n IS NOT NULL THEN least(bad.n, coalesce(ends.head_n, bad.n - 1) + 1)
              WHEN ends.head_n IS NULL THEN ends.last
              WHEN ends.head_n <> ends.last THEN least(ends.head_n, ends.last) + 1
              WHEN ends.head_hash <> ends.hash THEN ends.last END
  FROM bad, ends
$$;

-- Where the security chain stood at an event (null: where it stands now), for a check against what was seen there before.
CREATE FUNCTION auth.security_place(p_n bigint) RETURNS TABLE (n bigint, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.n, e.hash FROM auth.security_events e WHERE e.n = coalesce(p_n, (SELECT h.n FROM auth.security_head h))
$$;

-- Every company there is, whatever its stage: none is left out of a check.
CREATE FUNCTION auth.every_tenant() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT id FROM public.tenants ORDER BY id $$;

-- The security events of the present company, newest first; for actors who see all of it. The service asks for the right.
CREATE FUNCTION auth.tenant_events(p_before bigint, p_after bigint, p_most integer, p_words text[], p_email text, p_since timestamptz, p_until timestamptz, p_q text)
RETURNS TABLE (n bigint, at timestamptz, word text, email text, ip text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT e.n, e.at, e.word, e.email, e.ip, e.detail FROM auth.security_events e
  WHERE e.tenant_id = app.tenant_id() AND app.scope() = 'all'
    AND (p_before IS NULL OR e.n < p_before) AND (p_after IS NULL OR e.n > p_after)
    AND (p_words IS NULL OR e.word = ANY (p_words)) AND (p_email IS NULL OR e.email = p_email)
    AND (p_q IS NULL OR strpos(lower(concat_ws(' ', e.email, e.detail, e.ip)), lower(p_q)) > 0)
    AND (p_since IS NULL OR e.at >= p_since) AND (p_until IS NULL OR e.at < p_until)
  ORDER BY CASE WHEN p_after IS NULL THEN -e.n ELSE e.n END LIMIT p_most
$$;

CREATE FUNCTION auth.tenant_event_words() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT DISTINCT e.word FROM auth.security_events e WHERE e.tenant_id = app.tenant_id() AND app.scope() = 'all' ORDER BY 1
$$;

-- A refusal on record. Whoever tries again and again is counted, not written down each time: twenty events a minute at most
-- for one source, three hundred for one company (so that no company's flood hides another's events); `p_times` says how often a source was refused in this minute so far.
CREATE FUNCTION auth.note_refusal(p_source text, p_email text, p_tenant uuid, p_ip text, p_detail text, p_times integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT auth.hit('refusal ' || left(p_source, 200), 60, 20) OR NOT auth.hit('refusals ' || coalesce(p_tenant::text, ''), 60, 300) THEN RETURN false; END IF;
  PERFORM auth.note_security('access.refused', coalesce(p_email, ''), p_tenant, left(p_ip, 60),
    left(p_detail, 300) || CASE WHEN p_times > 1 THEN ' (' || p_times || ' times in this minute)' ELSE '' END);
  RETURN true;
END $$;

-- API keys: named, listed, revoked. A key is made for an active member of the present company, by somebody who sees all of it.
ALTER TABLE auth.api_keys ADD COLUMN name text NOT NULL DEFAULT '';
CREATE INDEX ix_api_keys_tenant ON auth.api_keys (tenant_id, id);
DROP FUNCTION auth.add_key(text, uuid, text[], timestamptz);
CREATE FUNCTION auth.add_key(p_hash text, p_user uuid, p_scopes text[], p_expires timestamptz, p_name text DEFAULT '', p_by text DEFAULT '', p_ip text DEFAULT '')
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v uuid; v_email text;
BEGIN
  SELECT m.email INTO v_email FROM public.members m
  WHERE m.tenant_id = app.tenant_id() AND m.user_id = p_user AND m.active AND m.archived_at IS NULL AND app.scope() = 'all';
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO auth.api_keys (hash, tenant_id, user_id, scopes, expires_at, name)
  VALUES (p_hash, app.tenant_id(), p_user, p_scopes, least(p_expires, now() + interval '366 days'), left(p_name, 80)) RETURNING id INTO v;
  PERFORM auth.note_security('key.added', p_by, app.tenant_id(), p_ip, 'for ' || v_email);
  RETURN v;
END $$;

CREATE FUNCTION auth.tenant_keys(p_before uuid, p_most integer)
RETURNS TABLE (id uuid, user_id uuid, name text, scopes text[], created_at timestamptz, expires_at timestamptz, used_at timestamptz, revoked_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.id, k.user_id, k.name, k.scopes, k.created_at, k.expires_at, k.used_at, k.revoked_at FROM auth.api_keys k
  WHERE k.tenant_id = app.tenant_id() AND app.scope() = 'all' AND (p_before IS NULL OR k.id < p_before)
  ORDER BY k.id DESC LIMIT p_most
$$;

-- Ends a key of the present company at once, and says whose it was and how it was called: no row where there is none,
-- `ended` false where it had ended before.
CREATE FUNCTION auth.revoke_key(p_id uuid, p_by text, p_ip text) RETURNS TABLE (ended boolean, user_id uuid, name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE k auth.api_keys;
BEGIN
  SELECT * INTO k FROM auth.api_keys a WHERE a.id = p_id AND a.tenant_id = app.tenant_id() AND app.scope() = 'all' FOR UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  IF k.revoked_at IS NULL THEN
    UPDATE auth.api_keys a SET revoked_at = now() WHERE a.id = p_id;
    PERFORM auth.note_security('key.revoked', p_by, k.tenant_id, p_ip, 'of ' || (SELECT u.email FROM auth.users u WHERE u.id = k.user_id));
  END IF;
  RETURN QUERY SELECT k.revoked_at IS NULL, k.user_id, k.name;
END $$;
