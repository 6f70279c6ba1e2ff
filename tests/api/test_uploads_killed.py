"""A server killed at every part of an upload: what it said it has, it has, and the phone goes on from there, byte by byte."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from models.access import Role
from ontrack_app.errors import NotFound
from ontrack_app.services.files import serving
from ontrack_app.settings import PROJECT_ROOT, database_urls
from tests.background.support import forget_messages
from tests.factories import files as made
from tests.factories import spine
from tests.factories.companies import Company
from tests.factories.files import Phone, settle

PHOTO = made.picture(size=(1200, 900))
DEATHS = ("while it is read", "before part is put", "while part is put", "after part is put", "before take is committed", "before the answer")  # fmt: skip


class Killed(httpx.TransportError):
    """The server was killed before it answered."""


class Lines(httpx.BaseTransport):
    """Requests as lines to a process that answers each with a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin is not None and process.stdout is not None
        self._asking, self._told = process.stdin, process.stdout
        assert self.read() == "ready"

    def read(self) -> Any:
        """The next line."""
        return json.loads(self._told.readline())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """As httpx's own."""
        body = base64.b64encode(request.read()).decode()
        asked = {"method": request.method, "path": request.url.path, "headers": json.dumps(dict(request.headers)), "body": body}  # fmt: skip
        self._asking.write(f"{json.dumps(asked)}\n")
        self._asking.flush()
        answer = self.read()
        if answer.get("ended") == -signal.SIGKILL:
            raise Killed("killed")
        return httpx.Response(
            answer["status"], headers=answer["headers"], content=base64.b64decode(answer["body"])
        )


@contextmanager
def servers(home: Path) -> Iterator[httpx.Client]:
    """A client whose every request meets a server of its own."""
    urls = database_urls()
    given = {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "DATABASE_WORKER_URL": urls.worker}
    environment = os.environ | given  # noqa: TID251 - starts a process
    command = [sys.executable, "-m", "tests.api.dying_server", str(home)]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # fmt: skip
    try:
        with httpx.Client(base_url="http://localhost", transport=Lines(process)) as client:
            yield client
    finally:
        process.kill()
        process.wait()


def test_killed_at_every_part_of_an_upload_it_keeps_what_it_said_it_has(
    company: Company, store_home: Path
) -> None:
    crew = company.once(Role.CREW)
    visit = spine.visit(company, spine.job(company), assignee_ids=[str(crew.member_id)])
    forget_messages()
    with servers(store_home) as client:
        phone = Phone(client, crew, PHOTO, ("visits", visit.id))  # type: ignore[arg-type]
        for point, known in (("before start is committed", False), ("before the answer", True)):
            with pytest.raises(Killed):
                phone.announce(**{"X-Die-At": point})
            assert (phone.look().status_code == 200) is known, point
        assert phone.announce().headers["upload-offset"] == "0"
        size = len(PHOTO) // len(DEATHS)
        for number, point in enumerate(DEATHS):
            start = int(phone.look().headers["upload-offset"])
            end = start + size if number < len(DEATHS) - 1 else None
            with pytest.raises(Killed):
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
