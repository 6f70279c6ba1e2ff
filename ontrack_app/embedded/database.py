"""The only home of "a database for this command": the one that is configured, or the embedded one, started if need be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ontrack_app.embedded import schema
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare, role_problems
from ontrack_app.settings import DatabaseUrls, UnsafeSettings, database_urls, settings, use_database


def embedded_urls(server: Cluster) -> DatabaseUrls:
    """The embedded database as each of its roles reaches it."""
    return DatabaseUrls(
        app=server.url("ontrack_app"), owner=server.url("ontrack_owner"), worker=server.url("ontrack_worker")
    )


def cluster_here() -> Cluster:
    """The cluster that the settings of this process name."""
    found = settings()
    return Cluster(found.data_dir, pg_bindir=found.pg_bindir)


def private_home() -> Path:
    """Where stamps about the database are kept: with its data, or in the data directory for an outside server."""
    found = settings()
    home = cluster_here().home if found.is_embedded else found.data_dir
    home.mkdir(parents=True, exist_ok=True)
    return home


@contextmanager
def database(*, migrated: bool = True) -> Iterator[DatabaseUrls]:
    """A database that is up and, unless told otherwise, migrated, for the time of the block.

    An embedded one is started where it does not run, and stopped by the last command that uses it.

    Raises:
        CannotStart: in words. UnsafeSettings: the settings contradict each other.
    """
    if not settings().is_embedded:
        if settings().is_production and (problems := role_problems(database_urls())):
            raise UnsafeSettings("Production cannot start: " + " ".join(problems))
        yield database_urls()
        return
    server = cluster_here()
    server.start()
    try:
        prepare(server)
        urls = embedded_urls(server)
        use_database(urls)
        if migrated:
            schema.ensure(urls, server.home)
        yield urls
    finally:
        server.stop()
