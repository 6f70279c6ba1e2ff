"""Background functions of payments."""

from uuid import UUID

from models.access import Permission
from ontrack_app.background.queue import background
from ontrack_app.services import checkouts
from ontrack_app.work import Work

GATEWAY_RIGHTS = {Permission.PAYMENTS_RECORD, Permission.PAYMENTS_READ, Permission.INVOICES_READ}


@background("payments.handle_event", needs=GATEWAY_RIGHTS)
def handle_event(work: Work, inbox_id: UUID) -> None:
    """Lets a payment gateway's event have its effect."""
    checkouts.handle_event(work, inbox_id)


@background("payments.mail_received", needs={Permission.PAYMENTS_READ, Permission.INVOICES_READ})
def mail_received(work: Work, payment_id: UUID) -> None:
    """Mails the client a receipt."""
    checkouts.mail_received(work, payment_id)
