"""Files: photos, documents, receipts and signatures that hang on a record. Their bytes are in the file store, never here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.access import PEOPLE_ROLES, PORTAL_ROLES, Permission
from models.base import TIME, WORDS, NounRow, TenantRow, index, not_negative, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.ids import now
from models.machines import Machine, Move

NOUNS = ("jobs", "visits", "leads", "estimates")  # what a file can hang on
KINDS = (("photo", "Photo"), ("document", "Document"), ("receipt", "Receipt"), ("signature", "Signature"))
PHASES = (("before", "Before"), ("during", "During"), ("after", "After"))
VARIANTS = ("original", "picture", "thumbnail")
EVERYBODY = frozenset(PEOPLE_ROLES)
OURS = EVERYBODY - PORTAL_ROLES

NOT_TAKEN = ("infected", "failed")  # stages of what is never served; the row's note says why

FILE_FIELDS = FieldList(
    "files",
    (
        Fact("name", "Name", see=EVERYBODY, listed=True, sortable=True, searchable=True),
        Fact("noun", "On", edit=frozenset(), see=EVERYBODY, filterable=True),
        Fact("row_id", "Record", edit=frozenset(), see=EVERYBODY, filterable=True),
        Fact("stage", "Stage", "stage", edit=frozenset(), see=EVERYBODY, listed=True, filterable=True),
        Fact("kind", "Kind", "choice", see=EVERYBODY, listed=True, filterable=True, choices=KINDS),
        Fact("phase", "When", "choice", see=EVERYBODY, listed=True, filterable=True, choices=PHASES),
        Fact("is_visible", "Customers see it", "flag", see=OURS, filterable=True),
        Fact("content_type", "Type", edit=frozenset(), see=EVERYBODY),
        Fact("size", "Size", "number", edit=frozenset(), see=EVERYBODY, listed=True, sortable=True),
        Fact("taken_at", "Taken", "time", edit=frozenset(), see=EVERYBODY, sortable=True),
        Fact("uploader_name", "Added by", edit=frozenset(), see=EVERYBODY),
        Fact("created_at", "Added", "time", edit=frozenset(), see=EVERYBODY, listed=True, sortable=True),
    ),
)

FILE_MACHINE = Machine(
    noun="files",
    start="uploading",
    words={
        "uploading": ("Uploading", "moving"),
        "scanning": ("Being checked", "waiting"),
        "clean": ("Ready", "good"),
        "infected": ("Infected", "bad"),
        "failed": ("Failed", "bad"),
    },
    moves=(
        Move("arrive", "Arrived", {"uploading"}, "scanning", Permission.FILES_WRITE, hidden=True),
        Move("restart", "Send again", {"scanning"}, "uploading", Permission.FILES_WRITE, needs_reason=True, hidden=True),
        Move("accept", "Accept", {"scanning"}, "clean", Permission.FILES_WRITE, hidden=True),
        Move("condemn", "Infected", {"scanning"}, "infected", Permission.FILES_WRITE, needs_reason=True, hidden=True),
        Move("fail", "Failed", {"scanning"}, "failed", Permission.FILES_WRITE, needs_reason=True, hidden=True),
        Move("give_up", "Give up", {"uploading"}, "failed", Permission.FILES_WRITE, needs_reason=True, hidden=True),
    ),
)  # fmt: skip


class File(NounRow, table=True):
    """One file of a record. `size` and `sha256` are those of the bytes as the sender has them; `received` of them have
    arrived, `stored_at` is set once all of them are stored and their hash was compared. `content_type` is what the bytes
    are, found by looking at them; empty until then. `note` says in words what it waits for or why it was not taken.
    """

    __tablename__ = "files"
    FIELDS = FILE_FIELDS
    noun: str
    row_id: UUID
    name: str
    kind: str = "document"
    phase: str | None = None
    is_visible: bool = False
    stage: str = FILE_MACHINE.start
    size: int = Field(sa_type=BigInteger)
    received: int = Field(default=0, sa_type=BigInteger)
    sha256: str
    content_type: str = ""
    width: int | None = None
    height: int | None = None
    taken_at: datetime | None = Field(default=None, sa_type=TIME)
    member_id: UUID | None = None
    uploader_name: str = ""
    expires_at: datetime = Field(default_factory=now, sa_type=TIME)
    stored_at: datetime | None = Field(default=None, sa_type=TIME)
    tries: int = 0
    restarts: int = 0
    checked_by: str = ""
    note: str = Field(default="", sa_type=WORDS)
    search_text: str = Field(default="")

    __table_args__ = (
        one_of("noun", NOUNS),
        one_of("kind", [kind for kind, _ in KINDS]),
        CheckConstraint("phase IS NULL OR phase IN ('before', 'during', 'after')", name="phase_known"),
        one_of("stage", FILE_MACHINE.stages),
        not_negative("tries"),
        not_negative("restarts"),
        CheckConstraint("received >= 0 AND received <= size", name="received_within_size"),
        ref("member_id", "members"),
        index("ix_files_row", "noun", "row_id", "created_at", "id"),
        index("ix_files_list", "created_at", "id"),
        index("ix_files_stage", "stage", "expires_at"),
        index("ix_files_member", "member_id"),
    )


class FilePart(TenantRow, table=True):
    """A piece of an upload that is stored: from which byte on, how many. Forgotten once the whole is put together."""

    __tablename__ = "file_parts"
    file_id: UUID
    start: int = Field(sa_type=BigInteger)
    size: int
    key: str

    __table_args__ = (
        ref("file_id", "files", on_delete="CASCADE"),
        UniqueConstraint("tenant_id", "file_id", "start"),
    )


class FileVariant(TenantRow, table=True):
    """What is served of a clean file: a picture that was decoded and written anew, its thumbnail, or a document as it came."""

    __tablename__ = "file_variants"
    file_id: UUID
    name: str
    key: str
    content_type: str
    size: int = Field(sa_type=BigInteger)
    sha256: str
    width: int | None = None
    height: int | None = None

    __table_args__ = (
        one_of("name", VARIANTS),
        ref("file_id", "files", on_delete="CASCADE"),
        UniqueConstraint("tenant_id", "file_id", "name"),
    )
