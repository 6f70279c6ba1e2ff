"""Members and invitations as they cross a door."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from ontrack_app.schemas.common import Body, Trail
from ontrack_app.schemas.leads import Name

# Printable ASCII: the address is mailed to, compared without regard to case, and becomes a person's sign-in.
Mailbox = Annotated[
    str, StringConstraints(max_length=254, pattern=r"^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$", to_lower=True)
]
RoleName = Literal["admin", "office", "crew", "property_manager", "client"]


class MemberPatch(Body):
    """Changes to a member; what is left out stays. A customer's role comes with the client that it belongs to."""

    name: Name | None = None
    role: RoleName | None = None
    client_id: UUID | None = None
    active: Annotated[bool, Field(strict=True)] | None = None


class MemberCard(Trail):
    """A member as the API shows it. `visits_ahead` are visits not over yet that the person is to go on; lists do not count them."""

    id: UUID
    email: str
    name: str
    role: str
    client_id: UUID | None
    active: bool
    visits_ahead: int | None = None


class InvitationBody(Body):
    """A new invitation; the mail goes to `email`. Clients and property managers come with the client that they belong to."""

    email: Mailbox
    role: RoleName
    name: Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f]*$")] = ""
    client_id: UUID | None = None


class InvitationCard(Trail):
    """An invitation as the API shows it; `expired` says that a pending one has run out."""

    id: UUID
    email: str
    name: str
    role: str
    client_id: UUID | None
    stage: str
    inviter: str
    expires_at: AwareDatetime
    expired: bool
