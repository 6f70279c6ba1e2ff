"""Jobs: the customer's work. No price stands on a job, because crews read jobs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.access import PEOPLE_ROLES, Permission
from models.base import TIME, NounRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

EVERYBODY = frozenset(PEOPLE_ROLES)

JOB_FIELDS = FieldList(
    "jobs",
    (
        Fact(
            "number", "Number", edit=frozenset(), see=EVERYBODY, listed=True, sortable=True, searchable=True
        ),
        Fact("title", "Title", required=True, see=EVERYBODY, listed=True, sortable=True, searchable=True),
        Fact("client_id", "Client", edit=frozenset(), see=EVERYBODY, listed=True, filterable=True),
        Fact("property_id", "Property", edit=frozenset(), see=EVERYBODY, listed=True, filterable=True),
        Fact(
            "stage",
            "Stage",
            "stage",
            edit=frozenset(),
            see=EVERYBODY,
            listed=True,
            filterable=True,
            sortable=True,
        ),
        Fact("instructions", "Instructions", "long", see=EVERYBODY, max_length=4000),
        Fact("po_number", "PO number", searchable=True, max_length=60),
        Fact("created_at", "Created", "time", edit=frozenset(), see=EVERYBODY, listed=True, sortable=True),
    ),
)

JOB_MACHINE = Machine(
    noun="jobs",
    start="open",
    words={
        "open": ("Open", "moving"),
        "on_hold": ("On hold", "waiting"),
        "completed": ("Completed", "good"),
        "closed": ("Closed", "idle"),
        "cancelled": ("Cancelled", "idle"),
    },
    moves=(
        Move("complete", "Complete", {"open"}, "completed", Permission.JOBS_WRITE),
        Move("hold", "Put on hold", {"open"}, "on_hold", Permission.JOBS_WRITE, needs_reason=True),
        Move("resume", "Resume", {"on_hold"}, "open", Permission.JOBS_WRITE, needs_reason=True),
        Move("reopen", "Reopen", {"completed", "closed"}, "open", Permission.JOBS_WRITE, needs_reason=True),
        Move("close", "Close", {"completed"}, "closed", Permission.JOBS_WRITE),
        Move("cancel", "Cancel", {"open", "on_hold"}, "cancelled", Permission.JOBS_WRITE, needs_reason=True,
             dangerous=True, effect="Its open visits are cancelled too."),
    ),
)  # fmt: skip


class Job(NounRow, table=True):
    """A piece of work for a client at a property."""

    __tablename__ = "jobs"
    FIELDS = JOB_FIELDS
    number: str
    title: str
    stage: str = JOB_MACHINE.start
    client_id: UUID
    property_id: UUID | None = None
    instructions: str = ""
    po_number: str = ""
    completed_at: datetime | None = Field(default=None, sa_type=TIME)
    search_text: str = Field(default="")

    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        one_of("stage", JOB_MACHINE.stages),
        ref("client_id", "clients"),
        ref("property_id", "properties"),
        index("ix_jobs_list", "created_at", "id"),
        index("ix_jobs_stage", "stage", "created_at", "id"),
        index("ix_jobs_client", "client_id"),
        index("ix_jobs_property", "property_id"),
    )
