"""Role rights: the cells in which a tenant's rights differ from the usual ones."""

from sqlalchemy import UniqueConstraint

from models.access import PEOPLE_ROLES
from models.base import NounRow, one_of


class RoleRight(NounRow, table=True):
    """One right that a tenant took from a role, or gave to it where that may be given (`models.access.GRANTABLE`)."""

    __tablename__ = "role_rights"
    role: str
    permission: str
    granted: bool

    __table_args__ = (UniqueConstraint("tenant_id", "role", "permission"), one_of("role", PEOPLE_ROLES))
