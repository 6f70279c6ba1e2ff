"""What becomes due by the clock: expired offers, answers nobody may ask for again, messages that are long done."""

from datetime import timedelta

from sqlalchemy import text

from models.access import Permission
from models.estimates import Estimate
from models.idempotency_keys import IdempotencyKey
from models.ids import new_id, now
from ontrack_app.background import periodic
from ontrack_app.background.queue import relay
from ontrack_app.db import begin
from ontrack_app.work import Work
from tests.background.support import count_messages, drain, promise
from tests.factories.companies import Company


def a_sent_estimate(company: Company, days: int) -> Estimate:
    """An offer that waits for its answer, good for so many days from now."""
    client = company.client()
    with company.work() as work:
        return work.add(
            Estimate(
                tenant_id=company.id,
                id=new_id(),
                number=f"EST-{new_id().hex[-6:]}",
                client_id=client.id,
                currency=company.currency,
                stage="sent",
                expires_on=(work.at + timedelta(days=days)).date(),
            )
        )


def stage_of(company: Company, estimate: Estimate) -> str:
    with company.work() as work:
        return work.get(Estimate, estimate.id).stage


def test_offers_expire_in_every_company_and_again_changes_nothing(company: Company, other: Company) -> None:
    late, mine, theirs = a_sent_estimate(company, -3), a_sent_estimate(company, 3), a_sent_estimate(other, -3)
    periodic.tidy()
    periodic.tidy()
    assert (stage_of(company, late), stage_of(company, mine), stage_of(other, theirs)) == (
        "expired",
        "sent",
        "expired",
    )
    with company.work() as work:
        word = text("SELECT actor_name FROM audit_entries WHERE word = 'estimates.expire' AND row_id = :id")
        assert [row.actor_name for row in work.session.execute(word, {"id": late.id})] == ["OnTrack"]


def test_answers_are_kept_for_a_day(company: Company) -> None:
    with company.work() as work:
        for hours in (1, 25):
            work.add(
                IdempotencyKey(
                    tenant_id=company.id,
                    id=new_id(),
                    actor_id=new_id(),
                    method="POST",
                    path="/api/v1/leads",
                    key=f"{hours}",
                    body_hash="",
                    status=200,
                    body="{}",
                    created_at=now() - timedelta(hours=hours),
                )
            )
    periodic.tidy()
    with company.work() as work:
        assert [key.key for key in work.all(work.of(IdempotencyKey))] == ["1"]


def test_counts_of_tries_are_forgotten(company: Company) -> None:
    with begin(None) as doorway:
        assert doorway.value("SELECT auth.hit('a bucket', 60, 1)") is True
        assert doorway.value("SELECT auth.hit('a bucket', 60, 1)") is False
    periodic.tidy()
    with begin(None) as doorway:
        assert doorway.value("SELECT auth.hit('a bucket', 3600, 1)") is True, "another period"


def test_done_messages_go_after_a_week_and_dead_ones_stay(company: Company) -> None:
    promise(company, "tests.note", text="done")
    promise(company, "tests.no_such_thing")
    drain()
    with relay() as connection:
        connection.execute(
            text("UPDATE outbox_messages SET done_at = now() - interval '8 days' WHERE state = 'done'")
        )
        connection.execute(
            text("UPDATE outbox_messages SET created_at = now() - interval '8 days' WHERE state = 'dead'")
        )
    periodic.tidy()
    assert (count_messages(company, "done"), count_messages(company, "dead")) == (0, 1)


def test_a_chore_that_fails_leaves_the_others_to_go_on(company: Company) -> None:
    def breaks(work: Work) -> None:
        raise RuntimeError(work.actor.name)

    periodic.do(breaks, frozenset(), company.id)
    late = a_sent_estimate(company, -3)
    periodic.do(periodic.CHORES[0][0], frozenset({Permission.ESTIMATES_WRITE}), company.id)
    assert stage_of(company, late) == "expired"
