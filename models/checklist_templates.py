"""Checklist templates: steps that come up again and again, under a name, to be copied onto visits."""

from typing import Any

from sqlmodel import Field

from models.base import JSON, NounRow, index
from models.fields import Field as Fact
from models.fields import FieldList

MOST_STEPS = 100

CHECKLIST_TEMPLATE_FIELDS = FieldList(
    "checklist_templates",
    (
        Fact("name", "Name", required=True, listed=True, sortable=True),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)


class ChecklistTemplate(NounRow, table=True):
    """A name and its steps in order, each with kind, label and whether it is required. A visit gets a copy: what is changed
    here later changes no visit."""

    __tablename__ = "checklist_templates"
    FIELDS = CHECKLIST_TEMPLATE_FIELDS
    name: str
    steps: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON, nullable=False)

    __table_args__ = (index("ix_checklist_templates_list", "name", "id"),)
