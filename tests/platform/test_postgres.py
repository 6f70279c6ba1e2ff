"""The embedded Postgres: starts, joins, stops last, and loses nothing to kill -9."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.postgres import Cluster
from ontrack_app.embedded.roles import prepare

USER_OF_A_CLUSTER = """
import sys
from pathlib import Path
from ontrack_app.embedded.postgres import Cluster
Cluster(Path(sys.argv[1]), durable=False).start()
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory that the account of Postgres can walk into (pytest's own ones are closed to it)."""
    with tempfile.TemporaryDirectory(prefix="ontrack-tests-") as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.fixture
def server(place: Path) -> Iterator[Cluster]:
    """A running cluster of its own."""
    cluster = Cluster(place / "data", durable=False)
    cluster.start()
    yield cluster
    cluster.stop()


def postmaster(cluster: Cluster) -> psutil.Process:
    """The server's first process."""
    return psutil.Process(int((cluster.data / "postmaster.pid").read_text().split()[0]))


def ask(cluster: Cluster, sql: str, role: str = "postgres", database: str = "postgres") -> object:
    """The first value of the first row."""
    with psycopg.connect(cluster.conninfo(role, database)) as connection:
        row = connection.execute(sql.encode()).fetchone()
    return row[0] if row else None


def test_it_listens_on_no_port_and_keeps_what_is_committed(place: Path) -> None:
    cluster = Cluster(place / "data")
    cluster.start()
    try:
        assert ask(cluster, "SHOW listen_addresses") == ""
        assert ask(cluster, "SHOW fsync") == "on"
        assert ask(cluster, "SHOW full_page_writes") == "on"
        assert ask(cluster, "SHOW data_checksums") == "on"
        assert not postmaster(cluster).net_connections("inet")
    finally:
        cluster.stop()
    assert not cluster.running()
    assert not cluster.socket_dir.exists()


def test_only_its_account_reaches_the_socket_and_the_data(server: Cluster) -> None:
    for path in (server.home, server.data, server.socket_dir):
        assert path.stat().st_mode & 0o077 == 0, path
    assert postmaster(server).uids().real != 0


def test_roles_can_neither_bypass_nor_create(server: Cluster) -> None:
    prepare(server)
    prepare(server)
    loose = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'ontrack%' AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
    assert ask(server, loose) == 0
    assert ask(server, "SELECT rolcanlogin FROM pg_roles WHERE rolname = 'ontrack_finder'") is False
    assert ask(server, "SHOW plan_cache_mode", "ontrack_app", "ontrack") == "force_custom_plan"
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'ontrack'"
    assert ask(server, owner) == "ontrack_owner"
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(server, "CREATE TABLE public.mine (x int)", "ontrack_app", "ontrack")


def test_after_kill_nine_of_everything_the_next_start_has_all_that_was_committed(place: Path) -> None:
    cluster = Cluster(place / "data")
    cluster.start()
    with psycopg.connect(cluster.conninfo("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
        first = postmaster(cluster)
        for one in (first, *first.children()):
            one.kill()
    psutil.wait_procs([first], timeout=10)
    assert not cluster.running()
    try:
        cluster.start()
        assert ask(cluster, "SELECT count(*) FROM kept") == 1000
    finally:
        cluster.stop()


def test_after_kill_nine_of_the_postmaster_alone_it_waits_for_the_orphans(server: Cluster) -> None:
    before = postmaster(server)
    before.kill()
    psutil.wait_procs([before], timeout=10)
    server.start()
    assert postmaster(server).pid != before.pid


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(place: Path) -> None:
    cluster = Cluster(place / "data", durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{cluster.data}\n1\n5432\n{cluster.socket_dir}\n\n1 1\nready   \n"
    )
    assert not cluster.running()
    try:
        cluster.start()
        assert cluster.running()
    finally:
        cluster.stop()


def test_a_making_that_was_interrupted_is_made_anew(place: Path) -> None:
    (place / "data" / "postgres" / "data.new" / "base").mkdir(parents=True)
    cluster = Cluster(place / "data", durable=False)
    cluster.start()
    try:
        assert cluster.running()
    finally:
        cluster.stop()


def test_the_last_to_let_go_stops_it(server: Cluster, place: Path) -> None:
    command = [sys.executable, "-c", USER_OF_A_CLUSTER, str(place / "data")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdout.readline() == "started\n"
        server.stop()
        assert server.running(), "another process still uses it"
        other.send_signal(signal.SIGKILL)
        other.wait()
    assert server.running(), "a killed user leaves it running"
    first = postmaster(server).pid
    server.start()
    assert postmaster(server).pid == first, "the next one joins it"
    server.stop()
    assert not server.running()


def test_two_side_by_side_know_nothing_of_each_other(server: Cluster, place: Path) -> None:
    twin = Cluster(place / "other", durable=False)
    twin.start()
    try:
        ask_twin = "SELECT count(*) FROM pg_database WHERE datname = 'ontrack'"
        prepare(server)
        assert (ask(server, ask_twin), ask(twin, ask_twin)) == (1, 0)
        assert twin.socket_dir != server.socket_dir
    finally:
        twin.stop()
    assert server.running()


def test_a_socket_directory_of_somebody_else_is_refused_in_words(place: Path) -> None:
    cluster = Cluster(place / "data", durable=False)
    cluster.socket_dir.symlink_to(place)
    try:
        with pytest.raises(CannotStart, match="belongs to somebody else"):
            cluster.start()
    finally:
        cluster.socket_dir.unlink()
        cluster.stop()


def test_data_of_another_version_is_refused_in_words(place: Path) -> None:
    cluster = Cluster(place / "data", durable=False)
    cluster.start()
    cluster.stop()
    (cluster.data / "PG_VERSION").write_text("12\n")
    with pytest.raises(CannotStart, match="made by Postgres 12"):
        cluster.start()


def test_a_full_disk_is_said_in_words(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ontrack_app.embedded.postgres.SPACE_FOR_A_CLUSTER", 2**63)
    with pytest.raises(CannotStart, match="is full"):
        Cluster(place / "data").start()


def test_urls_name_role_database_and_socket(place: Path) -> None:
    cluster = Cluster(place / "data")
    socket = cluster.socket_dir
    assert cluster.url("ontrack_app") == f"postgresql+psycopg://ontrack_app@/ontrack?host={socket}"
    assert len(str(socket / ".s.PGSQL.5432")) < 100
