-- Back to keys without names, and chains as they were first checked.
DROP FUNCTION auth.security_place(bigint), auth.every_tenant(), auth.tenant_event_words(), auth.revoke_key(uuid, text, text),
  auth.tenant_events(bigint, bigint, integer, text[], text, timestamptz, timestamptz, text),
  auth.note_refusal(text, text, uuid, text, text, integer), auth.tenant_keys(uuid, integer),
  auth.add_key(text, uuid, text[], timestamptz, text, text, text);
DROP INDEX auth.ix_security_events_tenant, auth.ix_api_keys_tenant;
ALTER TABLE auth.api_keys DROP COLUMN name;
DROP TRIGGER keep_facts ON public.audit_entries;
DROP TRIGGER keep_all ON public.audit_entries;
DROP TRIGGER keep_facts ON auth.security_events;
DROP TRIGGER keep_all ON auth.security_events;
DROP FUNCTION app.keep_facts();
CREATE FUNCTION auth.add_key(p_hash text, p_user uuid, p_scopes text[], p_expires timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO auth.api_keys (hash, tenant_id, user_id, scopes, expires_at)
  VALUES (p_hash, app.tenant_id(), p_user, p_scopes, p_expires) RETURNING id
$$;
CREATE OR REPLACE FUNCTION auth.first_broken_event() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH chain AS (
    SELECT e.n, e.hash, row_number() OVER (ORDER BY e.n) AS place,
           auth.event_hash(coalesce(lag(e.hash) OVER (ORDER BY e.n), ''), e) AS expected
    FROM auth.security_events e
  ), last AS (SELECT coalesce(max(n), 0) AS n FROM chain)
  SELECT coalesce(
    (SELECT min(n) FROM chain WHERE hash IS DISTINCT FROM expected OR n <> place),
    (SELECT last.n + 1 FROM auth.security_head h, last
     WHERE h.n <> last.n OR h.hash <> coalesce((SELECT hash FROM chain WHERE chain.n = last.n), '')))
$$;
CREATE OR REPLACE FUNCTION app.first_broken_entry() RETURNS bigint LANGUAGE sql STABLE AS $$
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
