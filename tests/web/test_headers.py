"""What every answer tells the browser, and that a page's policy names its own inline scripts and nothing wider."""

import asyncio
import base64
import hashlib
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from models.access import Role
from ontrack_app.sessions import hash_secret
from ontrack_app.settings import Settings
from ontrack_app.web.areas import facts_for
from ontrack_app.web.closed import closed
from ontrack_app.web.csp import policy, script_hashes, static_files

INLINE = 'let a = 1 < 2 && "</p>";\n'
PAGE = f'<html><head><script>{INLINE}</script><script src="/assets/x.js"></script><script type="module">b()</script></head></html>'
DATA = '<script type="application/json">{"a": 1}</script>'


def source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "x-1a2b.js").write_text("1")
    (tmp_path / "assets" / "x-1a2b.js.map").write_text("1")
    (tmp_path / "favicon.ico").write_text("1")
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "index.html.gz").write_text("")
    (tmp_path / "leads").mkdir()
    (tmp_path / "leads" / "index.html").write_text("<script>leads()</script>")
    (tmp_path / "404.html").write_text("<script>fallback()</script>")
    return tmp_path


def get(
    built: Path, path: str, base_url: str = "https://app.contractor.example"
) -> tuple[int, dict[str, str]]:
    async def own(_: Any) -> PlainTextResponse:
        return PlainTextResponse(
            "", headers={"content-security-policy": "sandbox", "cache-control": "private"}
        )

    async def anything(_: Any) -> PlainTextResponse:
        return PlainTextResponse("")

    app = Starlette(routes=[Route("/files/1", own), Route("/{path:path}", anything)])
    settings = Settings.model_construct(env="production", base_url_setting=base_url, port=8000)
    facts = {hash_secret("admin"): facts_for(Role.ADMIN)}
    headers = [
        (b"host", base_url.split("//")[1].encode()),
        (b"cookie", b"__Host-ontrack=admin; ontrack_8000=admin"),
    ]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(closed(app, settings, facts.get, built)(scope, receive, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_inline_scripts_are_hashed_as_they_stand() -> None:
    assert script_hashes(PAGE + DATA) == (source(INLINE), source("b()"))


def test_a_page_names_its_own_scripts_only(built: Path) -> None:
    scripts = {
        path: get(built, path)[1]["content-security-policy"]
        for path in ("/", "/leads", "/leads/", "/leads/7")
    }
    assert source(INLINE) in scripts["/"]
    assert source(INLINE) not in scripts["/leads"]
    assert source("leads()") in scripts["/leads"] == scripts["/leads/"]
    assert source("fallback()") in scripts["/leads/7"]


@pytest.mark.parametrize("path", ["/", "/auth/sign-in", "/api/v1/leads", "/nowhere", "/_upload"])
def test_no_policy_is_wide(built: Path, path: str) -> None:
    found = get(built, path)[1]["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in found.split("; "))
    assert "unsafe" not in rules["script-src"]
    assert (rules["object-src"], rules["base-uri"], rules["frame-ancestors"]) == ("'none'",) * 3
    assert rules["connect-src"] == "'self' wss://app.contractor.example" or path.startswith(
        ("/auth/", "/api/")
    )
    assert "*" not in found


def test_a_server_page_may_run_no_inline_script(built: Path) -> None:
    assert get(built, "/auth/sign-in")[1]["content-security-policy"] == policy()


def test_an_answer_keeps_its_own_stricter_words(built: Path) -> None:
    headers = get(built, "/files/1")[1]
    assert (headers["content-security-policy"], headers["cache-control"]) == ("sandbox", "private")


def test_every_answer_carries_the_rest(built: Path) -> None:
    for path in ("/", "/_upload", "/assets/x-1a2b.js"):
        headers = get(built, path)[1]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["strict-transport-security"].startswith("max-age=63072000")
    assert "strict-transport-security" not in get(built, "/", "http://app.contractor.example")[1]


def test_only_files_without_data_are_kept_by_caches(built: Path) -> None:
    kept = {
        path: get(built, path)[1]["cache-control"]
        for path in ("/", "/api/v1/leads", "/assets/x-1a2b.js", "/favicon.ico", "/assets/gone.js")
    }
    assert kept == {
        "/": "no-store", "/api/v1/leads": "no-store", "/assets/gone.js": "no-store", "/favicon.ico": "no-cache",
        "/assets/x-1a2b.js": "public, max-age=31536000, immutable",
    }  # fmt: skip


def test_pages_and_maps_are_no_static_files(built: Path) -> None:
    assert static_files(built) == {"/assets/x-1a2b.js", "/favicon.ico"}
    assert static_files(built / "missing") == frozenset()
