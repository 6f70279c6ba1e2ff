"""Hours over HTTP."""

from models.time_entries import TIME_ENTRY_FIELDS, TIME_ENTRY_MACHINE
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.time_entries import TimeEntryBody, TimeEntryCard
from ontrack_app.services import time_entries

TIME_ENTRIES = Noun(
    "time_entries",
    time_entries,
    TIME_ENTRY_FIELDS,
    TimeEntryCard,
    TimeEntryBody,
    machine=TIME_ENTRY_MACHINE,
    archives=False,
)
