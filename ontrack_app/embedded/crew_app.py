"""The only home of what the crew's service worker keeps: the list of files, worked out from the finished build.

The list holds every page below /crew/ and all that these pages can reach, each with the hash of its content. It stands in the
text of the worker, so any change of any of them is another worker, which browsers see as an update.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ontrack_app.embedded import twins
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.settings import PROJECT_ROOT

AREA = "crew"
WORKER, OFF = "crew/sw.js", "crew/sw_off.js"
PLACE = re.compile(r"^const LIST = \{ version: \"\", files: \{\} \};$", re.MULTILINE)
MANIFEST = re.compile(r"manifest-\w+\.js")  # of the router: it names the chunks of every page of the product
NAMED = re.compile(r"/?[\w$.@~/-]+\.(?:js|css|woff2|svg|png|jpg|webp|json|wasm|webmanifest)\b")
RULES = ("csp.py", "headers.py")  # what pages are sent with, in ontrack_app/web
READABLE = {".html", ".js", ".css", ".svg", ".json", ".webmanifest"}


def write(client: Path, *, is_on: bool) -> None:
    """Writes the worker into a published front end: with its list, or as the one that goes away where it is not on.

    Raises:
        CannotStart: the build is not what this knows how to read.
    """
    worker = client / WORKER
    if not worker.exists():
        return
    if is_on:
        text, places = PLACE.subn(lambda _: _line(listed(client)), worker.read_text(encoding="utf-8"))
        if places != 1:
            raise CannotStart(f"{WORKER} has no place for the list of its files.")
    else:
        text = (client / OFF).read_text(encoding="utf-8")
    twins.rewrite(worker, text)


def listed(client: Path) -> dict[str, str]:
    """Every file that the crew's pages can reach, by its address: the first 32 hex digits of its SHA-256."""
    found: dict[str, Path] = {}
    waiting = list(_first(client))
    while waiting:
        address, path = waiting.pop()
        if address in found:
            continue
        found[address] = path
        if path.suffix in READABLE and not MANIFEST.fullmatch(path.name):
            waiting += _named(client, path)
    return {address: _hash(found[address].read_bytes()) for address in sorted(found)}


def rules() -> str:
    """Stands for the rules by which the server makes the headers of pages: they are kept with the pages."""
    return _hash(b"".join((PROJECT_ROOT / "ontrack_app" / "web" / name).read_bytes() for name in RULES))


def _line(files: dict[str, str]) -> str:
    version = _hash(json.dumps([files, rules()]).encode())[:12]
    return f"const LIST = {json.dumps({'version': version, 'files': files})};"


def _first(client: Path) -> Iterator[tuple[str, Path]]:
    """The pages, and the chunks that the router loads for them when somebody goes from one to the next."""
    for path in (client / AREA).rglob("index.html"):
        yield f"/{path.parent.relative_to(client).as_posix()}/", path
    for manifest in (client / "assets").glob("manifest-*.js"):
        yield f"/assets/{manifest.name}", manifest
        for entry in _entries(manifest):
            for address in (entry["module"], *entry.get("imports", []), *entry.get("css", [])):
                yield address, client / address.lstrip("/")


def _entries(manifest: Path) -> Iterable[dict[str, Any]]:
    """What the router starts with, and its routes that belong to the crew or to every page."""
    try:
        known = json.loads(manifest.read_text(encoding="utf-8").partition("=")[2].rstrip(" ;\n"))
        ours = [route for name, route in known["routes"].items() if _is_ours(name, route.get("path") or "")]
    except (ValueError, KeyError) as failure:
        raise CannotStart(f"The router's {manifest.name} cannot be read: {failure}") from None
    return [known["entry"], *ours]


def _is_ours(name: str, path: str) -> bool:
    return name == "root" or path in ("*", AREA) or path.startswith(f"{AREA}/")


def _named(client: Path, path: Path) -> Iterator[tuple[str, Path]]:
    """The files of the build that a text names, as an address or beside itself; better one too many than one too few."""
    for name in set(NAMED.findall(path.read_text(encoding="utf-8"))):
        beside = path.parent / name.removeprefix("./")
        target = client / name.lstrip("/") if name.startswith("/") else beside
        if path.suffix in (".js", ".css") and name.startswith("assets/"):
            target = client / name
        if target.is_file() and target.is_relative_to(client) and target != client / WORKER:
            yield f"/{target.relative_to(client).as_posix()}", target


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
