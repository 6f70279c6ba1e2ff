"""The forms that give a person a place in the company: an invitation, and another role for a member."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import ValidationError

from models.access import PEOPLE_ROLES, PORTAL_ROLES, Permission, Role
from models.clients import Client
from models.members import Member
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.schemas.members import InvitationBody, MemberPatch
from ontrack_app.schemas.screens.common import Option
from ontrack_app.schemas.screens.members import PlaceForm
from ontrack_app.schemas.screens.papers import Found
from ontrack_app.services import invitations, members
from ontrack_app.services.screens.estimate_drafts import find_clients
from ontrack_app.work import Work

ROLES = [Option(value=role.value, label=role.label) for role in PEOPLE_ROLES]
FIELDS = {"email": "An e-mail address looks like name@example.com.", "name": "This is too long, or has a sign that does not fit here."}  # fmt: skip


def invitation_form(work: Work) -> PlaceForm:
    """The empty form of an invitation."""
    work.actor.require(Permission.MEMBERS_MANAGE)
    return PlaceForm(
        heading="Invite somebody",
        verb="Send invitation",
        effect="They get a mail with a link that works once, for seven days.",
        roles=ROLES,
    )


def role_form(work: Work, member_id: UUID) -> PlaceForm:
    """The form that gives a member another role.

    Raises:
        NotFound: there is none here.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    member = work.get(Member, member_id)
    client = work.find(Client, member.client_id) if member.client_id else None
    form = PlaceForm(
        heading=f"Change the role of {member.name}",
        verb="Change role",
        effect="They are signed out here, and have the new role's rights from then on. Their API keys follow.",
        email=member.email,
        name=member.name,
        roles=ROLES,
        client_id=str(client.id) if client else "",
        client=client.name if client else "",
    )
    return with_role(work, form, member.role)


def with_role(work: Work, form: PlaceForm, role: str) -> PlaceForm:
    """The form with another role; a customer's asks for the client."""
    work.actor.require(Permission.MEMBERS_MANAGE)
    customer = role in {each.value for each in PORTAL_ROLES}
    more = {"role": role, "is_customer": customer}
    if customer and not form.client_id and not form.found:
        more["found"] = find_clients(work, "", served_only=False)
    return form.model_copy(update=more)


def find(work: Work, typed: str) -> list[Found]:
    """Clients whose name holds the words."""
    work.actor.require(Permission.MEMBERS_MANAGE)
    return find_clients(work, typed, served_only=False)


def with_client(work: Work, form: PlaceForm, client_id: UUID | None) -> PlaceForm:
    """The form with a client, or with the search for one again.

    Raises:
        NotFound: there is no such client.
    """
    work.actor.require(Permission.MEMBERS_MANAGE)
    if client_id is None:
        found = find_clients(work, "", served_only=False)
        return form.model_copy(update={"client_id": "", "client": "", "found": found})
    client = work.get(Client, client_id)
    return form.model_copy(update={"client_id": str(client.id), "client": client.name})


def invite(work: Work, form: PlaceForm) -> str:
    """Invites the person of the form; the address that the mail goes to.

    Raises:
        Invalid: at `email`, `name`, `role` or `client_id`. Forbidden, TooMany: as their words say.
    """
    given = {"email": form.email, "name": form.name, "role": form.role, "client_id": _client(form)}
    try:
        body = InvitationBody.model_validate(given)
    except ValidationError as error:
        names = [str(item["loc"][0]) for item in error.errors(include_input=False, include_url=False)]
        errors = [FieldError(name, FIELDS.get(name, "Choose one.")) for name in names]
        raise Invalid("Check what was entered.", errors=errors) from None
    try:
        return invitations.create(work, body).email
    except Conflict as conflict:
        raise Invalid(conflict.detail, errors=conflict.errors) from None


def change_role(work: Work, form: PlaceForm, member_id: UUID) -> str:
    """Gives the member the role of the form; what to say of it.

    Raises:
        NotFound, Conflict, Forbidden, Invalid: as their words say.
    """
    if form.role not in {role.value for role in PEOPLE_ROLES}:
        raise Invalid("Choose a role.", errors=[FieldError("role", "Choose a role.")])
    body: Mapping[str, object] = {"role": form.role, "client_id": _client(form)}
    card = members.patch(work, member_id, MemberPatch.model_validate(body))
    return f"{card.name} is {Role(card.role).label.lower()} now, and signed out."


def _client(form: PlaceForm) -> str | None:
    return form.client_id if form.is_customer and form.client_id else None
