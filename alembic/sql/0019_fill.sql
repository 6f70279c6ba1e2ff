-- Hours and expenses of before get the stage that their stamps say, and each correction the first entry of its chain.
-- The owner is under the policies too, which show nothing without a tenant: they stand aside for these three statements.
ALTER TABLE public.time_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE public.expenses NO FORCE ROW LEVEL SECURITY;
WITH RECURSIVE chain AS (
  SELECT tenant_id, id, id AS root_id, 0 AS depth, created_at FROM public.time_entries WHERE corrects_id IS NULL
  UNION ALL
  SELECT e.tenant_id, e.id, c.root_id, c.depth + 1, e.created_at FROM public.time_entries e JOIN chain c ON c.tenant_id = e.tenant_id AND c.id = e.corrects_id
), placed AS (
  SELECT tenant_id, id, root_id, row_number() OVER (PARTITION BY tenant_id, root_id ORDER BY depth > 0, created_at, depth, id) - 1 AS turn FROM chain
)
UPDATE public.time_entries e SET root_id = c.root_id, turn = c.turn,
  stage = CASE WHEN e.locked_at IS NOT NULL THEN 'locked' WHEN e.approved_at IS NOT NULL THEN 'approved' ELSE 'open' END
FROM placed c WHERE c.tenant_id = e.tenant_id AND c.id = e.id;
UPDATE public.expenses SET decision = '', stage = CASE WHEN approved_at IS NULL THEN 'claimed' ELSE 'approved' END,
  approved_cents = CASE WHEN approved_at IS NULL THEN NULL ELSE claimed_cents END;
ALTER TABLE public.time_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE public.expenses FORCE ROW LEVEL SECURITY;
