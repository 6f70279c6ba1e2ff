"""The only home of the picture that the crew's pages draw: the shapes that assets/crew/view makes, and the Var that gives it.

Nothing here asks the server: `useCrew` is a hook of the browser, and what is pressed goes to `crewActions` beside it.
"""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex.vars import VarData
from reflex_base.utils.imports import ImportVar

from pages.crew.stops import Day, Tinted, Visit

LIBRARY = "$/public/crew/hook.js"


@dataclass
class Option:
    """One choice of a list."""

    value: str = ""
    label: str = ""


@dataclass
class Line:
    """The line at the top of every page."""

    words: list[str] = field(default_factory=list)
    icon: str = ""
    tint: str = ""
    quiet: bool = True
    said: str = ""


@dataclass
class Band:
    """What is in the way of sending."""

    words: str = ""
    sign_in: bool = False


@dataclass
class Said:
    """A short message at the foot."""

    text: str = ""
    tint: str = ""


@dataclass
class Asked:
    """One field of a sheet."""

    name: str = ""
    label: str = ""
    kind: str = ""
    value: str = ""
    help: str = ""
    required: bool = False
    options: list[Option] = field(default_factory=list)


@dataclass
class Sheet:
    """What is asked over the page."""

    open: bool = False
    name: str = ""
    title: str = ""
    text: str = ""
    shown: str = ""
    fields: list[Asked] = field(default_factory=list)
    verb: str = ""
    danger: bool = False
    error: str = ""
    busy: bool = False


@dataclass
class Sum:
    """Hours of one kind."""

    id: str = ""
    label: str = ""
    text: str = ""


@dataclass
class HourKind:
    """A kind of hours, and whether it runs."""

    id: str = ""
    label: str = ""
    on: bool = False


@dataclass
class Stretch:
    """One stretch of time."""

    id: str = ""
    kind: str = ""
    span: str = ""
    hours: str = ""
    what: str = ""
    stage: Tinted = field(default_factory=Tinted)
    tells: bool = False
    can_correct: bool = False


@dataclass
class HoursDay:
    """A day's stretches."""

    id: str = ""
    title: str = ""
    rows: list[Stretch] = field(default_factory=list)


@dataclass
class Hours:
    """The page of one's hours."""

    today: list[Sum] = field(default_factory=list)
    week: list[Sum] = field(default_factory=list)
    running: bool = False
    running_words: str = ""
    running_since: str = ""
    running_where: str = ""
    kinds: list[HourKind] = field(default_factory=list)
    days: list[HoursDay] = field(default_factory=list)
    empty: bool = True
    clock: str = ""


@dataclass
class WaitRow:
    """Something that is sent by itself."""

    id: str = ""
    text: str = ""
    where: str = ""


@dataclass
class AttentionRow:
    """Something that a person has to decide."""

    id: str = ""
    seq: int = 0
    file_id: str = ""
    text: str = ""
    why: str = ""
    can_retry: bool = False
    can_edit: bool = False
    away: str = ""
    parked: bool = False


@dataclass
class ConflictRow:
    """Two values of one thing."""

    id: str = ""
    title: str = ""
    mine: str = ""
    theirs: str = ""


@dataclass
class Waits:
    """The page of what is on this phone alone."""

    rows: list[WaitRow] = field(default_factory=list)
    attention: list[AttentionRow] = field(default_factory=list)
    conflicts: list[ConflictRow] = field(default_factory=list)
    words: str = ""
    empty: bool = True


@dataclass
class Fact:
    """A label and what stands beside it."""

    label: str = ""
    value: str = ""


@dataclass
class More:
    """The page More."""

    name: str = ""
    facts: list[Fact] = field(default_factory=list)
    leave_words: str = ""
    leave_count: int = 0
    can_leave: bool = False
    update: bool = False
    update_words: str = ""


@dataclass
class Picture:
    """All that the crew's pages draw. What belongs to another page than the present one is null."""

    status: str = "loading"
    line: Line = field(default_factory=Line)
    band: Band = field(default_factory=Band)
    unsent: int = 0
    update: bool = False
    said: Said = field(default_factory=Said)
    sheet: Sheet = field(default_factory=Sheet)
    day: Day = field(default_factory=Day)
    rest_status: str = "loading"
    visit_status: str = "loading"
    visit: Visit = field(default_factory=Visit)
    hours: Hours = field(default_factory=Hours)
    waits: Waits = field(default_factory=Waits)
    more: More = field(default_factory=More)


DATA = VarData(
    hooks={"const crew = useCrew();": None},
    imports={LIBRARY: [ImportVar(tag="useCrew"), ImportVar(tag="crewActions")]},
)
CREW: Any = rx.Var("crew", _var_type=Picture, _var_data=DATA).guess_type()


def do(name: str, *args: Any, takes: str = "") -> Any:
    """What happens in the browser when something is pressed: an action of assets/crew/hook.js with values or Vars; `takes` names what the event itself brings, before them."""
    given = [rx.Var.create(arg) for arg in args]
    words = ", ".join([*([takes] if takes else []), *(str(one) for one in given)])
    data = VarData.merge(DATA, *(one._get_all_var_data() for one in given))
    return rx.Var(f"(({takes}) => crewActions.{name}({words}))", _var_type=rx.EventChain, _var_data=data)
