"""Pipeline stages: a tenant's own steps for leads. The key never changes, the label may; rules read the kind."""

from sqlalchemy import UniqueConstraint

from models.base import NounRow, one_of

KINDS = ("open", "won", "lost")
DEFAULT_STAGES = (
    ("new", "New", "open"),
    ("contacted", "Contacted", "open"),
    ("qualified", "Qualified", "open"),
    ("won", "Won", "won"),
    ("lost", "Lost", "lost"),
)


class PipelineStage(NounRow, table=True):
    """One step of a tenant's lead pipeline."""

    __tablename__ = "pipeline_stages"
    key: str
    label: str
    kind: str = "open"
    position: int = 0

    __table_args__ = (UniqueConstraint("tenant_id", "key"), one_of("kind", KINDS))


def tint(kind: str, *, first: bool, last: bool) -> str:
    """How an open, won or lost stage is tinted: the first open one is idle, the last moving, those between planned."""
    if kind == "won":
        return "good"
    if kind == "lost":
        return "bad"
    if first:
        return "idle"
    return "moving" if last else "planned"
