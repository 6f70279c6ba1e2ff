"""One message: its change and the word that it is done are one transaction, whatever happens round it."""

import ast
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from models.access import Role
from models.ids import new_id
from ontrack_app.background import worker
from ontrack_app.background.queue import FUNCTIONS, Handed, Pace, background, perform, relay, run
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import leads
from ontrack_app.settings import PROJECT_ROOT
from ontrack_app.work import Work
from tests.background import functions
from tests.background.support import (
    QUICK,
    claim,
    drain,
    let_leases_run_out,
    message,
    messages,
    notes,
    promise,
)  # fmt: skip
from tests.factories.companies import Company


def test_a_promise_is_kept_once(company: Company) -> None:
    promise(company, "tests.note", text="hello")
    drain(rounds=2)
    assert notes(company) == ["hello"]
    found = message(company)
    assert (found.state, found.attempts, found.error) == ("done", 1, "")
    assert found.done_at is not None


def test_a_transaction_that_fails_promises_nothing(company: Company) -> None:
    with pytest.raises(RuntimeError), company.work() as work:
        work.later("tests.note", text="hello")
        raise RuntimeError
    assert messages(company) == []


def test_a_failure_leaves_nothing_behind_and_is_tried_again(company: Company) -> None:
    promise(company, "tests.note_then_fail", text="half")
    drain()
    found = message(company)
    assert (found.state, found.attempts, found.error) == ("waiting", 1, "RuntimeError: the roof fell in")
    assert notes(company) == []


def test_after_the_last_attempt_it_is_dead_with_its_words(company: Company) -> None:
    promise(company, "tests.note_then_fail", text="half")
    for _ in range(QUICK.most_attempts + 2):
        with relay() as connection:
            connection.execute(text("UPDATE outbox_messages SET due_at = now() WHERE state = 'waiting'"))
        drain()
    found = message(company)
    assert (found.state, found.attempts, found.error) == (
        "dead",
        QUICK.most_attempts,
        "RuntimeError: the roof fell in",
    )


def test_a_message_that_stops_the_worker_every_time_dies_too(company: Company) -> None:
    promise(company, "tests.note", text="never")
    for _ in range(QUICK.most_attempts):
        assert len(claim()) == 1
        let_leases_run_out(company)
    assert claim() == []
    assert (message(company).state, message(company).error) == (
        "dead",
        "The worker stopped every time while this ran.",
    )


@pytest.mark.parametrize(
    ("function", "arguments", "words"),
    [
        ("tests.no_such_thing", {}, "There is no background function “tests.no_such_thing”."),
        ("tests.note", {"words": "x"}, "“tests.note” takes text, not words."),
        (
            "tests.reads_a_lead",
            {"lead_id": "abc"},
            "“tests.reads_a_lead” was given something else than an id.",
        ),
    ],
)
def test_what_no_try_can_help_is_dead_at_once(
    company: Company, function: str, arguments: dict[str, str], words: str
) -> None:
    promise(company, function, **arguments)
    drain()
    assert (message(company).state, message(company).error) == ("dead", words)


def test_a_hand_that_was_overtaken_leaves_nothing_behind(company: Company) -> None:
    promise(company, "tests.note", text="once")
    (slow,) = claim()
    let_leases_run_out(company)
    (quick,) = claim()
    assert quick.fence == slow.fence + 1
    run(slow, QUICK)
    assert notes(company) == []
    assert message(company).state == "leased"
    run(quick, QUICK)
    run(slow, QUICK)
    run(quick, QUICK)
    assert notes(company) == ["once"]
    assert message(company).state == "done"


def test_a_failing_hand_that_was_overtaken_does_not_disturb_the_other(company: Company) -> None:
    promise(company, "tests.while_running", text="once")
    (slow,) = claim()
    let_leases_run_out(company)
    (quick,) = claim()
    functions.during["hook"] = lambda: run(slow, QUICK)
    run(quick, QUICK)
    assert (message(company).state, message(company).attempts) == ("done", 2)
    assert notes(company) == ["once"]


def test_what_is_running_is_not_claimed_even_when_its_lease_is_over(company: Company) -> None:
    seen: list[list[Handed]] = []

    def look() -> None:
        seen.append(claim(pace=Pace(lease=60)))

    promise(company, "tests.while_running", text="once")
    (handed,) = claim(pace=Pace(lease=0.0))
    functions.during["hook"] = look
    perform(FUNCTIONS["tests.while_running"], handed, {"text": "once"}, "Somebody")
    assert seen == [[]]
    assert notes(company) == ["once"]


def test_a_hand_does_not_begin_what_its_claim_ran_out_for(company: Company) -> None:
    """What a killed worker left in the queue's storage is of its claims; the next worker makes its own."""
    promise(company, "tests.note", text="once")
    (left,) = claim()
    let_leases_run_out(company)
    run(left, QUICK)
    assert (message(company).state, notes(company)) == ("leased", [])
    drain()
    assert (message(company).state, notes(company)) == ("done", ["once"])


def test_it_acts_in_the_name_of_who_promised_and_in_that_tenant_only(
    company: Company, other: Company
) -> None:
    with other.office.work() as work:
        foreign = leads.create(work, LeadBody(name="Ana", need="Roof"))
    with company.person(Role.OFFICE, name="bea").work() as work:
        own = leads.create(work, LeadBody(name="Ben", need="Roof"))
        work.later("tests.reads_a_lead", lead_id=own.id)
        work.later("tests.reads_a_lead", lead_id=foreign.id)
    assert {row.actor_name for row in messages(company)} == {"Bea"}
    drain()
    assert sorted(notes(company)) == ["not seen", "seen"]
    assert notes(other) == []


def test_it_has_the_rights_that_it_named_and_no_other(company: Company) -> None:
    promise(company, "tests.asks_for_a_right_that_it_has_not", lead_id=new_id())
    drain()
    assert message(company).error == "The role system may not see leads."


def test_a_company_that_is_not_there_runs_nothing(company: Company) -> None:
    promise(company, "tests.note", text="x")
    (handed,) = claim()
    run(Handed(new_id(), handed.id, handed.fence), QUICK)
    assert notes(company) == []


def test_a_name_stands_for_one_function_and_arguments_are_plain() -> None:
    def taking_a_list(work: Work, ids: list[UUID]) -> None:
        raise NotImplementedError

    with pytest.raises(TypeError):
        background("tests.note")(functions.note)
    with pytest.raises(TypeError):
        background("tests.list")(taking_a_list)


def test_waiting_doubles_up_to_its_limit_and_parts_twins() -> None:
    pace = Pace(first_delay=2.0, longest_delay=60.0)
    for attempts, longest in ((1, 2), (2, 4), (5, 32), (9, 60)):
        delays = {pace.delay(attempts) for _ in range(50)}
        assert all(longest / 2 <= delay <= longest for delay in delays)
        assert len(delays) > 10


def test_every_promise_in_the_code_names_a_function_that_the_worker_knows() -> None:
    assert worker.NOUNS
    promised = set()
    for file in (PROJECT_ROOT / "ontrack_app").rglob("*.py"):
        promised |= names_promised(file)
    assert promised
    assert promised <= {name for name in FUNCTIONS if not name.startswith("tests.")}


def names_promised(file: Path) -> set[str]:
    """The first argument of every `….later("…")` call in a file."""
    calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    later = [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "later" and call.args
    ]
    return {ast.literal_eval(call.args[0]) for call in later}
