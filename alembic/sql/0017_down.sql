-- Back to a seal that tells nobody.
CREATE OR REPLACE FUNCTION app.seal(p_entries jsonb, p_messages jsonb, p_changes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
BEGIN
  PERFORM app.note_changes(p_changes->'touched', p_changes->'writers');
  PERFORM app.seal(p_entries, p_messages);
END $$;
