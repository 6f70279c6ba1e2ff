"""Checklist templates: lists of steps under a name, which the office copies onto visits."""

from typing import Any
from uuid import UUID

from models.access import Permission
from models.checklist_templates import ChecklistTemplate
from models.ids import new_id
from ontrack_app.schemas.checklist_items import (
    StepCard,
    TemplateBody,
    TemplateCard,
    TemplatePatch,
)
from ontrack_app.schemas.common import Page
from ontrack_app.services import listing, rows
from ontrack_app.services.listing import Query
from ontrack_app.work import Work


def create(work: Work, body: TemplateBody) -> TemplateCard:
    """A new checklist.

    Raises:
        Forbidden: the actor shapes no checklists.
    """
    work.actor.require(Permission.CHECKLIST_TEMPLATES_WRITE)
    row = work.add(ChecklistTemplate(tenant_id=work.actor.tenant_id, id=new_id(), **body.model_dump()))
    work.record("checklist_templates.created", row, after={"name": row.name, "steps": _labels(row.steps)})
    return card(work, row)


def patch(work: Work, template_id: UUID, body: TemplatePatch, *, version: int | None = None) -> TemplateCard:
    """Changes a checklist; visits that have a copy of it keep theirs.

    Raises:
        NotFound, Forbidden, Stale: as their words say.
    """
    work.actor.require(Permission.CHECKLIST_TEMPLATES_READ)
    row = work.lock(ChecklistTemplate, template_id, version=version)
    work.actor.require(Permission.CHECKLIST_TEMPLATES_WRITE)
    rows.change(work, row, rows.given(body), word="checklist_templates.changed")
    return card(work, row)


def get(work: Work, template_id: UUID) -> TemplateCard:
    """One checklist.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.CHECKLIST_TEMPLATES_READ)
    return card(work, work.get(ChecklistTemplate, template_id))


def list_page(work: Work, query: Query) -> Page[TemplateCard]:
    """A page of checklists, as `listing.Query` asks."""
    work.actor.require(Permission.CHECKLIST_TEMPLATES_READ)
    found = listing.page(work, ChecklistTemplate, query)
    return Page(items=[card(work, row) for row in found.rows], next_cursor=found.next_cursor)


def archive(work: Work, template_id: UUID, *, version: int | None = None) -> None:
    """Puts a checklist away; visits that have a copy of it keep theirs."""
    rows.archive(work, ChecklistTemplate, template_id, Permission.CHECKLIST_TEMPLATES_DELETE, version=version)


def card(work: Work, row: ChecklistTemplate) -> TemplateCard:
    """The checklist as the API shows it."""
    del work
    steps = [StepCard.model_construct(**step) for step in row.steps]
    return TemplateCard.model_construct(
        steps=steps, **row.model_dump(include={"id", "name"} | set(rows.TRAIL))
    )


def _labels(steps: list[dict[str, Any]]) -> list[str]:
    return [str(step["label"]) for step in steps]
