"""The only home of SMTP: puts one letter into the hands of a mail server, or says in words why that failed."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SUBMISSION, IMPLICIT_TLS = 587, 465


class NotDelivered(Exception):
    """The mail server did not take the letter; the words say why and hold neither password nor content."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person; `id` makes a repeat recognisable to the receiving side."""

    id: str
    recipient: str
    subject: str
    text: str
    html: str


class Smtp:
    """A mail server at `smtp://[user:password@]host[:587]` (TLS where offered) or `smtps://…[:465]`."""

    def __init__(self, url: str, sender: str) -> None:
        self._at: SplitResult = urlsplit(url)
        self._sender = sender
        if self._at.scheme not in ("smtp", "smtps") or not self._at.hostname:
            raise ValueError("SMTP_URL starts with smtp:// or smtps:// and names a host")

    def send(self, letter: Letter) -> None:
        """Hands one letter over.

        Raises:
            NotDelivered: the server is away, refuses us or the address, or would take a password in the open.
        """
        try:
            message = as_message(letter, self._sender)
            with self._connection() as server:
                self._sign_in(server)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused:
            raise NotDelivered("The mail server refused the recipient's address.") from None
        except smtplib.SMTPAuthenticationError:
            raise NotDelivered("The mail server refused our user name and password.") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotDelivered(f"{type(error).__name__}: {error}"[:300]) from error

    def _connection(self) -> smtplib.SMTP:
        host = self._at.hostname or ""
        if self._at.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host,
                self._at.port or IMPLICIT_TLS,
                timeout=TIMEOUT_SECONDS,
                context=ssl.create_default_context(),
            )
        return smtplib.SMTP(host, self._at.port or SUBMISSION, timeout=TIMEOUT_SECONDS)

    def _sign_in(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        secured = self._at.scheme == "smtps"
        if not secured and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
            secured = True
        if self._at.username:
            if not secured and self._at.hostname not in LOOPBACK:
                raise NotDelivered("The mail server offers no encryption, so the password was not sent.")
            server.login(unquote(self._at.username), unquote(self._at.password or ""))


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """The letter with its headers.

    Raises:
        ValueError: an address or the subject holds a line break.
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    host = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{letter.id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    if letter.html:
        message.add_alternative(letter.html, subtype="html")
    return message
