"""Virus scanners for tests: a real clamd that knows the EICAR test file alone, and a counterpart that answers what it is told."""

import shutil
import socketserver
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from ontrack_app.integrations.scanner import ScannerAway
from ontrack_app.integrations.scanner_clamd import Clamd
from tests.factories.files import EICAR

GET_IT = "apt-get update && apt-get install -y --no-install-recommends clamav-daemon"
READY_SECONDS = 60.0
CONFIG = """
LocalSocket {home}/clamd.ctl
DatabaseDirectory {home}/signatures
Foreground yes
MaxFileSize 25M
StreamMaxLength 26M
AlertExceedsMax yes
"""


@contextmanager
def a_clamd(home: Path) -> Iterator[str]:
    """The address of a clamd of its own, which is killed afterwards."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
    assert program, f"These tests need clamd, and there is none. Run this once as root: {GET_IT}"
    signatures = home / "signatures"
    signatures.mkdir()
    (signatures / "local.ndb").write_text(f"EICAR-Test-File:0:*:{EICAR.hex()}\n")
    (home / "clamd.conf").write_text(CONFIG.format(home=home))
    with (home / "log").open("w") as log:
        process = subprocess.Popen([program, "-c", str(home / "clamd.conf")], stdout=log, stderr=log)
    url = f"unix://{home}/clamd.ctl"
    try:
        wait_for(process, url, home / "log")
        yield url
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Until it says its version."""
    ends, pause = monotonic() + READY_SECONDS, threading.Event()
    while True:
        try:
            Clamd(url).check()
            return
        except ScannerAway as away:
            assert process.poll() is None and monotonic() < ends, f"{away}: {log.read_text()[-2000:]}"
        pause.wait(0.1)


class Asked(socketserver.StreamRequestHandler):
    """One talk with the counterpart."""

    def handle(self) -> None:
        """Reads what is sent and gives the answer."""
        command = self.rfile.readline().strip()
        received = b""
        if command == b"nINSTREAM":
            while size := struct.unpack("!L", self.rfile.read(4))[0]:
                received += self.rfile.read(size)
        answer = self.server.answer(command.decode(), received)  # type: ignore[attr-defined]
        if answer is not None:
            self.wfile.write(answer.encode() + b"\n")


@contextmanager
def a_counterpart(answer: Callable[[str, bytes], str | None]) -> Iterator[str]:
    """The address of a server that speaks clamd's INSTREAM and answers as it is told; None hangs up without a word."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Asked) as server:
        server.daemon_threads = True
        server.answer = answer  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
