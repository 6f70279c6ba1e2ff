"""The only home of what mails say: each is composed here and queued in the transaction of the change that it tells of."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import text

from models.access import Role
from models.contacts import Contact
from models.estimates import Estimate
from models.invitations import Invitation
from models.invoices import Invoice
from models.money import Money, format_money
from models.payments import METHODS, Payment
from ontrack_app.services.brands import Face, face
from ontrack_app.work import Work

ADD = text("SELECT auth.add_mail(:recipient, :subject, :text, :html)")
LETTERS = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "letters"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is written out: one heading, a few paragraphs, facts in two columns, one button, small print."""

    subject: str
    heading: str
    face: Face
    body: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    button: str = ""
    link: str = ""
    small: Sequence[str] = field(default_factory=tuple)

    def as_text(self) -> str:
        """The plain-text twin."""
        return self._written("letter.txt")

    def as_html(self) -> str:
        """The same as HTML, with everything escaped that came from people."""
        return self._written("letter.html")

    def _written(self, name: str) -> str:
        return LETTERS.get_template(name).render(
            {each.name: getattr(self, each.name) for each in fields(self)}
        )


def sign_in_link(company: str, link: str, code: str, minutes: int) -> Letter:
    """The letter with a sign-in link and its code; `company` is empty for an address that nobody here has, and then it is not sent."""
    name = company or "OnTrack"
    return Letter(
        subject=f"Sign in to {name}",
        heading=f"Sign in to {name}",
        face=Face(name="OnTrack", mark="OT", color="#1c2024"),
        body=[
            "Open the link in the browser where you asked for it, and press the button there. No password is needed.",
            "Do you read this on another device? Then type the code where you asked.",
        ],
        facts=[("Code", code)],
        button="Sign in",
        link=link,
        small=[
            f"Link and code work once, for {minutes} minutes. A newer mail replaces them.",
            "You did not ask for it? Then leave it, and tell nobody the code: without it nobody is signed in.",
        ],
    )


def estimate_sent(work: Work, estimate: Estimate, contact: Contact, link: str) -> None:
    """Queues the mail with which a client receives an estimate; `link` opens it without a sign-in."""
    who = face(work)
    facts = [("Estimate", estimate.number), ("Total", _money(work, estimate.total_cents, estimate.currency))]
    if estimate.expires_on:
        facts.append(("Open until", long_date(estimate.expires_on)))
    letter = Letter(
        subject=f"Estimate {estimate.number} from {who.name}",
        heading=estimate.title or f"Your estimate {estimate.number}",
        face=who,
        body=[
            _greeting(contact),
            estimate.note_to_client or "Here is the price for the work we talked about.",
        ],
        facts=facts,
        button="See the estimate",
        link=link,
        small=[
            "There you can approve it, ask for a change or decline. The link is for you: whoever has it sees this estimate."
        ],
    )
    queue(work, contact.email, letter)


def invoice_issued(work: Work, invoice: Invoice, contact: Contact, link: str) -> None:
    """Queues the mail with which a client receives an invoice; `link` opens it without a sign-in."""
    who = face(work)
    facts = [
        ("Invoice", invoice.number or ""),
        ("To pay", _money(work, invoice.total_cents, invoice.currency)),
    ]
    if invoice.due_on:
        facts.append(("Due", long_date(invoice.due_on)))
    letter = Letter(
        subject=f"Invoice {invoice.number} from {who.name}",
        heading=invoice.title or f"Your invoice {invoice.number}",
        face=who,
        body=[_greeting(contact), invoice.note_to_client or "The work is done. Here is the invoice for it."],
        facts=facts,
        button="See the invoice",
        link=link,
        small=[
            "There you can read it, keep a PDF and pay. The link is for you: whoever has it sees this invoice."
        ],
    )
    queue(work, contact.email, letter)


def payment_received(work: Work, payment: Payment, contact: Contact, link: str = "") -> None:
    """Queues the receipt for a payment; `link`, where given, opens the invoice that it was for."""
    who = face(work)
    amount = _money(work, payment.amount_cents, payment.currency)
    received = payment.received_at.astimezone(work.actor.tenant.zone).date()
    facts = [("Amount", amount), ("Received", long_date(received)), ("By", dict(METHODS)[payment.method])]
    if payment.reference:
        facts.append(("Reference", payment.reference))
    letter = Letter(
        subject=f"{who.name} received {amount}",
        heading=f"We received {amount}",
        face=who,
        body=[_greeting(contact), "Thank you. This is your receipt."],
        facts=facts,
        button="See the invoice" if link else "",
        link=link,
    )
    queue(work, contact.email, letter)


def invitation(work: Work, invited: Invitation, link: str) -> None:
    """Queues the mail that asks a person to join; `link` leads to the page where they say yes."""
    who = face(work)
    role = Role(invited.role).label.lower()
    until = invited.expires_at.astimezone(work.actor.tenant.zone).date()
    letter = Letter(
        subject=f"{invited.inviter or who.name} invites you to {who.name}",
        heading=f"Join {who.name}",
        face=who,
        body=[
            f"Hello {invited.name}," if invited.name else "Hello,",
            f"{invited.inviter or who.name} would like you to work with {who.name} in OnTrack. No password is needed.",
        ],
        facts=[("Your role", role.capitalize()), ("Open until", long_date(until))],
        button="See the invitation",
        link=link,
        small=[
            "The link works once, and only the newest one does. It is for this address: whoever has it can join as you.",
            "You did not expect it? Then leave it: nothing happens by itself.",
        ],
    )
    queue(work, invited.email, letter)


def queue(work: Work, recipient: str, letter: Letter) -> None:
    """Puts a mail among those to be sent once this transaction commits."""
    given = {
        "recipient": recipient,
        "subject": letter.subject,
        "text": letter.as_text(),
        "html": letter.as_html(),
    }
    work.session.execute(ADD, given)


def long_date(day: date) -> str:
    """A day as letters write it: July 3, 2026."""
    return f"{day:%B} {day.day}, {day.year}"


def _money(work: Work, cents: int, currency: str) -> str:
    return f"{format_money(Money(cents, currency), work.actor.tenant.locale)} {currency}"


def _greeting(contact: Contact) -> str:
    return f"Hello {contact.name},"
