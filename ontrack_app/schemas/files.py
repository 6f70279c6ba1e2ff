"""Files as they cross a door: what is said before the bytes come, how far they are, and what is shown of a file."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from ontrack_app.schemas.common import Body, Card, Moment, Trail

FileNoun = Literal["jobs", "visits", "leads", "estimates"]
FileKind = Literal["photo", "document", "receipt", "signature"]
FilePhase = Literal["before", "during", "after"]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f/\\]+$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", to_lower=True)]


class FileBody(Body):
    """A file that is about to be sent: its id and the hash of its bytes make sending it twice one file."""

    id: UUID
    noun: FileNoun
    row_id: UUID
    name: FileName
    size: Annotated[int, Field(ge=1, le=2**53)]
    sha256: Sha256
    kind: FileKind = "document"
    phase: FilePhase | None = None
    taken_at: Moment | None = None
    is_visible: bool = False  # comes as text among the words of an upload


class FilePatch(Body):
    """Changes to what is said of a file; its bytes never change."""

    name: FileName | None = None
    kind: FileKind | None = None
    phase: FilePhase | None = None
    is_visible: bool | None = None


class UploadCard(Card):
    """How far an upload is. `is_stored`: all bytes are stored and their hash is the one that was said, so that the sender
    may drop its copy."""

    id: UUID
    noun: str
    row_id: UUID
    stage: str
    offset: int
    size: int
    sha256: str
    name: str
    kind: str
    phase: str | None
    taken_at: AwareDatetime | None
    is_stored: bool
    expires_at: AwareDatetime
    note: str


class FileCard(Trail):
    """A file as the API shows it. The addresses are empty until it is ready; `note` says what it waits for or why it was
    not taken, `checked_by` who looked for viruses."""

    id: UUID
    noun: str
    row_id: UUID
    name: str
    kind: str
    phase: str | None
    is_visible: bool
    stage: str
    content_type: str
    size: int
    sha256: str
    width: int | None
    height: int | None
    taken_at: AwareDatetime | None
    uploader_name: str
    checked_by: str
    note: str
    url: str
    thumbnail_url: str
