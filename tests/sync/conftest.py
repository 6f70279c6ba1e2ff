"""What most tests of the protocol stand on: a company with one crew member, whose phone has said hello and loaded its day."""

import pytest

from tests.factories.companies import Company
from tests.sync.support import Ground, Phone, ground


@pytest.fixture
def here(company: Company) -> Ground:
    return ground(company)


@pytest.fixture
def phone(http, here) -> Phone:
    found = Phone(http, here.crews[0])
    assert found.hello()["status"] == "ok"
    found.load()
    return found
