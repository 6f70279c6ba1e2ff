-- Back to answers that every scope of the tenant sees.
DROP POLICY scope_seen ON public.idempotency_keys;
CREATE POLICY scope_seen ON public.idempotency_keys AS RESTRICTIVE TO ontrack_app USING (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN true WHEN 'member' THEN true WHEN 'document' THEN true ELSE false END) WITH CHECK (CASE (SELECT app.scope()) WHEN 'all' THEN true WHEN 'clients' THEN true WHEN 'member' THEN true WHEN 'document' THEN true ELSE false END);
