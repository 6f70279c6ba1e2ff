"""Checklists on screens: the list in the settings, and the one that is being written."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Option


class TemplateStep(BaseModel):
    """One step; `key` tells it apart while the list is being written."""

    key: str
    label: str = ""
    kind: str = "check"
    kind_label: str = ""
    required: bool = False


class TemplateView(BaseModel):
    """One checklist."""

    id: str
    name: str
    note: str = ""
    steps: list[TemplateStep] = Field(default_factory=list)


class TemplateDraft(BaseModel):
    """A checklist as it is being written."""

    id: str = ""
    version: int = 0
    heading: str = ""
    verb: str = ""
    name: str = ""
    steps: list[TemplateStep] = Field(default_factory=list)
    kinds: list[Option] = Field(default_factory=list)
    made: int = 0
