-- Lists are planned for their tenant (plan_cache_mode force_custom_plan), and these functions, called for each row of them,
-- would take that over. They find rows by whole keys: a plan that is kept is as good.
ALTER FUNCTION app.sees_visit(uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION app.sees_job(uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION app.sees_client(uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION app.sees_property(uuid) SET plan_cache_mode = force_generic_plan;
