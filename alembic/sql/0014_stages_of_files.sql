-- Files by the stages that outsiders read: quarantined is now scanning; what was refused is infected where something harmful
-- was found, and failed otherwise. Rows of every company change, so the owner is let past their policies for this transaction.
ALTER TABLE public.files DROP CONSTRAINT ck_files_stage_known;
ALTER TABLE public.files NO FORCE ROW LEVEL SECURITY;
UPDATE public.files SET stage = CASE
  WHEN stage = 'quarantined' THEN 'scanning'
  WHEN checked_by <> '' AND note ~ '^(The virus scanner found |It holds the test virus |This PDF (runs|starts|carries) )' THEN 'infected'
  ELSE 'failed' END
WHERE stage IN ('quarantined', 'refused');
ALTER TABLE public.files FORCE ROW LEVEL SECURITY;
ALTER TABLE public.files ADD COLUMN restarts integer NOT NULL DEFAULT 0;
ALTER TABLE public.files ALTER COLUMN restarts DROP DEFAULT;
ALTER TABLE public.files ADD CONSTRAINT ck_files_restarts_not_negative CHECK (restarts >= 0);
ALTER TABLE public.files ADD CONSTRAINT ck_files_stage_known CHECK (stage IN ('uploading', 'scanning', 'clean', 'infected', 'failed'));
CREATE OR REPLACE FUNCTION app.my_file_bytes() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$ SELECT coalesce(sum(size), 0)::bigint FROM public.files
   WHERE tenant_id = app.tenant_id() AND archived_at IS NULL AND stage NOT IN ('infected', 'failed') $$;
