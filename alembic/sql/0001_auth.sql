-- What is known before a tenant is. The application's role has no grant on any of these tables: it calls the functions.
CREATE TABLE auth.users (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE auth.sessions (
  hash text PRIMARY KEY,
  user_id uuid REFERENCES auth.users,
  tenant_id uuid NOT NULL REFERENCES public.tenants,
  scope text NOT NULL CHECK (scope IN ('member', 'document')),
  document_noun text,
  document_id uuid,
  client_id uuid,
  person_name text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  idle interval NOT NULL,
  ends_at timestamptz NOT NULL,
  revoked_at timestamptz,
  ip text NOT NULL DEFAULT '',
  user_agent text NOT NULL DEFAULT '',
  CHECK ((scope = 'member') = (user_id IS NOT NULL)),
  CHECK ((scope = 'document') = (document_id IS NOT NULL))
);
CREATE INDEX ix_sessions_user ON auth.sessions (user_id);
CREATE TABLE auth.links (
  hash text PRIMARY KEY,
  email text NOT NULL,
  tenant_id uuid,
  next text NOT NULL DEFAULT '/',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX ix_links_email ON auth.links (email);
CREATE TABLE auth.document_links (
  hash text PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES public.tenants,
  noun text NOT NULL CHECK (noun IN ('estimates', 'invoices')),
  row_id uuid NOT NULL,
  client_id uuid NOT NULL,
  person_name text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX ix_document_links_row ON auth.document_links (tenant_id, row_id);
CREATE TABLE auth.api_keys (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  hash text NOT NULL UNIQUE,
  tenant_id uuid NOT NULL REFERENCES public.tenants,
  user_id uuid NOT NULL REFERENCES auth.users,
  scopes text[],
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz
);
CREATE TABLE auth.attempts (
  bucket text NOT NULL,
  period timestamptz NOT NULL,
  hits integer NOT NULL DEFAULT 1,
  PRIMARY KEY (bucket, period)
);
CREATE TABLE auth.inbox (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  source text NOT NULL,
  external_id text NOT NULL,
  tenant_id uuid NOT NULL REFERENCES public.tenants,
  body jsonb NOT NULL,
  received_at timestamptz NOT NULL DEFAULT now(),
  handled_at timestamptz,
  UNIQUE (source, external_id)
);
CREATE TABLE auth.mails (
  id uuid PRIMARY KEY DEFAULT uuidv7(),
  tenant_id uuid,
  recipient text NOT NULL,
  subject text NOT NULL,
  body_text text NOT NULL,
  body_html text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  attempts integer NOT NULL DEFAULT 0,
  sent_at timestamptz,
  error text NOT NULL DEFAULT ''
);
CREATE INDEX ix_mails_waiting ON auth.mails (created_at) WHERE sent_at IS NULL;
CREATE TABLE auth.security_events (
  n bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  word text NOT NULL,
  email text NOT NULL DEFAULT '',
  tenant_id uuid,
  ip text NOT NULL DEFAULT '',
  detail text NOT NULL DEFAULT '',
  hash text NOT NULL
);
CREATE TABLE auth.security_head (one boolean PRIMARY KEY DEFAULT true CHECK (one), n bigint NOT NULL DEFAULT 0, hash text NOT NULL DEFAULT '');
INSERT INTO auth.security_head DEFAULT VALUES;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA auth TO ontrack_finder;

-- Entering: one call resolves who acts, and sets the tenant and the scope for this transaction.
CREATE TYPE auth.actor AS (
  user_id uuid, email text, name text, member_id uuid, role text, scope text, client_ids uuid[],
  document_noun text, document_id uuid, scopes text[],
  tenant_id uuid, slug text, tenant_name text, timezone text, currency text, locale text
);

CREATE FUNCTION auth.act_as(a auth.actor) RETURNS auth.actor LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', a.tenant_id::text, true), set_config('app.scope', a.scope, true),
          set_config('app.member_id', coalesce(a.member_id::text, ''), true),
          set_config('app.client_ids', coalesce(a.client_ids::text, ''), true),
          set_config('app.document_id', coalesce(a.document_id::text, ''), true);
  RETURN a;
END $$;

CREATE FUNCTION auth.of_member(p_user uuid, p_tenant uuid) RETURNS auth.actor
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.id, u.email, m.name, m.id, m.role,
         CASE WHEN m.role IN ('admin', 'office') THEN 'all' WHEN m.role = 'crew' THEN 'member' ELSE 'clients' END,
         CASE WHEN m.client_id IS NULL THEN '{}'::uuid[] ELSE ARRAY[m.client_id] END,
         NULL::text, NULL::uuid, NULL::text[], t.id, t.slug, t.name, t.timezone, t.currency, t.locale
  FROM auth.users u JOIN public.members m ON m.user_id = u.id JOIN public.tenants t ON t.id = m.tenant_id
  WHERE u.id = p_user AND m.tenant_id = p_tenant AND m.active AND m.archived_at IS NULL AND t.stage IN ('trial', 'active')
$$;

CREATE FUNCTION auth.enter_session(p_hash text) RETURNS SETOF auth.actor
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

CREATE FUNCTION auth.enter_key(p_hash text) RETURNS SETOF auth.actor
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE k auth.api_keys; a auth.actor;
BEGIN
  SELECT * INTO k FROM auth.api_keys WHERE hash = p_hash AND revoked_at IS NULL AND expires_at > now();
  IF NOT FOUND THEN RETURN; END IF;
  IF k.used_at IS NULL OR k.used_at < now() - interval '1 minute' THEN
    UPDATE auth.api_keys SET used_at = now() WHERE hash = p_hash AND (used_at IS NULL OR used_at < now() - interval '1 minute');
  END IF;
  a := auth.of_member(k.user_id, k.tenant_id);
  IF a.tenant_id IS NULL THEN RETURN; END IF;
  a.scopes := k.scopes;
  RETURN NEXT auth.act_as(a);
END $$;

CREATE FUNCTION auth.enter_system(p_tenant uuid) RETURNS SETOF auth.actor
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
DECLARE a auth.actor;
BEGIN
  SELECT NULL, '', '', NULL, 'system', 'all', '{}'::uuid[], NULL, NULL, NULL,
         t.id, t.slug, t.name, t.timezone, t.currency, t.locale INTO a FROM public.tenants t WHERE t.id = p_tenant;
  IF NOT FOUND THEN RETURN; END IF;
  RETURN NEXT auth.act_as(a);
END $$;

-- Sign-in.
CREATE FUNCTION auth.home_tenant(p_user uuid, p_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.tenant_id FROM public.members m JOIN public.tenants t ON t.id = m.tenant_id
  WHERE m.user_id = p_user AND m.active AND m.archived_at IS NULL AND t.stage IN ('trial', 'active')
    AND (p_slug IS NULL OR t.slug = p_slug)
  ORDER BY (SELECT max(s.created_at) FROM auth.sessions s WHERE s.user_id = p_user AND s.tenant_id = m.tenant_id) DESC NULLS LAST, t.slug
  LIMIT 1
$$;

CREATE FUNCTION auth.add_link(p_email text, p_hash text, p_slug text, p_next text, p_lasts interval) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t uuid;
BEGIN
  SELECT auth.home_tenant(u.id, p_slug) INTO t FROM auth.users u WHERE u.email = lower(p_email);
  UPDATE auth.links SET used_at = now() WHERE email = lower(p_email) AND used_at IS NULL;
  INSERT INTO auth.links (hash, email, tenant_id, next, expires_at)
  VALUES (p_hash, lower(p_email), t, p_next, now() + least(p_lasts, interval '10 minutes'));
  RETURN t IS NOT NULL;
END $$;

-- Whom a sign-in link is for, without using it up: the page with the button shows this. No row where it no longer works.
CREATE FUNCTION auth.peek_link(p_hash text) RETURNS TABLE (email text, tenant_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.email, t.name FROM auth.links l JOIN public.tenants t ON t.id = l.tenant_id
  WHERE l.hash = p_hash AND l.used_at IS NULL AND l.expires_at > now() AND t.stage IN ('trial', 'active')
$$;

-- The name of the company that an address would be signed in to; empty for an address that nobody has.
CREATE FUNCTION auth.home_name(p_email text, p_slug text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((SELECT t.name FROM auth.users u JOIN public.tenants t ON t.id = auth.home_tenant(u.id, p_slug)
                   WHERE u.email = lower(p_email)), '')
$$;

-- The mail of a sign-in link, to the link's own address. For an unknown address the same row is written and taken back
-- before anybody can see it: the time of the answer must not tell who is known here.
CREATE FUNCTION auth.mail_link(p_hash text, p_subject text, p_text text, p_html text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid; v_tenant uuid;
BEGIN
  INSERT INTO auth.mails (tenant_id, recipient, subject, body_text, body_html)
  SELECT l.tenant_id, l.email, p_subject, p_text, p_html FROM auth.links l WHERE l.hash = p_hash
  RETURNING id, tenant_id INTO v_id, v_tenant;
  DELETE FROM auth.mails m WHERE m.id = v_id AND v_tenant IS NULL;
END $$;

CREATE FUNCTION auth.open_session(p_email text, p_slug text, p_hash text, p_ip text, p_user_agent text) RETURNS text
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

CREATE FUNCTION auth.use_link(p_hash text, p_session text, p_ip text, p_user_agent text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.links; v_slug text;
BEGIN
  UPDATE auth.links SET used_at = now() WHERE hash = p_hash AND used_at IS NULL AND expires_at > now() RETURNING * INTO l;
  IF NOT FOUND OR l.tenant_id IS NULL THEN RETURN; END IF;
  SELECT slug INTO v_slug FROM public.tenants WHERE id = l.tenant_id;
  role := auth.open_session(l.email, v_slug, p_session, p_ip, p_user_agent);
  next := l.next;
END $$;

CREATE FUNCTION auth.end_session(p_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions;
BEGIN
  UPDATE auth.sessions SET revoked_at = now() WHERE hash = p_hash AND revoked_at IS NULL RETURNING * INTO s;
  IF FOUND THEN PERFORM auth.note_security('session.ended', '', s.tenant_id, s.ip, ''); END IF;
END $$;

CREATE FUNCTION auth.switch_tenant(p_hash text, p_slug text, p_new_hash text) RETURNS text
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

CREATE FUNCTION auth.memberships(p_hash text) RETURNS TABLE (slug text, name text, role text, current boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.slug, t.name, m.role, t.id = s.tenant_id
  FROM auth.sessions s JOIN public.members m ON m.user_id = s.user_id JOIN public.tenants t ON t.id = m.tenant_id
  WHERE s.hash = p_hash AND s.revoked_at IS NULL AND s.ends_at > now() AND m.active AND m.archived_at IS NULL
    AND t.stage IN ('trial', 'active')
  ORDER BY t.name
$$;

CREATE FUNCTION auth.add_user(p_email text, p_name text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v uuid;
BEGIN
  INSERT INTO auth.users (email, name) VALUES (lower(p_email), p_name)
  ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id INTO v;
  RETURN v;
END $$;

CREATE FUNCTION auth.add_key(p_hash text, p_user uuid, p_scopes text[], p_expires timestamptz) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO auth.api_keys (hash, tenant_id, user_id, scopes, expires_at)
  VALUES (p_hash, app.tenant_id(), p_user, p_scopes, p_expires) RETURNING id
$$;

CREATE FUNCTION auth.tenant_of(p_slug text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT id FROM public.tenants WHERE slug = p_slug AND stage IN ('trial', 'active') $$;

CREATE FUNCTION auth.tenant_ids() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT id FROM public.tenants WHERE stage IN ('trial', 'active') $$;

-- Links that open one document.
CREATE FUNCTION auth.add_document_link(p_hash text, p_noun text, p_row uuid, p_client uuid, p_name text, p_expires timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO auth.document_links (hash, tenant_id, noun, row_id, client_id, person_name, expires_at)
  VALUES (p_hash, app.tenant_id(), p_noun, p_row, p_client, p_name, p_expires)
$$;

CREATE FUNCTION auth.revoke_document_links(p_row uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.document_links SET revoked_at = now() WHERE tenant_id = app.tenant_id() AND row_id = p_row AND revoked_at IS NULL
$$;

CREATE FUNCTION auth.peek_document(p_hash text) RETURNS TABLE (noun text, row_id uuid, person_name text, slug text, live boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.noun, l.row_id, l.person_name, t.slug, l.revoked_at IS NULL AND l.expires_at > now()
  FROM auth.document_links l JOIN public.tenants t ON t.id = l.tenant_id WHERE l.hash = p_hash
$$;

CREATE FUNCTION auth.open_document(p_hash text, p_session text, p_ip text, p_user_agent text, OUT noun text, OUT row_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.document_links;
BEGIN
  SELECT * INTO l FROM auth.document_links d WHERE d.hash = p_hash AND d.revoked_at IS NULL AND d.expires_at > now();
  IF NOT FOUND THEN RETURN; END IF;
  INSERT INTO auth.sessions (hash, tenant_id, scope, document_noun, document_id, client_id, person_name, idle, ends_at, ip, user_agent)
  VALUES (p_session, l.tenant_id, 'document', l.noun, l.row_id, l.client_id, l.person_name, interval '4 hours',
          least(l.expires_at, now() + interval '24 hours'), left(p_ip, 60), left(p_user_agent, 300));
  PERFORM auth.note_security('document_link.opened', '', l.tenant_id, p_ip, l.noun);
  noun := l.noun; row_id := l.row_id;
END $$;

-- Limits, mail, inbox, and the trail of what has no tenant.
CREATE FUNCTION auth.hit(p_bucket text, p_seconds integer, p_limit integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_hits integer;
BEGIN
  INSERT INTO auth.attempts (bucket, period)
  VALUES (p_bucket, to_timestamp(floor(extract(epoch FROM now()) / p_seconds) * p_seconds))
  ON CONFLICT (bucket, period) DO UPDATE SET hits = attempts.hits + 1 RETURNING hits INTO v_hits;
  RETURN v_hits <= p_limit;
END $$;

CREATE FUNCTION auth.add_mail(p_recipient text, p_subject text, p_text text, p_html text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO auth.mails (tenant_id, recipient, subject, body_text, body_html)
  VALUES (app.tenant_id(), p_recipient, p_subject, p_text, p_html) RETURNING id
$$;

CREATE FUNCTION auth.claim_mails(p_most integer, p_lease interval) RETURNS TABLE (id uuid, recipient text, subject text, body_text text, body_html text, attempts integer)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.mails m SET leased_until = now() + p_lease, attempts = m.attempts + 1
  WHERE m.id IN (SELECT w.id FROM auth.mails w WHERE w.sent_at IS NULL AND w.attempts < 12 AND w.created_at > now() - interval '2 days'
                 AND (w.leased_until IS NULL OR w.leased_until < now()) ORDER BY w.created_at LIMIT p_most FOR UPDATE SKIP LOCKED)
  RETURNING m.id, m.recipient, m.subject, m.body_text, m.body_html, m.attempts
$$;

CREATE FUNCTION auth.finish_mail(p_id uuid, p_error text, p_retry interval) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.mails SET error = p_error,
    sent_at = CASE WHEN p_error = '' THEN now() END,
    leased_until = CASE WHEN p_error = '' THEN NULL ELSE now() + p_retry END,
    body_text = CASE WHEN p_error = '' THEN '' ELSE body_text END,
    body_html = CASE WHEN p_error = '' THEN '' ELSE body_html END
  WHERE id = p_id
$$;

CREATE FUNCTION auth.read_mails(p_most integer) RETURNS SETOF auth.mails
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT * FROM auth.mails ORDER BY created_at DESC, id DESC LIMIT p_most $$;

CREATE FUNCTION auth.people() RETURNS TABLE (email text, name text, role text, slug text, tenant_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT u.email, m.name, m.role, t.slug, t.name FROM auth.users u
  JOIN public.members m ON m.user_id = u.id JOIN public.tenants t ON t.id = m.tenant_id
  WHERE m.active AND m.archived_at IS NULL ORDER BY t.slug, m.created_at, m.id
$$;

CREATE FUNCTION auth.receive(p_source text, p_external text, p_tenant uuid, p_body jsonb, p_function text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v uuid;
BEGIN
  INSERT INTO auth.inbox (source, external_id, tenant_id, body) VALUES (p_source, p_external, p_tenant, p_body)
  ON CONFLICT (source, external_id) DO NOTHING RETURNING id INTO v;
  IF v IS NULL THEN RETURN false; END IF;
  INSERT INTO public.outbox_messages (tenant_id, id, function, arguments, actor_name, state, created_at, due_at, fence, attempts, error)
  VALUES (p_tenant, uuidv7(), p_function, jsonb_build_object('inbox_id', v), p_source, 'waiting', now(), now(), 0, 0, '');
  PERFORM pg_notify('ontrack_outbox', '');
  RETURN true;
END $$;

CREATE FUNCTION auth.take_event(p_id uuid) RETURNS TABLE (source text, body jsonb)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.inbox SET handled_at = coalesce(handled_at, now()) WHERE id = p_id AND tenant_id = app.tenant_id() RETURNING source, body
$$;

-- What nobody may use or needs to count any more.
CREATE FUNCTION auth.forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM auth.attempts WHERE period < now() - interval '2 days';
  DELETE FROM auth.links WHERE expires_at < now() - interval '1 day';
$$;

CREATE FUNCTION auth.event_hash(p_before text, e auth.security_events) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(p_before, e.n, extract(epoch FROM e.at), e.word, e.email, e.tenant_id,
    e.ip, e.detail)::text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION auth.note_security(p_word text, p_email text, p_tenant uuid, p_ip text, p_detail text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE h auth.security_head; e auth.security_events;
BEGIN
  SELECT * INTO h FROM auth.security_head FOR UPDATE;
  SELECT h.n + 1, clock_timestamp(), p_word, p_email, p_tenant, p_ip, p_detail, '' INTO e;
  e.hash := auth.event_hash(h.hash, e);
  INSERT INTO auth.security_events VALUES (e.*);
  UPDATE auth.security_head SET n = e.n, hash = e.hash;
END $$;

-- The first security event at which the chain does not hold, or null.
CREATE FUNCTION auth.first_broken_event() RETURNS bigint
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
