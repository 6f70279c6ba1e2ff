"""What the tests of signing in with others share: a provider that really runs, and somebody at it."""

from collections.abc import Iterator

import pytest

from models.ids import new_id
from tests.web.oidc_providers import Real, free_port, running
from tests.web.oidc_walks import BACK, at, configured


@pytest.fixture(scope="session")
def real() -> Iterator[Real]:
    """A certified provider, started once."""
    with running([BACK + "acme/callback", BACK + "second/callback"]) as found:
        yield found


@pytest.fixture
def offered(real: Real, database: object) -> Iterator[None]:
    """It is configured twice, and beside it one that is not there."""
    nobody = f"http://localhost:{free_port()}"
    with configured(acme=at(real.issuer), second=at(real.issuer), silent=at(nobody)):
        yield


@pytest.fixture
def name() -> str:
    """Somebody at the provider whom no other test knows."""
    return f"ann-{new_id().hex[-8:]}"
