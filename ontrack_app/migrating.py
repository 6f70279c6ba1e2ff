"""The only home of the steps that migrations share; what they do to a table is frozen text in `alembic/sql/`."""

from pathlib import Path

from alembic import op

SQL = Path(__file__).resolve().parent.parent / "alembic" / "sql"
HAND_OVER = """
DO $$
DECLARE f regprocedure;
BEGIN
  GRANT CREATE ON SCHEMA app, auth TO ontrack_finder;
  FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE p.proowner = 'ontrack_owner'::regrole
             AND (n.nspname = 'auth' OR (n.nspname = 'app' AND (p.proname LIKE 'sees\\_%' OR p.proname LIKE 'my\\_%'))) LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM public', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ontrack_app', f);
    EXECUTE format('ALTER FUNCTION %s OWNER TO ontrack_finder', f);
  END LOOP;
  REVOKE CREATE ON SCHEMA app, auth FROM ontrack_finder;
END $$"""


def run(name: str) -> None:
    """Executes one file of `alembic/sql/` as it stands."""
    _execute((SQL / name).read_text())


def hand_over() -> None:
    """Gives the functions that were just made in `auth`, and those that scopes ask, to the finder: they read across rows,
    the application may call them, nobody else. A function that only others of its kind call is revoked afterwards."""
    _execute(HAND_OVER)


def _execute(statements: str) -> None:
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))
