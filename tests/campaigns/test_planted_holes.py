"""Ten holes, each planted for the length of one test and gone after it: the checks that ought to see it are run, and must go red."""

import ast
import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from reflex.app import EventNamespace
from reflex_base.registry import RegistrationContext

from models.access import Role
from ontrack_app.settings import DatabaseUrls, settings
from ontrack_app.web.guard import FORM_PREFIXES, Guard
from ontrack_app.web.pages import PageRoute
from state import sockets
from state.policies import MARK
from state.sockets import SOCKETS, ClosedNamespace
from tests.campaigns import surfaces
from tests.campaigns.callers import Someone, fresh_session
from tests.campaigns.ground import Side
from tests.campaigns.surfaces import Call, Front
from tests.house import test_tenancy
from tests.house import test_tenant_everywhere as everywhere


@pytest.fixture
def catalog(database: DatabaseUrls) -> Iterator[psycopg.Connection[Any]]:
    """The database as its owner, in a transaction that is taken back: what is planted here is gone afterwards."""
    with psycopg.connect(database.owner.replace("+psycopg", "")) as connection:
        connection.execute("SET LOCAL lock_timeout = '20s'")
        yield connection
        connection.rollback()


def checks_of_the_database() -> list[Callable[[Any], None]]:
    """Every house check that asks the catalog and nothing else."""
    modules = (test_tenancy, everywhere)
    found = [
        check
        for module in modules
        for name, check in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_")
    ]
    return [check for check in found if list(inspect.signature(check).parameters) == ["catalog"]]


def red(catalog: psycopg.Connection[Any]) -> set[str]:
    """Which of the house's checks of the database fail now."""
    found = set()
    for check in checks_of_the_database():
        try:
            check(catalog)
        except AssertionError:
            found.add(check.__name__)
    return found


HOLES = {
    "drop FORCE": ["ALTER TABLE leads NO FORCE ROW LEVEL SECURITY"],
    "drop WITH CHECK": [
        "DROP POLICY tenant ON leads",
        "CREATE POLICY tenant ON leads USING (tenant_id = (SELECT app.tenant_id()))",
        "ALTER POLICY scope_seen ON leads WITH CHECK (true)",
    ],
    "a plain view": ["CREATE VIEW public.every_lead AS SELECT * FROM leads", "GRANT SELECT ON public.every_lead TO ontrack_app"],
    "a copied view": ["CREATE MATERIALIZED VIEW public.every_lead AS SELECT * FROM leads"],
    "a single-column foreign key": [
        "ALTER TABLE leads ADD CONSTRAINT uq_leads_id UNIQUE (id)",
        "ALTER TABLE notes ADD CONSTRAINT fk_notes_row_id FOREIGN KEY (row_id) REFERENCES leads (id) NOT VALID",
    ],
    "a missing policy": ["DROP POLICY tenant ON notes"],
    "a missing scope": ["DROP POLICY scope_seen ON notes"],
    "a table without policies": ["CREATE TABLE public.gadgets (tenant_id uuid, id uuid, PRIMARY KEY (tenant_id, id))"],
    "a policy for one of the two": ["ALTER POLICY tenant ON notes USING (true)"],
}  # fmt: skip


def test_without_a_hole_nothing_is_red(catalog: psycopg.Connection[Any]) -> None:
    assert len(checks_of_the_database()) >= 8
    assert red(catalog) == set()


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_in_the_database_is_seen(catalog: psycopg.Connection[Any], hole: str) -> None:
    for statement in HOLES[hole]:
        catalog.execute(statement)
    assert red(catalog)


def test_a_tenant_that_is_set_for_the_session_is_seen(catalog: psycopg.Connection[Any]) -> None:
    """In the function that enters, and in a source."""
    entering = catalog.execute("SELECT pg_get_functiondef('auth.act_as'::regproc)").fetchone()
    assert entering is not None and everywhere.functions_that_outlive(catalog) == []
    catalog.execute(str(entering[0]).replace("true)", "false)"))
    assert everywhere.functions_that_outlive(catalog) == ["act_as"]
    for planted in (
        "session.execute(text(\"SELECT set_config('app.tenant_id', :id, false)\"))",
        "connection.execute(f\"SET app.tenant_id = '{tenant_id}'\")",
    ):
        assert everywhere.settings_that_outlive([("ontrack_app/services/leads.py", planted)])


def test_an_unguarded_handler_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each handler of ours in turn as it would be without its decorator's mark."""
    known = RegistrationContext.get().event_handlers
    for name in [one.name for one in surfaces.handlers()][::17]:
        with monkeypatch.context() as planted:
            planted.delattr(known[name].handler.fn, MARK)
            assert name in surfaces.unguarded()
    assert surfaces.unguarded() == []


def foreign_origins() -> list[str | None]:
    """Origins that are not ours: another site, none, an opaque one, tricks with ours."""
    ours = settings().base_url
    scheme, _, host = ours.partition("://")
    other = "https" if scheme == "http" else "http"
    return [
        "https://evil.example",
        "null",
        None,
        f"{ours}.evil.example",
        f"{other}://{host}",
        f"{scheme}://{host.partition(':')[0]}:1",
        f"{ours}/",
    ]


def let_in_from_elsewhere(front: Front, side: Side) -> list[str]:
    """Which native forms and sockets take what another site sends, with the person's own cookie."""
    someone = Someone("admin", side, None, cookie=fresh_session(side, Role.ADMIN))
    paths = [
        route.path
        for route in surfaces.web_routes()
        if isinstance(route, PageRoute) and route.path.startswith(FORM_PREFIXES)
    ]
    found = []
    for origin in foreign_origins():
        headers = {"Cookie": someone.headers["Cookie"]} | ({} if origin is None else {"Origin": origin})
        calls = [
            Call("POST", path.replace("{", "").replace("}", ""), headers, {"data": {"x": "y"}})
            for path in paths
        ]
        answers = front.all(calls)
        found += [
            f"{call.path} from {origin}"
            for call, answer in zip(calls, answers, strict=True)
            if answer.status_code != 403
        ]
        if front.socket("/_event/", headers) != "websocket.close":
            found.append(f"socket from {origin}")
    bare = {"Cookie": someone.headers["Cookie"]}
    written = front("POST", "/api/v1/leads", bare, json={"name": "x", "need": "x"})
    return found if written.status_code == 403 else [*found, "REST by cookie"]


def test_no_other_site_writes_with_our_cookies(front: Front, ours: Side) -> None:
    assert let_in_from_elsewhere(front, ours) == []


def test_a_forgotten_origin_check_is_seen(front: Front, ours: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guard, "_origin_is_ours", lambda *_: True)
    found = let_in_from_elsewhere(front, ours)
    assert any(one.startswith("socket") for one in found) and any(one.startswith("/auth/") for one in found)


def test_a_page_that_forgets_it_is_seen(front: Front, ours: Side, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second layer, alone: a POST that reads the person's session and asks for no form of it."""
    assert forgetful(surfaces.page_sources()) == []
    careless = "def sign_out(call):\n    with begin(None) as doorway:\n        sign_in.sign_out(doorway, call.caller.session_hash)\nROUTES = [route('/x', post=sign_out)]\n"
    assert forgetful([("ontrack_app/web/planted.py", careless)]) == ["ontrack_app/web/planted.py:sign_out"]


CHECKS = {"came_back", "check_session_form", "check_origin"}


def forgetful(files: list[tuple[str, str]]) -> list[str]:
    """Functions that answer a POST without a look at the form's token or origin, themselves or by what they call."""
    trees = {name.rpartition("/")[2].removesuffix(".py"): (name, ast.parse(words)) for name, words in files}
    functions = {
        f"{module}.{node.name}": node
        for module, (_, tree) in trees.items()
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    found = []
    for module, (name, tree) in trees.items():
        given = [key for node in ast.walk(tree) if isinstance(node, ast.Call) for key in node.keywords]
        posts = [key.value.id for key in given if key.arg == "post" and isinstance(key.value, ast.Name)]
        local = [post for post in posts if f"{module}.{post}" in functions and post != "nothing_here"]
        found += [f"{name}:{post}" for post in local if not _checks(functions, f"{module}.{post}", set())]
    return found


def _checks(functions: dict[str, ast.FunctionDef], name: str, seen: set[str]) -> bool:
    seen.add(name)
    module = name.partition(".")[0]
    called = [node.func for node in ast.walk(functions[name]) if isinstance(node, ast.Call)]
    if {getattr(one, "attr", getattr(one, "id", "")) for one in called} & CHECKS:
        return True
    names = {
        ast.unparse(one) if isinstance(one, ast.Attribute) else f"{module}.{ast.unparse(one)}"
        for one in called
    }
    return any(_checks(functions, one, seen) for one in (names & set(functions)) - seen)


def keys_of_one_token(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Under which keys the states of two sessions live that sent the same client token."""
    linked: list[str] = []

    async def link(_: Any, sid: str, token: str, *, update_state: bool = True) -> None:
        linked.append(token)

    class NoTokens:
        async def is_token_connected(self, _: str) -> bool:
            return False

    monkeypatch.setattr(EventNamespace, "link_token_to_sid", link)
    namespace = ClosedNamespace.__new__(ClosedNamespace)
    namespace._token_manager = NoTokens()  # type: ignore[assignment]
    for number, session in enumerate(("session-a", "session-b")):
        SOCKETS.opened(f"planted-{number}", session)
        asyncio.run(namespace.link_token_to_sid(f"planted-{number}", "the-same-token"))
        SOCKETS.closed(f"planted-{number}")
    return set(linked)


def test_a_token_opens_no_other_sessions_state(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(keys_of_one_token(monkeypatch)) == 2


def test_a_token_as_authority_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "state_key", lambda _session, token: token)
    assert len(keys_of_one_token(monkeypatch)) == 1


@pytest.mark.parametrize(
    "planted",
    [
        "from functools import lru_cache\n@lru_cache(maxsize=100)\ndef brand_of(slug: str) -> str:\n    return slug\n",
        "import functools\n@functools.cache\ndef brand_of(slug):\n    return slug\n",
        "_brands: dict[str, str] = {}\ndef brand_of(work, slug):\n    return _brands.setdefault(slug, read(work))\n",
        "from collections import defaultdict\nbrands = defaultdict(list)\n",
    ],
)  # fmt: skip
def test_a_cache_key_without_the_tenant_is_seen(planted: str) -> None:
    found = everywhere.kept_between_calls([("ontrack_app/services/brands.py", planted)])
    assert found and not found & set(everywhere.KEPT)
