"""Files on screens: the gallery of a record, and what the settings say of where files are kept."""

from pydantic import BaseModel, Field

from ontrack_app.schemas.screens.common import Badge


class Tile(BaseModel):
    """One file. `badge` and `note` say why it cannot be looked at; `href` and `thumb` are empty until it can."""

    id: str
    name: str
    quiet: str = ""
    href: str = ""
    thumb: str = ""
    save_href: str = ""
    badge: Badge = Field(default_factory=Badge)
    note: str = ""
    phase: str = ""
    is_photo: bool = False
    is_visible: bool = False


class FileGroup(BaseModel):
    """The files of one moment of the work, or of one visit."""

    title: str
    note: str = ""
    tiles: list[Tile] = Field(default_factory=list)


class Gallery(BaseModel):
    """All files of a record. `waiting`: one of them is being checked, so that looking again is worth it."""

    noun: str = ""
    row_id: str = ""
    groups: list[FileGroup] = Field(default_factory=list)
    count: str = ""
    waiting: bool = False
    shown: bool = False
    can_add: bool = False
    can_change: bool = False
    can_remove: bool = False


class FilePlace(BaseModel):
    """Where a company's files are and who looks at them, in words; the quota as a share of 100."""

    store: str = ""
    scanner: str = ""
    scanner_note: str = ""
    has_scanner: bool = False
    used: str = ""
    used_share: int = 0
    count: str = ""
    keeps_place: bool = False
