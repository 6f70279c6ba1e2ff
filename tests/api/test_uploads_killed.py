"""A server killed at every part of an upload: what it said it has, it has, and the phone goes on from there, byte by byte."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx
import pytest

from models.access import Role
from ontrack_app.errors import NotFound
from ontrack_app.services.files import serving
from ontrack_app.settings import PROJECT_ROOT, database_urls
from tests.api.dying_server import HOME
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import UPLOADS, Phone, settle
from tests.integrations.weed import free_ports

PHOTO = made.picture(size=(1200, 900))
DEATHS = ("while it is read", "before part is put", "while part is put", "after part is put", "before take is committed", "before the answer")  # fmt: skip


class Patient(httpx.HTTPTransport):
    """Asks again where the connection went with the process before; but not where the request itself is deadly."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx's own."""
        until = monotonic() + 180.0
        while True:
            try:
                return super().handle_request(request)
            except httpx.TransportError:
                if "x-die-at" in request.headers or monotonic() > until:
                    raise


@contextmanager
def a_server(home: Path, log: Path) -> Iterator[httpx.Client]:
    """A real server whose worker is started again each time it is killed."""
    urls, (port,) = database_urls(), free_ports(1)
    given = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "DATABASE_WORKER_URL": urls.worker, HOME: str(home)}  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port),
               "--respawn-failed-workers", "--respawn-interval", "0.1", "tests.api.dying_server:app"]  # fmt: skip
    environment = os.environ | given  # noqa: TID251 - starts a process
    with log.open("w") as told:
        process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdout=told, stderr=told)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", transport=Patient(retries=8), timeout=60
        ) as client:
            assert client.options(UPLOADS).status_code == 204
            yield client
    finally:
        process.terminate()
        process.wait(30)


def test_killed_at_every_part_of_an_upload_it_keeps_what_it_said_it_has(
    company: Company, store_home: Path, tmp_path: Path
) -> None:
    crew = company.once(Role.CREW)
    visit = spine.visit(company, spine.job(company), assignee_ids=[str(crew.member_id)])
    forget_messages()
    with a_server(store_home, tmp_path / "log") as client:
        phone = Phone(client, crew, PHOTO, ("visits", visit.id))  # type: ignore[arg-type]
        for point, known in (("before start is committed", False), ("before the answer", True)):
            with pytest.raises(httpx.TransportError):
                phone.announce(**{"X-Die-At": point})
            assert (phone.look().status_code == 200) is known, point
        assert phone.announce().headers["upload-offset"] == "0"
        size = len(PHOTO) // len(DEATHS)
        for number, point in enumerate(DEATHS):
            start = int(phone.look().headers["upload-offset"])
            end = start + size if number < len(DEATHS) - 1 else None
            with pytest.raises(httpx.TransportError):
                phone.send(start, end, **{"X-Die-At": point})
            counted = point == "before the answer"
            there = int(phone.look().headers["upload-offset"])
            assert there == ((end or len(PHOTO)) if counted else start), point
            if not counted:
                assert phone.send(start, end).status_code == 204
        assert phone.look().headers["x-ontrack-stage"] == "scanning"
        with pytest.raises(NotFound), crew.work() as work:
            serving.offer(work, phone.id, "")
        settle()
        assert phone.look().headers["x-ontrack-stored"] == "1" and phone.card()["stage"] == "clean"
