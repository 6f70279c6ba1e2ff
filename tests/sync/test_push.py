"""Push: once, in order, through the services of every other door, by the rights of now."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from models.ids import new_id
from models.sync import Quarantined
from models.time_entries import TimeEntry
from ontrack_app.schemas.clients import PropertyPatch
from ontrack_app.schemas.common import MoveBody
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.services import conflicts, jobs, properties, tasks, time_entries, visits
from ontrack_app.services.listing import Query
from ontrack_app.services.sync import mutators
from tests.sync.support import Ground, Phone, add_item, good, note, rows, statuses, to_choose

DATA = Path(__file__).resolve().parent.parent / "data"


def test_a_day_goes_through_and_comes_back(here: Ground, phone: Phone) -> None:
    visit = here.visit_ids[0]
    item = add_item(here.company, visit, required=True)
    shown = "Repair of the roof, done to my satisfaction."
    said = hashlib.sha256(shown.encode()).hexdigest()
    entry, used = new_id(), new_id()
    for kind, args in (
        ("time.start", {"id": entry, "visit_id": visit, "kind": "travel"}),
        ("visit.move", {"visit_id": visit, "move": "depart"}),
        ("visit.move", {"visit_id": visit, "move": "arrive"}),
        ("time.stop", {"id": entry}),
        ("note.add", note(visit)),
        ("material.use", {"id": used, "visit_id": visit, "name": "Ridge vent", "quantity": "2", "unit": "ft"}),
        ("material.adjust", {"visit_id": visit, "material_id": used, "by": "0.5"}),
        ("expense.claim", {"id": new_id(), "visit_id": visit, "title": "Parking"}),
        ("visit.extra_work", {"id": new_id(), "visit_id": visit, "text": "The gutter too?"}),
        ("visit.follow_up", {"id": new_id(), "visit_id": visit, "text": "Paint it when dry"}),
        ("visit.sign", {"id": new_id(), "visit_id": visit, "kind": "typed", "name": "Ana", "shown": shown, "hash": said}),
        ("checklist.answer", {"id": new_id(), "visit_id": visit, "item_id": item}),
        ("visit.move", {"visit_id": visit, "move": "finish"}),
    ):  # fmt: skip
        phone.does(kind, args)
    assert statuses(phone.push()) == [("applied", "")] * 13
    phone.pull()
    assert phone.kinds("visits")[str(visit)]["stage"] == "done"
    assert [one["text"] for one in phone.kinds("notes").values()] == ["Dog is friendly"]
    assert [one["quantity"] for one in phone.kinds("materials").values()] == ["2.5000"]
    assert sorted(one["kind"] for one in phone.kinds("tasks").values()) == ["extra_work", "follow_up"]
    assert [one["document_hash"] for one in phone.kinds("signatures").values()] == [said]
    assert phone.kinds("time_entries")[str(entry)]["ended_at"] is not None
    with here.company.office.work() as work:
        assert visits.get(work, visit).stage == "done"
        assert len(tasks.list_page(work, Query(filters={"stage": "open"})).items) == 2


def test_the_same_push_again_answers_the_same_and_does_nothing(here: Ground, phone: Phone) -> None:
    phone.does("note.add", note(here.visit_ids[0]))
    batch = list(phone.outbox)
    first, second = good(phone.push_raw(batch)), good(phone.push_raw(batch))
    assert first["results"] == second["results"]
    assert rows(here, "notes") == rows(here, "sync_mutations") == 1


def test_another_body_under_a_used_number_is_a_conflict_and_nothing_is_done(
    here: Ground, phone: Phone
) -> None:
    phone.one("note.add", note(here.visit_ids[0]))
    phone.seq = 0
    phone.does("note.add", note(here.visit_ids[0], "Another"))
    phone.does("note.add", note(here.visit_ids[0], "And one more"))
    assert phone.push_raw(phone.outbox).status_code == 409
    assert rows(here, "notes") == 1


def test_what_is_out_of_order_waits(here: Ground, phone: Phone) -> None:
    for words in ("One", "Two", "Three"):
        phone.does("note.add", note(here.visit_ids[0], words))
    said = good(phone.push_raw([phone.outbox[0], phone.outbox[2]]))
    assert (said["last_seq"], len(said["results"])) == (1, 1)
    assert [one["seq"] for one in phone.push()] == [1, 2, 3]


def test_a_mutation_that_comes_under_a_new_number_is_a_duplicate(here: Ground, phone: Phone) -> None:
    first = phone.does("note.add", note(here.visit_ids[0]))
    other = {**first, "seq": 3, "args": {**first["args"], "text": "Something else"}}
    phone.outbox += [{**first, "seq": 2}, other]
    assert statuses(phone.push()) == [("applied", ""), ("duplicate", "1"), ("rejected", "id_reuse")]
    assert rows(here, "notes") == 1


def test_a_refusal_takes_its_number_and_blocks_nobody(here: Ground, phone: Phone) -> None:
    visit = here.visit_ids[0]
    phone.does("note.add", note(visit, " "))
    phone.does("visit.move", {"visit_id": visit, "move": "no_access"})
    phone.does("checklist.answer", {"id": new_id(), "visit_id": visit})
    phone.does("invoice.issue", {"id": new_id()})
    phone.does("note.add", note(visit))
    results = phone.push()
    assert [one["status"] for one in results] == ["rejected"] * 4 + ["applied"]
    assert [one["code"] for one in results] == ["invalid", "invalid", "invalid", "not_offline", ""]
    assert all(one["detail"] for one in results[:4])
    assert rows(here, "notes") == 1
    with here.company.office.work() as work:
        assert visits.get(work, visit).stage == "scheduled"


def test_a_fault_of_ours_parks_one_mutation_and_blocks_nobody(
    here: Ground, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("a fault")

    kinds = mutators.MUTATORS | {
        "material.use": mutators.Mutator(mutators.MUTATORS["material.use"].shape, broken)
    }
    monkeypatch.setattr("ontrack_app.services.sync.push.MUTATORS", kinds)
    phone.does("material.use", {"id": new_id(), "visit_id": here.visit_ids[0], "name": "Vent"})
    phone.does("note.add", note(here.visit_ids[0]))
    assert statuses(phone.push()) == [("parked", "failed"), ("applied", "")]


def test_an_unknown_kind_is_kept(here: Ground, phone: Phone) -> None:
    result = phone.one("drone.fly", {"height": 12, "words": "a\u0000b"})
    assert (result["status"], result["code"]) == ("parked", "unknown")
    with here.company.work() as work:
        kept = work.first(work.of(Quarantined))
        assert json.loads(kept.body)["args"]["height"] == 12


def test_limits_of_one_push(here: Ground, phone: Phone) -> None:
    for at in range(101):
        phone.does("note.add", note(here.visit_ids[0], f"{at}"))
    assert phone.push_raw(phone.outbox).status_code == 422
    large = [{**phone.outbox[0], "args": {**phone.outbox[0]["args"], "text": "x" * 257 * 1024}}]
    assert phone.push_raw(large).status_code == 413
    assert len(phone.push()) == 100


# conflicts, by kind of field


def test_a_gate_note_that_nobody_saw_changing_is_kept_and_used_by_one_tap(here: Ground, phone: Phone) -> None:
    place = here.property_id
    with here.company.office.work() as work:
        properties.patch(work, place, PropertyPatch(access_notes="Code 4711"))
    args = {"property_id": place, "text": "Code 1234"}
    result = phone.one("property.access_notes", args, base={"access_notes": None})
    assert result["status"] == "conflict" and result["server"]["value"] == "Code 4711"
    phone.pull()
    assert phone.kinds("properties")[str(place)]["access_notes"] == "Code 4711"
    (conflict,) = phone.kinds("conflicts").values()
    assert (conflict["lost"]["value"], conflict["kept"]["value"]) == ("Code 1234", "Code 4711")
    assert phone.one("conflict.decide", {"conflict_id": result["conflict_id"], "use": True})["status"] == "applied"  # fmt: skip
    phone.pull()
    assert phone.kinds("properties")[str(place)]["access_notes"] == "Code 1234"
    assert phone.kinds("conflicts") == {}
    with here.company.work() as work:
        trail = str(work.session.execute(text("SELECT before, after FROM audit_entries")).all())
    assert "4711" not in trail and "1234" not in trail, "how to get in stays out of the trail"


def test_a_gate_note_over_what_one_saw_or_wrote_oneself_is_written(here: Ground, phone: Phone) -> None:
    place = here.property_id
    with here.company.office.work() as work:
        properties.patch(work, place, PropertyPatch(access_notes="Code 4711"))
    phone.pull()
    base = phone.writers[("properties", str(place), "access_notes")]
    first = phone.does("property.access_notes", {"property_id": place, "text": "A"}, base={"access_notes": base})  # fmt: skip
    phone.does(
        "property.access_notes", {"property_id": place, "text": "B"}, base={"access_notes": first["id"]}
    )
    assert [one["status"] for one in phone.push()] == ["applied", "applied"]
    with here.company.office.work() as work:
        assert properties.get(work, place).access_notes == "B"


def test_the_office_decides_too(here: Ground, phone: Phone) -> None:
    with here.company.office.work() as work:
        properties.patch(work, here.property_id, PropertyPatch(access_notes="Code 4711"))
    phone.one("property.access_notes", {"property_id": here.property_id, "text": "New"}, base={})
    with here.company.office.work() as work:
        (conflict,) = to_choose(work)
        conflicts.decide(work, conflict.id, use=True)
        assert properties.get(work, here.property_id).access_notes == "New"
        assert to_choose(work) == []


def test_steps_that_were_overtaken_are_no_conflict_and_steps_that_cannot_be_are(
    here: Ground, phone: Phone
) -> None:
    visit = here.visit_ids[0]
    with here.company.office.work() as work:
        visits.move(work, visit, "arrive", VisitMoveBody())
    assert statuses([phone.one("visit.move", {"visit_id": visit, "move": "depart"})]) == [
        ("applied", "already_past")
    ]
    with here.company.office.work() as work:
        visits.move(work, visit, "cancel", VisitMoveBody(reason="Rain"))
    result = phone.one("visit.move", {"visit_id": visit, "move": "finish"})
    assert (result["status"], result["code"]) == ("conflict", "stage")
    with here.company.office.work() as work:
        assert visits.get(work, visit).stage == "cancelled"
        assert to_choose(work)[0].lost["move"] == "finish"


def test_a_visit_is_not_finished_with_a_required_step_open(here: Ground, phone: Phone) -> None:
    visit = here.visit_ids[0]
    item = add_item(here.company, visit, "Photo after", kind="photo", required=True)
    phone.does("visit.move", {"visit_id": visit, "move": "arrive"})
    phone.does("visit.move", {"visit_id": visit, "move": "finish"})
    results = phone.push()
    assert results[1]["status"] == "rejected" and "Photo after" in results[1]["detail"]
    assert phone.one("checklist.answer", {"id": new_id(), "visit_id": visit, "item_id": item})["status"] == "rejected"  # fmt: skip
    phone.one("checklist.answer", {"id": new_id(), "visit_id": visit, "item_id": item, "value": "photo"})
    assert phone.one("visit.move", {"visit_id": visit, "move": "finish"})["status"] == "applied"


def test_a_failed_step_and_another_time_are_tasks_of_the_office(here: Ground, phone: Phone) -> None:
    visit = here.visit_ids[0]
    item = add_item(here.company, visit)
    phone.does("checklist.answer", {"id": new_id(), "visit_id": visit, "item_id": item, "outcome": "failed", "reason": "No ladder"})  # fmt: skip
    times = {"planned_start": "2099-01-01T10:00:00Z", "planned_end": "2099-01-01T11:00:00Z"}
    phone.does("visit.ask_time", {"id": new_id(), "visit_id": visit, "text": "They are away", **times})
    assert statuses(phone.push()) == [("applied", ""), ("applied", "asked")]
    with here.company.office.work() as work:
        assert {one.kind for one in tasks.list_page(work, Query(filters={"stage": "open"})).items} == {
            "failed_check",
            "reschedule",
        }
        assert visits.get(work, visit).planned_start.year < 2099


# clocks


def test_a_wrong_clock_is_put_right_flagged_and_orders_nothing(here: Ground, http) -> None:
    phone, visit = Phone(http, here.crews[0]), here.visit_ids[0]
    ahead = datetime.now(UTC) + timedelta(days=730)
    assert abs(phone.hello(at=ahead)["clock_offset_ms"] - 730 * 86_400_000) < 60_000
    phone.does("time.start", {"id": new_id(), "visit_id": visit, "kind": "work"}, at=ahead.isoformat())
    phone.does("visit.move", {"visit_id": visit, "move": "arrive"}, at=ahead.isoformat())
    phone.push()
    with here.company.office.work() as work:
        entry = work.first(work.of(TimeEntry))
        assert entry.skewed and abs(entry.started_at - work.at) < timedelta(minutes=1)
        assert entry.clock["start"]["device_at"].startswith(str(ahead.year))
        assert abs(visits.get(work, visit).actual_start - work.at) < timedelta(minutes=1)


def test_what_was_done_in_the_morning_happened_in_the_morning(here: Ground, phone: Phone) -> None:
    early = datetime.now(UTC) - timedelta(hours=6)
    phone.one("visit.move", {"visit_id": here.visit_ids[0], "move": "arrive"}, at=early.isoformat())
    with here.company.office.work() as work:
        assert abs(visits.get(work, here.visit_ids[0]).actual_start - early) < timedelta(minutes=1)


def test_hours_are_corrected_by_new_facts_and_locked_by_the_office(here: Ground, phone: Phone) -> None:
    entry = new_id()
    phone.does("time.start", {"id": entry, "kind": "work"})
    phone.does("time.stop", {"id": entry})
    phone.push()
    with here.company.office.work() as work:
        time_entries.move(work, entry, "lock", MoveBody())
    times = {"started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T12:00:00Z"}
    said = {"id": new_id(), "kind": "work", "corrects_id": entry, "reason": "Forgot it", **times}
    result = phone.one("time.correct", said)
    assert (result["status"], result["code"]) == ("rejected", "conflict")
    assert rows(here, "time_entries") == 1


# who may


def test_an_old_outbox_is_understood(here: Ground, http) -> None:
    """Recorded from an app of schema 1; the ids of its visit and step are put in here."""
    visit = here.visit_ids[0]
    item = add_item(here.company, visit)
    recorded = (DATA / "outbox_schema_1.json").read_text()
    said = json.loads(recorded.replace("VISIT", str(visit)).replace("ITEM", str(item)))
    phone = Phone(http, here.crews[0])
    phone.hello(schema=1)
    results = good(phone.push_raw(said["mutations"], schema=said["schema"]))["results"]
    assert statuses(results) == [("applied", "")] * len(said["mutations"])
    phone.load()
    assert phone.kinds("visits")[str(visit)]["stage"] == "done"
    assert phone.kinds("checklist_items")[str(item)]["stage"] == "done"


def test_an_old_entry_in_the_outbox_of_a_new_app_says_which_schema_it_is_of(
    here: Ground, phone: Phone
) -> None:
    entity = {"kind": "visits", "id": str(here.visit_ids[0])}
    phone.does("visit.arrive", {}, entity=entity, schema=1)
    phone.does("visit.move", {"visit_id": here.visit_ids[0], "move": "finish"})
    assert statuses(phone.push()) == [("applied", "")] * 2


def test_jobs_are_not_completed_while_their_visits_are_open(here: Ground, phone: Phone) -> None:
    with here.company.office.work() as work:
        job = work.get(jobs.Job, here.job_id)
        assert jobs.blockers(work, job) == ["1 visit is not finished"]
