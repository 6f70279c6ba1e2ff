-- Back to links that any browser may use, and sessions that nobody lists.
DROP FUNCTION auth.hit_home(text, integer, integer), auth.add_link(text, text, text, text, interval, text, text, boolean),
  auth.peek_link(text, text), auth.use_link(text, text, text, text, text, text), auth.use_code(text, text, text, text, text, text),
  auth.settle_link(auth.links, boolean, text, text, text, text), auth.my_sessions(text), auth.end_my_sessions(text, uuid, text),
  auth.user_of_session(text), auth.dead_sessions(text[]);
DROP INDEX auth.ix_links_browser, auth.ix_sessions_ended, auth.ix_sessions_document;
ALTER TABLE auth.links DROP COLUMN browser, DROP COLUMN code, DROP COLUMN wrong;

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

CREATE FUNCTION auth.peek_link(p_hash text) RETURNS TABLE (email text, tenant_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT l.email, t.name FROM auth.links l JOIN public.tenants t ON t.id = l.tenant_id
  WHERE l.hash = p_hash AND l.used_at IS NULL AND l.expires_at > now() AND t.stage IN ('trial', 'active')
$$;

CREATE FUNCTION auth.use_link(p_hash text, p_session text, p_ip text, p_user_agent text, OUT role text, OUT next text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l auth.links;
BEGIN
  UPDATE auth.links SET used_at = now() WHERE hash = p_hash AND used_at IS NULL AND expires_at > now() RETURNING * INTO l;
  IF NOT FOUND OR l.tenant_id IS NULL THEN RETURN; END IF;
  role := auth.begin_session((SELECT id FROM auth.users WHERE email = l.email), l.tenant_id, p_session, 'link', NULL, p_ip, p_user_agent);
  next := l.next;
END $$;

CREATE OR REPLACE FUNCTION auth.end_session(p_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions;
BEGIN
  UPDATE auth.sessions SET revoked_at = now() WHERE hash = p_hash AND revoked_at IS NULL RETURNING * INTO s;
  IF FOUND THEN PERFORM auth.note_security('session.ended', '', s.tenant_id, s.ip, ''); END IF;
END $$;

CREATE OR REPLACE FUNCTION auth.forget_old() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM auth.attempts WHERE period < now() - interval '2 days';
  DELETE FROM auth.links WHERE expires_at < now() - interval '1 day';
$$;

CREATE OR REPLACE FUNCTION auth.revoke_document_links(p_row uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.document_links SET revoked_at = now() WHERE tenant_id = app.tenant_id() AND row_id = p_row AND revoked_at IS NULL
$$;
