"""What the campaigns share: the application behind its doors, and three companies with the usual rights, all taken, all given."""

import random
import sys
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

import state.files
import state.portal_invoices
from tests.campaigns.ground import Side, complete, make_side, take_and_give
from tests.campaigns.surfaces import Front


@pytest.fixture(scope="session")
def front(database: object) -> Iterator[Front]:
    """The whole application behind its doors."""
    found = Front()
    yield found
    found.close()


@pytest.fixture(scope="session")
def sides(front: Front, http: TestClient) -> dict[str, Side]:
    """Companies by what their tenant did to the rights of its roles."""
    found = {
        name: complete(make_side(http, f"Wm{name.capitalize()}7f3a"), front)
        for name in ("usual", "tight", "loose")
    }
    take_and_give(found["tight"], take=True, give=False)
    take_and_give(found["loose"], take=False, give=True)
    return found


@pytest.fixture(scope="module")
def ours(front: Front, http: TestClient) -> Side:
    """The company of this module that attacks."""
    return complete(make_side(http, "WmOurs51c2", price=173_911), front)


@pytest.fixture(scope="module")
def theirs(front: Front, http: TestClient) -> Side:
    """The company of this module that must not be seen."""
    return complete(make_side(http, "WmTheirs9e4d", price=864_213), front)


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """Chance that can be had again: the seed is printed, and given back by an option."""
    seed = request.config.getoption("--campaign-seed") or random.SystemRandom().randrange(10**9)
    sys.stdout.write(f"\nreplay with --campaign-seed={seed}\n")
    return random.Random(int(seed))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A page that looks again and again looks once."""
    monkeypatch.setattr(state.portal_invoices, "LOOKS", (0.0,))
    monkeypatch.setattr(state.portal_invoices, "LATE_LOOKS", ())
    monkeypatch.setattr(state.files, "LOOKS", (0.0,))
    yield
