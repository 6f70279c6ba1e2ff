-- Back to factors that nobody can use yet.
DROP TRIGGER limit_pending ON auth.sessions;
DROP FUNCTION auth.limit_pending(), auth.session_pending(text), auth.factor_state(text), auth.factor_seed(text), auth.factor_draft(text),
  auth.count_factor_try(text, text), auth.note_wrong_code(text, text, text), auth.begin_factor(text, text),
  auth.confirm_factor(text, text, bigint, text[], text, text), auth.pass_factor(text, bigint, text, text, text),
  auth.renew_codes(text, text[], text), auth.remove_factor(text, text, text), auth.mail_proof_code(text, text, text, text, text),
  auth.pass_proof_code(text, text, text, text), auth.factor_people(), auth.hold_role(text), auth.reset_factor(uuid),
  auth.note_factor(auth.sessions, text, text, text), auth.end_other_sessions(uuid, text),
  auth.rotate_session(auth.sessions, text, boolean), auth.replace_codes(uuid, text[]), auth.codes_left(uuid), auth.forgive_tries(uuid),
  auth.factor_required_by(uuid), auth.is_fresh(auth.sessions), auth.has_factor(uuid), auth.hold_session(text), auth.session_at(text);
DROP TABLE auth.proof_codes;
DELETE FROM auth.factors WHERE confirmed_at IS NULL;
ALTER TABLE auth.factors DROP COLUMN new_sealed, DROP COLUMN begun_by, DROP COLUMN begun_at;
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
