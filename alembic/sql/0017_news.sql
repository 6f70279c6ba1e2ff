-- The seal says that the company has news: which company, and nothing else. Heard by state/news.py after the commit.
CREATE OR REPLACE FUNCTION app.seal(p_entries jsonb, p_messages jsonb, p_changes jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = auto AS $$
BEGIN
  PERFORM app.note_changes(p_changes->'touched', p_changes->'writers');
  PERFORM app.seal(p_entries, p_messages);
  PERFORM pg_notify('ontrack_news', app.tenant_id()::text);
END $$;
