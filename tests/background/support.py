"""Running the outbox by hand: claims like the dispatcher, runs like a hand, looks at the rows."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlmodel import col

from models.notes import Note
from models.outbox_messages import OutboxMessage
from ontrack_app.background import worker
from ontrack_app.background.dispatcher import Dispatcher, connect
from ontrack_app.background.queue import Handed, Pace, relay, run
from tests.background import functions
from tests.factories.companies import Company

REGISTERED = (worker.NOUNS, functions)  # every function that a message of these tests can name
QUICK = Pace(lease=60.0, most_attempts=3, first_delay=0.001, longest_delay=0.001, rest=0.2)


def nobody(_: Handed) -> None:
    """A hand that drops what it is given, like one that was killed."""


def forget_messages() -> None:
    """Whatever other tests promised is not ours to run."""
    with relay() as connection:
        connection.execute(
            text("UPDATE outbox_messages SET state = 'done' WHERE state IN ('waiting', 'leased')")
        )


def claim(most: int = 50, pace: Pace = QUICK) -> list[Handed]:
    """Claims as a dispatcher would."""
    with connect() as connection:
        return Dispatcher(nobody, pace).claim(connection, most)


def drain(pace: Pace = QUICK, rounds: int = 1) -> None:
    """Claims and runs what is due, so many times."""
    for _ in range(rounds):
        for handed in claim(pace=pace):
            run(handed, pace)


def promise(company: Company, function: str, **arguments: Any) -> None:
    """Promises a background function in a transaction of its own."""
    with company.work() as work:
        work.later(function, **arguments)


def messages(company: Company) -> list[Row[Any]]:
    """The company's messages, oldest first."""
    query = text("SELECT * FROM outbox_messages WHERE tenant_id = :tenant ORDER BY created_at, id")
    with relay() as connection:
        return list(connection.execute(query, {"tenant": company.id}))


def message(company: Company) -> Row[Any]:
    """The company's only message."""
    (found,) = messages(company)
    return found


def let_leases_run_out(company: Company) -> None:
    """As if a minute had passed since the claim."""
    with relay() as connection:
        values = {"tenant": company.id, "past": timedelta(seconds=1)}
        connection.execute(
            text(
                "UPDATE outbox_messages SET leased_until = now() - :past WHERE tenant_id = :tenant AND state = 'leased'"
            ),
            values,
        )


def notes(company: Company) -> list[str]:
    """The notes that background functions left."""
    with company.work() as work:
        return [note.text for note in work.all(work.of(Note).order_by(col(Note.created_at), col(Note.text)))]


def count_notes(company: Company) -> tuple[int, int]:
    """How many notes there are, and how many different ones."""
    with company.work() as work:
        query = select(func.count(), func.count(func.distinct(col(Note.text)))).where(
            col(Note.tenant_id) == company.id
        )
        row = work.session.execute(query).one()
        return int(row[0]), int(row[1])


def count_messages(company: Company, state: str) -> int:
    """How many of the company's messages are in a state."""
    query = select(func.count()).where(
        col(OutboxMessage.tenant_id) == company.id, col(OutboxMessage.state) == state
    )
    with relay() as connection:
        return int(connection.execute(query).scalar_one())


def an_id() -> UUID:
    """An id of nothing."""
    return UUID(int=7)
