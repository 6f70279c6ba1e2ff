"""The only home of the front-end build: built once per change of its sources, then published for one address.

.web/              Reflex's workshop in the clone, and .build/ what we keep about it
<data dir>/site/   what the web process serves: a copy, so that a later build cannot pull it away
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from ontrack_app.embedded import crew_app, node, serving, twins
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.locks import alone
from ontrack_app.embedded.processes import environment_for, last_words, run_step
from ontrack_app.settings import PROJECT_ROOT

BUILT_FOR = "http://localhost:8000"  # replaced by the real address when published
WEB = PROJECT_ROOT / ".web"
KEPT = PROJECT_ROOT / ".build"
STAMP = KEPT / "front-end"
SOURCES = (
    "pages",
    "portal",
    "state",
    "models",
    "ontrack_app",
    "assets",
    "reflex.lock",
    "rxconfig.py",
    "requirements.lock",
)
NOT_IN_PAGES = {"cli", "embedded", "background", "api", "web", "integrations", "__pycache__", "external"}
PARTS = ("build/client", "backend")


def build(home: Path) -> bool:
    """Builds the front end where its sources changed since the last build; returns whether it did.

    Raises:
        CannotStart: with the last words of the build.
    """
    KEPT.mkdir(exist_ok=True)
    with alone(KEPT / "lock"):
        if is_current():
            return False
        STAMP.unlink(missing_ok=True)
        _run(home)
        _settle_lock()
        STAMP.write_text(sources_hash(), encoding="ascii")  # the build may have completed reflex.lock
    return True


def is_current() -> bool:
    """Whether there is a build of the sources as they are."""
    return (WEB / "build" / "client" / "index.html").exists() and _read(STAMP) == sources_hash()


def publish(site: Path, base_url: str, *, crew_worker: bool = True) -> None:
    """Makes `site` hold the last build, for `base_url`; quick, and skipped where it does already.

    Without `crew_worker`, phones are given the worker that goes away.
    """
    wanted = f"{_read(STAMP)} {base_url} {crew_app.rules() if crew_worker else 'without the crew worker'}"
    if _read(site / "stamp") == wanted:
        return
    fresh = site.with_name(f"{site.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in PARTS:
        shutil.copytree(WEB / part, fresh / part)
    for path in sorted((fresh / "build" / "client" / "assets").glob("reflex-env-*.js")):
        _readdress(path, base_url)
    crew_app.write(fresh / "build" / "client", is_on=crew_worker)
    (fresh / "stamp").write_text(wanted, encoding="utf-8")
    shutil.rmtree(site, ignore_errors=True)
    fresh.rename(site)


def sources_hash() -> str:
    """One hash over everything that the built front end depends on."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(PROJECT_ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        top = PROJECT_ROOT / name
        if top.is_file():
            yield top
        for directory, inside, files in os.walk(top):
            inside[:] = [one for one in inside if one not in NOT_IN_PAGES]
            yield from (Path(directory) / one for one in files if not one.endswith(".pyc"))


def _run(home: Path) -> None:
    log = KEPT / "front-end.log"
    mine = node.environment(KEPT / "node")
    more = mine | serving.quiet(KEPT / "reflex") | {serving.USE_NPM: "true", serving.API_URL: BUILT_FOR}
    environment = environment_for(home, **more)
    environment.setdefault("NPM_CONFIG_REGISTRY", _registry(environment))
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip", "--env", "prod"]
    try:
        run_step("Building the front end", command, environment, log)
    except CannotStart as failure:
        raise CannotStart(_in_words(str(failure), log)) from None
    if not (WEB / "build" / "client" / "index.html").exists():
        raise CannotStart(f"Building the front end left no pages. {last_words(log)} The whole log: {log}")


def _registry(environment: dict[str, str]) -> str:
    """The package registry that npm is set up for here; said aloud, or Reflex goes looking for the fastest."""
    command = ["npm", "config", "get", "registry"]
    npm = shutil.which("npm", path=environment["PATH"]) or "npm"
    asked = subprocess.run([npm, *command[1:]], env=environment, capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def _settle_lock() -> None:
    """Reflex writes the keys of the committed package.json in varying order; ours never varies."""
    path = PROJECT_ROOT / "reflex.lock" / "package.json"
    settled = json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=2, sort_keys=True) + "\n"
    path.write_text(settled, encoding="utf-8")


def _readdress(path: Path, base_url: str) -> None:
    """Puts the real address into the one small file that names it."""
    scheme, _, rest = base_url.partition("://")
    _, _, built_host = BUILT_FOR.partition("://")
    socket = "wss" if scheme == "https" else "ws"
    text = path.read_text(encoding="utf-8")
    text = text.replace(BUILT_FOR, base_url).replace(f"ws://{built_host}", f"{socket}://{rest}")
    twins.rewrite(path, text)


def _in_words(failure: str, log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace")
    if "ENOSPC" in said or "No space left" in said:
        return f"The disk that holds {PROJECT_ROOT} is full: the front end needs 500 MB. Make room and start again."
    if any(code in said for code in ("ENOTFOUND", "ECONNREFUSED", "ETIMEDOUT", "EAI_AGAIN", "ECONNRESET")):
        return "The npm registry cannot be reached. Check the network or the proxy settings of npm, then start again."
    return failure


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""
