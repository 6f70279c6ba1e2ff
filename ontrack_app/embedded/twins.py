"""The only home of what happens to a published file that is written anew: its compressed twins must not say what it said."""

import gzip
from pathlib import Path

# Made by Reflex's build beside each file; of these Python can make one, and browsers take what there is.
GZIP, OTHERS = ".gz", (".br", ".zst")


def rewrite(path: Path, text: str) -> None:
    """Writes the file, its gzip twin where there was one, and removes the twins of other kinds."""
    path.write_text(text, encoding="utf-8")
    twin = path.with_name(path.name + GZIP)
    if twin.exists():
        twin.write_bytes(gzip.compress(text.encode()))
    for suffix in OTHERS:
        path.with_name(path.name + suffix).unlink(missing_ok=True)
