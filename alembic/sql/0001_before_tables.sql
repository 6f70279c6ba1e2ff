-- Who is acting: set once per transaction, read by every policy.
CREATE SCHEMA app;
CREATE SCHEMA auth;
GRANT USAGE ON SCHEMA app TO ontrack_app, ontrack_worker, ontrack_finder;
GRANT USAGE ON SCHEMA auth TO ontrack_app, ontrack_worker, ontrack_finder;
GRANT CREATE ON SCHEMA app, auth TO ontrack_finder;
GRANT USAGE ON SCHEMA public TO ontrack_app, ontrack_worker, ontrack_finder;
-- The queue's own tables: made by the worker itself, reached by nobody else. All of it may be thrown away.
CREATE SCHEMA huey;
GRANT USAGE, CREATE ON SCHEMA huey TO ontrack_worker;

CREATE FUNCTION app.tenant_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
CREATE FUNCTION app.scope() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.scope', true), ''), 'none') $$;
CREATE FUNCTION app.member_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.member_id', true), '')::uuid $$;
CREATE FUNCTION app.document_id() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('app.document_id', true), '')::uuid $$;
CREATE FUNCTION app.client_ids() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('app.client_ids', true), '')::uuid[], '{}'::uuid[]) $$;
