-- Back to quarantined and refused.
ALTER TABLE public.files DROP CONSTRAINT ck_files_stage_known;
ALTER TABLE public.files NO FORCE ROW LEVEL SECURITY;
UPDATE public.files SET stage = CASE WHEN stage = 'scanning' THEN 'quarantined' ELSE 'refused' END
WHERE stage IN ('scanning', 'infected', 'failed');
ALTER TABLE public.files FORCE ROW LEVEL SECURITY;
ALTER TABLE public.files DROP COLUMN restarts;
ALTER TABLE public.files ADD CONSTRAINT ck_files_stage_known CHECK (stage IN ('uploading', 'quarantined', 'clean', 'refused'));
CREATE OR REPLACE FUNCTION app.my_file_bytes() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce(sum(size), 0)::bigint FROM public.files WHERE tenant_id = app.tenant_id() AND archived_at IS NULL AND stage <> 'refused' $$;
