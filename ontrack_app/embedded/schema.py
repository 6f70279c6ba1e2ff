"""The only home of whether the tables are up to date, cheaply: the migration tool is loaded only when it is needed."""

import hashlib
import json
import sys
from pathlib import Path

import psycopg
from psycopg.errors import UndefinedTable

from ontrack_app.embedded.processes import environment_for, run_step
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls

MIGRATIONS = PROJECT_ROOT / "alembic"
STAMP = "schema.json"


def ensure(urls: DatabaseUrls, home: Path) -> bool:
    """Migrates where the scripts or the database changed since the last time; returns whether it did."""
    stamp = home / STAMP
    wanted = {"scripts": scripts_hash(), "version": version(urls.owner)}
    if wanted["version"] and stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) == wanted:
        return False
    environment = environment_for(home, DATABASE_URL=urls.app, DATABASE_OWNER_URL=urls.owner)
    run_step(
        "Migrating the database",
        [sys.executable, "-m", "ontrack_app.cli", "migrate"],
        environment,
        home / "migrate.log",
    )
    stamp.write_text(json.dumps(wanted | {"version": version(urls.owner)}), encoding="utf-8")
    return True


def scripts_hash() -> str:
    """One hash over all migrations."""
    digest = hashlib.sha256()
    for path in sorted((MIGRATIONS / "versions").glob("*.py")) + sorted((MIGRATIONS / "sql").glob("*.sql")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def version(owner_url: str) -> str:
    """The migration that the database stands at; empty where there is none yet."""
    try:
        with psycopg.connect(owner_url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except UndefinedTable:
        return ""
    return str(row[0]) if row else ""
