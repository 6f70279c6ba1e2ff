-- Sign-in links that are bound to the browser that asked, with a code for other browsers; sessions that their person can
-- list and end; sessions that sockets ask about.
ALTER TABLE auth.links
  ADD COLUMN browser text,
  ADD COLUMN code text,
  ADD COLUMN wrong integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN auth.links.browser IS 'Hash of the cookie of the browser that asked; null for a link that any browser may use.';
COMMENT ON COLUMN auth.links.code IS 'Keyed hash of the code that another browser needs.';
COMMENT ON COLUMN auth.links.wrong IS 'How many wrong codes were typed; at five the link is used up.';
CREATE INDEX ix_links_browser ON auth.links (browser, created_at) WHERE browser IS NOT NULL;
CREATE INDEX ix_sessions_ended ON auth.sessions (ends_at);
CREATE INDEX ix_sessions_document ON auth.sessions (tenant_id, document_id) WHERE scope = 'document';

-- Counts one try against the company that an address would be signed in to, or against nobody's; false: no more mail now.
CREATE FUNCTION auth.hit_home(p_email text, p_seconds integer, p_limit integer) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT auth.hit('sign-in:tenant:' || coalesce((SELECT auth.home_tenant(u.id, NULL) FROM auth.users u WHERE u.email = lower(p_email))::text, '-'),
                  p_seconds, p_limit)
$$;

-- Newest only, also of two that are asked for at once. Without `p_mailed` the link is one that leads nowhere, as for an
-- address that nobody has.
DROP FUNCTION auth.add_link(text, text, text, text, interval);
CREATE FUNCTION auth.add_link(p_email text, p_hash text, p_slug text, p_next text, p_lasts interval,
                              p_browser text DEFAULT NULL, p_code text DEFAULT NULL, p_mailed boolean DEFAULT true) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t uuid;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('ontrack link ' || lower(p_email), 0));
  SELECT auth.home_tenant(u.id, p_slug) INTO t FROM auth.users u WHERE u.email = lower(p_email);
  UPDATE auth.links SET used_at = now() WHERE email = lower(p_email) AND used_at IS NULL;
  INSERT INTO auth.links (hash, email, tenant_id, next, expires_at, browser, code)
  VALUES (p_hash, lower(p_email), CASE WHEN p_mailed THEN t END, p_next, now() + least(p_lasts, interval '10 minutes'), p_browser, p_code);
  RETURN t IS NOT NULL;
END $$;

-- Whom a link is for, without using it up, and whether this browser needs no code for it.
DROP FUNCTION auth.peek_link(text);
CREATE FUNCTION auth.peek_link(p_hash text, p_browser text DEFAULT NULL) RETURNS TABLE (email text, tenant_name text, here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.email, t.name, l.browser IS NULL OR l.browser IS NOT DISTINCT FROM p_browser
  FROM auth.links l JOIN public.tenants t ON t.id = l.tenant_id
  WHERE l.hash = p_hash AND l.used_at IS NULL AND l.expires_at > now() AND t.stage IN ('trial', 'active')
$$;

-- Uses a link that is locked by the caller, or counts a wrong code. Verdicts: in, gone, wrong, code (one is needed).
CREATE FUNCTION auth.settle_link(l auth.links, p_here boolean, p_code text, p_session text, p_ip text, p_user_agent text,
                                 OUT verdict text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_how text; v_wrong integer;
BEGIN
  verdict := 'gone';
  IF l.hash IS NULL OR l.used_at IS NOT NULL OR l.expires_at <= now() THEN RETURN; END IF;
  IF p_code IS NULL THEN
    IF NOT p_here THEN verdict := 'code'; RETURN; END IF;
    v_how := 'link';
  ELSIF l.code IS NOT NULL AND l.code = p_code AND l.tenant_id IS NOT NULL THEN
    v_how := 'code';
  ELSE
    UPDATE auth.links SET wrong = wrong + 1, used_at = CASE WHEN wrong + 1 >= 5 THEN now() END WHERE hash = l.hash RETURNING wrong INTO v_wrong;
    PERFORM auth.note_security('link.wrong_code', l.email, l.tenant_id, p_ip, 'try ' || v_wrong);
    IF v_wrong < 5 THEN verdict := 'wrong'; END IF;
    RETURN;
  END IF;
  UPDATE auth.links SET used_at = now() WHERE hash = l.hash;
  IF l.tenant_id IS NULL THEN RETURN; END IF;
  role := auth.begin_session((SELECT id FROM auth.users WHERE email = l.email), l.tenant_id, p_session, v_how, NULL, p_ip, p_user_agent);
  IF role IS NULL THEN RETURN; END IF;
  verdict := 'in'; next := l.next;
END $$;

-- Of many at once one gets in: the row is locked before it is read.
DROP FUNCTION auth.use_link(text, text, text, text);
CREATE FUNCTION auth.use_link(p_hash text, p_browser text, p_code text, p_session text, p_ip text, p_user_agent text,
                              OUT verdict text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.links;
BEGIN
  SELECT * INTO l FROM auth.links k WHERE k.hash = p_hash FOR UPDATE;
  SELECT s.verdict, s.role, s.next INTO verdict, role, next
  FROM auth.settle_link(l, l.browser IS NULL OR l.browser IS NOT DISTINCT FROM p_browser, p_code, p_session, p_ip, p_user_agent) s;
END $$;

-- The same without the link, in the browser that asked: by the code alone.
CREATE FUNCTION auth.use_code(p_email text, p_browser text, p_code text, p_session text, p_ip text, p_user_agent text,
                              OUT verdict text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.links;
BEGIN
  SELECT * INTO l FROM auth.links k WHERE k.email = lower(p_email) AND k.browser = p_browser ORDER BY k.created_at DESC LIMIT 1 FOR UPDATE;
  SELECT s.verdict, s.role, s.next INTO verdict, role, next
  FROM auth.settle_link(l, true, coalesce(p_code, ''), p_session, p_ip, p_user_agent) s;
END $$;

-- Whose live session this is; null for one that enters nothing (any more), and for a document's.
CREATE FUNCTION auth.user_of_session(p_hash text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT user_id FROM auth.sessions
  WHERE hash = p_hash AND scope = 'member' AND revoked_at IS NULL AND ends_at > now() AND seen_at + idle > now() AND pending = ''
$$;

-- Every live session of the person of a live session, the newest use first.
CREATE FUNCTION auth.my_sessions(p_hash text) RETURNS TABLE (
  id uuid, tenant_name text, how text, ip text, user_agent text, created_at timestamptz, seen_at timestamptz, finished boolean, here boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.id, t.name, s.how, s.ip, s.user_agent, s.created_at, s.seen_at, s.pending = '', s.hash = p_hash
  FROM auth.sessions s JOIN public.tenants t ON t.id = s.tenant_id
  WHERE s.user_id = auth.user_of_session(p_hash) AND s.revoked_at IS NULL AND s.ends_at > now() AND s.seen_at + s.idle > now()
  ORDER BY s.hash = p_hash DESC, s.seen_at DESC, s.id
$$;

-- Ends one session of the same person (p_id), or all but the present one; how many ended.
CREATE FUNCTION auth.end_my_sessions(p_hash text, p_id uuid, p_ip text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_user uuid; v_email text; v_ended integer := 0; s record;
BEGIN
  v_user := auth.user_of_session(p_hash);
  IF v_user IS NULL THEN RETURN 0; END IF;
  SELECT email INTO v_email FROM auth.users WHERE id = v_user;
  FOR s IN UPDATE auth.sessions e SET revoked_at = now()
           WHERE e.user_id = v_user AND e.revoked_at IS NULL AND e.ends_at > now()
             AND CASE WHEN p_id IS NULL THEN e.hash <> p_hash ELSE e.id = p_id END
           RETURNING e.tenant_id, e.ip LOOP
    v_ended := v_ended + 1;
    PERFORM auth.note_security('session.ended', v_email, s.tenant_id, p_ip, CASE WHEN p_id IS NULL THEN 'with all others' ELSE 'from the list' END);
  END LOOP;
  RETURN v_ended;
END $$;

CREATE OR REPLACE FUNCTION auth.end_session(p_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions;
BEGIN
  UPDATE auth.sessions SET revoked_at = now() WHERE hash = p_hash AND revoked_at IS NULL RETURNING * INTO s;
  IF FOUND THEN
    PERFORM auth.note_security('session.ended', coalesce((SELECT email FROM auth.users WHERE id = s.user_id), ''), s.tenant_id, s.ip, '');
  END IF;
END $$;

-- Which of these sessions enter nothing any more, for whatever reason; asked about open sockets.
CREATE FUNCTION auth.dead_sessions(p_hashes text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT g.hash FROM unnest(p_hashes) AS g(hash)
  WHERE NOT EXISTS (
    SELECT 1 FROM auth.sessions s JOIN public.tenants t ON t.id = s.tenant_id AND t.stage IN ('trial', 'active')
    WHERE s.hash = g.hash AND s.revoked_at IS NULL AND s.ends_at > now() AND s.seen_at + s.idle > now() AND s.pending = ''
      AND CASE s.scope
        WHEN 'member' THEN EXISTS (SELECT 1 FROM public.members m WHERE m.tenant_id = s.tenant_id AND m.user_id = s.user_id AND m.active AND m.archived_at IS NULL)
        ELSE EXISTS (SELECT 1 FROM auth.document_links l WHERE l.tenant_id = s.tenant_id AND l.row_id = s.document_id AND l.revoked_at IS NULL AND l.expires_at > now())
      END)
$$;

-- A link to a document that is closed takes the sessions along that came in by it: a newer link must not wake them.
CREATE OR REPLACE FUNCTION auth.revoke_document_links(p_row uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.document_links SET revoked_at = now() WHERE tenant_id = app.tenant_id() AND row_id = p_row AND revoked_at IS NULL;
  UPDATE auth.sessions SET revoked_at = now()
  WHERE scope = 'document' AND tenant_id = app.tenant_id() AND document_id = p_row AND revoked_at IS NULL
$$;

-- What nobody may use or needs to count any more.
CREATE OR REPLACE FUNCTION auth.forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM auth.attempts WHERE period < now() - interval '2 days';
  DELETE FROM auth.links WHERE expires_at < now() - interval '1 day';
  DELETE FROM auth.sessions WHERE least(ends_at, seen_at + idle, coalesce(revoked_at, 'infinity')) < now() - interval '90 days';
$$;
