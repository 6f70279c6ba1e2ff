"""A worker killed at every step of what it does with a file: nothing is lost, nothing is served unchecked, the next one goes on."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.access import Permission
from ontrack_app.background.periodic import do
from ontrack_app.background.queue import Pace
from ontrack_app.errors import NotFound
from ontrack_app.services.files import checks, serving
from ontrack_app.settings import PROJECT_ROOT, database_urls
from tests.background.sending import Send, column, kept, variants
from tests.background.support import drain, let_leases_run_out, messages
from tests.factories import files as made
from tests.factories.companies import Company
from tests.factories.dying import whole_of
from tests.factories.files import Phone, settle

STEPS = (
    "while part is read", "while original is put", "after original is put", "after it is whole", "while original is read", "after it is scanned",
    "after it is drawn", "while picture is put", "after picture is put", "after thumbnail is put", "after it is ready",
    "after original is deleted", "after part is deleted",
)  # fmt: skip
READY = STEPS.index("after original is deleted")  # only what is ready is tidied up
SECONDS = 60.0


@contextmanager
def workers(home: Path) -> Iterator[Callable[[str], int]]:
    """Lets a worker run until it is killed at a point; gives how its process ended."""
    urls = database_urls()
    environment = os.environ | {  # noqa: TID251 - starts a process
        "DATABASE_URL": urls.app,
        "DATABASE_OWNER_URL": urls.owner,
        "DATABASE_WORKER_URL": urls.worker,
    }
    command = [sys.executable, "-m", "tests.background.dying_worker", str(home)]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    guard = threading.Timer(SECONDS * 3, os.killpg, (process.pid, signal.SIGKILL))
    guard.start()
    try:
        assert process.stdout.readline() == "ready\n"

        def until(point: str) -> int:
            process.stdin.write(f"{point}\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
            return int(process.stdout.readline() or "0")  # type: ignore[union-attr]

        yield until
    finally:
        guard.cancel()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_killed_at_every_step_it_loses_nothing_and_serves_nothing_unchecked(
    send: Send, company: Company, store_home: Path
) -> None:
    phone = send(made.picture(size=(1600, 1200)), done=False)
    with workers(store_home) as until:
        for number, step in enumerate(STEPS):
            assert until(step) == -signal.SIGKILL, step
            if number < READY:
                assert whole_of(store_home, phone.id) == phone.data, step
                assert column(phone, "stage") == "scanning" and variants(phone) == 0, step
                with pytest.raises(NotFound), phone.person.work() as work:
                    serving.offer(work, phone.id, "")
            let_leases_run_out(company)
    drain(Pace(first_delay=0.001, longest_delay=0.001), rounds=3)
    assert (phone.card()["stage"], phone.look().headers["x-ontrack-stored"]) == ("clean", "1")
    assert {*kept(store_home, phone)} - {".new"} == {"picture", "thumbnail"}
    assert {row.state for row in messages(company)} == {"done"}


def test_what_a_kill_left_half_written_is_forgotten_with_the_file(
    send: Send, company: Company, store_home: Path
) -> None:
    phone = send(made.picture(size=(640, 480)), done=False)
    with workers(store_home) as until:
        assert until("while original is put") == -signal.SIGKILL
    let_leases_run_out(company)
    settle()
    assert kept(store_home, phone) == [".new", "picture", "thumbnail"]
    (half,) = store_home.glob(f"*/{phone.id}/.new-*")
    with company.work() as work:
        work.session.connection().exec_driver_sql("UPDATE files SET archived_at = now() - interval '31 days'")
        work.later("files.sweep", file_id=phone.id)
    os.utime(half, (0, 0))
    settle()
    assert kept(store_home, phone) == []


def test_what_nobody_promises_any_more_is_taken_up_by_the_clock(send: Send, company: Company) -> None:
    """Twelve kills in a row bury a message; its file must not wait for somebody who replays it."""
    rights = frozenset({Permission.FILES_WRITE})
    phones = [send(made.picture(size=(640, 480)), done=False) for _ in range(2)]
    bury(company, "files.take_in", phones[0])
    drain()
    bury(company, "files.examine", phones[1])
    for _ in range(2):
        do(checks.take_up, rights, company.id)
        settle()
    assert [column(phone, "stage") for phone in phones] == ["scanning", "scanning"], (
        "they were touched just now"
    )
    with company.work() as work:
        work.session.connection().exec_driver_sql(
            "UPDATE files SET updated_at = updated_at - interval '20 minutes'"
        )
    for _ in range(2):
        do(checks.take_up, rights, company.id)
    promised = [row.function for row in messages(company) if row.state == "waiting"]
    assert sorted(promised) == ["files.examine", "files.take_in"], (
        "once each, however often the clock strikes"
    )
    settle()
    assert [column(phone, "stage") for phone in phones] == ["clean", "clean"]


def bury(company: Company, function: str, phone: Phone) -> None:
    """The message of a file is dead."""
    with company.work() as work:
        work.session.connection().exec_driver_sql(
            "UPDATE outbox_messages SET state = 'dead' WHERE function = %s AND arguments->>'file_id' = %s AND state = 'waiting'",
            (function, str(phone.id)),
        )
