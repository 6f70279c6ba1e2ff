"""What the tests of outside services share."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ontrack_app.integrations.files.s3 import S3Place
from tests.integrations.weed import a_bucket


@pytest.fixture(scope="session")
def bucket() -> Iterator[S3Place]:
    """One bucket for the run."""
    with tempfile.TemporaryDirectory(prefix="ontrack-weed-") as home, a_bucket(Path(home)) as place:
        yield place
