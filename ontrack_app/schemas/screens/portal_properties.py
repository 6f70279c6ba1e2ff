"""Properties as their owners and managers see them."""

from pydantic import BaseModel


class PortalPropertyRow(BaseModel):
    """One row of the list."""

    id: str
    name: str
    place: str
    open_work: str
    next_visit: str
    spend: str
