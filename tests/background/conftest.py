"""What the tests of background work share: an outbox that holds the test's own messages only."""

from collections.abc import Iterator

import pytest

from ontrack_app.settings import DatabaseUrls
from tests.background.support import forget_messages


@pytest.fixture(autouse=True)
def quiet_outbox(database: DatabaseUrls) -> Iterator[None]:
    """Nothing is waiting when the test begins, and nothing when it ends."""
    forget_messages()
    yield
    forget_messages()
