"""What crews did and noted on a visit, as its page shows it: steps, hours, materials, expenses, signatures, tasks."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.common import MoveCard
from ontrack_app.schemas.screens.common import Badge, Option
from ontrack_app.schemas.screens.expenses import ExpenseRow
from ontrack_app.schemas.screens.tasks import TaskRow
from ontrack_app.schemas.screens.time_entries import TimeRow


class StepRow(BaseModel):
    """One step of the visit, with the last answer to it."""

    id: str
    label: str
    kind: str
    required: bool = False
    stage: Badge = Field(default_factory=Badge)
    value: str = ""
    value_href: str = ""
    by: str = ""
    reason: str = ""
    moves: list[MoveCard] = Field(default_factory=list)
    can_move: bool = False
    can_remove: bool = False


class MaterialRow(BaseModel):
    """Something that was used."""

    id: str
    name: str
    quantity: str
    by: str = ""


class SignatureRow(BaseModel):
    """One signature: who, when, the words that were shown, their hash, and the strokes as an SVG path."""

    id: str
    name: str
    when: str
    kind: str
    shown: str
    hash: str
    path: str = ""
    box: str = ""


class VisitWork(BaseModel):
    """Everything that hangs on one visit."""

    visit_id: str = ""
    steps: list[StepRow] = Field(default_factory=list)
    steps_note: str = ""
    can_add_step: bool = False
    checklists: list[Option] = Field(default_factory=list)
    kinds: list[Option] = Field(default_factory=list)
    hours: list[TimeRow] = Field(default_factory=list)
    hours_note: str = ""
    can_add_hours: bool = False
    materials: list[MaterialRow] = Field(default_factory=list)
    expenses: list[ExpenseRow] = Field(default_factory=list)
    signatures: list[SignatureRow] = Field(default_factory=list)
    tasks: list[TaskRow] = Field(default_factory=list)
    can_add_task: bool = False
