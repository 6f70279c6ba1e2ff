-- Who may see and write files, the pieces of their upload and what is served of them.
GRANT CREATE ON SCHEMA app TO ontrack_finder;
ALTER TABLE public.files ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.files FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.files USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.files AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN is_visible AND stage = 'clean' AND archived_at IS NULL AND (noun = 'visits' AND app.sees_visit(row_id) OR noun = 'jobs' AND app.sees_job(row_id)) WHEN 'member' THEN noun = 'visits' AND app.sees_visit(row_id) OR noun = 'jobs' AND app.sees_job(row_id) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN is_visible AND stage = 'clean' AND archived_at IS NULL AND (noun = 'visits' AND app.sees_visit(row_id) OR noun = 'jobs' AND app.sees_job(row_id)) WHEN 'member' THEN noun = 'visits' AND app.sees_visit(row_id) OR noun = 'jobs' AND app.sees_job(row_id) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.files AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_change ON public.files AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_drop ON public.files AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY finder ON public.files FOR SELECT TO ontrack_finder USING (true);
GRANT SELECT ON public.files TO ontrack_finder;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.files TO ontrack_app;
CREATE INDEX ix_files_search ON public.files USING gin (tenant_id, search_text gin_trgm_ops);
CREATE FUNCTION app.search_files(pattern text, most integer DEFAULT NULL) RETURNS SETOF uuid
            LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
            SET enable_seqscan = off SET enable_indexscan = off ROWS 50 AS $$
              SELECT id FROM public.files WHERE tenant_id = app.tenant_id() AND search_text LIKE pattern LIMIT most
            $$;
ALTER FUNCTION app.search_files(text, integer) OWNER TO ontrack_finder;
REVOKE ALL ON FUNCTION app.search_files(text, integer) FROM public;
GRANT EXECUTE ON FUNCTION app.search_files(text, integer) TO ontrack_app;
ALTER TABLE public.file_parts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.file_parts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.file_parts USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.file_parts AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN file_id IN (SELECT f.id FROM public.files f) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN false WHEN 'member' THEN file_id IN (SELECT f.id FROM public.files f) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.file_parts AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_change ON public.file_parts AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
CREATE POLICY scope_drop ON public.file_parts AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all', 'member'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.file_parts TO ontrack_app;
ALTER TABLE public.file_variants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.file_variants FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON public.file_variants USING (tenant_id = (SELECT app.tenant_id())) WITH CHECK (tenant_id = (SELECT app.tenant_id()));
CREATE POLICY scope_seen ON public.file_variants AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN file_id IN (SELECT f.id FROM public.files f) WHEN 'member' THEN file_id IN (SELECT f.id FROM public.files f) WHEN 'document' THEN false ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN file_id IN (SELECT f.id FROM public.files f) WHEN 'member' THEN file_id IN (SELECT f.id FROM public.files f) WHEN 'document' THEN false ELSE false END);
CREATE POLICY scope_add ON public.file_variants AS RESTRICTIVE FOR INSERT TO ontrack_app WITH CHECK ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_change ON public.file_variants AS RESTRICTIVE FOR UPDATE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
CREATE POLICY scope_drop ON public.file_variants AS RESTRICTIVE FOR DELETE TO ontrack_app USING ((SELECT app.scope()) IN ('all'));
GRANT SELECT, INSERT, UPDATE, DELETE ON public.file_variants TO ontrack_app;
REVOKE CREATE ON SCHEMA app FROM ontrack_finder;
-- How much of its quota a company has used: a crew must be counted with all the others, though it sees its own files alone.
CREATE FUNCTION app.my_file_bytes() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce(sum(size), 0)::bigint FROM public.files WHERE tenant_id = app.tenant_id() AND archived_at IS NULL AND stage <> 'refused' $$;
