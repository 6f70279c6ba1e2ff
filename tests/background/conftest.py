"""What the tests of background work share: an outbox that holds the test's own messages only."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from ontrack_app.background.queue import relay
from ontrack_app.settings import DatabaseUrls


def forget_messages() -> None:
    """Whatever other tests promised is not ours to run."""
    with relay() as connection:
        connection.execute(
            text("UPDATE outbox_messages SET state = 'done' WHERE state IN ('waiting', 'leased')")
        )


@pytest.fixture(autouse=True)
def quiet_outbox(database: DatabaseUrls) -> Iterator[None]:
    """Nothing is waiting when the test begins, and nothing when it ends."""
    forget_messages()
    yield
    forget_messages()
