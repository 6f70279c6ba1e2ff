ALTER FUNCTION app.sees_visit(uuid) RESET plan_cache_mode;
ALTER FUNCTION app.sees_job(uuid) RESET plan_cache_mode;
ALTER FUNCTION app.sees_client(uuid) RESET plan_cache_mode;
ALTER FUNCTION app.sees_property(uuid) RESET plan_cache_mode;
