"""Invitations: a person is asked by mail to become a member. The secret of the link is known to schema `auth` alone, as a hash."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from models.access import PEOPLE_ROLES, Permission
from models.base import TIME, NounRow, index, one_of, ref
from models.fields import Field as Fact
from models.fields import FieldList
from models.machines import Machine, Move

DAYS = 7

INVITATION_FIELDS = FieldList(
    "invitations",
    (
        Fact("email", "E-mail", "email", required=True, listed=True, filterable=True, searchable=True, sortable=True),
        Fact("name", "Name", listed=True, searchable=True),
        Fact("role", "Role", "choice", required=True, choices=tuple((r.value, r.label) for r in PEOPLE_ROLES), filterable=True),
        Fact("client_id", "Client", edit=frozenset(), filterable=True),
        Fact("stage", "Stage", "stage", edit=frozenset(), listed=True, filterable=True),
        Fact("expires_at", "Good until", "time", edit=frozenset(), sortable=True),
        Fact("created_at", "Created", "time", edit=frozenset(), sortable=True),
    ),
)  # fmt: skip

INVITATION_MACHINE = Machine(
    noun="invitations",
    start="pending",
    words={
        "pending": ("Invited", "waiting"),
        "accepted": ("Joined", "good"),
        "withdrawn": ("Withdrawn", "idle"),
    },
    moves=(
        Move("resend", "Send again", {"pending"}, "pending", Permission.MEMBERS_MANAGE),
        Move("withdraw", "Withdraw", {"pending"}, "withdrawn", Permission.MEMBERS_MANAGE),
        Move("accept", "Accept", {"pending"}, "accepted", Permission.MEMBERS_MANAGE, hidden=True),
    ),
)


class Invitation(NounRow, table=True):
    """One person asked to join, in which role, by whom; of one address only one is pending at a time."""

    __tablename__ = "invitations"
    FIELDS = INVITATION_FIELDS
    email: str
    name: str = ""
    role: str
    client_id: UUID | None = None
    inviter: str = ""
    stage: str = INVITATION_MACHINE.start
    expires_at: datetime = Field(sa_type=TIME)
    member_id: UUID | None = None
    search_text: str = Field(default="")

    __table_args__ = (
        one_of("role", PEOPLE_ROLES),
        one_of("stage", INVITATION_MACHINE.stages),
        ref("client_id", "clients"),
        ref("member_id", "members"),
        index("ix_invitations_client", "client_id"),
        index("ix_invitations_member", "member_id"),
        Index(
            "uq_invitations_pending",
            "tenant_id",
            "email",
            unique=True,
            postgresql_where=text("stage = 'pending'"),
        ),
    )
