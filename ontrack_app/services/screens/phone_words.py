"""The only home of what phones say, in words: what was done on them, and how far their clocks are off."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from models.checklist_items import ChecklistItem
from models.contacts import Contact
from models.materials import Material
from models.money import Money, format_money
from models.properties import Property
from models.visits import Visit
from ontrack_app.schemas.sync import MutationBody
from ontrack_app.services.clocks import SKEWED_FROM
from ontrack_app.services.screens import words
from ontrack_app.work import Work

STEPS = {
    "depart": "Was on the way",
    "arrive": "Started the visit",
    "pause": "Paused the visit",
    "resume": "Went on with the visit",
    "finish": "Finished the visit",
    "no_access": "Could not get in",
}
TIMES = {"travel": "travel", "work": "work", "break": "a break"}
OUTCOMES = {"done": "done", "failed": "failed", "not_applicable": "left out"}
# What an id of that name points at, and the attribute that it is called by.
NAMED: dict[str, tuple[Any, str]] = {
    "visit_id": (Visit, "title"),
    "item_id": (ChecklistItem, "label"),
    "property_id": (Property, "street"),
    "contact_id": (Contact, "name"),
    "material_id": (Material, "name"),
}
LONGEST = 400
Names = Mapping[str, str]
MINUTE, HOUR, DAY = 60, 3600, 86400


def names(work: Work, said: Iterable[MutationBody]) -> dict[str, str]:
    """What the rows are called that these mutations name, by id; one query for each kind of row."""
    wanted: dict[str, set[UUID]] = {}
    for one in said:
        for key in NAMED:
            if (row_id := _id(one.args.get(key))) is not None:
                wanted.setdefault(key, set()).add(row_id)
    found: dict[str, str] = {}
    for key, ids in wanted.items():
        model, attribute = NAMED[key]
        asked = select(model.id, getattr(model, attribute)).where(
            model.tenant_id == work.actor.tenant_id, model.id.in_(ids)
        )
        found |= {str(row[0]): str(row[1] or "") for row in work.session.execute(asked)}
    return found


def told(work: Work, said: MutationBody, known: Names) -> tuple[str, str]:
    """What was done, as a short sentence without its subject, and what was written down with it."""
    args = said.args
    noun, _, verb = said.kind.partition(".")
    if said.kind == "visit.move":
        return STEPS.get(_text(args, "move"), "Moved the visit on"), _text(args, "reason")
    if noun == "time":
        return _time(work, verb, args)
    if noun == "material":
        return _material(verb, args, known)
    named = {
        "note.add": ("Wrote a note", _text(args, "text")),
        "checklist.answer": _answer(args, known),
        "expense.claim": (f"Claimed an expense{_amount(work, args.get('amount'))}", _text(args, "title")),
        "visit.sign": (f"Took a signature of {_text(args, 'name') or 'somebody'}", _text(args, "shown")),
        "visit.extra_work": ("Asked for extra work", _text(args, "text")),
        "visit.follow_up": ("Asked for another visit", _text(args, "text")),
        "visit.ask_time": (f"Asked for another time{_from(work, args)}", _text(args, "text")),
        "property.access_notes": ("Wrote how to get in", _text(args, "text")),
        "contact.phone": (f"Gave a phone number{_of(args, 'contact_id', known)}", _text(args, "phone")),
        "conflict.decide": ("Chose between two values", "Used the one of the phone" if args.get("use") is True else "Kept the other one"),
    }  # fmt: skip
    return named.get(said.kind) or _unknown(said.kind, args)


def clock(offset_ms: int) -> str:
    """How far a phone's clock was off, empty where it is not worth a word: Its clock was 5 min ahead."""
    seconds = abs(offset_ms) // 1000
    if seconds < SKEWED_FROM.total_seconds():
        return ""
    if seconds < HOUR:
        far = f"{seconds // MINUTE} min"
    elif seconds < 2 * DAY:
        far = f"{seconds // HOUR} h"
    else:
        far = words.some(seconds // DAY, "day")
    return f"{far} {'ahead' if offset_ms > 0 else 'behind'}"


def _time(work: Work, verb: str, args: Mapping[str, Any]) -> tuple[str, str]:
    what = TIMES.get(_text(args, "kind"), "a stretch of time")
    if verb == "start":
        return f"Began {what}", ""
    if verb == "stop":
        return "Ended a stretch of time", ""
    start, end = (_moment(work, args.get(name)) for name in ("started_at", "ended_at"))
    return f"Put hours right: {what}, {start} to {end}", _text(args, "reason")


def _material(verb: str, args: Mapping[str, Any], known: Names) -> tuple[str, str]:
    if verb == "adjust":
        return f"Changed what was used{_of(args, 'material_id', known)} by {_text(args, 'by')}", ""
    amount = " ".join(part for part in (_text(args, "quantity"), _text(args, "unit")) if part)
    return "Used material", ", ".join(part for part in (_text(args, "name"), amount) if part)


def _answer(args: Mapping[str, Any], known: Names) -> tuple[str, str]:
    outcome = OUTCOMES.get(_text(args, "outcome"), "done")
    step = known.get(str(_id(args.get("item_id")))) or "one that is gone"
    value = "" if _id(args.get("value")) is not None else _text(args, "value")
    return f"Answered a step, {step}: {outcome}", value or _text(args, "reason")


def _amount(work: Work, given: Any) -> str:
    cents = given.get("amount_cents") if isinstance(given, dict) else None
    if not isinstance(cents, int) or given.get("currency") != work.actor.tenant.currency:
        return ""
    return f" of {format_money(Money(cents, work.actor.tenant.currency), work.actor.tenant.locale)}"


def _from(work: Work, args: Mapping[str, Any]) -> str:
    start = _moment(work, args.get("planned_start"))
    return f", {start}" if start != "an unknown time" else ""


def _of(args: Mapping[str, Any], key: str, known: Names) -> str:
    name = known.get(str(_id(args.get(key))))
    return f" of {name}" if name else ""


def _unknown(kind: str, args: Mapping[str, Any]) -> tuple[str, str]:
    """A kind that nobody told us of: its name taken apart, and every plain value beside its own name."""
    noun, _, verb = kind.rpartition(".")
    lines = [
        f"{key.replace('_', ' ').capitalize()}: {_text(args, key)}"
        for key in args
        if _text(args, key) and _id(args[key]) is None
    ]
    what = " ".join(part for part in (noun, verb) if part).replace("_", " ").replace(".", " ")
    return f"Something this server does not know: {what}", "\n".join(lines)[:LONGEST]


def _text(args: Mapping[str, Any], key: str) -> str:
    """A plain value as text; anything else says nothing."""
    value = args.get(key)
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return str(value).replace("\x00", "")[:LONGEST] if plain else ""


def _moment(work: Work, given: Any) -> str:
    try:
        at = datetime.fromisoformat(str(given))
        return words.when(work, at) if at.tzinfo is not None else "an unknown time"
    except (ValueError, OverflowError):
        return "an unknown time"


def _id(given: Any) -> UUID | None:
    try:
        return UUID(given) if isinstance(given, str) else None
    except ValueError:
        return None
