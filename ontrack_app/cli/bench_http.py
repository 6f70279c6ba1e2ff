"""What the benches need of HTTP: the web process on their own database, and people who call it on kept-alive connections."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import Any

from ontrack_app.cli.bench_tools import Ground, Worker
from ontrack_app.cli.up import answers
from ontrack_app.embedded import frontend, serving
from ontrack_app.embedded.errors import CannotStart
from ontrack_app.embedded.processes import Child, environment_for, last_words
from ontrack_app.settings import PROJECT_ROOT, Settings

READY_WITHIN_S = 60.0


class Caller:
    """One person with one kept-alive connection."""

    def __init__(
        self, port: int, who: Worker, times: dict[str, list[float]] | None = None, *, prefix: str = "/api/v1"
    ) -> None:
        self._prefix = prefix
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {who.key}", "Content-Type": "application/json"}
        self._times = times

    def post(self, path: str, body: dict[str, Any], *, name: str) -> Any:
        """The answer of one call; its time is kept under its name."""
        return self._call("POST", path, json.dumps(body), name)

    def get(self, path: str) -> Any:
        """The answer of a question."""
        return self._call("GET", path, None, path)

    def _call(self, method: str, path: str, body: str | None, name: str) -> Any:
        began = time.perf_counter()
        self._connection.request(method, f"{self._prefix}{path}", body, self._headers)
        answer = self._connection.getresponse()
        said = answer.read()
        if self._times is not None:
            self._times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        if answer.status not in (200, 201):
            raise CannotStart(
                f"{path} was answered with {answer.status}: {said.decode(errors='replace')[:400]}"
            )
        return json.loads(said)

    def move(self, noun: str, row: dict[str, Any], name: str, body: dict[str, Any] | None = None) -> Any:
        """One move of a row."""
        return self.post(f"/{noun}/{row['id']}/moves/{name}", body or {}, name=f"{noun} {name}")

    def close(self) -> None:
        """Lets go of the connection."""
        self._connection.close()


@contextmanager
def served(here: Ground, port: int) -> Iterator[Child]:
    """The web process as `ontrack up` starts it, on the bench's database; without the pages, which REST does not pass.

    Raises:
        CannotStart: it was not ready within a minute.
    """
    data_dir = here.directory / "served"
    site, log = data_dir / "site", here.directory / "web.log"
    site.mkdir(parents=True)
    found = Settings.model_validate({"PORT": port, "ONTRACK_DATA_DIR": data_dir, "ONTRACK_BASE_URL": ""})
    more = serving.web_environment(found, site, frontend.KEPT / "reflex") | {
        serving.MOUNT_FRONT_END: "false",
        "DATABASE_URL": here.urls.app,
        "ONTRACK_DATA_DIR": str(data_dir),
        "ONTRACK_BASE_URL": found.base_url,
        "ONTRACK_ENV": "development",
        "PYTHONPATH": str(PROJECT_ROOT),
        "REDIS_URL": "",
    }
    web = Child("web", serving.web_command(found), environment_for(here.directory, **more), output=log)
    try:
        deadline = time.monotonic() + READY_WITHIN_S
        while not answers(f"http://127.0.0.1:{port}/readyz"):
            if web.ended() is not None or time.monotonic() > deadline:
                raise CannotStart(f"The web process did not get ready. {last_words(log)}")
            time.sleep(0.05)
        yield web
    finally:
        web.stop(grace_s=5)
