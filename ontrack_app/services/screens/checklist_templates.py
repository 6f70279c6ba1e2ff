"""Checklists on screens: the list in the settings, and the one that is being written, as plain steps up and down."""

from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.checklist_items import KIND_WORDS
from models.checklist_templates import ChecklistTemplate
from ontrack_app.errors import FieldError, Invalid
from ontrack_app.schemas.checklist_items import StepBody, TemplateBody, TemplatePatch
from ontrack_app.schemas.screens.checklist_templates import TemplateDraft, TemplateStep, TemplateView
from ontrack_app.schemas.screens.common import Option
from ontrack_app.services import checklist_templates
from ontrack_app.services.screens import words
from ontrack_app.work import Work

KINDS = dict(KIND_WORDS)
STARTS_WITH = 3


def every(work: Work) -> list[TemplateView]:
    """The company's checklists by their names.

    Raises:
        Forbidden: the role may not see them.
    """
    work.actor.require(Permission.CHECKLIST_TEMPLATES_READ)
    query = work.of(ChecklistTemplate).where(col(ChecklistTemplate.archived_at).is_(None))
    found: list[ChecklistTemplate] = work.all(query.order_by(col(ChecklistTemplate.name)))
    return [
        TemplateView(
            id=str(one.id), name=one.name, note=words.some(len(one.steps), "step"), steps=_steps(one)
        )
        for one in found
    ]


def blank(work: Work) -> TemplateDraft:
    """A new checklist with room for its first steps.

    Raises:
        Forbidden: the role writes none.
    """
    work.actor.require(Permission.CHECKLIST_TEMPLATES_WRITE)
    draft = TemplateDraft(heading="New checklist", verb="Add the checklist", kinds=_kinds())
    for _ in range(STARTS_WITH):
        draft = with_step(draft)
    return draft


def draft(work: Work, template_id: UUID) -> TemplateDraft:
    """A checklist as it is, to be changed.

    Raises:
        NotFound: there is none here. Forbidden: the role writes none.
    """
    work.actor.require(Permission.CHECKLIST_TEMPLATES_WRITE)
    row = work.get(ChecklistTemplate, template_id)
    steps = _steps(row)
    return TemplateDraft(
        id=str(row.id),
        version=row.version,
        heading=f"Change “{row.name}”",
        verb="Save the checklist",
        name=row.name,
        steps=steps,
        kinds=_kinds(),
        made=len(steps),
    )


def with_step(draft: TemplateDraft) -> TemplateDraft:
    """The draft with one more step at its end."""
    step = TemplateStep(key=f"step-{draft.made}")
    return draft.model_copy(update={"steps": [*draft.steps, step], "made": draft.made + 1})


def without_step(draft: TemplateDraft, key: str) -> TemplateDraft:
    """The draft without one of its steps."""
    return draft.model_copy(update={"steps": [one for one in draft.steps if one.key != key]})


def shifted(draft: TemplateDraft, key: str, by: int) -> TemplateDraft:
    """The draft with one step further up (-1) or down (1)."""
    steps = list(draft.steps)
    place = next((at for at, one in enumerate(steps) if one.key == key), None)
    if place is None or not 0 <= place + by < len(steps):
        return draft
    steps.insert(place + by, steps.pop(place))
    return draft.model_copy(update={"steps": steps})


def keep(work: Work, draft: TemplateDraft) -> None:
    """Keeps the checklist as written; steps without words are left out.

    Raises:
        Invalid: at `name`, or no step at all. NotFound, Stale, Forbidden: as their words say.
    """
    if not draft.name.strip():
        raise _wrong("name", "Give it a name, by which the office finds it.")
    steps = [
        StepBody.model_validate({"label": one.label, "kind": one.kind or "check", "required": one.required})
        for one in draft.steps
        if one.label.strip()
    ]
    if not steps:
        raise _wrong("steps", "Write down at least one step.")
    if draft.id:
        body = TemplatePatch(name=draft.name, steps=steps)
        checklist_templates.patch(work, UUID(draft.id), body, version=draft.version)
    else:
        checklist_templates.create(work, TemplateBody(name=draft.name, steps=steps))


def _steps(row: ChecklistTemplate) -> list[TemplateStep]:
    return [
        TemplateStep(key=f"step-{at}", kind_label=KINDS[str(step["kind"])], **step)
        for at, step in enumerate(row.steps)
    ]


def _kinds() -> list[Option]:
    return [Option(value=key, label=label) for key, label in KIND_WORDS]


def _wrong(field: str, said: str) -> Invalid:
    return Invalid(said, errors=[FieldError(field, said)])
