-- Invitations: the row is the tenant's, the secret of its link is known here as a hash; a newer one takes the place of the older.
CREATE TABLE auth.invitations (
  hash text PRIMARY KEY,
  tenant_id uuid NOT NULL REFERENCES public.tenants,
  invitation_id uuid NOT NULL,
  email text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  UNIQUE (tenant_id, invitation_id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.invitations TO ontrack_finder;

CREATE FUNCTION auth.add_invitation(p_hash text, p_invitation uuid, p_expires timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  INSERT INTO auth.invitations (hash, tenant_id, invitation_id, email, expires_at)
  SELECT p_hash, i.tenant_id, i.id, i.email, least(p_expires, now() + interval '7 days')
  FROM public.invitations i
  WHERE i.tenant_id = app.tenant_id() AND app.scope() = 'all' AND i.id = p_invitation AND i.stage = 'pending'
  ON CONFLICT (tenant_id, invitation_id) DO UPDATE
  SET hash = excluded.hash, email = excluded.email, created_at = now(), expires_at = excluded.expires_at, used_at = NULL
$$;

CREATE FUNCTION auth.drop_invitation(p_invitation uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM auth.invitations WHERE tenant_id = app.tenant_id() AND app.scope() = 'all' AND invitation_id = p_invitation
$$;

-- What the page with the button shows, without using anything up. No row where the link no longer works.
CREATE FUNCTION auth.peek_invitation(p_hash text) RETURNS TABLE (tenant_id uuid, tenant_name text, email text, role text, inviter text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id, t.name, a.email, i.role, i.inviter
  FROM auth.invitations a JOIN public.invitations i ON i.tenant_id = a.tenant_id AND i.id = a.invitation_id
  JOIN public.tenants t ON t.id = a.tenant_id
  WHERE a.hash = p_hash AND a.used_at IS NULL AND a.expires_at > now() AND i.stage = 'pending' AND t.stage IN ('trial', 'active')
$$;

-- Uses the secret up in its own company: of many at once one gets the invitation's id, the others nothing.
CREATE FUNCTION auth.use_invitation(p_hash text) RETURNS uuid
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.invitations SET used_at = now()
  WHERE hash = p_hash AND tenant_id = app.tenant_id() AND used_at IS NULL AND expires_at > now() RETURNING invitation_id
$$;

-- Opens the session of who just joined: only in the transaction that used the secret up, only for the address it was mailed to.
CREATE FUNCTION auth.open_invited(p_hash text, p_session text, p_ip text, p_user_agent text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_user uuid;
BEGIN
  SELECT u.id INTO v_user FROM auth.invitations a JOIN auth.users u ON u.email = a.email
  WHERE a.hash = p_hash AND a.tenant_id = app.tenant_id() AND a.used_at = now();
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN auth.begin_session(v_user, app.tenant_id(), p_session, 'link', NULL, p_ip, p_user_agent);
END $$;

-- A member's keys in the present company.
CREATE FUNCTION auth.end_member_keys(p_user uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v integer;
BEGIN
  UPDATE auth.api_keys SET revoked_at = now() WHERE user_id = p_user AND tenant_id = app.tenant_id() AND revoked_at IS NULL;
  GET DIAGNOSTICS v = ROW_COUNT;
  RETURN v;
END $$;

CREATE FUNCTION auth.member_keys(p_user uuid) RETURNS TABLE (id uuid, scopes text[], expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.id, k.scopes, k.expires_at FROM auth.api_keys k
  WHERE k.user_id = p_user AND k.tenant_id = app.tenant_id() AND app.scope() = 'all' AND k.revoked_at IS NULL AND k.expires_at > now()
  ORDER BY k.created_at
$$;

-- How many sessions of a member are open in the present company, and when one was last seen.
CREATE FUNCTION auth.member_sessions(p_user uuid, OUT open integer, OUT seen_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT count(*) FILTER (WHERE s.revoked_at IS NULL AND s.ends_at > now() AND s.seen_at + s.idle > now())::integer, max(s.seen_at)
  FROM auth.sessions s WHERE s.user_id = p_user AND s.tenant_id = app.tenant_id() AND app.scope() = 'all'
$$;

GRANT CREATE ON SCHEMA app TO ontrack_finder;
ALTER TABLE public.invitations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.invitations FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.invitations USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.invitations AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN false WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.invitations AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.invitations AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.invitations AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY finder ON public.invitations FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.invitations TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.invitations TO ontrack_app;
CREATE INDEX ix_invitations_search ON public.invitations USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_invitations(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
            SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
              SELECT id FROM public.invitations WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
            $$;
ALTER FUNCTION app.search_invitations(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_invitations(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_invitations(text, integer) TO ontrack_app;
REVOKE CREATE ON SCHEMA app FROM ontrack_finder;
