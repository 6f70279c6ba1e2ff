"""The tenant is in what tables cannot show: how it is set, what views ask as, and what is kept from one call to the next.

The stories: a tenant set for the whole connection outlives its transaction and meets the next caller of the pool; a plain view
asks as its owner, whom no policy narrows; a cache keyed by a slug answered one company with another's brand.
"""

import ast
import re
from collections.abc import Iterable
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import text

from ontrack_app.db import engine
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls, database_urls
from tests.factories.companies import Company
from tests.house.test_code import sources

SETTING = re.compile(r"set_config\s*\(", re.IGNORECASE)
BARE_SET = re.compile(r"\bSET\s+(?:SESSION\s+|LOCAL\s+)?app\.\w+", re.IGNORECASE)
# A bench's own connection, which serves nobody else.
ALONE = {"ontrack_app/cli/bench_floor.py", "ontrack_app/cli/bench_rls.py"}
KEEPERS = {"cache", "lru_cache", "cached", "ttl_cache", "alru_cache"}
GROWING = {"dict", "list", "set", "defaultdict", "OrderedDict", "WeakValueDictionary", "TTLCache", "LRUCache"}
# What is kept between calls and holds nothing of a tenant, each with what it is keyed by.
KEPT = {
    "models/base.py:_defaults": "tables",
    "ontrack_app/work.py:_by_id": "tables",
    "ontrack_app/work.py:_tenant": "tables",
    "ontrack_app/work.py:_locked": "tables",
    "ontrack_app/work.py:_several_locked": "tables",
    "ontrack_app/db.py:engine": "addresses of databases",
    "ontrack_app/settings.py:settings": "nothing: there is one",
    "ontrack_app/settings.py:_embedded": "nothing: there is one",
    "ontrack_app/web/pages.py:_templates": "nothing: there is one",
    "ontrack_app/web/docs_page.py:text": "nothing: there is one",
    "ontrack_app/web/account.py:SECTIONS": "nothing: filled when modules load",
    "ontrack_app/web/account.py:NOTICES": "nothing: filled when modules load",
    "ontrack_app/embedded/binaries.py:runner": "nothing: there is one",
    "ontrack_app/embedded/binaries.py:bin_dir": "directories of programs",
    "ontrack_app/background/queue.py:FUNCTIONS": "nothing: filled when modules load",
    "ontrack_app/integrations/oidc.py:_tools": "nothing: there is one",
    "ontrack_app/integrations/oidc_documents.py:_known": "providers of the installation, whose documents are public",
    "ontrack_app/integrations/outgoing.py:_trusted": "nothing: there is one",
    "ontrack_app/integrations/scanners.py:scanner": "nothing: there is one",
    "ontrack_app/integrations/files/__init__.py:store": "nothing: there is one, whose keys begin with the company",
    "ontrack_app/redaction.py:_known": "nothing: secrets of the installation, taken out of logs",
    "state/policies.py:framework_policies": "nothing: there is one",
    "state/session.py:_threads": "nothing: there is one",
    "state/guarding.py:_desks": "nothing: there is one",
}


@pytest.fixture(scope="module")
def catalog(database: DatabaseUrls):
    with psycopg.connect(database.owner.replace("+psycopg", ""), autocommit=True) as connection:
        yield connection


def texts() -> list[tuple[str, str]]:
    """Every source of the application, by its path."""
    files = sources("models", "ontrack_app", "state", "pages", "portal")
    return [(path.relative_to(PROJECT_ROOT).as_posix(), path.read_text()) for path in files]


def settings_that_outlive(files: Iterable[tuple[str, str]]) -> list[str]:
    """Where a source sets something for longer than its transaction."""
    found = []
    for name, words in files:
        settings = [_arguments(words, match.end()) for match in SETTING.finditer(words)]
        outlives = any(not re.search(r",\s*true\s*$", given, re.IGNORECASE) for given in settings)
        if (outlives or BARE_SET.search(words)) and name not in ALONE:
            found.append(name)
    return found


def _arguments(words: str, start: int) -> str:
    """What stands between the bracket before `start` and the one that closes it."""
    depth, place = 1, start
    while depth and place < len(words):
        depth += {"(": 1, ")": -1}.get(words[place], 0)
        place += 1
    return words[start : place - 1]


def functions_that_outlive(catalog: psycopg.Connection) -> list[str]:
    """Functions of the database that set something for longer than their transaction."""
    rows = catalog.execute(
        "SELECT proname, prosrc FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname IN ('public', 'app', 'auth')"
    ).fetchall()
    return settings_that_outlive((name, source) for name, source in rows)


def open_views(catalog: psycopg.Connection) -> list[str]:
    """Views that ask as their owner, and tables that are copies of a question."""
    rows = catalog.execute(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('public', 'app', 'auth') "
        "AND (relkind = 'm' OR (relkind = 'v' AND NOT coalesce(reloptions::text[] && ARRAY['security_invoker=true', 'security_invoker=on'], false)))"
    ).fetchall()
    return [name for (name,) in rows]


def kept_between_calls(files: Iterable[tuple[str, str]]) -> set[str]:
    """Cached functions, and lists and dicts of a module that are filled while it runs."""
    found = set()
    for name, words in files:
        tree = ast.parse(words)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and KEEPERS & set(
                map(_named, node.decorator_list)
            ):
                found.add(f"{name}:{node.name}")
        for node in tree.body:
            value = getattr(node, "value", None)
            empty = isinstance(value, ast.Dict | ast.List) and not (
                getattr(value, "elts", None) or getattr(value, "keys", None)
            )
            made = isinstance(value, ast.Call) and _named(value) in GROWING
            made = made and (not value.args or _named(value) == "defaultdict")
            if isinstance(node, ast.Assign | ast.AnnAssign) and (empty or made):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {f"{name}:{ast.unparse(target)}" for target in targets}
    return found


def _named(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_nothing_is_set_for_longer_than_its_transaction(catalog: psycopg.Connection) -> None:
    assert settings_that_outlive(texts()) == []
    assert functions_that_outlive(catalog) == []


def test_no_view_asks_as_its_owner(catalog: psycopg.Connection) -> None:
    assert open_views(catalog) == []


def test_what_is_kept_between_calls_is_no_tenants() -> None:
    """A cache of tenants' things takes `tenant_id` into its key; it is named here with what it is keyed by."""
    assert kept_between_calls(texts()) - set(KEPT) == set()


def test_a_connection_of_the_pool_comes_back_without_a_tenant(company: Company) -> None:
    asked = text(
        "SELECT coalesce(current_setting('app.tenant_id', true), ''), coalesce(current_setting('app.scope', true), '')"
    )
    with company.work() as work:
        used = work.session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    ours = engine(database_urls().app)
    with ExitStack() as stack:
        kept = [stack.enter_context(ours.connect()) for _ in range(ours.pool.checkedin())]  # type: ignore[attr-defined]
        assert used in [one.execute(text("SELECT pg_backend_pid()")).scalar_one() for one in kept]
        assert {tuple(one.execute(asked).one()) for one in kept} == {("", "")}
