"""The only home of the Postgres that we bring ourselves: making, starting, re-attaching, stopping a cluster.

home/            lock users.lock server.log, stamps of what was done to the data
home/data/       the cluster; home is <data dir>/postgres, or under /var/lib/ontrack with a hash in its name
                 where the account that runs Postgres cannot reach the data directory
/tmp/ontrack-…   the private directory of the socket (a socket's path may have 100 bytes)
"""

import hashlib
import os
import re
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil

from ontrack_app.embedded import tuning
from ontrack_app.embedded.binaries import SHARED_STATE, bin_dir, runner
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.locks import FileLock, alone

PORT = 5432  # no port is opened; it is part of the socket's name
SPACE_FOR_A_CLUSTER = 300 * 1024 * 1024
ORPHANS_END_WITHIN_S = 15.0
LOG_KEPT_BYTES = 5 * 1024 * 1024


class Cluster:
    """One Postgres data directory and the server on it. `durable=False` is for tests: faster, lost by a power cut."""

    def __init__(self, data_dir: Path, *, durable: bool = True, pg_bindir: Path | None = None) -> None:
        self.durable = durable
        self._pg_bindir = pg_bindir
        self._account = runner()
        self.home = _home(data_dir.expanduser().resolve())
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        digest = hashlib.sha256(str(self.home.resolve()).encode()).hexdigest()[:16]
        self.socket_dir = Path("/tmp") / f"ontrack-{digest}"  # noqa: S108 - private, and its owner is checked
        self._starting = self.home / "lock"
        self._use = FileLock(self.home / "users.lock")

    def url(self, role: str, database: str = "ontrack") -> str:
        """The SQLAlchemy URL of the database for a role."""
        return f"postgresql+psycopg://{quote(role)}@/{quote(database)}?host={quote(str(self.socket_dir))}"

    def conninfo(self, role: str, database: str = "ontrack") -> str:
        """The same as psycopg's own connection string."""
        return f"host={self.socket_dir} user={role} dbname={database} connect_timeout=5"

    def running(self) -> bool:
        """Whether the server of this directory is up and takes connections."""
        found = self._postmaster()
        return found is not None and found[1] == "ready" and self._listens()

    def start(self) -> None:
        """Starts the server, making the cluster first where there is none; joins it where it runs already.

        Raises:
            CannotStart: with the reason in words.
        """
        self._account.own(self.home)
        with alone(self._starting):
            self._use.take(shared=True)
            try:
                self._start()
            except BaseException:
                self._use.drop()
                raise

    def stop(self) -> None:
        """Lets go of the server; the last one to let go stops it. Nothing happens where it does not run."""
        if not self.home.is_dir():
            return
        with alone(self._starting):
            self._use.drop()
            if self._use.take(wait=False) and self._postmaster() is not None:
                self._pg_ctl("stop", "-w", "-m", "fast", "-t", "60")
                with suppress(OSError):
                    self.socket_dir.rmdir()
            self._use.drop()

    def _start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._check_version()
        if self.running():
            return
        self._private_socket_dir()
        settings_changed = tuning.write(self.data, self.socket_dir, durable=self.durable)
        self._hand_over(settings_changed)
        self._clear_leftovers()
        if self.log.exists() and self.log.stat().st_size > LOG_KEPT_BYTES:
            self.log.write_bytes(self.log.read_bytes()[-LOG_KEPT_BYTES // 2 :])
        before = self.log.stat().st_size if self.log.exists() else 0
        if self._pg_ctl("start", "-w", "-t", "300") != 0 and not self.running():
            raise CannotStart(self._why(before))

    def _make(self) -> None:
        if shutil.disk_usage(self.home).free < SPACE_FOR_A_CLUSTER:
            raise CannotStart(
                f"The disk that holds {self.home} is full: a new database needs 300 MB. "
                "Make room, or set ONTRACK_DATA_DIR to a directory on another disk."
            )
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        options = "-U postgres --auth-local=trust --auth-host=scram-sha-256 --encoding=UTF8 --locale-provider=builtin"
        command = [
            str(self._bin / "initdb"),
            "-D",
            str(fresh),
            *options.split(),
            "--locale=C.UTF-8",
            "--data-checksums",
        ]
        code, said = self._account.run(command if self.durable else [*command, "--no-sync"])
        if code != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise CannotStart(_in_words(said, self.home))
        tuning.include(fresh)
        fresh.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        said = self._account.run([str(self._bin / "postgres"), "--version"])[1]
        now = re.search(r"(\d+)", said)
        if now and now.group(1) != made_by:
            raise CannotStart(
                f"The data in {self.data} was made by Postgres {made_by}, the programs here are {now.group(1)}. "
                f"Set ONTRACK_PG_BINDIR to the programs of Postgres {made_by}."
            )

    def _private_socket_dir(self) -> None:
        try:
            self.socket_dir.mkdir(mode=0o700)
        except FileExistsError:
            found = self.socket_dir.lstat()
            if self.socket_dir.is_symlink() or found.st_uid not in {self._account.uid, os.geteuid()}:
                raise CannotStart(f"{self.socket_dir} belongs to somebody else. Remove it.") from None
        self._account.own(self.socket_dir)

    def _hand_over(self, paths: list[Path]) -> None:
        if self._account.is_other:
            for path in paths:
                os.chown(path, self._account.uid, self._account.gid)

    def _postmaster(self) -> tuple[int, str] | None:
        """Process id and state of the server on this directory; None where none runs."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
            pid = int(lines[0])
            process = psutil.Process(pid)
            if "postgres" not in process.name() or process.status() == psutil.STATUS_ZOMBIE:
                return None
            started_s = int(lines[2]) if len(lines) > 2 else 0
            if abs(psutil.Process(pid).create_time() - started_s) > 120 and not self._serves(pid):
                return None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return pid, lines[7].strip() if len(lines) > 7 else "starting"

    def _listens(self) -> bool:
        """Whether anybody is behind the socket: one that was just killed still has its process and its pid file."""
        with socket.socket(socket.AF_UNIX) as knock:
            knock.settimeout(5)
            try:
                knock.connect(str(self.socket_dir / f".s.PGSQL.{PORT}"))
            except (ConnectionRefusedError, FileNotFoundError):
                return False
            except OSError:
                return True  # somebody is there and busy
        return True

    def _serves(self, pid: int) -> bool:
        try:
            return str(self.data) in psutil.Process(pid).cmdline()
        except psutil.Error:
            return False

    def _clear_leftovers(self) -> None:
        """After a kill -9 or a deleted directory: waits for orphans to end, removes pid files that name nobody of ours."""
        for one in self._working_in(f"{self.data} (deleted)"):
            with suppress(psutil.Error):
                one.kill()
        deadline = time.monotonic() + ORPHANS_END_WITHIN_S
        while (dying := self._postmaster()) and not self._listens() and time.monotonic() < deadline:
            with suppress(psutil.Error):
                psutil.wait_procs([psutil.Process(dying[0])], timeout=0.5)
        while (
            self._postmaster() is None
            and (left := self._working_in(str(self.data)))
            and time.monotonic() < deadline
        ):
            psutil.wait_procs(left, timeout=0.5)
        if self._postmaster() is None:
            for path in (self.data / "postmaster.pid", *self.socket_dir.glob(".s.PGSQL.*")):
                path.unlink(missing_ok=True)

    def _working_in(self, directory: str) -> list[psutil.Process]:
        """Processes of the account with this working directory: a postmaster's back ends outlive it for a moment."""
        found = psutil.process_iter(["cwd", "uids"])
        return [
            one
            for one in found
            if one.info["cwd"] == directory and one.info["uids"].real == self._account.uid
        ]

    def _pg_ctl(self, action: str, *options: str) -> int:
        command = [str(self._bin / "pg_ctl"), action, "-D", str(self.data), "-s", *options]
        if action == "start":
            command += ["-l", str(self.log)]
        return self._account.run(command, output=self.home / "pg_ctl.log")[0]

    def _why(self, before: int) -> str:
        said = ""
        if self.log.exists():
            with self.log.open("rb") as log:
                log.seek(before)
                said = log.read().decode(errors="replace")
        return _in_words(said, self.home)

    @property
    def _bin(self) -> Path:
        return bin_dir(self._pg_bindir)


def cluster(data_dir: Path) -> Cluster:
    """The cluster of an installation's data directory."""
    return Cluster(data_dir)


def _home(data_dir: Path) -> Path:
    """Beside the other data where the account for Postgres can reach it, else under /var/lib/ontrack."""
    data_dir.mkdir(parents=True, exist_ok=True)
    inside = data_dir / "postgres"
    if runner().reaches(data_dir):
        return inside
    digest = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:16]
    SHARED_STATE.mkdir(parents=True, exist_ok=True)
    SHARED_STATE.chmod(0o755)
    return SHARED_STATE / digest


def _in_words(said: str, home: Path) -> str:
    if "No space left on device" in said:
        return f"The disk that holds {home} is full. Make room and start again; nothing is lost."
    if "could not resize shared memory" in said or "could not create shared memory" in said:
        return "There is too little shared memory for Postgres. Give the machine or container more (--shm-size=256m)."
    problem = [line for line in said.splitlines() if re.search(r"FATAL|PANIC|error", line)]
    return f"Postgres did not start: {' '.join(problem[-2:]) or said[-400:].strip()} (its log is in {home})"
