"""Changing single lines of a draft invoice, with totals worked out at every change."""

from uuid import UUID

from models.access import Permission
from models.ids import new_id
from models.invoices import Invoice, InvoiceLine
from ontrack_app.errors import Conflict, NotFound
from ontrack_app.schemas.documents import LineBody
from ontrack_app.schemas.invoices import InvoiceCard
from ontrack_app.services import lines
from ontrack_app.services.invoices.cards import card, lines_of
from ontrack_app.work import Work


def add_line(work: Work, invoice_id: UUID, body: LineBody) -> InvoiceCard:
    """Puts one more line at the end of a draft.

    Raises:
        Conflict: it is issued or void. NotFound, Forbidden, Invalid: as their words say.
    """
    invoice, stored = _draft(work, invoice_id)
    values = lines.read(work, [body])[0].columns(with_cost=False)
    place = stored[-1].position + 1 if stored else 0
    line = InvoiceLine(
        tenant_id=invoice.tenant_id, id=new_id(), invoice_id=invoice.id, position=place, **values
    )
    work.session.add(line)
    return _keep(work, invoice, [*stored, line])


def change_line(work: Work, invoice_id: UUID, line_id: UUID, body: LineBody) -> InvoiceCard:
    """Replaces what a line of a draft says.

    Raises:
        NotFound: there is no such line. Conflict, Forbidden, Invalid: as their words say.
    """
    invoice, stored = _draft(work, invoice_id)
    line = _line(stored, line_id)
    for name, value in lines.read(work, [body])[0].columns(with_cost=False).items():
        setattr(line, name, value)
    return _keep(work, invoice, stored)


def remove_line(work: Work, invoice_id: UUID, line_id: UUID) -> InvoiceCard:
    """Takes a line out of a draft.

    Raises:
        NotFound: there is no such line. Conflict, Forbidden: as their words say.
    """
    invoice, stored = _draft(work, invoice_id)
    line = _line(stored, line_id)
    work.session.delete(line)
    stored.remove(line)
    return _keep(work, invoice, stored)


def _draft(work: Work, invoice_id: UUID) -> tuple[Invoice, list[InvoiceLine]]:
    work.actor.require(Permission.INVOICES_READ)
    invoice = work.lock(Invoice, invoice_id)
    work.actor.require(Permission.INVOICES_WRITE)
    if invoice.stage != "draft":
        raise Conflict("An issued invoice is never edited. Void it, or make a credit note.")
    return invoice, lines_of(work, invoice.id)


def _line(stored: list[InvoiceLine], line_id: UUID) -> InvoiceLine:
    for line in stored:
        if line.id == line_id:
            return line
    raise NotFound("There is no line with this id on the invoice.")


def _keep(work: Work, invoice: Invoice, stored: list[InvoiceLine]) -> InvoiceCard:
    before = {"total_cents": invoice.total_cents}
    lines.price(work, invoice, stored)
    work.changed(invoice)
    after = {"total_cents": invoice.total_cents, "lines": len(stored)}
    work.record("invoices.lines_changed", invoice, before=before, after=after)
    return card(work, invoice, stored)
