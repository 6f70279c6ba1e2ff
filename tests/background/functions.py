"""Background functions for tests; a worker process started by a test imports them too."""

import random
from uuid import UUID

from models.ids import new_id
from models.leads import Lead
from models.notes import Note
from ontrack_app.background.queue import background
from ontrack_app.services import leads
from ontrack_app.work import Work

SEED = 20260531
_random = random.Random(SEED)
during: dict[str, object] = {}


def add_note(work: Work, text: str) -> None:
    """The effect that can be counted: one row each time it really happened."""
    work.add(Note(tenant_id=work.actor.tenant_id, id=new_id(), noun="leads", row_id=new_id(), text=text))
    work.session.flush()


@background("tests.note")
def note(work: Work, text: str) -> None:
    """Leaves one note."""
    add_note(work, text)


@background("tests.note_then_fail")
def note_then_fail(work: Work, text: str) -> None:
    """Leaves a note and then breaks, so that the note must not be there."""
    add_note(work, text)
    raise RuntimeError("the roof fell in")


@background("tests.sometimes_fails")
def sometimes_fails(work: Work, text: str) -> None:
    """Leaves a note, and breaks 15 times of 100, half of them after it."""
    if _random.random() < 0.075:
        raise RuntimeError("before")
    add_note(work, text)
    if _random.random() < 0.075:
        raise RuntimeError("after")


@background("tests.while_running")
def while_running(work: Work, text: str) -> None:
    """Calls what the test put into `during`."""
    add_note(work, text)
    hook = during["hook"]
    assert callable(hook)
    hook()


@background("tests.reads_a_lead")
def reads_a_lead(work: Work, lead_id: UUID) -> None:
    """Leaves a note that says whether the lead can be seen from here."""
    add_note(work, "seen" if work.find(Lead, lead_id) else "not seen")


@background("tests.asks_for_a_right_that_it_has_not")
def asks_for_a_right(work: Work, lead_id: UUID) -> None:
    """Calls a service without having said that it needs the right."""
    leads.get(work, lead_id)


@background("tests.slow")
def slow(work: Work, text: str, milliseconds: int) -> None:
    """Leaves a note and keeps the transaction open for a while."""
    add_note(work, text)
    work.session.connection().exec_driver_sql(f"SELECT pg_sleep({milliseconds / 1000})")
