"""The trail as screens show it."""

from pydantic import BaseModel

from ontrack_app.schemas.screens.common import ListPage


class AuditRow(BaseModel):
    """One entry or security event, in words."""

    n: str
    when: str = ""
    when_full: str = ""
    who: str = ""
    role: str = ""
    text: str = ""
    on: str = ""
    href: str = ""
    change: str = ""
    change_full: str = ""
    reason: str = ""
    ip: str = ""


class AuditFoot(ListPage):
    """The foot of the trail: the numbers that the pages before and after start from, and where this view is exported."""

    newer: str = ""
    older: str = ""
    export_href: str = ""
