"""`ontrack doctor`: every configured part, checked for real, in words."""

import contextlib
import shutil
import smtplib
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

import click
import psycopg
import redis

from ontrack_app.cli.up import answers
from ontrack_app.embedded import conveniences, frontend, node, schema
from ontrack_app.embedded.database import database
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.integrations.files import store
from ontrack_app.integrations.files.protocol import NotStored, StoreAway
from ontrack_app.integrations.scanner import ScannerAway
from ontrack_app.integrations.scanners import scanner
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls, Settings, settings

LITTLE_SPACE = 1024**3
NEEDED_EXTENSIONS = {"pg_trgm", "btree_gin", "btree_gist", "unaccent"}
ROLES_THAT_OBEY = ("ontrack_app", "ontrack_worker")


@dataclass(frozen=True, slots=True)
class Finding:
    """One part: whether it is as it should be, and the words."""

    part: str
    good: bool
    words: str


@click.command("doctor")
def command() -> None:
    """Check every configured part, in words; exit code 1 where one is not well."""
    findings = list(examine())
    for one in findings:
        mark = click.style("ok ", fg="green") if one.good else click.style("bad", fg="red")
        click.echo(f"{mark}  {one.part:<10} {one.words}")
    if not all(one.good for one in findings):
        click.echo("\nThe parts marked bad need attention.", err=True)
        sys.exit(1)
    click.echo("\nEverything is well.")


def examine() -> Iterator[Finding]:
    """All findings, in the order in which the parts depend on each other."""
    found = settings()
    yield _settings(found)
    yield _space(found)
    yield from _database()
    yield _attempt("node", _node)
    yield _front_end()
    yield _redis(found)
    yield _mail(found)
    yield _attempt("files", _store)
    yield _attempt("scanner", _scanner)
    yield _serving(found)


def _attempt(part: str, check: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, check())
    except (
        CannotStart,
        OSError,
        psycopg.Error,
        redis.RedisError,
        smtplib.SMTPException,
        StoreAway,
        NotStored,
        ScannerAway,
    ) as problem:
        return Finding(part, False, " ".join(str(problem).split()) or type(problem).__name__)


def _settings(found: Settings) -> Finding:
    return Finding("settings", True, f"{found.env}, links start with {found.base_url}")


def _space(found: Settings) -> Finding:
    found.data_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(found.data_dir).free
    words = f"{free / 1024**3:.1f} GB free for the data in {found.data_dir}"
    return Finding("disk", free > LITTLE_SPACE, words if free > LITTLE_SPACE else f"only {words}. Make room.")


def _database() -> Iterator[Finding]:
    with contextlib.ExitStack() as stack:
        try:
            urls = stack.enter_context(database(migrated=False))
        except (CannotStart, psycopg.Error) as problem:
            yield Finding("database", False, str(problem))
            return
        yield _attempt("database", lambda: _server(urls))
        yield _attempt("tables", lambda: _tables(urls))
        yield _attempt("tenancy", lambda: _tenancy(urls))
        yield _attempt("shortcuts", lambda: _shortcuts(urls, settings()))


def _server(urls: DatabaseUrls) -> str:
    with _connected(urls.app) as connection:
        version = connection.execute("SHOW server_version").fetchone()
        have = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    if missing := sorted(NEEDED_EXTENSIONS - have):
        raise CannotStart(
            f"extensions are missing: {', '.join(missing)}. Run ontrack_app/embedded/database.sql as superuser."
        )
    kind = "the embedded one" if settings().is_embedded else "yours"
    return f"Postgres {version[0] if version else '?'}, {kind}"


def _tables(urls: DatabaseUrls) -> str:
    at = schema.version(urls.owner)
    newest = max((path.stem for path in (schema.MIGRATIONS / "versions").glob("*.py")), default="")
    if not at:
        raise CannotStart("there are no tables yet. Run ontrack migrate.")
    if not newest.startswith(at):
        raise CannotStart(f"at migration {at}, the newest is {newest}. Run ontrack migrate.")
    return f"up to date (migration {at})"


def _tenancy(urls: DatabaseUrls) -> str:
    query = "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls)"
    with _connected(urls.app) as connection:
        loose = [row[0] for row in connection.execute(query, [list(ROLES_THAT_OBEY)])]
        mine = connection.execute(
            "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    if loose or (mine and mine[0]):
        raise CannotStart(
            "the role that serves people can step round row-level security. Use ontrack_app in DATABASE_URL."
        )
    return "the role that serves people is held by row-level security"


def _shortcuts(urls: DatabaseUrls, found: Settings) -> str:
    is_open = conveniences.executable(urls.app)
    if found.is_production and is_open:
        raise CannotStart(f"the database still lets anybody be signed in as: {conveniences.TO_DO}")
    if not is_open:
        return "one-click sign-in and the list of mails are closed in the database too"
    return "one-click sign-in and the list of mails are open, for development"


def _connected(url: str) -> psycopg.Connection:
    return psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=5)


def _node() -> str:
    npm = node.environment(frontend.KEPT / "node")["PATH"].split(":")[0]
    done = subprocess.run([f"{npm}/node", "--version"], capture_output=True, text=True, check=True)
    return f"Node {done.stdout.strip()} from .venv"


def _front_end() -> Finding:
    if frontend.is_current():
        return Finding("front end", True, "built from the sources as they are")
    return Finding("front end", True, "not built yet, or its sources changed: the next ontrack up builds it")


def _redis(found: Settings) -> Finding:
    if not found.redis_url:
        return Finding("redis", True, "not configured: one web process, queue in Postgres")

    def ping() -> str:
        redis.Redis.from_url(found.redis_url, socket_timeout=3, socket_connect_timeout=3).ping()
        return "answers"

    return _attempt("redis", ping)


def _mail(found: Settings) -> Finding:
    url = found.smtp_url.get_secret_value()
    if not url:
        return Finding("mail", True, "not configured: mails are kept and shown at /dev/outbox")

    def greet() -> str:
        at = urlsplit(url)
        with socket.create_connection((at.hostname or "", at.port or 587), timeout=5):
            return f"{at.hostname} answers"

    return _attempt("mail", greet)


def _store() -> str:
    store().check()
    return f"{store().words}: writes, reads and deletes"


def _scanner() -> str:
    said = scanner().check()
    return f"{scanner().words}, {said}" if settings().clamd_url else scanner().words


def _serving(found: Settings) -> Finding:
    if answers(f"http://127.0.0.1:{found.port}/readyz"):
        return Finding("web", True, f"serving on port {found.port}")
    return Finding(
        "web", True, f"not running on port {found.port} (make run starts it in {PROJECT_ROOT.name})"
    )
