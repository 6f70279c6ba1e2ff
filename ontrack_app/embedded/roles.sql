-- The roles of OnTrack, made by a superuser; runs any number of times. For an outside server: psql -f this file,
-- give the three LOGIN roles passwords, create the database owned by ontrack_owner, then psql -d ontrack -f database.sql.
DO $$
DECLARE wanted record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('ontrack roles'));
  FOR wanted IN SELECT * FROM (VALUES ('ontrack_owner', 'LOGIN'), ('ontrack_app', 'LOGIN'),
                                      ('ontrack_worker', 'LOGIN'), ('ontrack_finder', 'NOLOGIN')) AS roles(name, may) LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) THEN
      EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted.name, wanted.may);
    END IF;
  END LOOP;
  IF NOT pg_has_role('ontrack_owner', 'ontrack_finder', 'MEMBER') THEN
    GRANT ontrack_finder TO ontrack_owner;  -- so that a migration can hand a function over
  END IF;
  IF NOT pg_has_role('ontrack_owner', 'ontrack_app', 'MEMBER') THEN
    GRANT ontrack_app TO ontrack_owner WITH INHERIT FALSE, SET TRUE;  -- so that the demo can tell a past under the application's own policies
  END IF;
  -- Under row-level security a cached generic plan cannot know the tenant's size.
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ontrack_app'
                 AND rolconfig @> ARRAY['plan_cache_mode=force_custom_plan']) THEN
    ALTER ROLE ontrack_app SET plan_cache_mode = force_custom_plan;
  END IF;
END $$;
