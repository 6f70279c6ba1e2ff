"""`ontrack bench files`: a photo of twelve megapixels from its last byte to clean, by real HTTP and a real worker.

The floor is the picture alone: decoded, turned, made small and written anew by a process that has started already, without
store, scanner, queue and database.
"""

import base64
import hashlib
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import click

from models.access import Role
from models.ids import new_id
from ontrack_app.background.dispatcher import CHANNEL, connect
from ontrack_app.cli.bench_http import served
from ontrack_app.cli.bench_tools import (
    Ground,
    Worker,
    company,
    conditions,
    figures,
    free_port,
    ground,
    tell,
    worker,
)
from ontrack_app.db import SystemCredential, begin
from ontrack_app.embedded import serving
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.processes import Child, environment_for
from ontrack_app.schemas.clients import ClientBody
from ontrack_app.schemas.jobs import JobBody
from ontrack_app.services import clients, files, jobs
from ontrack_app.settings import PROJECT_ROOT, settings

AIM_MS = 2000
MEGAPIXELS = (4032, 3024)
PATIENCE_S = 120.0  # the first photo waits for the worker to start
ADDRESS = "/api/sync/v1/uploads"
PICTURE = """
import sys
from PIL import Image
size = tuple(int(word) for word in sys.argv[2:4])
coarse = Image.merge("RGB", [Image.effect_noise((size[0] // 8, size[1] // 8), 90) for _ in range(3)]).resize(size, Image.Resampling.BICUBIC)
fine = Image.merge("RGB", [Image.effect_noise(size, 18) for _ in range(3)])
Image.blend(coarse, fine, 0.25).save(sys.argv[1], format="JPEG", quality=88)
"""
FLOOR = """
import sys, time
from pathlib import Path
from ontrack_app.integrations.pictures_process import redraw
for _ in range(int(sys.argv[3])):
    began = time.perf_counter()
    redraw(Path(sys.argv[1]), Path(sys.argv[2]), 50_000_000, False)
    print((time.perf_counter() - began) * 1000)
"""


class Sender:
    """Somebody of the office who sends photos on one job."""

    def __init__(self, port: int, who: Worker, us: SystemCredential) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {who.key}", "Tus-Resumable": "1.0.0"}
        self._us = us
        with begin(us) as work:
            client = clients.create(work, ClientBody(name="Bench", kind="person"))
            self._job_id = jobs.create(work, JobBody(client_id=client.id, title="Bench")).id

    def send(self, data: bytes) -> float:
        """How many milliseconds lie between its last byte and clean.

        Raises:
            CannotStart: it was not taken, or nothing came of it.
        """
        data += random.randbytes(8)  # noqa: S311 - behind the picture, so that no two are one
        file_id = new_id()
        said = {"id": file_id, "noun": "jobs", "row_id": self._job_id, "filename": "a.jpg", "kind": "photo", "sha256": hashlib.sha256(data).hexdigest()}  # fmt: skip
        told = ",".join(
            f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in said.items()
        )
        self._call("POST", ADDRESS, {"Upload-Length": str(len(data)), "Upload-Metadata": told})
        with connect() as waiting:
            waiting.execute(f"LISTEN {CHANNEL}")
            part = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
            self._call("PATCH", f"{ADDRESS}/{file_id}", part, data)
            began = time.perf_counter()
            while (stage := self._stage(file_id)) == "scanning":
                if time.perf_counter() - began > PATIENCE_S:
                    raise CannotStart("The photo was not checked within two minutes.")
                list(waiting.notifies(timeout=0.5, stop_after=1))
            spent = (time.perf_counter() - began) * 1000
        if stage != "clean":
            raise CannotStart(f"The photo is {stage}.")
        return spent

    def _stage(self, file_id: Any) -> str:
        with begin(self._us) as work:
            return files.get(work, file_id).stage

    def _call(self, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> None:
        self._connection.request(method, path, body, self._headers | headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status not in (201, 204):
            raise CannotStart(
                f"{path} was answered with {answer.status}: {said.decode(errors='replace')[:300]}"
            )


@click.command("files")
@click.option("--times", default=10, show_default=True, type=click.IntRange(2), help="How many photos.")
@click.option(
    "--clamd", default="", help="Address of a clamd to measure with as well; CLAMD_URL where not given."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on the last line.")
def command(*, times: int, clamd: str, as_json: bool) -> None:
    """A photo of 12 megapixels: from its last byte to clean."""
    scanners = {"": "content policy", **({url: "clamd"} if (url := clamd or settings().clamd_url) else {})}
    with ground() as here:
        photo = taken(here.directory)
        data, floor = photo.read_bytes(), _floor(photo, times)
        us, port = company(here, "bench"), free_port()
        who = worker(us, Role.OFFICE)
        found: dict[str, list[float]] = {}
        with served(here, port):
            sender = Sender(port, who, us)
            for url, name in scanners.items():
                with _working(here, url):
                    sender.send(data)
                    found[name] = [sender.send(data) for _ in range(times)]
    results = {name: figures(ours, floor) for name, ours in found.items()}
    words = [f"With {name}: {one['p50_ms']} ms from the last byte to clean, {one['ratio']} times the picture alone." for name, one in results.items()]  # fmt: skip
    result = {"name": "files", **results["content policy"], "aim_p50_ms": AIM_MS, "bytes": len(data)}
    result["with_clamd"] = results.get("clamd")
    result["conditions"] = conditions(
        "durable Postgres", "files on the local disk", "one web and one worker process"
    )
    tell(" ".join(words), result, as_json=as_json)


def taken(directory: Path) -> Path:
    """A photo of twelve megapixels as a telephone takes it, in that directory."""
    photo = directory / "photo.jpg"
    _python(PICTURE, str(photo), *map(str, MEGAPIXELS))
    return photo


@contextmanager
def _working(here: Ground, clamd: str) -> Iterator[None]:
    """The worker as `ontrack up` starts it, on the bench's database and files."""
    log = here.directory / f"worker-{'clamd' if clamd else 'policy'}.log"
    more = {
        "DATABASE_URL": here.urls.app, "DATABASE_OWNER_URL": here.urls.owner, "DATABASE_WORKER_URL": here.urls.worker, "CLAMD_URL": clamd,
        "ONTRACK_DATA_DIR": str(here.directory / "served"), "PYTHONPATH": str(PROJECT_ROOT), "REDIS_URL": "", "S3_BUCKET": "",
    }  # fmt: skip
    child = Child("worker", serving.worker_command(), environment_for(here.directory, **more), output=log)
    try:
        yield
    finally:
        child.stop(grace_s=5)


def _floor(photo: Path, times: int) -> list[float]:
    into = photo.with_suffix("")
    into.mkdir()
    return [float(line) for line in _python(FLOOR, str(photo), str(into), str(times + 1)).split()[1:]]


def _python(program: str, *words: str) -> str:
    """What a small program says, in a process of its own: this one never decodes a picture."""
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT
    )
    return done.stdout
