"""Time entries: stretches of travel, work and rest, as crews note them and as the office decides them."""

from ontrack_app.services.time_entries.cards import card, get, list_page, of_week, standing_ids, stands
from ontrack_app.services.time_entries.decide import create, decide_week, move
from ontrack_app.services.time_entries.punch import correct, start, stop

__all__ = [
    "card",
    "correct",
    "create",
    "decide_week",
    "get",
    "list_page",
    "move",
    "of_week",
    "standing_ids",
    "stands",
    "start",
    "stop",
]
