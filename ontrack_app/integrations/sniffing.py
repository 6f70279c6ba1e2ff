"""The only home of what a file is: found in its bytes, whatever its name or its sender says; and of what is taken at all."""

import re
import zipfile
from pathlib import Path

HEAD = 4096
PDF = "application/pdf"
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif", "image/heic"})
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
TAKEN = "Send a photo (JPEG, PNG, HEIC, WebP) or a PDF."
MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|script|svg|iframe|\?xml|!--)", re.IGNORECASE)
KNOWN_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"PK", "an archive or an office document"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"\xca\xfe\xba\xbe", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xfe\xed\xfa", "a program"),
    (b"#!", "a script"),
    (b"{\\rtf", "an office document"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"BM", "an uncompressed picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)


class NotAllowed(Exception):
    """A file of a sort that is not taken; the words say which sort it is and what to send instead."""


def kind_of(path: Path) -> str:
    """The type of the file by its content: a picture or a PDF.

    Raises:
        NotAllowed: it is something else, or two things at once.
    """
    with path.open("rb") as source:
        head = source.read(HEAD)
    if not head:
        raise NotAllowed(f"The file is empty. {TAKEN}")
    found = _picture(head) or (PDF if head.startswith(b"%PDF-") else "")
    if not found:
        raise NotAllowed(f"This is {_other(head)}. {TAKEN}")
    if found == PDF and (MARKUP.search(head) or zipfile.is_zipfile(path)):
        raise NotAllowed("This PDF is something else at the same time. Print it to a new PDF and send that.")
    return found


def _picture(head: bytes) -> str:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and _brands(head) & HEIC_BRANDS:
        return "image/heic"
    return ""


def _brands(head: bytes) -> set[bytes]:
    length = min(int.from_bytes(head[:4], "big"), 256)
    return {head[8:12], *(head[at : at + 4] for at in range(16, length, 4))}


def _other(head: bytes) -> str:
    if head[4:8] == b"ftyp":
        return "a film or sound"
    for start, words in KNOWN_OTHERS:
        if head.startswith(start):
            return words
    if found := MARKUP.search(head):
        return "an SVG drawing" if b"<svg" in head.lower() or found[1].lower() == b"svg" else "a web page"
    if b"\x00" not in head:
        return "a text"
    return "of a sort that is not known here"
