"""What is for development only cannot be called in production, whatever page forgets it: the database refuses."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import psycopg
import pytest
from click.testing import CliRunner
from psycopg.errors import InsufficientPrivilege

from ontrack_app.cli import database as migrating
from ontrack_app.cli import doctor
from ontrack_app.embedded import conveniences
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare
from ontrack_app.settings import DatabaseUrls, Settings, use_database

CALLS = [
    "SELECT auth.open_session('admin@x.example', NULL, 'h', '', '')",
    "SELECT * FROM auth.read_mails(1)",
    "SELECT * FROM auth.people()",
]
PRODUCTION = Settings(env="production")


@pytest.fixture(scope="module")
def urls(cluster: Cluster, database: DatabaseUrls) -> DatabaseUrls:
    """A database of its own: what is taken here must not be missing elsewhere."""
    prepare(cluster, "conveniences")
    found = {name: cluster.url(f"ontrack_{name}", "conveniences") for name in ("app", "owner", "worker")}
    return DatabaseUrls(**found)


@pytest.fixture
def migrate(
    urls: DatabaseUrls, database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Settings], None]:
    """Runs `ontrack migrate` in an environment."""

    @contextlib.contextmanager
    def ours(*, migrated: bool = True) -> Iterator[DatabaseUrls]:
        use_database(urls)
        try:
            yield urls
        finally:
            use_database(database)

    def run(found: Settings) -> None:
        monkeypatch.setattr(migrating, "database", ours)
        monkeypatch.setattr(migrating, "settings", lambda: found)
        answer = CliRunner().invoke(migrating.command, catch_exceptions=False)
        assert answer.exit_code == 0, answer.output

    return run


def as_app(urls: DatabaseUrls) -> AbstractContextManager[psycopg.Connection]:
    return psycopg.connect(urls.app.replace("postgresql+psycopg://", "postgresql://"))


def test_production_takes_them_and_development_gives_them_back(
    urls: DatabaseUrls, migrate: Callable[[Settings], None]
) -> None:
    migrate(PRODUCTION)
    for call in CALLS:
        with as_app(urls) as connection, pytest.raises(InsufficientPrivilege):
            connection.execute(call)
    migrate(Settings())
    for call in CALLS:
        with as_app(urls) as connection:
            connection.execute(call)


def test_the_start_takes_them_too_and_twice_is_once(
    urls: DatabaseUrls, migrate: Callable[[Settings], None]
) -> None:
    migrate(Settings())
    for _ in range(2):
        conveniences.settle(urls, production=True)
        assert conveniences.executable(urls.app) == []
    for _ in range(2):
        conveniences.settle(urls, production=False)
        assert conveniences.executable(urls.app) == list(conveniences.DEVELOPMENT_ONLY)


def test_production_does_not_start_where_they_cannot_be_taken(
    urls: DatabaseUrls, migrate: Callable[[Settings], None]
) -> None:
    migrate(Settings())
    nobody = DatabaseUrls(app=urls.app, owner=urls.app, worker=urls.worker)
    conveniences.settle(nobody, production=False)
    with pytest.raises(CannotStart, match="sign in as anybody"):
        conveniences.settle(nobody, production=True)


def test_the_doctor_says_so(urls: DatabaseUrls, migrate: Callable[[Settings], None]) -> None:
    migrate(Settings())
    assert "for development" in doctor._shortcuts(urls, Settings())
    with pytest.raises(CannotStart, match="still lets anybody be signed in as"):
        doctor._shortcuts(urls, PRODUCTION)
    migrate(PRODUCTION)
    assert "closed" in doctor._shortcuts(urls, PRODUCTION)


def test_the_real_ways_in_stay_open_in_production(
    urls: DatabaseUrls, migrate: Callable[[Settings], None]
) -> None:
    migrate(PRODUCTION)
    with as_app(urls) as connection:
        row = connection.execute("SELECT verdict FROM auth.use_link('h', 'b', NULL, 's', '', '')").fetchone()
    assert row == ("gone",)
