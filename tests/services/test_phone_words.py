"""What phones say, in words: every kind there is, whatever stands in its arguments, and clocks that are off."""

from typing import Any

import pytest

from models.ids import new_id, now
from ontrack_app.schemas.sync import MutationBody
from ontrack_app.services.screens import phone_words
from ontrack_app.services.sync.mutators import MUTATORS
from tests.factories.companies import Company

ITEM, PERSON = "01a20675-0000-7000-8000-000000000090", "01a20675-0000-7000-8000-000000000093"
KNOWN = {ITEM: "Photo after", PERSON: "Noor Haddad"}


def said(kind: str, /, **args: Any) -> MutationBody:
    return MutationBody.model_validate(
        {"seq": 1, "id": new_id(), "kind": kind, "at": now().isoformat(), "args": args}
    )


@pytest.mark.parametrize(
    ("kind", "args", "words"),
    [
        ("visit.move", {"move": "no_access", "reason": "Locked"}, ("Could not get in", "Locked")),
        ("note.add", {"text": "Mind the dog"}, ("Wrote a note", "Mind the dog")),
        ("checklist.answer", {"item_id": ITEM.upper(), "outcome": "failed", "reason": "Broken"}, ("Answered a step, Photo after: failed", "Broken")),
        ("checklist.answer", {"item_id": ITEM, "value": PERSON}, ("Answered a step, Photo after: done", "")),
        ("checklist.answer", {"item_id": PERSON[:-1] + "9"}, ("Answered a step, one that is gone: done", "")),
        ("time.start", {"kind": "travel"}, ("Began travel", "")),
        ("time.stop", {"id": ITEM}, ("Ended a stretch of time", "")),
        ("material.use", {"name": "Ridge vent", "quantity": "2.5", "unit": "ft"}, ("Used material", "Ridge vent, 2.5 ft")),
        ("expense.claim", {"title": "Parking", "amount": {"amount_cents": 1250, "currency": "USD"}}, ("Claimed an expense of $12.50", "Parking")),
        ("expense.claim", {"title": "Parking"}, ("Claimed an expense", "Parking")),
        ("visit.sign", {"name": "Ana Cole", "shown": "All done."}, ("Took a signature of Ana Cole", "All done.")),
        ("visit.follow_up", {"text": "Paint it"}, ("Asked for another visit", "Paint it")),
        ("property.access_notes", {"text": "Side gate"}, ("Wrote how to get in", "Side gate")),
        ("contact.phone", {"contact_id": PERSON, "phone": "555"}, ("Gave a phone number of Noor Haddad", "555")),
        ("roof.measure", {"area_m2": 31, "id": ITEM, "deep": {"a": 1}}, ("Something this server does not know: roof measure", "Area m2: 31")),
    ],
)  # fmt: skip
def test_what_was_done_is_told_in_words(
    company: Company, kind: str, args: dict[str, Any], words: tuple[str, str]
) -> None:
    with company.office.work() as work:
        assert phone_words.told(work, said(kind, **args), KNOWN) == words


def test_hours_and_wishes_are_told_in_the_companys_zone(company: Company) -> None:
    times = {"started_at": "2026-01-05T14:00:00Z", "ended_at": "2026-01-05T18:30:00Z"}
    with company.office.work() as work:
        told, why = phone_words.told(work, said("time.correct", kind="work", reason="Forgot it", **times), {})
        assert "work, " in told and why == "Forgot it"
        nonsense = said("time.correct", kind="work", started_at="soon", ended_at=None)
        assert phone_words.told(work, nonsense, {})[0].endswith("an unknown time to an unknown time")


@pytest.mark.parametrize("kind", sorted(MUTATORS))
@pytest.mark.parametrize("odd", [None, [], {"a": 1}, True, -1, "\x00", "9" * 5000])
def test_no_kind_of_ours_is_unknown_and_no_argument_breaks_it(company: Company, kind: str, odd: Any) -> None:
    names = ("id", "visit_id", "item_id", "text", "move", "reason", "amount", "kind", "started_at", "by", "use", "name", "value")  # fmt: skip
    given = said(kind, **dict.fromkeys(names, odd))
    with company.office.work() as work:
        told, text = phone_words.told(work, given, phone_words.names(work, [given]))
    assert not told.startswith("Something this server")
    assert "\x00" not in told + text and len(told + text) < 1000


@pytest.mark.parametrize(
    ("offset_ms", "words"),
    [
        (0, ""),
        (119_000, ""),
        (120_000, "2 min ahead"),
        (-3_600_000, "1 h behind"),
        (63_072_000_000, "730 days ahead"),
        (-(2**53), "104,249,991 days behind"),
    ],
)
def test_a_clock_is_told_of_where_it_is_off(offset_ms: int, words: str) -> None:
    assert phone_words.clock(offset_ms) == words
