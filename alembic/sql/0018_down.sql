-- Back to waiting work that says of no visit that it is about it.
DROP INDEX public.ix_quarantine_visit;
ALTER TABLE public.quarantine DROP COLUMN visit_id;
