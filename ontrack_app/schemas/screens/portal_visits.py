"""Visits as clients see them."""

from pydantic import BaseModel

from ontrack_app.schemas.screens.common import Badge


class PortalVisitRow(BaseModel):
    """One row of the list."""

    id: str
    title: str
    place: str
    when: str
    stage: Badge
