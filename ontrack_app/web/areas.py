"""The only home of areas: which part of the address space a signed-in person belongs to, and where they start."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote
from uuid import UUID

from models.access import PORTAL_ROLES, Role

SIGN_IN = "/auth/sign-in"


class Area(StrEnum):
    """The three places of Reflex pages; an area is the first part of the path, the office has what remains."""

    CREW = "crew"
    PORTAL = "portal"
    OFFICE = "office"

    @property
    def home(self) -> str:
        """Where a person of this area starts."""
        return "/" if self is Area.OFFICE else f"/{self.value}/"


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """What the guard needs to know of a live session: where its person belongs and starts, and in which company."""

    area: Area
    home: str
    confined: bool = False
    tenant_id: UUID | None = None

    @property
    def hears_of(self) -> UUID | None:
        """The company whose news the session's pages are told of. Customers would learn from it when others are at work."""
        return self.tenant_id if self.area is Area.OFFICE else None

    def may_visit(self, path: str) -> bool:
        """Whether a page is in the person's area; the session of a document link sees that document's page alone."""
        if self.confined:
            return path == self.home or path.startswith(self.home + "/")
        return area_of_path(path) is self.area


def area_of_role(role: Role) -> Area:
    """Where people of a role belong: crew, customers, everybody else."""
    if role is Role.CREW:
        return Area.CREW
    return Area.PORTAL if role in PORTAL_ROLES else Area.OFFICE


def facts_for(role: Role, *, home: str = "", tenant_id: UUID | None = None) -> SessionFacts:
    """The facts of a session of this role; `home` where it is for one page (the document of a link)."""
    area = area_of_role(role)
    return SessionFacts(area=area, home=home or area.home, confined=bool(home), tenant_id=tenant_id)


def area_of_path(path: str) -> Area:
    """To which area a page's path belongs."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return Area(first) if first in (Area.CREW, Area.PORTAL) else Area.OFFICE


def is_safe_next(target: str) -> bool:
    """Whether a `next` from outside is a plain path of ours (no other host, no scheme, no control characters)."""
    if not target.startswith("/") or target.startswith("//") or len(target) > 2000:
        return False
    return not any(mark in target for mark in "\\\r\n\t\0") and target.isprintable()


def sign_in_address(path: str, query: str = "") -> str:
    """The sign-in page that leads back to this page afterwards; without `next` where the page is not a safe one."""
    target = f"{path}?{query}" if query else path
    if target == "/" or not is_safe_next(target):
        return SIGN_IN
    return f"{SIGN_IN}?next={quote(target, safe='/')}"
