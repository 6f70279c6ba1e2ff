"""What the crew's worker keeps: all that its pages can reach, nothing else, and another worker whenever any of it changes."""

import gzip
import json
import re
from pathlib import Path

import pytest

from ontrack_app.embedded import crew_app, frontend
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.settings import PROJECT_ROOT, Settings

ROUTER = {
    "entry": {"module": "/assets/entry.client-a.js", "imports": ["/assets/runtime-a.js"], "css": []},
    "routes": {
        "root": {"path": "", "module": "/assets/root-a.js", "imports": [], "css": ["/assets/global-a.css"]},
        "routes/[crew]._index": {"path": "crew", "module": "/assets/_crew_-a.js", "imports": [], "css": []},
        "routes/[crew].[visit]._index": {
            "path": "crew/visit",
            "module": "/assets/_crew_._visit_-a.js",
            "css": [],
        },
        "routes/[jobs]._index": {"path": "jobs", "module": "/assets/_jobs_-a.js", "imports": [], "css": []},
        "routes/[crewmates]._index": {"path": "crewmates", "module": "/assets/_mates_-a.js", "css": []},
    },
    "version": "a",
}
BUILT = {
    "crew/index.html": '<link href="/crew/app.webmanifest" rel="manifest"><script>import "/assets/manifest-a.js";</script>',
    "crew/visit/index.html": '<link rel="modulepreload" href="/assets/_crew_._visit_-a.js">',
    "crew.html": "the same as crew/index.html",
    "jobs/index.html": '<script src="/assets/_jobs_-a.js"></script>',
    "404.html": "not there",
    "crew/app.webmanifest": '{"icons": [{"src": "/crew/icon.png"}], "start_url": "/crew/"}',
    "crew/icon.png": "picture",
    "crew/engine.js": "the source of what is in a chunk",
    "crew/sw_off.js": "leaving",
    "assets/entry.client-a.js": 'import{a}from"./runtime-a.js";',
    "assets/runtime-a.js": "",
    "assets/root-a.js": 'import"./shared-a.js";',
    "assets/shared-a.js": "const lazy=()=>import(`./later-a.js`)",
    "assets/later-a.js": 'const deps=["assets/later-a.css"]; import "./shared-a.js"',
    "assets/later-a.css": "@font-face{src:url(/fonts/a.woff2)}",
    "assets/global-a.css": "body{}",
    "assets/_crew_-a.js": 'fetch("/api/sync/v1/hello"); location = "/auth/sign-in"; "/portal/"; "/files/x.png"',
    "assets/_crew_._visit_-a.js": 'import w from "./worker-a.js"',
    "assets/worker-a.js": "",
    "assets/_jobs_-a.js": 'import "./jobs-only-a.js"',
    "assets/jobs-only-a.js": "",
    "assets/_mates_-a.js": "",
    "fonts/a.woff2": "font",
}
REACHED = {
    "/crew/",
    "/crew/visit/",
    "/crew/app.webmanifest",
    "/crew/icon.png",
    "/fonts/a.woff2",
    *(
        f"/assets/{name}"
        for name in [
            "manifest-a.js",
            "entry.client-a.js",
            "runtime-a.js",
            "root-a.js",
            "shared-a.js",
            "later-a.js",
            "later-a.css",
            "global-a.css",
            "_crew_-a.js",
            "_crew_._visit_-a.js",
            "worker-a.js",
        ]
    ),
}


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A small front end as a build leaves it."""
    for name, text in BUILT.items():
        path = tmp_path / "client" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    router = f"window.__reactRouterManifest={json.dumps(ROUTER)};"
    (tmp_path / "client" / "assets" / "manifest-a.js").write_text(router)
    renew(tmp_path / "client")
    return tmp_path / "client"


def renew(client: Path) -> None:
    """Puts the worker back as the build copies it."""
    source = PROJECT_ROOT / "assets" / "crew" / "sw.js"
    (client / "crew" / "sw.js").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")


def written(client: Path) -> tuple[str, dict[str, str]]:
    """Version and files of the worker that is written."""
    renew(client)
    crew_app.write(client, is_on=True)
    text = (client / "crew" / "sw.js").read_text(encoding="utf-8")
    found = json.loads(re.findall(r"^const LIST = (.*);$", text, re.MULTILINE)[0])
    return found["version"], found["files"]


def test_everything_that_a_crew_page_can_reach_is_listed_and_nothing_else(client: Path) -> None:
    _, files = written(client)
    assert set(files) == REACHED


def test_the_list_is_the_content(client: Path) -> None:
    _, before = written(client)
    (client / "assets" / "later-a.css").write_text("p{}")
    _, after = written(client)
    assert {name for name in after if before[name] != after[name]} == {"/assets/later-a.css"}


@pytest.mark.parametrize("name", sorted(REACHED))
def test_any_change_is_another_worker(client: Path, name: str) -> None:
    before, _ = written(client)
    path = client / (f"{name.strip('/')}/index.html" if name.endswith("/") else name.lstrip("/"))
    path.write_text(path.read_text() + "\n")
    assert written(client)[0] != before


def test_a_change_of_the_rules_for_headers_is_another_worker(
    client: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, _ = written(client)
    monkeypatch.setattr(crew_app, "rules", lambda: "other rules")
    assert written(client)[0] != before


def test_what_no_crew_page_reaches_changes_nothing(client: Path) -> None:
    before = written(client)
    (client / "assets" / "jobs-only-a.js").write_text("more")
    (client / "jobs" / "index.html").write_text("more")
    assert written(client) == before


def test_the_compressed_twins_are_the_same_worker_or_gone(client: Path) -> None:
    twin, other = client / "crew" / "sw.js.gz", client / "crew" / "sw.js.br"
    for path in (twin, other):
        path.write_bytes(b"of the build")
    written(client)
    assert gzip.decompress(twin.read_bytes()) == (client / "crew" / "sw.js").read_bytes()
    assert not other.exists()


def test_off_is_the_worker_that_goes_away(client: Path) -> None:
    crew_app.write(client, is_on=False)
    assert (client / "crew" / "sw.js").read_text() == BUILT["crew/sw_off.js"]


def test_a_worker_without_a_place_for_its_list_stops_the_start(client: Path) -> None:
    (client / "crew" / "sw.js").write_text("const LIST = {};")
    with pytest.raises(CannotStart, match="no place"):
        crew_app.write(client, is_on=True)


def test_a_router_of_another_make_stops_the_start(client: Path) -> None:
    (client / "assets" / "manifest-a.js").write_text("export default {}")
    with pytest.raises(CannotStart, match=r"manifest-a\.js"):
        crew_app.listed(client)


def test_publishing_on_and_off_are_two_sites(
    client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontend, "WEB", tmp_path / "web")
    monkeypatch.setattr(frontend, "STAMP", tmp_path / "stamp")
    (tmp_path / "web" / "build").mkdir(parents=True)
    (tmp_path / "web" / "backend").mkdir()
    client.rename(tmp_path / "web" / "build" / "client")
    worker = tmp_path / "site" / "build" / "client" / "crew" / "sw.js"
    for is_on in (True, False, True):
        frontend.publish(tmp_path / "site", "https://ontrack.example", crew_worker=is_on)
        assert ("leaving" in worker.read_text()) is not is_on


def test_the_switch_is_on_unless_somebody_turns_it_off() -> None:
    assert Settings().crew_worker == "on"
    assert Settings(ONTRACK_CREW_WORKER="off").crew_worker == "off"  # type: ignore[call-arg]


def test_the_manifest_names_icons_that_are_there() -> None:
    manifest = json.loads((PROJECT_ROOT / "assets" / "crew" / "app.webmanifest").read_text(encoding="utf-8"))
    for icon in manifest["icons"]:
        picture = (PROJECT_ROOT / "assets" / icon["src"].lstrip("/")).read_bytes()
        width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
        assert f"{width}x{height}" == icon["sizes"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
