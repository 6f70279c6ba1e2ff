"""What is looked for where no virus scanner is configured: a short list of things that no photo or document of a job needs.

It is no antivirus. It knows one harmless test virus, and documents that start programs, run scripts or carry files; it does
not know a single real virus, and does not unpack anything.
"""

import re
from pathlib import Path

from ontrack_app.integrations.scanner import Verdict

BY = "content policy (no antivirus)"
TEST_VIRUS = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"))
PDF = b"%PDF-"
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
ACTIVE = {
    b"/JavaScript": "runs a script",
    b"/JS": "runs a script",
    b"/Launch": "starts a program",
    b"/EmbeddedFile": "carries other files",
    b"/RichMedia": "carries a program",
}
ENDS = rb"(?![A-Za-z0-9])"


class ContentPolicy:
    """The scanner of a machine that has none."""

    @property
    def words(self) -> str:
        """What it is, and what it is not."""
        return (
            "none configured: a content policy looks at files, which is no antivirus (set CLAMD_URL for one)"
        )

    def scan(self, path: Path) -> Verdict:
        """As `Scanner.scan`; the whole file is read into memory, so the limit on uploads must hold before."""
        data = path.read_bytes()
        if TEST_VIRUS in data:
            return Verdict("harmful", BY, "It holds the test virus EICAR.")
        if data.startswith(PDF):
            for words in _active(data):
                return Verdict("harmful", BY, f"This PDF {words}. Print it to a new PDF and send that.")
        return Verdict("clean", BY)

    def check(self) -> str:
        """As `Scanner.check`."""
        return BY


def _active(data: bytes) -> list[str]:
    """What a PDF would do by itself, in words; names may be written with escapes."""
    plain = ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)
    return [words for name, words in ACTIVE.items() if re.search(re.escape(name) + ENDS, plain)]
