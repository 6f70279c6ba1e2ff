"""Files for tests: pictures as phones make them, things that are no pictures, and a phone that sends them by tus."""

import base64
import hashlib
import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pillow_heif
from PIL import ExifTags, Image
from sqlalchemy import text
from starlette.testclient import TestClient

from models.ids import new_id
from ontrack_app.background.queue import FUNCTIONS, SystemCredential, begin, relay
from ontrack_app.integrations.files import store
from ontrack_app.integrations.scanner_policy import TEST_VIRUS
from ontrack_app.schemas.files import FileBody
from ontrack_app.services.files import uploads
from tests.background.support import drain
from tests.factories.companies import Person

pillow_heif.register_heif_opener()
EICAR = TEST_VIRUS
UPLOADS = "/api/sync/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
SCRIPT = b"<script>document.write('ran')</script>"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</"
    + b"Root 1 0 R>>\n%%EOF\n"
)
PLACE = {1: "N", 2: (41.0, 52.0, 41.0), 3: "W", 4: (87.0, 37.0, 12.0)}  # Chicago, as EXIF writes it


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (800, 600), turned: bool = False) -> bytes:
    """A photo with place, camera and time in it; `turned` lies on its side and says so. The left half is red."""
    image = Image.new("RGB", size, (30, 60, 200))
    image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Telltale Camera"
    if turned:
        exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2027:01:04 09:30:00"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(PLACE)
    out = io.BytesIO()
    image.save(out, format=kind, exif=exif)
    return out.getvalue()


def polyglot(*, inner: bytes = SCRIPT) -> bytes:
    """A photo that is an archive too, with a script in a comment and another in the archive."""
    plain = picture()
    comment = b"\xff\xfe" + struct.pack(">H", len(SCRIPT) + 2) + SCRIPT
    return plain[:2] + comment + plain[2:] + archive({"run.js": inner})


def archive(members: dict[str, bytes]) -> bytes:
    """A zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return out.getvalue()


def bomb() -> bytes:
    """A zip in a zip that unpacks to a hundred times and more of itself."""
    return archive({"inner.zip": archive({f"{at}": bytes(8 * 1024 * 1024) for at in range(4)})})


def huge_png(width: int = 65_000, height: int = 65_000) -> bytes:
    """A small file that says it is a picture of four thousand megapixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def metadata(**said: Any) -> str:
    """The header that describes an upload."""
    return ",".join(
        f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in said.items()
    )


def checksum(data: bytes, kind: str = "sha256") -> str:
    """The header that describes a piece."""
    return f"{kind} {base64.b64encode(hashlib.new(kind, data).digest()).decode()}"


@dataclass
class Phone:
    """A person's device that sends one file, piece by piece."""

    http: TestClient
    person: Person
    data: bytes
    on: tuple[str, UUID]
    said: dict[str, Any] = field(default_factory=dict)
    id: UUID = field(default_factory=new_id)

    def announce(self, **more: str) -> Any:
        """The answer to what is said before the bytes come."""
        words = {
            "filename": "photo.jpg",
            "kind": "photo",
            "sha256": hashlib.sha256(self.data).hexdigest(),
        } | self.said
        described = metadata(id=self.id, noun=self.on[0], row_id=self.on[1], **words)
        headers = {
            **TUS,
            **self.person.bearer,
            "Upload-Length": str(len(self.data)),
            "Upload-Metadata": described,
        } | more
        return self.http.post(UPLOADS, headers=headers)

    def send(self, start: int, end: int | None = None, **more: str) -> Any:
        """The answer to one piece."""
        headers = {
            **TUS,
            **self.person.bearer,
            "Upload-Offset": str(start),
            "Content-Type": "application/offset+octet-stream",
        }
        return self.http.patch(f"{UPLOADS}/{self.id}", content=self.data[start:end], headers=headers | more)

    def look(self) -> Any:
        """How far it is."""
        return self.http.head(f"{UPLOADS}/{self.id}", headers=TUS | self.person.bearer)

    def give_up(self) -> Any:
        """Takes it back."""
        return self.http.delete(f"{UPLOADS}/{self.id}", headers=TUS | self.person.bearer)

    def whole(self) -> "Phone":
        """Announces and sends all of it."""
        answer = self.announce()
        assert answer.status_code == 201, answer.text
        answer = self.send(0)
        assert answer.status_code == 204, answer.text
        return self

    def card(self) -> dict[str, Any]:
        """The file as the API shows it."""
        answer = self.http.get(f"/api/v1/files/{self.id}", headers=self.person.bearer)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def settle(rounds: int = 4) -> None:
    """Runs what was promised, as if every wait were over."""
    for _ in range(rounds):
        with relay() as connection:
            connection.execute(
                text(
                    "UPDATE outbox_messages SET due_at = now() WHERE state = 'waiting' AND due_at < now() + interval '1 day'"
                )
            )
        drain()


def begun(person: Person, on: tuple[str, UUID], *, data: bytes = b"", **said: Any) -> UUID:
    """An upload that is announced, and of which nothing came yet."""
    data = data or picture(size=(640, 480))
    facts = {"id": new_id(), "name": "photo.jpg", "kind": "photo", "size": len(data)} | said
    digest = hashlib.sha256(data).hexdigest()
    body = FileBody(noun=on[0], row_id=on[1], sha256=digest, **facts)  # type: ignore[arg-type]
    with person.work() as work:
        uploads.start(work, body)
    return body.id


def scanning(person: Person, on: tuple[str, UUID], *, data: bytes = b"", **said: Any) -> UUID:
    """A file whose bytes have all come and at which nobody looked yet."""
    data = data or picture(size=(640, 480))
    file_id = begun(person, on, data=data, **said)
    with person.work() as work:
        place = uploads.place(work, file_id, 0)
    store().put(place.key, iter([data]))
    with person.work() as work:
        uploads.take(work, file_id, 0, len(data), place.key)
    return file_id


def looked_at(tenant_id: UUID, file_id: UUID) -> None:
    """Does with a file what the background does with it."""

    def run(service: Any, *given: Any) -> Any:
        with begin(SystemCredential(tenant_id, "tests")) as work:
            return service(work, *given)

    for name in ("files.take_in", "files.examine"):
        found = FUNCTIONS[name]
        assert found.slow is not None
        run(found.call, found.slow(run, file_id), file_id)


def clean(tenant_id: UUID, person: Person, on: tuple[str, UUID], **said: Any) -> UUID:
    """A file that was looked at and is served."""
    file_id = scanning(person, on, **said)
    looked_at(tenant_id, file_id)
    return file_id
