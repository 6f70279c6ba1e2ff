-- Signing in with others: a started sign-in is kept here by the hash of its state, bound to one browser, and taken once.
CREATE TABLE auth.oidc_flows (
  hash text PRIMARY KEY,
  browser text NOT NULL,
  provider text NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('sign-in', 'link')),
  session text NOT NULL DEFAULT '',
  nonce text NOT NULL,
  verifier text NOT NULL,
  next text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  CHECK ((purpose = 'link') = (session <> ''))
);
CREATE INDEX ix_oidc_flows_expires ON auth.oidc_flows (expires_at);
CREATE UNIQUE INDEX ux_identities_person ON auth.identities (user_id, provider);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.oidc_flows TO ontrack_finder;

-- The person behind a whole, live session of a member; no row for a document's session or one that still owes a proof.
CREATE FUNCTION auth.person_of(p_session text) RETURNS TABLE (user_id uuid, email text, tenant_id uuid, proven_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.user_id, u.email, s.tenant_id, s.proven_at FROM auth.sessions s JOIN auth.users u ON u.id = s.user_id
  WHERE s.hash = p_session AND s.scope = 'member' AND s.pending = '' AND s.revoked_at IS NULL
    AND s.ends_at > now() AND s.seen_at + s.idle > now()
    AND (auth.of_member(s.user_id, s.tenant_id)).tenant_id IS NOT NULL
$$;

-- Whether the sign-in was started: connecting another one asks for a person who proved in the last minutes who they are.
CREATE FUNCTION auth.start_oidc(p_hash text, p_browser text, p_provider text, p_session text, p_nonce text, p_verifier text, p_next text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_session <> '' AND NOT EXISTS (SELECT 1 FROM auth.person_of(p_session) p WHERE p.proven_at > now() - interval '5 minutes') THEN
    RETURN false;
  END IF;
  DELETE FROM auth.oidc_flows WHERE expires_at < now() - interval '1 hour';
  INSERT INTO auth.oidc_flows (hash, browser, provider, purpose, session, nonce, verifier, next, expires_at)
  VALUES (p_hash, p_browser, p_provider, CASE WHEN p_session = '' THEN 'sign-in' ELSE 'link' END, p_session, p_nonce, p_verifier, p_next,
          now() + interval '10 minutes');
  RETURN true;
END $$;

-- Takes a started sign-in, once: whoever brings its state uses it up, and only the browser, provider and session that it was
-- started with get its secrets. `wrong` says what did not fit, for the trail.
CREATE FUNCTION auth.take_oidc(p_hash text, p_browser text, p_provider text, p_session text,
  OUT wrong text, OUT purpose text, OUT nonce text, OUT verifier text, OUT next text, OUT started timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f auth.oidc_flows;
BEGIN
  DELETE FROM auth.oidc_flows WHERE hash = p_hash RETURNING * INTO f;
  purpose := f.purpose;
  wrong := CASE
    WHEN f.hash IS NULL THEN 'unknown state'
    WHEN f.browser <> p_browser THEN 'another browser'
    WHEN f.provider <> p_provider THEN 'another provider'
    WHEN f.expires_at <= now() THEN 'too late'
    WHEN f.purpose = 'link' AND f.session <> p_session THEN 'another session'
    WHEN f.purpose = 'link' AND NOT EXISTS (SELECT 1 FROM auth.person_of(p_session)) THEN 'another session'
    ELSE '' END;
  IF wrong = '' THEN
    nonce := f.nonce; verifier := f.verifier; next := f.next; started := f.created_at;
  END IF;
END $$;

-- Opens a session for the person to whom this identity was connected; nothing else of the identity counts, its e-mail least of all.
CREATE FUNCTION auth.sign_in_by_identity(p_issuer text, p_subject text, p_hash text, p_ip text, p_user_agent text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE i auth.identities; v_tenant uuid; v_role text;
BEGIN
  SELECT * INTO i FROM auth.identities WHERE issuer = p_issuer AND subject = p_subject FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  v_tenant := auth.home_tenant(i.user_id, NULL);
  IF v_tenant IS NULL THEN RETURN NULL; END IF;
  v_role := auth.begin_session(i.user_id, v_tenant, p_hash, 'oidc', NULL, p_ip, p_user_agent);
  IF v_role IS NULL THEN RETURN NULL; END IF;
  UPDATE auth.identities SET used_at = now() WHERE issuer = p_issuer AND subject = p_subject;
  PERFORM auth.note_security('oidc.signed_in', (SELECT email FROM auth.users WHERE id = i.user_id), v_tenant, p_ip, i.provider);
  RETURN v_role;
END $$;

-- Connects an identity to the person of a session: linked, or taken (somebody else has it), or other (this person has another one
-- of this provider), or gone (the session has ended).
CREATE FUNCTION auth.link_identity(p_session text, p_issuer text, p_subject text, p_provider text, p_email text, p_ip text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record; i auth.identities;
BEGIN
  SELECT * INTO p FROM auth.person_of(p_session);
  IF NOT FOUND THEN RETURN 'gone'; END IF;
  INSERT INTO auth.identities (issuer, subject, user_id, provider, email) VALUES (p_issuer, p_subject, p.user_id, p_provider, p_email)
  ON CONFLICT DO NOTHING RETURNING * INTO i;
  IF FOUND THEN
    PERFORM auth.note_security('oidc.linked', p.email, p.tenant_id, p_ip, p_provider);
    RETURN 'linked';
  END IF;
  SELECT * INTO i FROM auth.identities WHERE issuer = p_issuer AND subject = p_subject;
  RETURN CASE WHEN i.user_id = p.user_id AND i.provider = p_provider THEN 'linked' WHEN i.user_id IS NULL THEN 'other' ELSE 'taken' END;
END $$;

-- Disconnects a provider from the person of a session; null where the last proof is too old, else whether there was one.
CREATE FUNCTION auth.unlink_identity(p_session text, p_provider text, p_ip text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record;
BEGIN
  SELECT * INTO p FROM auth.person_of(p_session) f WHERE f.proven_at > now() - interval '5 minutes';
  IF NOT FOUND THEN RETURN NULL; END IF;
  DELETE FROM auth.identities WHERE user_id = p.user_id AND provider = p_provider;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM auth.note_security('oidc.unlinked', p.email, p.tenant_id, p_ip, p_provider);
  RETURN true;
END $$;

CREATE FUNCTION auth.identities_of(p_session text) RETURNS TABLE (provider text, email text, linked_at timestamptz, used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.provider, i.email, i.linked_at, i.used_at FROM auth.identities i JOIN auth.person_of(p_session) p ON p.user_id = i.user_id
  ORDER BY i.provider
$$;

-- A refused answer among the security events: of the person of the session that wanted to connect, else of nobody.
CREATE FUNCTION auth.note_oidc_refusal(p_session text, p_ip text, p_detail text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p record;
BEGIN
  SELECT * INTO p FROM auth.person_of(p_session);
  PERFORM auth.note_security('oidc.refused', coalesce(p.email, ''), p.tenant_id, left(p_ip, 60), left(p_detail, 100));
END $$;
