"""What a crew does on its visits, as it crosses a door. Ids are made where the fact is made: on the phone."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from ontrack_app.schemas.common import Body, Line, Moment, MoneyBody, Paragraph

Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"^[^\x00]*$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")]
Amount = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=4)]
Delta = Annotated[Decimal, Field(max_digits=12, decimal_places=4)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
StepKind = Literal["check", "text", "number", "photo", "signature"]
TimeKind = Literal["travel", "work", "break"]


class VisitStepBody(Body):
    """One move of a crew on its visit."""

    visit_id: UUID
    move: Literal["depart", "arrive", "pause", "resume", "finish", "no_access"]
    reason: Paragraph | None = None


class NoteBody(Body):
    """A note on a visit."""

    id: UUID
    visit_id: UUID
    text: Words


class ItemBody(Body):
    """A new step of a visit."""

    visit_id: UUID
    label: Title
    kind: StepKind = "check"
    required: Annotated[bool, Field(strict=True)] = False
    position: Annotated[int, Field(strict=True, ge=0, le=10_000)] = 0


class AnswerBody(Body):
    """An answer to one step. `value` is the text or number, or the id of the photo or signature."""

    id: UUID
    visit_id: UUID
    item_id: UUID
    outcome: Literal["done", "not_applicable", "failed"] = "done"
    value: Paragraph = ""
    reason: Paragraph = ""


class TimeStartBody(Body):
    """The start of a stretch of time."""

    id: UUID
    visit_id: UUID | None = None
    kind: TimeKind


class TimeStopBody(Body):
    """The end of a stretch of time."""

    id: UUID


class TimeCorrectBody(Body):
    """A stretch as it really was; `corrects_id` names the one that it stands for, where there is one."""

    id: UUID
    visit_id: UUID | None = None
    kind: TimeKind
    started_at: Moment
    ended_at: Moment
    corrects_id: UUID | None = None
    reason: Words


class MaterialBody(Body):
    """Something used."""

    id: UUID
    visit_id: UUID
    name: Title
    quantity: Amount = Decimal(1)
    unit: Annotated[str, StringConstraints(max_length=20, pattern=r"^[^\x00-\x1f]*$")] = ""


class MaterialAdjustBody(Body):
    """More or less of something used: what is added to its quantity."""

    visit_id: UUID
    material_id: UUID
    by: Delta


class ExpenseBody(Body):
    """A claim: what was paid for, how much where the phone was told, and the id of the receipt's photo."""

    id: UUID
    visit_id: UUID
    title: Title
    amount: MoneyBody | None = None
    receipt_id: UUID | None = None


class VisitSignatureBody(Body):
    """A customer's signature on a phone, with every word that was shown and the SHA-256 of these words."""

    id: UUID
    visit_id: UUID
    kind: Literal["typed", "drawn"]
    name: Title
    strokes: Annotated[list[list[list[float]]], Field(max_length=500)] | None = None
    shown: Annotated[str, StringConstraints(min_length=1, max_length=20_000, pattern=r"^[^\x00]*$")]
    hash: Hash


class AskBody(Body):
    """Something asked of the office from a visit."""

    id: UUID
    visit_id: UUID
    text: Words
    photo_id: UUID | None = None


class AskTimeBody(AskBody):
    """Another time for a visit, asked of the office."""

    planned_start: Moment
    planned_end: Moment


class AccessNoteBody(Body):
    """How to get in, written where one stands before the gate."""

    property_id: UUID
    text: Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]


class ContactPhoneBody(Body):
    """Under which number somebody can be called."""

    contact_id: UUID
    phone: Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f]*$")]


class DecideBody(Body):
    """Which of two values is to stand."""

    conflict_id: UUID
    use: bool


class FactCard(Body):
    """What a fact's maker gets back: its id and the record it is on."""

    id: UUID
    row_id: UUID
    label: Line = ""
