"""The only home of what is made of a phone's clock: evidence, and a best guess at the moment; never an order of things."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ontrack_app.work import Work

SKEWED_FROM = timedelta(minutes=2)
OLDEST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Clock:
    """What a phone said about when it was: its own time and zone, its measured offset from ours and its running counter, both in
    milliseconds."""

    at: datetime
    tz: str = ""
    offset_ms: int = 0
    mono_ms: int | None = None

    def happened(self, work: Work) -> datetime:
        """When it was by our time, as far as one can say: the phone's time less its offset, and not after now."""
        return min(self.put_right(self.at), work.at)

    def put_right(self, said: datetime) -> datetime:
        """A time that the phone said, less its offset; a nonsensical offset counts as none."""
        try:
            return said - timedelta(milliseconds=self.offset_ms)
        except OverflowError:
            return said

    def skewed(self, work: Work) -> bool:
        """Whether a person should look at it: the clock was off, or says a time that cannot be."""
        right = self.put_right(self.at)
        off = abs(self.offset_ms) > SKEWED_FROM.total_seconds() * 1000
        return off or right > work.at + SKEWED_FROM or right < work.at - OLDEST

    def evidence(self, work: Work) -> dict[str, Any]:
        """What is kept of it, as JSON."""
        return {
            "device_at": self.at.isoformat(),
            "tz": self.tz,
            "offset_ms": self.offset_ms,
            "mono_ms": self.mono_ms,
            "received_at": work.at.isoformat(),
        }


def ours(work: Work) -> Clock:
    """The server's own clock, for what is done online."""
    return Clock(work.at)
