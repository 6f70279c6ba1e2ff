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
