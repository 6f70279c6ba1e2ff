"""Makes `.venv` as requirements.lock says, with nothing but the standard library; skips all that is done already."""

import fcntl
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "ontrack-setup"
LOG = VENV / "ontrack-setup.log"
SPACE_NEEDED = 2 * 1024**3
WORDS = (
    (
        r"No space left on device|Errno 28",
        "The disk that holds {root} is full. Make room (2 GB), then run make again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that requirements.lock names, so nothing of it was installed. "
        "Run make again; if it stays, the mirror that pip uses is at fault.",
    ),
    (
        r"NewConnectionError|ConnectTimeout|ReadTimeout|Temporary failure in name resolution|Max retries exceeded"
        r"|ProxyError|Network is unreachable|Connection (?:refused|reset|aborted|broken)",
        "The Python package registry cannot be reached. Check the network, or the proxy and index settings of pip "
        "(pip config list), then run make again.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED",
        "The certificate of the Python package registry is not trusted. Set PIP_CERT to your CA file.",
    ),
    (
        r"No matching distribution|Could not find a version",
        "The Python package registry does not have a package that is needed (see the line above). "
        "Python 3.11 on Linux or macOS is what OnTrack is tested with.",
    ),
)


def main() -> None:
    """Sets up, then becomes the command that follows, if any."""
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    hold = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(hold, fcntl.LOCK_EX)
    set_up()
    os.close(hold)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.argv[1:]:
        os.execv(str(PYTHON), [str(PYTHON), *sys.argv[1:]])  # noqa: S606 - no shell, on purpose


def set_up() -> None:
    """Makes the environment, or what is missing of it."""
    wanted = hashlib.sha256(LOCK.read_bytes() + str(ROOT).encode()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and alive():
        return
    check_space()
    if not alive() or moved():
        say("Making the Python environment .venv")
        shutil.rmtree(VENV, ignore_errors=True)
        make_venv()
    install()
    (VENV / "bin" / "ontrack").write_text(
        f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -m ontrack_app.cli "$@"\n'
    )
    (VENV / "bin" / "ontrack").chmod(0o755)
    packages = next((VENV / "lib").glob("python3*/site-packages"))
    (packages / "ontrack.pth").write_text(f"{ROOT}\n")
    STAMP.write_text(wanted)


def alive() -> bool:
    """Whether the environment's own Python runs."""
    try:
        return (
            subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


def moved() -> bool:
    """Whether the environment was made for another directory: its scripts would call that one."""
    script = VENV / "bin" / "pip"
    return script.exists() and str(VENV) not in script.read_text(errors="replace")[:500]


def make_venv() -> None:
    """A plain environment with pip."""
    try:
        venv.create(VENV, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        shutil.rmtree(VENV, ignore_errors=True)
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        fail(
            f"The Python environment could not be made ({problem}). On Debian or Ubuntu: "
            f"apt-get install python{version}-venv (as root), then run make again."
        )


def install() -> None:
    """Everything in the lock, each file checked against its hash."""
    total = len(re.findall(r"^[a-z0-9][^ ]*==", LOCK.read_text(), re.MULTILINE | re.IGNORECASE))
    say(f"Installing up to {total} packages, a minute or two the first time")
    # The lock is whole. Left to resolve, pip takes the newest `granian[reload]` for Reflex, which no hash in the lock fits.
    command = [str(PYTHON), "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", str(LOCK)]
    command += [
        "--no-input",
        "--no-compile",
        "--progress-bar",
        "off",
        "--disable-pip-version-check",
        "--retries",
        "2",
    ]
    seen = 0
    said = []
    with LOG.open("w") as log:
        pip = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        assert pip.stdout is not None
        try:
            for line in pip.stdout:
                log.write(line)
                said.append(line)
                if line.startswith("Collecting ") and (seen := seen + 1) % 30 == 0:
                    say(f"  {seen} of {total}")
                elif line.startswith("Installing collected packages"):
                    say("  downloaded; putting them in place")
            pip.wait()
        finally:
            pip.terminate()
    if pip.returncode != 0:
        explain("".join(said[-400:]))


def explain(said: str) -> None:
    """Ends with words for why pip failed."""
    print("".join(f"  {line}\n" for line in said.splitlines() if "ERROR" in line)[-2000:], file=sys.stderr)
    for pattern, words in WORDS:
        if re.search(pattern, said):
            fail(words.format(root=ROOT))
    fail(f"Installing the packages failed; the whole log is {LOG}.")


def check_space() -> None:
    """Ends with words where the disk cannot hold the environment."""
    if not VENV.exists() and shutil.disk_usage(ROOT).free < SPACE_NEEDED:
        fail(f"The disk that holds {ROOT} has less than 2 GB free. Make room, then run make again.")


def say(words: str) -> None:
    """One short line of progress."""
    print(words, file=sys.stderr, flush=True)


def fail(words: str) -> None:
    """Ends with words."""
    print(words, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        fail("Stopped. Run make again to go on.")
    except OSError as problem:
        if problem.errno == 28:
            fail(f"The disk that holds {ROOT} is full. Make room (2 GB), then run make again.")
        raise
