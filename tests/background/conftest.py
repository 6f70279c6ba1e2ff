"""What the tests of background work share: an outbox that holds the test's own messages only, and somebody who sends files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ontrack_app.settings import DatabaseUrls
from tests.background.sending import Send
from tests.background.support import forget_messages
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import Phone, settle


@pytest.fixture(autouse=True)
def quiet_outbox(database: DatabaseUrls) -> Iterator[None]:
    """Nothing is waiting when the test begins, and nothing when it ends."""
    forget_messages()
    yield
    forget_messages()


@pytest.fixture
def send(http: TestClient, company: Company, store_home: Path) -> Send:
    """Sends a file on a job of the company and lets the background look at it."""
    job_id = spine.job(company)
    forget_messages()

    def sent(data: bytes, *, done: bool = True, **said: Any) -> Phone:
        phone = Phone(http, company.office, data, ("jobs", job_id), said).whole()
        if done:
            settle()
        return phone

    return sent
