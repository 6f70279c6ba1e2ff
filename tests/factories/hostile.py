"""Files that are two things at once, that unpack to far more than they are, that say what they are not, or that tell too much."""

import io
import struct
import zlib

from PIL import ExifTags, Image, PngImagePlugin

from tests.factories.files import HTML, PDF, SCRIPT, archive, picture

MB = 1024 * 1024
TELLTALE = (
    b"Telltale"  # whatever says where, when, by whom or with what a photo was taken has this word in it
)
ENVELOPE = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="41,52.6N" exif:Who="Telltale xmp"/></rdf:RDF></x:xmpmeta>'
)


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def inside_jpeg(*segments: bytes, data: bytes = b"") -> bytes:
    """A photo with more segments right after its start."""
    plain = data or picture()
    return plain[:2] + b"".join(segments) + plain[2:]


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def inside_png(*chunks: bytes) -> bytes:
    """A PNG with more chunks after its header."""
    plain = picture("PNG", size=(64, 48))
    return plain[:33] + b"".join(chunks) + plain[33:]


def gif_script() -> bytes:
    """A GIF that is a script too: its size in bytes reads as the start of a comment."""
    plain = bytearray(picture("GIF", size=(0x2A2F, 2)))
    assert plain[6:8] == b"/*"
    return bytes(plain) + b"*/=1;" + SCRIPT


def photo_of_pdf() -> bytes:
    """A photo that readers of PDF open too: they look for the start within the first thousand bytes."""
    return inside_jpeg(segment(0xFE, PDF)) + PDF


def pdf_of_photo() -> bytes:
    """A PDF with a photo behind it."""
    return PDF + picture()


def pdf_of_page() -> bytes:
    """A PDF that is a web page too."""
    return b"%PDF-1.4\n<!--\n-->" + HTML + PDF


def pdf_with(inner: bytes) -> bytes:
    """A PDF with something packed in it."""
    packed = zlib.compress(inner, 9)
    stream = (
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream endobj\n"
    )
    return PDF.replace(b"trailer", stream + b"trailer")


def large_by_its_header(kind: str) -> bytes:
    """A small picture that says it has more than four thousand megapixels."""
    plain = bytearray(picture(kind, size=(64, 48)))
    most = struct.pack(">H", 65_500)
    if kind == "GIF":
        plain[6:10] = most[::-1] * 2
        at = plain.index(b"\x2c", 13)  # the frame itself too
        plain[at + 5 : at + 9] = most[::-1] * 2
    else:
        at = plain.index(b"\xff\xc0")
        plain[at + 5 : at + 9] = most * 2
    return bytes(plain)


def text_bomb() -> bytes:
    """A PNG whose words unpack to sixty-four megabytes."""
    return inside_png(chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(64 * MB), 9)))


def profile_bomb() -> bytes:
    """A PNG whose colour profile unpacks to sixty-four megabytes."""
    return inside_png(chunk(b"iCCP", b"x\x00\x00" + zlib.compress(bytes(64 * MB), 9)))


def pixel_bomb() -> bytes:
    """A PNG of some kilobytes within the limit by what it says, whose pixels unpack to ten times of that."""
    rows = zlib.compress(bytes(64 * MB), 9)
    header = struct.pack(">IIBBBBB", 1000, 750, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def zips(depth: int) -> bytes:
    """A zip in a zip, so many deep."""
    inner = b"nothing"
    for _ in range(depth):
        inner = archive({"inner.zip": inner})
    return inner


def exif() -> Image.Exif:
    """What a phone writes: place, camera, its maker's own notes, a small copy of the picture."""
    found = Image.Exif()
    found[ExifTags.Base.Make] = "Telltale Camera"
    found[ExifTags.Base.Artist] = "Telltale Ana"
    more = found.get_ifd(ExifTags.IFD.Exif)
    more[ExifTags.Base.DateTimeOriginal] = "2027:01:04 09:30:00"
    more[ExifTags.Base.MakerNote] = b"Telltale maker"
    more[ExifTags.Base.BodySerialNumber] = "Telltale 4711"
    found.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (41.0, 52.0, 41.0), 3: "W", 4: (87.0, 37.0, 12.0), 27: b"by satellites"}
    )
    return found


def small_copy() -> bytes:
    """An EXIF segment whose only content is a small copy of the picture, which says who took it."""
    inner = inside_jpeg(segment(0xFE, b"Telltale small copy"), data=picture(size=(64, 48)))
    first = struct.pack("<HI", 0, 14)
    second = (
        struct.pack("<H", 2)
        + struct.pack("<HHII", 0x0201, 4, 1, 44)
        + struct.pack("<HHII", 0x0202, 4, 1, len(inner))
    )
    tiff = b"II*\x00" + struct.pack("<I", 8) + first + second + struct.pack("<I", 0)
    return segment(0xE1, b"Exif\x00\x00" + tiff.ljust(44, b"\x00") + inner)


def talkative(kind: str) -> bytes:
    """A photo that tells where, when, by whom and with what it was taken, in every place where its format may say so."""
    out, image = io.BytesIO(), Image.new("RGB", (640, 480), (90, 120, 60))
    if kind == "PNG":
        words = PngImagePlugin.PngInfo()
        words.add_text("Author", "Telltale text")
        words.add_text("Comment", "Telltale packed", zip=True)
        words.add_itxt("XML:com.adobe.xmp", ENVELOPE)
        image.save(out, format=kind, exif=exif(), pnginfo=words)
        return out.getvalue() + b"Telltale tail"
    image.save(out, format=kind, exif=exif(), xmp=ENVELOPE.encode())
    if kind != "JPEG":
        return out.getvalue()
    iptc = (
        b"Photoshop 3.0\x008BIM\x04\x04\x00\x00"
        + struct.pack(">I", 18)
        + b"\x1c\x02\x5a\x00\x0dTelltale city"
    )
    more = (
        segment(0xED, iptc),
        segment(0xFE, b"Telltale comment"),
        segment(0xE2, b"MPF\x00Telltale second picture"),
    )
    whole = out.getvalue()
    return inside_jpeg(*more, data=whole) + b"Telltale film that moves"


def broken_exif() -> bytes:
    """A good photo whose EXIF is rubbish."""
    image, out = Image.new("RGB", (640, 480), (90, 120, 60)), io.BytesIO()
    image.save(out, format="JPEG")
    rubbish = (
        b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x03"
        + b"\x88\x25\x00\x04\x00\x00\x00\x01\xff\xff\xff\xff"
        + b"\x87\x69\x00\x05" * 5
    )
    return inside_jpeg(segment(0xE1, rubbish), data=out.getvalue())
