"""The worker as a process: killed, stopped and started again, it loses nothing and does nothing twice."""

import random
import signal
from pathlib import Path
from time import monotonic

import psutil
from sqlalchemy import text

from ontrack_app.background.queue import relay
from tests.background.functions import SEED
from tests.background.processes import a_worker, wait_until
from tests.background.support import count_messages, count_notes, message, messages, notes, promise
from tests.factories.companies import Company

KILLS, MESSAGES = 4, 200
HURRIED = {"lease": 1.0, "first_delay": 0.05, "longest_delay": 0.2, "most_attempts": 40, "rest": 0.5}


def test_four_times_killed_it_does_everything_once(company: Company, tmp_path: Path) -> None:
    with company.work() as work:
        for number in range(MESSAGES):
            work.later("tests.sometimes_fails", text=f"message {number}")
    chance = random.Random(SEED)
    for kill in range(KILLS):
        wanted = (kill + 1) * MESSAGES // (KILLS + 2) + chance.randrange(10)
        with a_worker(tmp_path / "log", **HURRIED) as process:
            wait_until(lambda n=wanted: count_messages(company, "done") >= n)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
    assert count_messages(company, "done") < MESSAGES
    with a_worker(tmp_path / "log", **HURRIED):
        wait_until(lambda: count_messages(company, "done") == MESSAGES)
    assert count_notes(company) == (MESSAGES, MESSAGES)
    tries = [row.attempts for row in messages(company)]
    assert max(tries) > 1, "nothing failed or was killed, so nothing was shown"


def test_a_promise_is_taken_up_at_once_and_not_by_looking_now_and_then(
    company: Company, tmp_path: Path
) -> None:
    with a_worker(tmp_path / "log", rest=30.0):
        promise(company, "tests.note", text="warm")
        wait_until(lambda: count_messages(company, "done") == 1)
        started = monotonic()
        promise(company, "tests.note", text="quick")
        wait_until(lambda: count_messages(company, "done") == 2)
        assert monotonic() - started < 2.0


def test_told_to_stop_it_finishes_what_it_has_and_gives_back_the_rest(
    company: Company, tmp_path: Path
) -> None:
    for number in range(6):
        promise(company, "tests.slow", text=f"slow {number}", milliseconds=600)
    with a_worker(tmp_path / "log", hands=1, ahead=4) as process:
        wait_until(lambda: count_messages(company, "leased") == 4)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert count_messages(company, "leased") == 0
    done = count_messages(company, "done")
    assert done + count_messages(company, "waiting") == 6
    assert len(notes(company)) == done <= 2
    assert [row.attempts for row in messages(company) if row.state == "waiting"] == [0] * (6 - done)
    with a_worker(tmp_path / "log", hands=2):
        wait_until(lambda: count_messages(company, "done") == 6)
    assert count_notes(company) == (6, 6)


def test_a_worker_that_hangs_past_the_drain_leaves_its_message_to_the_next(
    company: Company, tmp_path: Path
) -> None:
    promise(company, "tests.slow", text="stuck", milliseconds=5_000)
    with a_worker(tmp_path / "log", hands=1, drain=0.5, lease=1.0) as process:
        wait_until(lambda: count_messages(company, "leased") == 1 and is_running())
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
    assert notes(company) == []
    assert message(company).state == "leased"


def test_it_waits_for_a_database_that_is_away(company: Company, tmp_path: Path) -> None:
    with a_worker(tmp_path / "log", **HURRIED) as process:
        hang_up(process.pid)
        promise(company, "tests.note", text="after the break")
        wait_until(lambda: count_messages(company, "done") == 1)
        assert process.poll() is None
    assert notes(company) == ["after the break"]


def test_at_rest_it_is_small_and_knows_no_screens(company: Company, tmp_path: Path) -> None:
    with a_worker(tmp_path / "log") as process:
        promise(company, "tests.note", text="warm")
        wait_until(lambda: count_messages(company, "done") == 1)
        memory = psutil.Process(process.pid).memory_full_info()
        maps = Path(f"/proc/{process.pid}/maps").read_text()
    assert memory.pss < 110 * 1024 * 1024
    assert "/reflex/" not in maps


def is_running() -> bool:
    """Whether a hand is inside the slow function."""
    with relay() as connection:
        found = connection.execute(
            text(
                "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'notes'"
            )
        )
        return bool(found.scalar_one())


def hang_up(pid: int) -> None:
    """Cuts every connection of the worker to its database, as a restart of the server does."""
    with relay() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'ontrack_worker' AND pid <> pg_backend_pid()"
            )
        )
    assert psutil.pid_exists(pid)
