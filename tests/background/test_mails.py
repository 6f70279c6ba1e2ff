"""The mail loop against a real SMTP server in this process: sent once, tried again, never without a server."""

from collections.abc import Iterator
from email.message import EmailMessage
from socket import socket
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from sqlalchemy import Row, text

from ontrack_app.background.mails import MailLoop, delay, mail_loop
from ontrack_app.background.queue import relay
from ontrack_app.db import begin
from ontrack_app.integrations.mail import Letter, NotDelivered, Smtp, as_message
from ontrack_app.settings import Settings
from tests.factories.companies import Company

SENDER = "OnTrack <no-reply@ontrack.example>"


class Box:
    """A mail server's inside: keeps what it is given, refuses addresses at refused.example."""

    def __init__(self) -> None:
        self.letters: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the server's name
        self, _server: Any, _session: Any, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address.endswith("@refused.example"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        self.letters.append(envelope)
        return "250 OK"


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[str]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def queued(company: Company) -> Iterator[Company]:
    """No mail of another test waits."""
    clear()
    yield company
    clear()


def free_port() -> int:
    """A port that nobody listens at."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clear() -> None:
    with relay() as connection:
        for row in connection.execute(
            text("SELECT id FROM auth.claim_mails(100000, interval '1 hour')")
        ).fetchall():
            connection.execute(text("SELECT auth.finish_mail(:id, '', interval '1 hour')"), {"id": row.id})


def write(company: Company, recipient: str, subject: str = "Your estimate") -> None:
    with company.work() as work:
        query = text("SELECT auth.add_mail(:to, :subject, 'The text: é', '<p>The text: é</p>')")
        work.session.execute(query, {"to": recipient, "subject": subject})


def newest() -> Row[Any]:
    with begin(None) as doorway:
        (row,) = doorway.rows("SELECT * FROM auth.read_mails(1)")
        return row


def test_a_letter_goes_out_once_and_its_words_are_not_kept(queued: Company, server: str, box: Box) -> None:
    write(queued, "ana@client.example")
    loop = MailLoop(Smtp(server, SENDER))
    assert (loop.send_waiting(), loop.send_waiting()) == (1, 0)
    (letter,) = box.letters
    content = (letter.content or b"").decode() if isinstance(letter.content, bytes) else str(letter.content)
    assert letter.rcpt_tos == ["ana@client.example"]
    assert "Subject: Your estimate" in content
    assert "multipart/alternative" in content
    row = newest()
    assert row.sent_at is not None
    assert (row.body_text, row.body_html, row.error) == ("", "", "")


def test_a_refused_address_is_said_in_words_and_tried_again_later(
    queued: Company, server: str, box: Box
) -> None:
    write(queued, "nobody@refused.example")
    loop = MailLoop(Smtp(server, SENDER))
    loop.send_waiting()
    row = newest()
    assert (row.sent_at, row.attempts, row.error) == (
        None,
        1,
        "The mail server refused the recipient's address.",
    )
    assert row.body_text
    assert loop.send_waiting() == 0, "it is not due again yet"
    assert box.letters == []


def test_a_server_that_is_away_loses_no_letter(queued: Company) -> None:
    write(queued, "ana@client.example")
    MailLoop(Smtp(f"smtp://127.0.0.1:{free_port()}", SENDER)).send_waiting()
    assert newest().error.startswith("ConnectionRefusedError")
    assert newest().sent_at is None


def test_without_a_server_letters_are_only_kept() -> None:
    assert mail_loop(Settings(SMTP_URL="")) is None
    assert mail_loop(Settings(SMTP_URL="smtp://localhost:25")) is not None


def test_waiting_grows_up_to_an_hour() -> None:
    assert 7.5 <= delay(1).total_seconds() <= 15
    assert 1800 <= delay(12).total_seconds() <= 3600


@pytest.mark.parametrize(
    ("field", "value"),
    [("subject", "Hello\r\nBcc: all@x.example"), ("recipient", "a@x.example\nBcc: b@x.example")],
)
def test_no_header_can_be_smuggled_in(field: str, value: str) -> None:
    given = {"id": "1", "recipient": "a@x.example", "subject": "Hello", "text": "t", "html": ""} | {
        field: value
    }
    with pytest.raises(NotDelivered):
        Smtp(f"smtp://127.0.0.1:{free_port()}", SENDER).send(Letter(**given))


def test_a_password_is_never_sent_in_the_open() -> None:
    class Plain:
        def ehlo(self) -> None: ...
        def has_extn(self, _name: str) -> bool:
            return False

    with pytest.raises(NotDelivered, match="no encryption"):
        Smtp("smtp://user:secret@mail.example:587", SENDER)._sign_in(Plain())  # type: ignore[arg-type]


def test_a_repeat_carries_the_same_message_id() -> None:
    letter = Letter("0197", "a@x.example", "Hello", "t", "<p>t</p>")
    first, second = (as_message(letter, SENDER) for _ in range(2))
    assert isinstance(first, EmailMessage)
    assert first["Message-ID"] == second["Message-ID"] == "<0197@ontrack.example>"


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "mail.example"])
def test_an_address_that_is_no_mail_server_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        Smtp(url, SENDER)
