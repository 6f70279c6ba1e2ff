"""API keys as screens show them; never the secret."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge, Option


class KeyRow(BaseModel):
    """One key of the list."""

    id: str
    name: str
    member: str = ""
    scopes: str = ""
    scopes_full: str = ""
    made: str = ""
    made_full: str = ""
    expires: str = ""
    expires_full: str = ""
    used: str = ""
    used_full: str = ""
    state: Badge = Field(default_factory=Badge)
    live: bool = False


class RightGroup(BaseModel):
    """The rights of one noun, as ticks."""

    label: str
    rights: list[Option] = Field(default_factory=list)


class KeyChoices(BaseModel):
    """What the form of a new key offers: people first; once one is chosen, that person's rights."""

    people: list[Option] = Field(default_factory=list)
    member: str = ""
    member_name: str = ""
    groups: list[RightGroup] = Field(default_factory=list)


class KeyMade(BaseModel):
    """What was made, beside its secret."""

    name: str
    member: str
    scopes: str
    ends: str
