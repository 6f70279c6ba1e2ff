"""The only home of a record's facts: its field list as labels and values, the parts of an address on one line."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from models.base import NounRow
from models.fields import Field, FieldList
from models.members import Member
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.documents import plain
from ontrack_app.schemas.screens.common import Fact
from ontrack_app.services.screens import words
from ontrack_app.work import Work

PARTS = tuple(Address.model_fields)
SCHEMES = {"email": "mailto:", "phone": "tel:"}


def of(
    work: Work,
    fields: FieldList,
    row: NounRow,
    *,
    without: Collection[str] = (),
    people: Mapping[UUID, Member] | None = None,
) -> list[Fact]:
    """What the reader may see of a row, in the field list's order; an address is one fact, where its first part stands.

    What only OnTrack itself fills in is left out while it is empty.
    """
    found: list[Fact] = []
    placed = False
    for field in fields.seen_by(work.actor.role):
        if field.name in without:
            continue
        if not field.edit and getattr(row, field.attribute) in (None, ""):
            continue
        if field.name not in PARTS:
            found.append(_fact(work, field, row, people or {}))
        elif not placed:
            found.append(Fact(label="Address", value=one_line(row)))
            placed = True
    return found


def one_line(row: NounRow) -> str:
    """The address of a row that has the parts of one, on one line."""
    part = {name: str(getattr(row, name, "") or "") for name in PARTS}
    street = ", ".join(text for text in (part["street"], part["unit"]) if text)
    town = " ".join(text for text in (part["region"], part["postal_code"]) if text)
    return ", ".join(text for text in (street, part["city"], town) if text)


def _fact(work: Work, field: Field, row: NounRow, people: Mapping[UUID, Member]) -> Fact:
    value = getattr(row, field.attribute)
    if value is None or value == "":
        return Fact(label=field.label)
    text = _shown(work, field, value, people)
    return Fact(
        label=field.label, value=text, href=f"{SCHEMES[field.type]}{value}" if field.type in SCHEMES else ""
    )


def _shown(work: Work, field: Field, value: Any, people: Mapping[UUID, Member]) -> str:
    writers: dict[str, Callable[[], str]] = {
        "member": lambda: people[value].name if value in people else "",
        "money": lambda: words.money(work, value),
        "time": lambda: words.moment(work, value),
        "date": lambda: words.day(value),
        "flag": lambda: "Yes" if value else "No",
        "number": lambda: plain(value) if isinstance(value, Decimal) else f"{value:,}",
    }
    write = writers.get(field.type)
    return write() if write else dict(field.choices).get(str(value), str(value))
