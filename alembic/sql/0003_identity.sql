-- The ground of identity: who proved what in a session, second factors, other sign-ins, and a tenant's own rights.
ALTER TABLE auth.sessions
  ADD COLUMN id uuid NOT NULL DEFAULT uuidv7() UNIQUE,
  ADD COLUMN how text NOT NULL DEFAULT 'link' CHECK (how IN ('link', 'code', 'oidc', 'development', 'document')),
  ADD COLUMN pending text NOT NULL DEFAULT '' CHECK (pending IN ('', 'factor', 'enrol')),
  ADD COLUMN proven_at timestamptz,
  ADD COLUMN factor_at timestamptz;
COMMENT ON COLUMN auth.sessions.pending IS 'What is still to be proven or set up; until then the session enters nothing.';
COMMENT ON COLUMN auth.sessions.proven_at IS 'When the person last proved who they are, with all that is asked of them.';
COMMENT ON COLUMN auth.sessions.factor_at IS 'When the second factor was last proven.';
UPDATE auth.sessions SET how = 'document' WHERE scope = 'document';

CREATE TABLE auth.factors (
  user_id uuid PRIMARY KEY REFERENCES auth.users,
  sealed text NOT NULL,
  last_step bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz
);
CREATE TABLE auth.recovery_codes (
  user_id uuid NOT NULL REFERENCES auth.users,
  hash text NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (user_id, hash)
);
CREATE TABLE auth.identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES auth.users,
  provider text NOT NULL,
  email text NOT NULL DEFAULT '',
  linked_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX ix_identities_user ON auth.identities (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.factors, auth.recovery_codes, auth.identities TO ontrack_finder;

-- Whoever keeps sockets open hears of a session's end, in every process.
CREATE FUNCTION auth.tell_of_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('ontrack_sessions', NEW.hash);
  RETURN NEW;
END $$;
CREATE TRIGGER tell_of_end AFTER UPDATE OF revoked_at ON auth.sessions
FOR EACH ROW WHEN (NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL) EXECUTE FUNCTION auth.tell_of_end();

ALTER TYPE auth.actor ADD ATTRIBUTE session_id uuid, ADD ATTRIBUTE proven_at timestamptz, ADD ATTRIBUTE taken text[], ADD ATTRIBUTE given text[];

CREATE OR REPLACE FUNCTION auth.of_member(p_user uuid, p_tenant uuid) RETURNS auth.actor
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.id, u.email, m.name, m.id, m.role,
         CASE WHEN m.role IN ('admin', 'office') THEN 'all' WHEN m.role = 'crew' THEN 'member' ELSE 'clients' END,
         CASE WHEN m.client_id IS NULL THEN '{}'::uuid[] ELSE ARRAY[m.client_id] END,
         NULL::text, NULL::uuid, NULL::text[], t.id, t.slug, t.name, t.timezone, t.currency, t.locale, NULL::uuid, NULL::timestamptz,
         r.taken, r.given
  FROM auth.users u JOIN public.members m ON m.user_id = u.id JOIN public.tenants t ON t.id = m.tenant_id
  CROSS JOIN LATERAL (
    SELECT array_agg(permission) FILTER (WHERE NOT granted) AS taken, array_agg(permission) FILTER (WHERE granted) AS given
    FROM public.role_rights WHERE tenant_id = m.tenant_id AND role = m.role AND archived_at IS NULL
  ) r
  WHERE u.id = p_user AND m.tenant_id = p_tenant AND m.active AND m.archived_at IS NULL AND t.stage IN ('trial', 'active')
$$;

CREATE OR REPLACE FUNCTION auth.enter_session(p_hash text) RETURNS SETOF auth.actor
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE s auth.sessions; a auth.actor;
BEGIN
  SELECT * INTO s FROM auth.sessions
  WHERE hash = p_hash AND revoked_at IS NULL AND ends_at > now() AND seen_at + idle > now() AND pending = '';
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
           t.id, t.slug, t.name, t.timezone, t.currency, t.locale, NULL, NULL, NULL, NULL INTO a
    FROM public.tenants t WHERE t.id = s.tenant_id AND t.stage IN ('trial', 'active');
  END IF;
  IF a.tenant_id IS NULL THEN RETURN; END IF;
  a.session_id := s.id;
  a.proven_at := s.proven_at;
  RETURN NEXT auth.act_as(a);
END $$;

CREATE OR REPLACE FUNCTION auth.enter_system(p_tenant uuid) RETURNS SETOF auth.actor
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE a auth.actor;
BEGIN
  SELECT NULL, '', '', NULL, 'system', 'all', '{}'::uuid[], NULL, NULL, NULL,
         t.id, t.slug, t.name, t.timezone, t.currency, t.locale, NULL, NULL, NULL, NULL INTO a FROM public.tenants t WHERE t.id = p_tenant;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN NEXT auth.act_as(a);
END $$;

-- What a person still owes before a session enters a company: the factor that they have, or one where their role needs it.
CREATE FUNCTION auth.pending_for(p_user uuid, p_tenant uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN EXISTS (SELECT 1 FROM auth.factors f WHERE f.user_id = p_user AND f.confirmed_at IS NOT NULL) THEN 'factor'
    WHEN EXISTS (SELECT 1 FROM public.members m JOIN public.tenants t ON t.id = m.tenant_id
                 WHERE m.user_id = p_user AND m.tenant_id = p_tenant AND m.role = ANY (t.factor_roles)) THEN 'enrol'
    ELSE '' END
$$;

-- The one way in: every kind of sign-in ends here. A factor that was proven in the session before is not asked for again.
CREATE FUNCTION auth.begin_session(p_user uuid, p_tenant uuid, p_hash text, p_how text, p_factor_at timestamptz, p_ip text, p_user_agent text)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a auth.actor; v_pending text;
BEGIN
  a := auth.of_member(p_user, p_tenant);
  IF a.tenant_id IS NULL THEN RETURN NULL; END IF;
  v_pending := CASE WHEN p_how = 'development' OR p_factor_at IS NOT NULL THEN '' ELSE auth.pending_for(p_user, p_tenant) END;
  INSERT INTO auth.sessions (hash, user_id, tenant_id, scope, how, pending, proven_at, factor_at, idle, ends_at, ip, user_agent)
  VALUES (p_hash, p_user, p_tenant, 'member', p_how, v_pending, CASE WHEN v_pending = '' THEN now() END, p_factor_at,
          CASE WHEN a.role = 'crew' THEN interval '72 hours' ELSE interval '12 hours' END,
          now() + CASE WHEN a.role IN ('admin', 'office') THEN interval '7 days' ELSE interval '30 days' END,
          left(p_ip, 60), left(p_user_agent, 300));
  PERFORM auth.note_security('session.opened', a.email, p_tenant, p_ip, a.role || ' by ' || p_how);
  RETURN a.role;
END $$;

CREATE OR REPLACE FUNCTION auth.open_session(p_email text, p_slug text, p_hash text, p_ip text, p_user_agent text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_user uuid;
BEGIN
  SELECT id INTO v_user FROM auth.users WHERE email = lower(p_email);
  RETURN auth.begin_session(v_user, auth.home_tenant(v_user, p_slug), p_hash, 'development', NULL, p_ip, p_user_agent);
END $$;

CREATE OR REPLACE FUNCTION auth.use_link(p_hash text, p_session text, p_ip text, p_user_agent text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.links;
BEGIN
  UPDATE auth.links SET used_at = now() WHERE hash = p_hash AND used_at IS NULL AND expires_at > now() RETURNING * INTO l;
  IF NOT FOUND OR l.tenant_id IS NULL THEN RETURN; END IF;
  role := auth.begin_session((SELECT id FROM auth.users WHERE email = l.email), l.tenant_id, p_session, 'link', NULL, p_ip, p_user_agent);
  next := l.next;
END $$;

CREATE OR REPLACE FUNCTION auth.switch_tenant(p_hash text, p_slug text, p_new_hash text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions; v_role text;
BEGIN
  SELECT * INTO s FROM auth.sessions
  WHERE hash = p_hash AND scope = 'member' AND revoked_at IS NULL AND ends_at > now() AND seen_at + idle > now() AND pending = '' FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  v_role := auth.begin_session(s.user_id, auth.home_tenant(s.user_id, p_slug), p_new_hash, s.how, s.factor_at, s.ip, s.user_agent);
  IF v_role IS NOT NULL THEN
    UPDATE auth.sessions SET revoked_at = now() WHERE hash = p_hash;
    UPDATE auth.sessions SET ends_at = least(ends_at, s.ends_at),
      proven_at = CASE WHEN pending = '' THEN s.proven_at END WHERE hash = p_new_hash;
  END IF;
  RETURN v_role;
END $$;

-- Ends every session of a person in the present company (another role, deactivated); how many there were.
CREATE FUNCTION auth.end_member_sessions(p_user uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v integer;
BEGIN
  UPDATE auth.sessions SET revoked_at = now() WHERE user_id = p_user AND tenant_id = app.tenant_id() AND revoked_at IS NULL;
  GET DIAGNOSTICS v = ROW_COUNT;
  RETURN v;
END $$;

-- A new company, whole: only the owner may call it.
CREATE OR REPLACE FUNCTION app.add_tenant(p_id uuid, p_slug text, p_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', p_id::text, true), set_config('app.scope', 'all', true);
  INSERT INTO public.tenants (id, slug, name, legal_name, stage, timezone, currency, locale, tax_level, payment_terms_days,
    phone, email, street, city, region, postal_code, country, brand, document_terms, factor_roles, version, created_at, updated_at)
  VALUES (p_id, p_slug, p_name, p_name, 'active', 'America/Chicago', 'USD', 'en_US', 'document', 15,
    '', '', '', '', '', '', 'US', '{}', '', '{}', 1, now(), now());
  INSERT INTO public.audit_heads (tenant_id, n, hash) VALUES (p_id, 0, '');
END $$;
