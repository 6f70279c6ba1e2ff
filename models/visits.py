"""Visits: a crew's trip to a job, planned by the office, performed on a phone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.access import PEOPLE_ROLES, Permission
from models.base import TIME, NounRow, TenantRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

EVERYBODY = frozenset(PEOPLE_ROLES)
OVER = ("done", "no_access", "cancelled")
UNDER_WAY = ("en_route", "on_site", "paused")

VISIT_FIELDS = FieldList(
    "visits",
    (
        Fact("title", "Title", see=EVERYBODY, listed=True, searchable=True),
        Fact("job_id", "Job", edit=frozenset(), see=EVERYBODY, listed=True, filterable=True),
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
        Fact("planned_start", "Start", "time", see=EVERYBODY, edit=frozenset(), listed=True, sortable=True),
        Fact("planned_end", "End", "time", see=EVERYBODY, edit=frozenset(), listed=True),
        Fact("assignee_ids", "Crew", "member", edit=frozenset(), see=EVERYBODY),
        Fact("instructions", "Instructions", "long", see=EVERYBODY, max_length=4000),
        Fact("created_at", "Created", "time", edit=frozenset(), see=EVERYBODY, sortable=True),
    ),
)

VISIT_MACHINE = Machine(
    noun="visits",
    start="unscheduled",
    words={
        "unscheduled": ("Unscheduled", "idle"),
        "scheduled": ("Scheduled", "planned"),
        "en_route": ("On the way", "moving"),
        "on_site": ("On site", "moving"),
        "paused": ("Paused", "waiting"),
        "done": ("Done", "good"),
        "no_access": ("No access", "bad"),
        "cancelled": ("Cancelled", "idle"),
    },
    moves=(
        Move("schedule", "Schedule", {"unscheduled", "no_access"}, "scheduled", Permission.VISITS_WRITE),
        Move("reschedule", "Reschedule", {"scheduled"}, "scheduled", Permission.VISITS_WRITE),
        Move("depart", "On my way", {"scheduled"}, "en_route", Permission.VISITS_PERFORM),
        Move("arrive", "Start", {"scheduled", "en_route"}, "on_site", Permission.VISITS_PERFORM),
        Move("pause", "Pause", {"on_site"}, "paused", Permission.VISITS_PERFORM),
        Move("resume", "Resume", {"paused"}, "on_site", Permission.VISITS_PERFORM),
        Move("finish", "Finish", {"on_site", "paused"}, "done", Permission.VISITS_PERFORM),
        Move("no_access", "No access", {"scheduled", "en_route", "on_site"}, "no_access", Permission.VISITS_PERFORM, needs_reason=True),
        Move("correct", "Correct", {"en_route", "on_site", "paused", "done", "no_access"}, "scheduled",
             Permission.VISITS_CORRECT, needs_reason=True),
        Move("cancel", "Cancel", {"unscheduled", "scheduled", "en_route", "on_site", "paused", "no_access"}, "cancelled",
             Permission.VISITS_WRITE, needs_reason=True, dangerous=True, effect="The crew no longer sees it."),
    ),
)  # fmt: skip


class Visit(NounRow, table=True):
    """One planned trip, with what really happened beside it."""

    __tablename__ = "visits"
    FIELDS = VISIT_FIELDS
    job_id: UUID
    title: str = ""
    stage: str = VISIT_MACHINE.start
    planned_start: datetime | None = Field(default=None, sa_type=TIME)
    planned_end: datetime | None = Field(default=None, sa_type=TIME)
    departed_at: datetime | None = Field(default=None, sa_type=TIME)
    actual_start: datetime | None = Field(default=None, sa_type=TIME)
    actual_end: datetime | None = Field(default=None, sa_type=TIME)
    instructions: str = ""
    search_text: str = Field(default="")

    __table_args__ = (
        one_of("stage", VISIT_MACHINE.stages),
        CheckConstraint("planned_end IS NULL OR planned_end > planned_start", name="ends_after_it_starts"),
        ref("job_id", "jobs"),
        index("ix_visits_job", "job_id"),
        index("ix_visits_planned", "planned_start", "id"),
        index("ix_visits_list", "created_at", "id"),
        index("ix_visits_stage", "stage", "planned_start", "id"),
    )


class VisitAssignee(TenantRow, table=True):
    """One member who goes on one visit."""

    __tablename__ = "visit_assignees"
    visit_id: UUID
    member_id: UUID

    __table_args__ = (
        UniqueConstraint("tenant_id", "visit_id", "member_id"),
        ref("visit_id", "visits", on_delete="CASCADE"),
        ref("member_id", "members"),
        index("ix_visit_assignees_member", "member_id", "visit_id"),
    )
