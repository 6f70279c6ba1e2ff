-- Second factors: codes that change every 30 seconds, recovery codes, and proofs that are fresh.
ALTER TABLE auth.factors ADD COLUMN new_sealed text, ADD COLUMN begun_by uuid, ADD COLUMN begun_at timestamptz;
COMMENT ON COLUMN auth.factors.new_sealed IS 'The seed that is to replace a confirmed one, until a code of it is given.';
COMMENT ON COLUMN auth.factors.begun_by IS 'The session that was shown the seed; no other may confirm it.';

-- Codes that were mailed to somebody without a factor, for a fresh proof; one for a session.
CREATE TABLE auth.proof_codes (
  session_id uuid PRIMARY KEY REFERENCES auth.sessions (id) ON DELETE CASCADE,
  hash text NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON auth.proof_codes TO ontrack_finder;

-- A session that still owes something has ten minutes for it, however it came to owe it.
CREATE FUNCTION auth.limit_pending() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.ends_at := least(NEW.ends_at, now() + interval '10 minutes');
  RETURN NEW;
END $$;
CREATE TRIGGER limit_pending BEFORE INSERT OR UPDATE OF pending ON auth.sessions
FOR EACH ROW WHEN (NEW.pending <> '') EXECUTE FUNCTION auth.limit_pending();

-- A member's live session, pending or not.
CREATE FUNCTION auth.session_at(p_hash text) RETURNS SETOF auth.sessions
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM auth.sessions s
  WHERE s.hash = p_hash AND s.scope = 'member' AND s.revoked_at IS NULL AND s.ends_at > now() AND s.seen_at + s.idle > now()
$$;

-- The same, with its person locked first: what changes somebody's factor happens one after another.
CREATE FUNCTION auth.hold_session(p_hash text) RETURNS auth.sessions
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions;
BEGIN
  PERFORM 1 FROM auth.users u WHERE u.id = (SELECT x.user_id FROM auth.sessions x WHERE x.hash = p_hash) FOR NO KEY UPDATE;
  SELECT * INTO s FROM auth.sessions x WHERE x.hash = p_hash AND x.scope = 'member' AND x.revoked_at IS NULL
    AND x.ends_at > now() AND x.seen_at + x.idle > now() FOR UPDATE;
  RETURN s;
END $$;

CREATE FUNCTION auth.has_factor(p_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT EXISTS (SELECT 1 FROM auth.factors f WHERE f.user_id = p_user AND f.confirmed_at IS NOT NULL) $$;

-- Whether the proof of a session is fresh: five minutes; for the setting-up that a sign-in asks for, as long as that lasts.
CREATE FUNCTION auth.is_fresh(s auth.sessions) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE s.pending WHEN '' THEN coalesce(s.proven_at > now() - interval '5 minutes', false)
                        WHEN 'enrol' THEN coalesce(s.proven_at, s.created_at) > now() - interval '10 minutes'
                        ELSE false END
$$;

-- The companies whose rule for the person's role there is a second factor.
CREATE FUNCTION auth.factor_required_by(p_user uuid) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(t.name ORDER BY t.name), '{}') FROM public.members m JOIN public.tenants t ON t.id = m.tenant_id
  WHERE m.user_id = p_user AND m.active AND m.archived_at IS NULL AND t.stage IN ('trial', 'active') AND m.role = ANY (t.factor_roles)
$$;

CREATE FUNCTION auth.codes_left(p_user uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT count(*)::integer FROM auth.recovery_codes c WHERE c.user_id = p_user AND c.used_at IS NULL $$;

CREATE FUNCTION auth.replace_codes(p_user uuid, p_codes text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM auth.recovery_codes WHERE user_id = p_user;
  INSERT INTO auth.recovery_codes (user_id, hash) SELECT p_user, unnest(p_codes);
$$;

-- The session goes on under another secret, with a proof of now; one that was pending begins with the usual limits.
-- The role, or null where the person has no place in the company any more.
CREATE FUNCTION auth.rotate_session(s auth.sessions, p_new_hash text, p_by_factor boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE a auth.actor; n auth.sessions;
BEGIN
  a := auth.of_member(s.user_id, s.tenant_id);
  IF a.tenant_id IS NULL THEN RETURN NULL; END IF;
  IF s.pending <> '' AND p_by_factor THEN
    PERFORM auth.begin_session(s.user_id, s.tenant_id, p_new_hash, s.how, now(), s.ip, s.user_agent);
  ELSE
    n := s;
    n.hash := p_new_hash; n.id := uuidv7(); n.proven_at := now(); n.seen_at := now();
    n.factor_at := CASE WHEN p_by_factor THEN now() ELSE s.factor_at END;
    INSERT INTO auth.sessions VALUES (n.*);
  END IF;
  UPDATE auth.sessions SET revoked_at = now() WHERE hash = s.hash;
  RETURN a.role;
END $$;

-- Where somebody's ways of proving who they are have changed, their other browsers begin again.
CREATE FUNCTION auth.end_other_sessions(p_user uuid, p_kept text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  UPDATE auth.sessions SET revoked_at = now() WHERE user_id = p_user AND hash <> p_kept AND revoked_at IS NULL
$$;

CREATE FUNCTION auth.note_factor(s auth.sessions, p_word text, p_ip text, p_detail text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT auth.note_security(p_word, (SELECT u.email FROM auth.users u WHERE u.id = s.user_id), s.tenant_id, left(p_ip, 60), p_detail)
$$;

-- After a right code the count begins again. One row after the other, in the order in which a try counts them.
CREATE FUNCTION auth.forgive_tries(p_user uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DELETE FROM auth.attempts a WHERE a.bucket = 'factor:person:' || p_user;
  DELETE FROM auth.attempts a WHERE a.bucket = 'factor:day:' || p_user;
$$;

-- Changing company proves nothing: a session that is led to setting a factor up there brings its old proof along.
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
      proven_at = coalesce(s.proven_at, s.created_at) WHERE hash = p_new_hash;
  END IF;
  RETURN v_role;
END $$;

-- What follows is called by the application, each by the hash of the session's secret.

-- What a browser still owes: factor, enrol or nothing (''); null where it is not signed in at all.
CREATE FUNCTION auth.session_pending(p_hash text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s.pending FROM auth.session_at(p_hash) s $$;

CREATE FUNCTION auth.factor_state(p_hash text)
RETURNS TABLE (user_id uuid, email text, tenant_name text, role text, pending text, since timestamptz, codes_left integer,
               required_by text[], is_fresh boolean, proven_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT s.user_id, u.email, t.name, m.role, s.pending, f.confirmed_at,
         CASE WHEN f.confirmed_at IS NULL THEN 0 ELSE auth.codes_left(s.user_id) END,
         auth.factor_required_by(s.user_id), auth.is_fresh(s), s.proven_at
  FROM auth.session_at(p_hash) s JOIN auth.users u ON u.id = s.user_id JOIN public.tenants t ON t.id = s.tenant_id
  JOIN public.members m ON m.tenant_id = s.tenant_id AND m.user_id = s.user_id
  LEFT JOIN auth.factors f ON f.user_id = s.user_id
  WHERE m.active AND m.archived_at IS NULL AND t.stage IN ('trial', 'active')
$$;

-- The sealed seed whose codes count for this person, or the one that this session is setting up.
CREATE FUNCTION auth.factor_seed(p_hash text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT f.sealed FROM auth.session_at(p_hash) s JOIN auth.factors f ON f.user_id = s.user_id
  WHERE f.confirmed_at IS NOT NULL AND s.pending IN ('', 'factor')
$$;
CREATE FUNCTION auth.factor_draft(p_hash text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(f.new_sealed, f.sealed) FROM auth.session_at(p_hash) s JOIN auth.factors f ON f.user_id = s.user_id
  WHERE f.begun_by = s.id AND f.begun_at > now() - interval '10 minutes' AND (f.confirmed_at IS NULL OR f.new_sealed IS NOT NULL)
$$;

-- One try is counted, whatever it may be; false where there were too many, of this person or from this network.
CREATE FUNCTION auth.count_factor_try(p_hash text, p_ip text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions; v_ok boolean;
BEGIN
  SELECT * INTO s FROM auth.session_at(p_hash);
  IF NOT FOUND THEN RETURN false; END IF;
  v_ok := auth.hit('factor:person:' || s.user_id, 900, 8);
  v_ok := auth.hit('factor:day:' || s.user_id, 86400, 40) AND v_ok;
  v_ok := auth.hit('factor:ip:' || p_ip, 900, 60) AND v_ok;
  IF NOT v_ok AND auth.hit('factor:told:' || s.user_id, 900, 1) THEN
    PERFORM auth.note_factor(s, 'factor.limited', p_ip, '');
  END IF;
  RETURN v_ok;
END $$;

CREATE FUNCTION auth.note_wrong_code(p_hash text, p_ip text, p_detail text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT auth.note_factor(s, 'factor.refused', p_ip, left(p_detail, 60)) FROM auth.session_at(p_hash) s $$;

CREATE FUNCTION auth.begin_factor(p_hash text, p_sealed text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash);
BEGIN
  IF s.hash IS NULL OR NOT auth.is_fresh(s) THEN RETURN false; END IF;
  INSERT INTO auth.factors AS f (user_id, sealed, begun_by, begun_at) VALUES (s.user_id, p_sealed, s.id, now())
  ON CONFLICT (user_id) DO UPDATE SET begun_by = s.id, begun_at = now(),
    sealed = CASE WHEN f.confirmed_at IS NULL THEN excluded.sealed ELSE f.sealed END,
    new_sealed = CASE WHEN f.confirmed_at IS NULL THEN NULL ELSE excluded.sealed END;
  RETURN true;
END $$;

-- A code of the new seed was given: the factor counts from now on, with new recovery codes and a new session.
CREATE FUNCTION auth.confirm_factor(p_hash text, p_sealed text, p_step bigint, p_codes text[], p_new_hash text, p_ip text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash); v_role text;
BEGIN
  IF s.hash IS NULL OR s.pending = 'factor' THEN RETURN NULL; END IF;
  UPDATE auth.factors f SET sealed = p_sealed, new_sealed = NULL, begun_by = NULL, begun_at = NULL,
    last_step = p_step, confirmed_at = now()
  WHERE f.user_id = s.user_id AND f.begun_by = s.id AND f.begun_at > now() - interval '10 minutes'
    AND coalesce(f.new_sealed, f.sealed) = p_sealed;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM auth.replace_codes(s.user_id, p_codes);
  v_role := auth.rotate_session(s, p_new_hash, true);
  PERFORM auth.end_other_sessions(s.user_id, p_new_hash);
  PERFORM auth.note_factor(s, 'factor.confirmed', p_ip, '');
  RETURN v_role;
END $$;

-- The one place where a code is spent: the step of a changing code (p_step) or a recovery code (p_code), each once.
CREATE FUNCTION auth.pass_factor(p_hash text, p_step bigint, p_code text, p_new_hash text, p_ip text, OUT role text, OUT codes_left integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash);
BEGIN
  IF s.hash IS NULL OR s.pending = 'enrol' OR NOT auth.has_factor(s.user_id) THEN RETURN; END IF;
  IF p_code IS NULL THEN
    UPDATE auth.factors f SET last_step = p_step WHERE f.user_id = s.user_id AND f.confirmed_at IS NOT NULL AND f.last_step < p_step;
  ELSE
    UPDATE auth.recovery_codes c SET used_at = now() WHERE c.user_id = s.user_id AND c.hash = p_code AND c.used_at IS NULL;
  END IF;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM auth.forgive_tries(s.user_id);
  role := auth.rotate_session(s, p_new_hash, true);
  codes_left := auth.codes_left(s.user_id);
  IF p_code IS NOT NULL THEN PERFORM auth.note_factor(s, 'factor.recovery_used', p_ip, codes_left || ' left'); END IF;
  PERFORM auth.note_factor(s, CASE s.pending WHEN '' THEN 'session.confirmed' ELSE 'factor.passed' END, p_ip, 'factor');
END $$;

CREATE FUNCTION auth.renew_codes(p_hash text, p_codes text[], p_ip text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash);
BEGIN
  IF s.hash IS NULL OR s.pending <> '' OR NOT auth.is_fresh(s) OR NOT auth.has_factor(s.user_id) THEN RETURN false; END IF;
  PERFORM auth.replace_codes(s.user_id, p_codes);
  PERFORM auth.note_factor(s, 'factor.codes_renewed', p_ip, '');
  RETURN true;
END $$;

CREATE FUNCTION auth.remove_factor(p_hash text, p_new_hash text, p_ip text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash); v_role text;
BEGIN
  IF s.hash IS NULL OR s.pending <> '' OR NOT auth.is_fresh(s) OR NOT auth.has_factor(s.user_id)
     OR auth.factor_required_by(s.user_id) <> '{}' THEN RETURN NULL; END IF;
  DELETE FROM auth.recovery_codes WHERE user_id = s.user_id;
  DELETE FROM auth.factors WHERE user_id = s.user_id;
  s.factor_at := NULL;
  v_role := auth.rotate_session(s, p_new_hash, false);
  PERFORM auth.end_other_sessions(s.user_id, p_new_hash);
  PERFORM auth.note_factor(s, 'factor.removed', p_ip, '');
  RETURN v_role;
END $$;

-- A code for somebody without a factor, mailed to their own address; the address, or null where it is not for them.
CREATE FUNCTION auth.mail_proof_code(p_hash text, p_code text, p_subject text, p_text text, p_html text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash); v_email text;
BEGIN
  IF s.hash IS NULL OR s.pending = 'factor' OR auth.has_factor(s.user_id) THEN RETURN NULL; END IF;
  SELECT u.email INTO v_email FROM auth.users u WHERE u.id = s.user_id;
  DELETE FROM auth.proof_codes WHERE expires_at < now();
  INSERT INTO auth.proof_codes (session_id, hash, expires_at) VALUES (s.id, p_code, now() + interval '10 minutes')
  ON CONFLICT (session_id) DO UPDATE SET hash = excluded.hash, tries = 0, expires_at = excluded.expires_at;
  INSERT INTO auth.mails (tenant_id, recipient, subject, body_text, body_html) VALUES (s.tenant_id, v_email, p_subject, p_text, p_html);
  RETURN v_email;
END $$;

CREATE FUNCTION auth.pass_proof_code(p_hash text, p_code text, p_new_hash text, p_ip text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE s auth.sessions := auth.hold_session(p_hash); v_role text;
BEGIN
  IF s.hash IS NULL OR s.pending = 'factor' OR auth.has_factor(s.user_id) THEN RETURN NULL; END IF;
  DELETE FROM auth.proof_codes c WHERE c.session_id = s.id AND c.hash = p_code AND c.tries < 5 AND c.expires_at > now();
  IF NOT FOUND THEN
    UPDATE auth.proof_codes SET tries = tries + 1 WHERE session_id = s.id;
    RETURN NULL;
  END IF;
  PERFORM auth.forgive_tries(s.user_id);
  v_role := auth.rotate_session(s, p_new_hash, false);
  PERFORM auth.note_factor(s, 'session.confirmed', p_ip, 'mail');
  RETURN v_role;
END $$;

-- Within a company.

-- The people of the present company who have a factor.
CREATE FUNCTION auth.factor_people() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT m.user_id FROM public.members m JOIN auth.factors f ON f.user_id = m.user_id
  WHERE m.tenant_id = app.tenant_id() AND m.archived_at IS NULL AND f.confirmed_at IS NOT NULL
$$;

-- The open sessions of a role's people without a factor owe one from now on; how many there were.
CREATE FUNCTION auth.hold_role(p_role text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_hash text; v integer := 0;
BEGIN
  FOR v_hash IN
    UPDATE auth.sessions s SET pending = 'enrol' FROM public.members m
    WHERE m.tenant_id = app.tenant_id() AND m.role = p_role AND s.tenant_id = m.tenant_id AND s.user_id = m.user_id
      AND s.scope = 'member' AND s.pending = '' AND s.revoked_at IS NULL AND NOT auth.has_factor(s.user_id)
    RETURNING s.hash
  LOOP
    PERFORM pg_notify('ontrack_sessions', v_hash);
    v := v + 1;
  END LOOP;
  RETURN v;
END $$;

-- Takes the factor from a member of the present company who lost phone and codes, in every company: it is the person's.
-- Ends all their sessions; the companies that this concerns.
CREATE FUNCTION auth.reset_factor(p_user uuid) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_email text;
BEGIN
  SELECT u.email INTO v_email FROM auth.users u JOIN public.members m ON m.user_id = u.id
  WHERE u.id = p_user AND m.tenant_id = app.tenant_id() AND m.archived_at IS NULL FOR NO KEY UPDATE OF u;
  IF NOT FOUND OR NOT auth.has_factor(p_user) THEN RETURN; END IF;
  DELETE FROM auth.recovery_codes WHERE user_id = p_user;
  DELETE FROM auth.factors WHERE user_id = p_user;
  PERFORM auth.end_other_sessions(p_user, '');
  PERFORM auth.note_security('factor.reset', v_email, app.tenant_id(), '', 'at the command line');
  RETURN QUERY SELECT t.name::text FROM public.members m JOIN public.tenants t ON t.id = m.tenant_id
    WHERE m.user_id = p_user AND m.active AND m.archived_at IS NULL ORDER BY t.name;
END $$;
