"""Background functions of invoices."""

from uuid import UUID

from models.access import Permission
from ontrack_app.background.queue import background
from ontrack_app.services import invoices
from ontrack_app.work import Work


@background("invoices.mail_issued", needs={Permission.INVOICES_READ})
def mail_issued(work: Work, invoice_id: UUID) -> None:
    """Mails the contact a link that opens the invoice."""
    invoices.mail_issued(work, invoice_id)
