-- What the database of OnTrack needs from a superuser; runs any number of times, inside that database.
DO $$
DECLARE extension text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ontrack database'));
  FOREACH extension IN ARRAY ARRAY['pg_trgm', 'btree_gin', 'btree_gist', 'unaccent'] LOOP
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = extension) THEN
      EXECUTE format('CREATE EXTENSION %I SCHEMA public', extension);
    END IF;
  END LOOP;
  IF has_schema_privilege('ontrack_app', 'public', 'CREATE') THEN
    REVOKE CREATE ON SCHEMA public FROM public;
  END IF;
  IF NOT has_schema_privilege('ontrack_owner', 'public', 'CREATE') THEN
    GRANT CREATE, USAGE ON SCHEMA public TO ontrack_owner;
  END IF;
END $$;
