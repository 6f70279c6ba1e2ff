"""Claims: due ones only, each to one, with a fence that grows; what was not started is given back."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from models.ids import now
from ontrack_app.background.dispatcher import Dispatcher, connect
from ontrack_app.background.queue import Handed, Pace
from tests.background.support import QUICK, claim, let_leases_run_out, message, messages, nobody, promise
from tests.factories.companies import Company


def test_what_is_not_due_yet_waits(company: Company) -> None:
    with company.work() as work:
        work.later("tests.note", due_at=now() + timedelta(hours=1), text="later")
    assert claim() == []
    assert message(company).state == "waiting"


def test_the_oldest_due_comes_first_and_no_more_than_wanted(company: Company) -> None:
    with company.work() as work:
        for hours in (1, 3, 2):
            work.later("tests.note", due_at=now() - timedelta(hours=hours), text=f"{hours}")
    first = claim(most=1)
    second = claim(most=5)
    text_of = {row.id: row.arguments["text"] for row in messages(company)}
    assert [[text_of[one.id] for one in claimed] for claimed in (first, second)] == [["3"], ["2", "1"]]


def test_a_message_is_claimed_by_one_dispatcher_only(company: Company) -> None:
    with company.work() as work:
        for number in range(60):
            work.later("tests.note", text=f"{number}")
    with ThreadPoolExecutor(4) as threads:
        claims = list(threads.map(lambda _: claim(most=20), range(4)))
    claimed = [handed.id for batch in claims for handed in batch]
    assert len(claimed) == len(set(claimed)) == 60


def test_the_fence_grows_with_each_claim(company: Company) -> None:
    promise(company, "tests.note", text="x")
    fences = []
    for _ in range(3):
        fences += [handed.fence for handed in claim()]
        let_leases_run_out(company)
    assert fences == [1, 2, 3]


def test_what_was_not_started_is_given_back_without_counting_as_a_try(company: Company) -> None:
    promise(company, "tests.note", text="x")
    dispatcher = Dispatcher(nobody, QUICK)
    with connect() as connection:
        (handed,) = dispatcher.claim(connection, 5)
    assert dispatcher.release() == 1
    assert dispatcher.release() == 0
    row = message(company)
    assert (row.state, row.attempts, row.leased_until) == ("waiting", 0, None)
    assert row.fence > handed.fence


def test_it_claims_no_more_than_its_hands_can_do(company: Company) -> None:
    given: list[Handed] = []
    with company.work() as work:
        for number in range(30):
            work.later("tests.note", text=f"{number}")
    dispatcher = Dispatcher(given.append, Pace(hands=2, ahead=3, rest=0.01))
    with connect() as connection:
        for _ in range(5):
            dispatcher._pass(connection)
    assert len(given) == 6


def test_what_its_queue_lost_is_claimed_again_when_the_lease_is_over(company: Company) -> None:
    given: list[Handed] = []
    for number in range(2):
        promise(company, "tests.note", text=f"{number}")
    dispatcher = Dispatcher(given.append, Pace(hands=1, ahead=2, rest=0.01))
    with connect() as connection:
        dispatcher._pass(connection)
        dispatcher._pass(connection)
        assert len(given) == 2, "it is full and waits"
        let_leases_run_out(company)
        dispatcher._pass(connection)
    assert [handed.fence for handed in given] == [1, 1, 2, 2]
