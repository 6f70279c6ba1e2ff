-- Who owns and who may call the functions: the finder owns what reads across rows, the application calls, nobody else.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE (n.nspname = 'auth') OR (n.nspname = 'app' AND p.proname LIKE 'my\_%') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM public', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ontrack_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO ontrack_finder', f);
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION auth.claim_mails, auth.finish_mail, auth.tenant_ids, auth.forget_old FROM ontrack_app;
GRANT EXECUTE ON FUNCTION auth.claim_mails, auth.finish_mail, auth.tenant_ids, auth.forget_old TO ontrack_worker;
REVOKE EXECUTE ON FUNCTION auth.of_member, auth.act_as, auth.home_tenant FROM ontrack_app;
REVOKE EXECUTE ON FUNCTION app.add_tenant FROM public;
REVOKE CREATE ON SCHEMA app, auth FROM ontrack_finder;
