"""The OpenAPI document is kept: generated calls find no server error and no answer that breaks its schema."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from ontrack_app.api.app import build
from ontrack_app.api.tus import PART_TYPE
from ontrack_app.settings import DatabaseUrls
from tests.factories.companies import Company, make_company
from tests.factories.files import TUS

# A body that fits the schema may still be refused by a rule (a client that is not there, a second tax code of that name).
NOT_ASKED = [positive_data_acceptance]
schemathesis.serializer.alias(PART_TYPE, "application/octet-stream")
API = schemathesis.openapi.from_asgi("/api/v1/openapi.json", build())
API.config.phases.coverage.unexpected_methods = set()  # every night asks them too
AT_LENGTH = schemathesis.openapi.from_asgi("/api/v1/openapi.json", build())


@pytest.fixture(scope="module")
def keeper(database: DatabaseUrls) -> Company:
    return make_company()


@API.parametrize()
@settings(
    max_examples=4, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
def test_every_operation_keeps_its_word(case: schemathesis.Case, keeper: Company) -> None:
    case.call_and_validate(headers=keeper.admin.bearer, excluded_checks=NOT_ASKED)


@API.include(tag="uploads").parametrize()
@settings(
    max_examples=8, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
def test_uploads_keep_their_word_once_their_version_is_spoken(
    case: schemathesis.Case, keeper: Company
) -> None:
    """Generated calls hardly ever speak tus 1.0.0, and then hear 412 and nothing of what lies behind it."""
    case.call_and_validate(headers=keeper.admin.bearer | TUS, excluded_checks=NOT_ASKED)


@pytest.mark.nightly
@AT_LENGTH.parametrize()
@settings(
    max_examples=80, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
def test_every_operation_keeps_its_word_at_length(case: schemathesis.Case, keeper: Company) -> None:
    """New examples every night; a failure prints how to play it again."""
    case.call_and_validate(headers=keeper.admin.bearer, excluded_checks=NOT_ASKED)


def test_all_checks_are_loaded() -> None:
    load_all_checks()
    assert "not_a_server_error" in CHECKS.get_all_names()
