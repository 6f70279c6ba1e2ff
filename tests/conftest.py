"""What all tests share: one Postgres of their own, started when the first test needs it, used as the application's role."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool
from starlette.testclient import TestClient

from ontrack_app.api.app import build
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare
from ontrack_app.integrations import files, scanners
from ontrack_app.integrations.files.local import LocalStore
from ontrack_app.integrations.scanner_policy import ContentPolicy
from ontrack_app.settings import PROJECT_ROOT, DatabaseUrls, settings, use_database
from tests.factories.companies import Company, Person, make_company
from tests.factories.http import Caller


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--campaign-seed=N` plays a campaign again that failed with it."""
    parser.addoption("--campaign-seed", default="", help="the seed of a campaign that is to be played again")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A Postgres in a directory of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="ontrack-tests-") as home:
        Path(home).chmod(0o755)
        server = Cluster(Path(home) / "data", durable=False)
        server.start()
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def database(cluster: Cluster) -> DatabaseUrls:
    """The migrated database, with the process pointed at it: services run as `ontrack_app`, never as the owner."""
    prepare(cluster)
    urls = DatabaseUrls(
        app=cluster.url("ontrack_app"),
        owner=cluster.url("ontrack_owner"),
        worker=cluster.url("ontrack_worker"),
    )
    use_database(urls)
    engine = create_engine(urls.owner, poolclass=pool.NullPool)
    with engine.connect() as connection:
        config = Config(PROJECT_ROOT / "alembic.ini")
        config.set_main_option("script_location", str(PROJECT_ROOT / "alembic"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()
    return urls


@pytest.fixture
def company(database: DatabaseUrls) -> Company:
    """A fresh company in US dollars."""
    return make_company()


@pytest.fixture
def other(database: DatabaseUrls) -> Company:
    """Another company, which must never be seen, counted or slowed down."""
    return make_company()


@pytest.fixture
def new_company(database: DatabaseUrls) -> Callable[..., Company]:
    """Makes more companies: `new_company(currency="CAD")`."""
    return make_company


@pytest.fixture(scope="session")
def http() -> TestClient:
    """The application, mounted nowhere."""
    return TestClient(build(), raise_server_exceptions=False)


@pytest.fixture(scope="session", autouse=True)
def _files_of_tests() -> Iterator[None]:
    """No test writes files into the installation's own store, and none finds a scanner that is configured there."""
    with tempfile.TemporaryDirectory(prefix="ontrack-files-") as home, pytest.MonkeyPatch.context() as patch:
        secret, base = settings().secret_key.get_secret_value(), settings().base_url
        patch.setattr(files, "make_store", lambda _: LocalStore(Path(home), secret, base))
        patch.setattr(scanners, "make_scanner", lambda _: ContentPolicy())
        yield


@pytest.fixture
def store_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file store of this test's own, on disk; nobody scans but the content policy."""
    home = tmp_path / "files"
    secret = settings().secret_key.get_secret_value()
    monkeypatch.setattr(files, "make_store", lambda _: LocalStore(home, secret, settings().base_url))
    monkeypatch.setattr(scanners, "make_scanner", lambda _: ContentPolicy())
    for known in (files.store, scanners.scanner):
        known.cache_clear()
    yield home
    for known in (files.store, scanners.scanner):
        known.cache_clear()


@pytest.fixture
def calling(http: TestClient, database: object) -> Callable[[Person], Caller]:
    """Makes a caller of a person."""
    return lambda person: Caller(http, person)
