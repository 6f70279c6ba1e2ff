-- Back to sessions without factors.
DROP TRIGGER tell_of_end ON auth.sessions;
DROP FUNCTION auth.tell_of_end(), auth.end_member_sessions(uuid), auth.pending_for(uuid, uuid),
  auth.begin_session(uuid, uuid, text, text, timestamptz, text, text);
ALTER TYPE auth.actor DROP ATTRIBUTE session_id, DROP ATTRIBUTE proven_at, DROP ATTRIBUTE taken, DROP ATTRIBUTE given;
DROP TABLE auth.identities, auth.recovery_codes, auth.factors;
DELETE FROM auth.sessions WHERE pending <> '';
ALTER TABLE auth.sessions DROP COLUMN id, DROP COLUMN how, DROP COLUMN pending, DROP COLUMN proven_at, DROP COLUMN factor_at;
CREATE OR REPLACE FUNCTION auth.of_member(p_user uuid, p_tenant uuid) RETURNS auth.actor
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.id, u.email, m.name, m.id, m.role,
         CASE WHEN m.role IN ('admin', 'office') THEN 'all' WHEN m.role = 'crew' THEN 'member' ELSE 'clients' END,
         CASE WHEN m.client_id IS NULL THEN '{}'::uuid[] ELSE ARRAY[m.client_id] END,
         NULL::text, NULL::uuid, NULL::text[], t.id, t.slug, t.name, t.timezone, t.currency, t.locale
  FROM auth.users u JOIN public.members m ON m.user_id = u.id JOIN public.tenants t ON t.id = m.tenant_id
  WHERE u.id = p_user AND m.tenant_id = p_tenant AND m.active AND m.archived_at IS NULL AND t.stage IN ('trial', 'active')
$$;
CREATE OR REPLACE FUNCTION auth.enter_session(p_hash text) RETURNS SETOF auth.actor
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE s auth.sessions; a auth.actor;
BEGIN
  SELECT * INTO s FROM auth.sessions WHERE hash = p_hash AND revoked_at IS NULL AND ends_at > now() AND seen_at + idle > now();
  IF NOT FOUND THEN RETURN; END IF;
  IF s.seen_at < now() - interval '1 minute' THEN
    UPDATE auth.sessions SET seen_at = now() WHERE hash = p_hash AND seen_at < now() - interval '1 minute';
  END IF;
  IF s.scope = 'member' THEN
    a := auth.of_member(s.user_id, s.tenant_id);
  ELSE
    IF NOT EXISTS (SELECT 1 FROM auth.document_links l WHERE l.tenant_id = s.tenant_id AND l.row_id = s.document_id
                   AND l.revoked_at IS NULL AND l.expires_at > now()) THEN RETURN; END IF;
    SELECT NULL, '', s.person_name, NULL, 'client', 'document', ARRAY[s.client_id], s.document_noun, s.document_id, NULL,
           t.id, t.slug, t.name, t.timezone, t.currency, t.locale INTO a
    FROM public.tenants t WHERE t.id = s.tenant_id AND t.stage IN ('trial', 'active');
  END IF;
  IF a.tenant_id IS NULL THEN RETURN; END IF;
  RETURN NEXT auth.act_as(a);
END $$;
CREATE OR REPLACE FUNCTION auth.enter_system(p_tenant uuid) RETURNS SETOF auth.actor
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE a auth.actor;
BEGIN
  SELECT NULL, '', '', NULL, 'system', 'all', '{}'::uuid[], NULL, NULL, NULL,
         t.id, t.slug, t.name, t.timezone, t.currency, t.locale INTO a FROM public.tenants t WHERE t.id = p_tenant;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN NEXT auth.act_as(a);
END $$;
CREATE OR REPLACE FUNCTION auth.open_session(p_email text, p_slug text, p_hash text, p_ip text, p_user_agent text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE u auth.users; t uuid; a auth.actor;
BEGIN
  SELECT * INTO u FROM auth.users WHERE email = lower(p_email);
  IF NOT FOUND THEN RETURN NULL; END IF;
  t := auth.home_tenant(u.id, p_slug);
  IF t IS NULL THEN RETURN NULL; END IF;
  a := auth.of_member(u.id, t);
  INSERT INTO auth.sessions (hash, user_id, tenant_id, scope, idle, ends_at, ip, user_agent)
  VALUES (p_hash, u.id, t, 'member',
          CASE WHEN a.role = 'crew' THEN interval '72 hours' ELSE interval '12 hours' END,
          now() + CASE WHEN a.role IN ('admin', 'office') THEN interval '7 days' ELSE interval '30 days' END,
          left(p_ip, 60), left(p_user_agent, 300));
  PERFORM auth.note_security('session.opened', u.email, t, p_ip, a.role);
  RETURN a.role;
END $$;
CREATE OR REPLACE FUNCTION auth.use_link(p_hash text, p_session text, p_ip text, p_user_agent text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.links; v_slug text;
BEGIN
  UPDATE auth.links SET used_at = now() WHERE hash = p_hash AND used_at IS NULL AND expires_at > now() RETURNING * INTO l;
  IF NOT FOUND OR l.tenant_id IS NULL THEN RETURN; END IF;
  SELECT slug INTO v_slug FROM public.tenants WHERE id = l.tenant_id;
  role := auth.open_session(l.email, v_slug, p_session, p_ip, p_user_agent);
  next := l.next;
END $$;
CREATE OR REPLACE FUNCTION auth.switch_tenant(p_hash text, p_slug text, p_new_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions; v_email text; v_role text;
BEGIN
  SELECT * INTO s FROM auth.sessions
  WHERE hash = p_hash AND scope = 'member' AND revoked_at IS NULL AND ends_at > now() AND seen_at + idle > now() FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  SELECT email INTO v_email FROM auth.users WHERE id = s.user_id;
  v_role := auth.open_session(v_email, p_slug, p_new_hash, s.ip, s.user_agent);
  IF v_role IS NOT NULL THEN
    UPDATE auth.sessions SET revoked_at = now() WHERE hash = p_hash;
    UPDATE auth.sessions SET ends_at = least(ends_at, s.ends_at) WHERE hash = p_new_hash;
  END IF;
  RETURN v_role;
END $$;
CREATE OR REPLACE FUNCTION app.add_tenant(p_id uuid, p_slug text, p_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', p_id::text, true), set_config('app.scope', 'all', true);
  INSERT INTO public.tenants (id, slug, name, legal_name, stage, timezone, currency, locale, tax_level, payment_terms_days,
    phone, email, street, city, region, postal_code, country, brand, document_terms, version, created_at, updated_at)
  VALUES (p_id, p_slug, p_name, p_name, 'active', 'America/Chicago', 'USD', 'en_US', 'document', 15,
    '', '', '', '', '', '', 'US', '{}', '', 1, now(), now());
  INSERT INTO public.audit_heads (tenant_id, n, hash) VALUES (p_id, 0, '');
END $$;
