-- Which visit waiting work names. What waits already is read out of its body as it was sent; a rewrite of the column reaches
-- every company's rows, which an UPDATE behind the policies would not.
ALTER TABLE public.quarantine ADD COLUMN visit_id uuid;
ALTER TABLE public.quarantine ALTER COLUMN visit_id TYPE uuid
  USING substring(body from '"visit_id": "([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})"')::uuid;
CREATE INDEX ix_quarantine_visit ON public.quarantine (tenant_id, visit_id);
