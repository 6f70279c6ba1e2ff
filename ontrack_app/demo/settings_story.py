"""What the demo's admin has set: a right that is not as usual, and somebody who is invited and has not joined yet."""

from models.access import Permission, Role
from ontrack_app.demo.book import Book
from ontrack_app.demo.stage import Stage
from ontrack_app.demo.work_story import Play
from ontrack_app.schemas.members import InvitationBody
from ontrack_app.services import invitations, rights


def settle(stage: Stage, book: Book) -> Play[None]:
    """Plays the admin of one company, as far as its book says so."""
    at = stage.ago(6, 9)
    yield at
    if book.taken:
        with stage.in_browser(f"admin@{book.slug}.example", book.slug, at) as work:
            for role, permission in book.taken:
                rights.change(work, Role(role), Permission(permission), False)
    at = stage.ago(2, 9)
    yield at
    if book.invited:
        name, email, role = book.invited
        with stage.acting("admin", at) as work:
            body = InvitationBody.model_validate({"name": name, "email": email, "role": role})
            invitations.create(work, body)
