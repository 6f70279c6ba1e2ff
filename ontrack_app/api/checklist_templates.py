"""Checklists over HTTP."""

from models.checklist_templates import CHECKLIST_TEMPLATE_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.checklist_items import TemplateBody, TemplateCard, TemplatePatch
from ontrack_app.services import checklist_templates

CHECKLIST_TEMPLATES = Noun(
    "checklist_templates",
    checklist_templates,
    CHECKLIST_TEMPLATE_FIELDS,
    TemplateCard,
    TemplateBody,
    TemplatePatch,
)
