"""Background functions of estimates."""

from uuid import UUID

from models.access import Permission
from ontrack_app.background.queue import background
from ontrack_app.services import estimates
from ontrack_app.work import Work


@background("estimates.mail_sent", needs={Permission.ESTIMATES_READ})
def mail_sent(work: Work, estimate_id: UUID) -> None:
    """Mails the contact a link that opens the estimate."""
    estimates.mail_sent(work, estimate_id)
