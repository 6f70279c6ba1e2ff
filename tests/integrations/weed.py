"""A real S3 for tests: SeaweedFS, started once for the run, killed at its end."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from botocore.exceptions import BotoCoreError, ClientError

from ontrack_app.integrations.files.protocol import StoreAway
from ontrack_app.integrations.files.s3 import S3Place, S3Store

KEY_ID, SECRET, BUCKET = "ontrack-tests", "a-secret-of-the-tests", "files"
READY_SECONDS = 60.0
PARTS = ("master", "volume", "filer", "s3", "admin")


@contextlib.contextmanager
def a_bucket(home: Path) -> Iterator[S3Place]:
    """A bucket that answers; everything of it is gone afterwards."""
    ports = free_ports(2 * len(PARTS))
    listening = {part: (ports[2 * at], ports[2 * at + 1]) for at, part in enumerate(PARTS)}
    flags = [f"-{part}.port={plain}" for part, (plain, _) in listening.items()]
    flags += [f"-{part}.port.grpc={grpc}" for part, (_, grpc) in listening.items()]
    command = [
        str(Path(sys.executable).parent / "weed"), "mini", f"-dir={home}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        "-webdav=false", "-admin.ui=false", *flags,
    ]  # fmt: skip
    keys = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET}
    with (home / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=home, env=os.environ | keys, stdout=log, stderr=log)  # noqa: TID251 - starts a process
    try:
        place = S3Place(BUCKET, f"http://127.0.0.1:{listening['s3'][0]}", key_id=KEY_ID, secret=SECRET)
        wait_for(process, place, home / "log")
        yield place
    finally:
        process.kill()
        process.wait()


def wait_for(process: subprocess.Popen[bytes], place: S3Place, log: Path) -> None:
    """Until the bucket is made and holds what is put there."""
    store, ends, pause = S3Store(place), monotonic() + READY_SECONDS, threading.Event()
    failure: Exception | None = None
    while process.poll() is None and monotonic() < ends:
        try:
            with contextlib.suppress(store._client.exceptions.BucketAlreadyOwnedByYou):
                store._client.create_bucket(Bucket=place.bucket)
            store.check()
            return
        except (StoreAway, BotoCoreError, ClientError) as error:
            failure = error
        pause.wait(0.1)
    raise AssertionError(f"{failure}: {log.read_text()[-3000:]}")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, all different."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
