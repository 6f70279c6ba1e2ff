"""The only home of words on a phone's clock: that it was off, by how much, what it said and what was made of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from models.time_entries import TimeEntry
from ontrack_app.services.clocks import OLDEST, SKEWED_FROM
from ontrack_app.services.screens import words
from ontrack_app.services.time_entries.punch import LONGEST
from ontrack_app.work import Work

YEAR = timedelta(days=365)


def off(entry: TimeEntry) -> str:
    """Why a person should look at these hours, in a few words; empty where nothing is odd."""
    if not entry.skewed:
        return ""
    furthest = max((_offset(one) for one in _evidence(entry)), key=abs, default=timedelta(0))
    if abs(furthest) > SKEWED_FROM:
        return f"Phone’s clock was {span(abs(furthest))} {'fast' if furthest > timedelta(0) else 'slow'}"
    if entry.ended_at is not None and entry.ended_at - entry.started_at > LONGEST:
        return "It lasts more than a day"
    for one in _evidence(entry):
        told, heard = _moment(one, "device_at") - _offset(one), _moment(one, "received_at")
        if told > heard + SKEWED_FROM:
            return f"The phone named a time that was {span(told - heard)} away"
        if told < heard - OLDEST:
            return f"We heard of it {span(heard - told)} later"
    return "It ends later than it was written down"


def said(work: Work, entry: TimeEntry) -> str:
    """What the phone said, and what was made of it; empty where its clock was right."""
    if not any(abs(_offset(one)) > SKEWED_FROM for one in _evidence(entry)):
        return ""
    if entry.corrects_id is not None or "end" not in entry.clock:
        (first, *_) = list(_evidence(entry))
        noted = words.moment(work, _moment(first, "device_at"))
        return f"The phone said it was {noted} when this was noted. The times are put right by as much."
    told = [words.local(work, _moment(entry.clock[end], "device_at")) for end in ("start", "end")]
    ours = [words.local(work, at) for at in (entry.started_at, entry.ended_at or entry.started_at)]
    dated = len({at.date() for at in (*told, *ours)}) > 1
    return f"The phone said {_range(*told, dated=dated)}. We make of it {_range(*ours, dated=dated)}."


def span(length: timedelta) -> str:
    """A length of time in the fewest words that say how far off something is: 45 min, 2 h, 3 days, 2 years."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    if length < timedelta(hours=48):
        return f"{minutes // 60} h {minutes % 60:02d}" if minutes % 60 else f"{minutes // 60} h"
    return words.some(length.days, "day") if length < 2 * YEAR else words.some(round(length / YEAR), "year")


def _range(start: datetime, end: datetime, *, dated: bool) -> str:
    """From when to when, with the days where they are not all the same."""
    days = [f"{words.day(at.date())}, " if dated else "" for at in (start, end)]
    return f"{days[0]}{words.clock(start)} – {days[1]}{words.clock(end)}"


def _evidence(entry: TimeEntry) -> Iterator[dict[str, Any]]:
    return (entry.clock[end] for end in ("start", "end") if end in entry.clock)


def _offset(evidence: dict[str, Any]) -> timedelta:
    return timedelta(milliseconds=int(evidence.get("offset_ms") or 0))


def _moment(evidence: dict[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(str(evidence[name]))
