"""The mail loop: what services wrote into the mail table goes out by SMTP; without SMTP_URL it stays there to be read.

A worker that dies between the server's yes and our note sends that letter again, under the same Message-ID.
"""

import logging
import random
import threading
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ontrack_app.background.queue import relay
from ontrack_app.integrations.mail import Letter, NotDelivered, Smtp
from ontrack_app.settings import Settings

logger = logging.getLogger("ontrack.mail")
AT_ONCE = 10
LEASE = timedelta(minutes=5)  # more than ten letters to a server that answers just before the time-out
LOOK_EVERY_SECONDS = 1.5
FIRST_DELAY_SECONDS, LONGEST_DELAY_SECONDS = 15.0, 3600.0
CLAIM = text(
    "SELECT id, recipient, subject, body_text, body_html, attempts FROM auth.claim_mails(:most, :lease)"
)
FINISH = text("SELECT auth.finish_mail(CAST(:id AS uuid), :error, :retry)")


class MailLoop:
    """One thread that sends what waits, oldest first."""

    def __init__(self, post: Smtp) -> None:
        self._post = post
        self._stop = threading.Event()

    def run(self) -> None:
        """Sends until told to stop; a database that is away is waited for."""
        while not self._stop.is_set():
            try:
                sent = self.send_waiting()
            except DBAPIError as error:
                logger.warning("The mail loop lost the database and tries again: %s", error.orig)
                sent = 0
            if not sent:
                self._stop.wait(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """Finishes the letter in hand and sends no other."""
        self._stop.set()

    def send_waiting(self) -> int:
        """Sends one batch; returns how many letters were tried."""
        with relay() as connection:
            rows = connection.execute(CLAIM, {"most": AT_ONCE, "lease": LEASE}).fetchall()
        for row in rows:
            if self._stop.is_set():
                break
            letter = Letter(str(row.id), row.recipient, row.subject, row.body_text, row.body_html)
            self._send(letter, row.attempts)
        return len(rows)

    def _send(self, letter: Letter, attempts: int) -> None:
        error = ""
        try:
            self._post.send(letter)
        except NotDelivered as refusal:
            error = str(refusal)
            logger.warning("Mail %s was not delivered (attempt %s): %s", letter.id, attempts, error)
        with relay() as connection:
            connection.execute(FINISH, {"id": letter.id, "error": error, "retry": delay(attempts)})


def delay(attempts: int) -> timedelta:
    """How long a letter waits after that many attempts: doubling up to an hour, jittered."""
    longest = min(LONGEST_DELAY_SECONDS, FIRST_DELAY_SECONDS * 2.0 ** (attempts - 1))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 - spreading load, no secret


def mail_loop(settings: Settings) -> MailLoop | None:
    """The loop for the configured mail server, or None where there is none."""
    url = settings.smtp_url.get_secret_value()
    return MailLoop(Smtp(url, settings.mail_from)) if url else None
