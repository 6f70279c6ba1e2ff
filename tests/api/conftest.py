"""What the tests of uploads share: a crew member's phone with a photo of a visit."""

from pathlib import Path
from uuid import UUID

import pytest
from starlette.testclient import TestClient

from models.access import Role
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import Phone

PHOTO = made.picture(size=(1200, 900))


@pytest.fixture
def visit_id(company: Company, store_home: Path) -> UUID:
    """A visit of the company's first crew member."""
    found = spine.visit(company, spine.job(company), assignee_ids=[str(company.once(Role.CREW).member_id)])
    forget_messages()
    return found.id


@pytest.fixture
def phone(http: TestClient, company: Company, visit_id: UUID) -> Phone:
    """The crew member's phone with a photo of the visit."""
    return Phone(http, company.once(Role.CREW), PHOTO, ("visits", visit_id), {"phase": "before"})
