"""The only home of the content security policy: what a page may load and run, with the hash of each of its inline scripts.

The built front end starts every page with inline scripts of its own. Each page's policy names exactly those, so neither
`unsafe-inline` nor `unsafe-eval` is needed, and text that a script was smuggled into does not run.
"""

import base64
import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

DATA_TYPES = ("application/json", "application/ld+json", "text/plain")
FALLBACK = "404.html"


class _InlineScripts(HTMLParser):
    """Collects the text of every script element that has no `src`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Start collecting at an inline script."""
        given = dict(attrs)
        if tag == "script" and "src" not in given and given.get("type") not in DATA_TYPES:
            self._inside = True
            self.found.append("")

    def handle_data(self, data: str) -> None:
        """Collect its text as it stands."""
        if self._inside:
            self.found[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """Stop at its end."""
        if tag == "script":
            self._inside = False


def script_hashes(html: str) -> tuple[str, ...]:
    """The CSP source of each inline script of a page: `'sha256-…'`, in order, each once."""
    reader = _InlineScripts()
    reader.feed(html)
    reader.close()
    digests = (hashlib.sha256(text.encode()).digest() for text in reader.found)
    return tuple(dict.fromkeys(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests))


def policy(*, scripts: tuple[str, ...] = (), sockets: tuple[str, ...] = ()) -> str:
    """One policy: everything from ourselves, nothing in frames, no plug-ins, no other base or form target."""
    directives = {
        "default-src": "'self'",
        "script-src": " ".join(("'self'", *scripts)),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": " ".join(("'self'", *sockets)),
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-src": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


@dataclass(frozen=True, slots=True)
class PagePolicies:
    """The policy of each page of a built front end; a path without a file of its own gets the fallback page's."""

    directory: Path
    sockets: tuple[str, ...]
    _known: dict[Path, str] = field(default_factory=dict)

    def of(self, path: str) -> str:
        """The policy for the page that is served at this path."""
        page = self._page(path)
        if page not in self._known:
            html = page.read_text(encoding="utf-8") if page.is_file() else ""
            self._known[page] = policy(scripts=script_hashes(html), sockets=self.sockets)
        return self._known[page]

    def _page(self, path: str) -> Path:
        name = path.strip("/")
        for candidate in (f"{name}/index.html" if name else "index.html", f"{name}.html", name):
            page = self.directory / candidate
            if candidate.endswith(".html") and ".." not in candidate and page.is_file():
                return page
        return self.directory / FALLBACK


def static_files(directory: Path) -> frozenset[str]:
    """Every path of the built front end that is a file and no page: open to everybody, it holds nobody's data."""
    if not directory.is_dir():
        return frozenset()
    pages = (".html", ".map")
    files = (file for file in directory.rglob("*") if file.is_file() and not set(file.suffixes) & set(pages))
    return frozenset("/" + file.relative_to(directory).as_posix() for file in files)
