"""Who reaches a page, a socket or a route; every row of the table is one way in that must stay open or shut."""

import asyncio
from typing import Any

import pytest

from models.access import Role
from ontrack_app.sessions import cookie_name, hash_secret
from ontrack_app.settings import Settings
from ontrack_app.web.areas import Area, SessionFacts, facts_for, is_safe_next, sign_in_address
from ontrack_app.web.guard import ADMITTED, Admitted, Doors, Guard
from ontrack_app.web.origins import ourselves

BASE = "https://app.contractor.example"
SESSIONS = {hash_secret(role.value): facts_for(role) for role in Role if role is not Role.SYSTEM}
SESSIONS[hash_secret("document")] = facts_for(Role.CLIENT, home="/portal/estimates/7")
STATIC = frozenset({"/assets/app-1a2b.js", "/favicon.ico", "/_odd.txt"})


def settings_for(base_url: str, *, production: bool = True, port: int = 8000) -> Settings:
    return Settings.model_construct(
        env="production" if production else "development", base_url_setting=base_url, port=port
    )


class Reached:
    """The app behind the guard: remembers the scope it was given and answers 200."""

    def __init__(self) -> None:
        self.scope: dict[str, Any] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "websocket.accept"})


def knock(
    kind: str,
    path: str,
    headers: list[tuple[str, str]],
    *,
    settings: Settings | None = None,
    method: str = "GET",
) -> tuple[Any, dict[str, str], Any]:
    """Status (or message type for a socket), headers and the scope that got through."""
    settings = settings or settings_for(BASE)
    reached = Reached()
    doors = Doors(
        us=ourselves(settings), cookie=cookie_name(settings), lookup=SESSIONS.get, static_files=STATIC
    )
    guard = Guard(reached, doors)
    pairs = [(name.encode(), value.encode()) for name, value in headers]
    path, _, query = path.partition("?")
    scope = {
        "type": kind,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "method": method,
        "headers": pairs,
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(guard(scope, receive, send))
    first = sent[0]
    found = {name.decode(): value.decode() for name, value in first.get("headers", [])}
    return first.get("status", first["type"]), found, reached.scope


def page(path: str, secret: str = "", **given: Any) -> tuple[Any, dict[str, str], Any]:
    cookie = [("cookie", f"theme=dark; __Host-ontrack={secret}")] if secret else []
    return knock("http", path, [("host", "app.contractor.example"), *cookie], **given)


def socket(headers: list[tuple[str, str]], path: str = "/_event/", **given: Any) -> Any:
    return knock("websocket", path, headers, **given)


GOOD = {"host": "app.contractor.example", "origin": BASE, "cookie": "__Host-ontrack=admin"}


def test_a_socket_of_ours_with_a_live_session_is_let_in() -> None:
    kind, _, scope = socket([*GOOD.items(), ("authorization", "Bearer x"), ("x-real-ip", "1.2.3.4")])
    assert kind == "websocket.accept"
    assert scope[ADMITTED] == Admitted(hash_secret("admin"))


def test_the_framework_never_sees_a_cookie() -> None:
    _, _, scope = socket([*GOOD.items(), ("authorization", "Bearer x")])
    assert b"admin" not in repr(scope["headers"]).encode()
    assert b"Bearer" not in repr(scope["headers"]).encode()
    for path in ("/leads", "/favicon.ico"):
        _, _, scope = page(path, "admin")
        assert "admin" not in repr(scope["headers"])


@pytest.mark.parametrize(
    "origin",
    [
        None, "", "null", "http://app.contractor.example", "https://app.contractor.example:8443", "https://app.contractor.example:443",
        "https://evil.example", "https://app.contractor.example.evil.example", "https://evilapp.contractor.example",
        "https://contractor.example", "https://app.contractor.example/", "https://APP.contractor.example", " https://app.contractor.example",
        "https://app.contractor.example@evil.example", "file://", "chrome-extension://abc",
    ],
)  # fmt: skip
def test_a_socket_from_another_origin_is_refused(origin: str | None) -> None:
    headers = {**GOOD, "origin": origin}
    kind, _, scope = socket([(name, value) for name, value in headers.items() if value is not None])
    assert (kind, scope) == ("websocket.close", None)


def test_two_origins_are_none() -> None:
    assert socket([*GOOD.items(), ("origin", "https://evil.example")])[0] == "websocket.close"


@pytest.mark.parametrize(
    "cookie",
    ["", "__Host-ontrack=", "__Host-ontrack=unknown", "ontrack_8000=admin", "__Host-ontrack=admin; __Host-ontrack=crew",
     f"__Host-ontrack={hash_secret('admin')}", "__Host-ontrack=" + "a" * 5000, "x__Host-ontrack=admin"],
)  # fmt: skip
def test_a_socket_without_one_live_session_is_refused(cookie: str) -> None:
    assert socket([*{**GOOD, "cookie": cookie}.items()])[0] == "websocket.close"


@pytest.mark.parametrize(
    "path", ["/", "/leads", "/api/v1/leads", "/_event/x", "/_EVENT", "//_event", "/_upload"]
)
def test_there_is_one_socket_path(path: str) -> None:
    assert socket([*GOOD.items()], path=path)[0] == "websocket.close"


@pytest.mark.parametrize("host", ["evil.example", "app.contractor.example:8443", "", "localhost:8000"])
def test_another_host_is_refused(host: str) -> None:
    assert socket([*{**GOOD, "host": host}.items()])[0] == "websocket.close"
    assert knock("http", "/leads", [("host", host), ("cookie", "__Host-ontrack=admin")])[0] == 421
    assert knock("http", "/readyz", [("host", host)])[0] == 200


def test_development_takes_both_names_of_this_machine_with_its_port() -> None:
    settings = settings_for("", production=False, port=8123)
    for name in ("localhost", "127.0.0.1"):
        ours = [("host", f"{name}:8123"), ("origin", f"http://{name}:8123"), ("cookie", "ontrack_8123=admin")]
        assert socket(ours, settings=settings)[0] == "websocket.accept"
    for origin in (
        "http://localhost:8124",
        "http://localhost",
        "https://localhost:8123",
        "http://[::1]:8123",
    ):
        foreign = [("host", "localhost:8123"), ("origin", origin), ("cookie", "ontrack_8123=admin")]
        assert socket(foreign, settings=settings)[0] == "websocket.close"


def test_production_takes_no_other_name() -> None:
    headers = [
        ("host", "localhost:8000"),
        ("origin", "http://localhost:8000"),
        ("cookie", "__Host-ontrack=admin"),
    ]
    assert socket(headers)[0] == "websocket.close"


@pytest.mark.parametrize(
    "path",
    ["/_upload", "/_upload/x", "/_health", "/ping", "/_all_routes", "/auth-codespace", "/_event", "/_event/", "//_upload",
     "/./_upload", "/x/../_upload", "/\\_upload", "/_anything", "/assets/gone-1a2b.js", "no-slash", "/le\nads"],
)  # fmt: skip
@pytest.mark.parametrize("secret", ["", "admin"])
def test_the_frameworks_own_routes_do_not_exist(path: str, secret: str) -> None:
    status, _, scope = page(path, secret)
    assert (status, scope) == (404, None)


@pytest.mark.parametrize(
    "path",
    [
        *sorted(STATIC),
        "/auth/sign-in",
        "/api/v1/leads",
        "/f/summit",
        "/portal/link/abc",
        "/livez",
        "/webhooks/stripe",
    ],
)
def test_what_is_open_needs_no_session(path: str) -> None:
    assert page(path)[0] == 200


@pytest.mark.parametrize(
    ("path", "next_page"),
    [("/", ""), ("/leads", "?next=/leads"), ("/leads?q=a&b=1", "?next=/leads%3Fq%3Da%26b%3D1"), ("/portal/", "?next=/portal/"),
     ("/crew", "?next=/crew"), ("/authx", "?next=/authx"), ("/index.html", "?next=/index.html"), ("/portal/linkage", "?next=/portal/linkage")],
)  # fmt: skip
def test_a_page_without_a_session_leads_to_sign_in(path: str, next_page: str) -> None:
    status, headers, scope = page(path)
    assert (status, scope) == (303, None)
    assert headers["location"] == f"/auth/sign-in{next_page}"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("secret", "home", "own", "foreign"),
    [
        ("admin", "/", ["/", "/leads", "/crewmen"], ["/crew", "/crew/today", "/portal/"]),
        ("office", "/", ["/", "/leads"], ["/crew/", "/portal/estimates/7"]),
        ("crew", "/crew/", ["/crew", "/crew/", "/crew/today"], ["/", "/leads", "/portal/"]),
        ("client", "/portal/", ["/portal", "/portal/estimates/7"], ["/", "/leads", "/crew/"]),
        ("property_manager", "/portal/", ["/portal/"], ["/", "/crew/"]),
        (
            "document",
            "/portal/estimates/7",
            ["/portal/estimates/7", "/portal/estimates/7/"],
            ["/portal/", "/portal/estimates/70", "/"],
        ),
    ],
)
def test_everybody_has_an_area(secret: str, home: str, own: list[str], foreign: list[str]) -> None:
    for path in own:
        assert page(path, secret)[0] == 200
    for path in foreign:
        status, headers, scope = page(path, secret)
        assert (status, headers["location"], scope) == (303, home, None)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_page_is_only_read(method: str) -> None:
    assert page("/leads", "admin", method=method)[0] == 405


@pytest.mark.parametrize(
    "path", ["/auth/sign-in", "/f/summit", "/portal/link/abc", "/dev/sign-in", "/sandbox/pay/1"]
)
def test_a_native_form_comes_from_our_own_pages(path: str) -> None:
    host = ("host", "app.contractor.example")
    assert knock("http", path, [host, ("origin", BASE)], method="POST")[0] == 200
    for origin in (
        [],
        [("origin", "null")],
        [("origin", "https://evil.example")],
        [("origin", BASE), ("origin", BASE)],
    ):
        assert knock("http", path, [host, *origin], method="POST")[0] == 403
    assert knock("http", "/webhooks/stripe", [host], method="POST")[0] == 200


@pytest.mark.parametrize(
    ("target", "safe"),
    [("/leads?q=1", True), ("//evil.example", False), ("https://evil.example", False), ("/\\evil.example", False), ("leads", False),
     ("/a\r\nLocation: x", False), ("/" + "a" * 3000, False), ("", False)],
)  # fmt: skip
def test_next_is_a_path_of_ours(target: str, safe: bool) -> None:
    assert is_safe_next(target) is safe
    assert ("next=" in sign_in_address(target)) is safe


def test_facts_are_small() -> None:
    assert facts_for(Role.CREW) == SessionFacts(area=Area.CREW, home="/crew/", confined=False)
