"""The inbox as screens show it: two values to choose from, and work that waits for a decision."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge


class InboxValue(BaseModel):
    """One of two values: whose it is, what it says, what else is to be known; `verb` on its button, none where there is none."""

    whose: str
    text: str = ""
    note: str = ""
    verb: str = ""
    use: bool = False


class InboxRow(BaseModel):
    """One thing to decide, or decided. Of work `why` it waits, `text` what was written down; of two values its `sides`.
    `phone_time` is what the phone's clock said, `came` when it reached us."""

    id: str
    title: str
    href: str = ""
    badge: Badge = Field(default_factory=Badge)
    who: str = ""
    phone: str = ""
    phone_time: str = ""
    clock: str = ""
    came: str = ""
    came_full: str = ""
    text: str = ""
    why: str = ""
    sides: list[InboxValue] = Field(default_factory=list)
    may_take: bool = False
    may_discard: bool = False
    decided: str = ""
    decided_full: str = ""
