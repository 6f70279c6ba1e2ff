"""The shapes of visits as the crew's pages draw them; assets/crew/view/day.js and visit.js make them."""

from dataclasses import dataclass, field


@dataclass
class Tinted:
    """A word with its tint."""

    word: str = ""
    tint: str = "idle"


@dataclass
class Stop:
    """One visit with what is needed there; depart, arrive and finish are done, next, open or later."""

    id: str = ""
    href: str = ""
    title: str = ""
    place: str = ""
    maps: str = ""
    client: str = ""
    warning: str = ""
    tel: str = ""
    sms: str = ""
    contact_id: str = ""
    company: str = ""
    when: str = ""
    window: str = ""
    stage: Tinted = field(default_factory=Tinted)
    access: str = ""
    property_id: str = ""
    instructions: list[str] = field(default_factory=list)
    depart: str = ""
    arrive: str = ""
    finish: str = ""
    can_pause: bool = False
    can_resume: bool = False
    can_skip: bool = False


@dataclass
class StopRow:
    """Another visit in a list; `tells` says that its stage is worth a badge."""

    id: str = ""
    href: str = ""
    time: str = ""
    title: str = ""
    place: str = ""
    stage: Tinted = field(default_factory=Tinted)
    tells: bool = False


@dataclass
class ComingDay:
    """A day after today."""

    id: str = ""
    title: str = ""
    rows: list[StopRow] = field(default_factory=list)


@dataclass
class Day:
    """Today and two weeks."""

    title: str = ""
    progress: str = ""
    has_next: bool = False
    next: Stop = field(default_factory=Stop)
    then: list[StopRow] = field(default_factory=list)
    over: list[StopRow] = field(default_factory=list)
    left: list[StopRow] = field(default_factory=list)
    days: list[ComingDay] = field(default_factory=list)


@dataclass
class Timer:
    """How long was worked on a visit."""

    begun: bool = False
    text: str = ""
    since: str = ""


@dataclass
class Step:
    """One step of a visit."""

    id: str = ""
    label: str = ""
    kind: str = ""
    stage: str = ""
    required: bool = False
    side: str = ""
    said: str = ""
    phase: str = ""
    camera: bool = False


@dataclass
class Steps:
    """The steps of a visit."""

    progress: str = ""
    rows: list[Step] = field(default_factory=list)


@dataclass
class Photo:
    """One photo: its picture where there is one, and where its bytes are."""

    id: str = ""
    picture: str = ""
    label: str = ""
    said: str = ""
    refused: bool = False


@dataclass
class NoteRow:
    """One note."""

    id: str = ""
    text: str = ""
    who: str = ""
    when: str = ""


@dataclass
class MaterialRow:
    """Something used."""

    id: str = ""
    name: str = ""
    quantity: str = ""


@dataclass
class ExpenseRow:
    """One claim; its amount stays with the office."""

    id: str = ""
    title: str = ""
    receipt: str = ""
    stage: Tinted = field(default_factory=Tinted)


@dataclass
class AskRow:
    """Something asked of the office."""

    id: str = ""
    kind: str = ""
    text: str = ""
    stage: Tinted = field(default_factory=Tinted)


@dataclass
class Signed:
    """One signature that was given."""

    id: str = ""
    name: str = ""
    when: str = ""


@dataclass
class Signature:
    """The customer's signature: whether a step wants it, and those given."""

    required: bool = False
    item_id: str = ""
    hint: str = ""
    rows: list[Signed] = field(default_factory=list)


@dataclass
class Act:
    """A button of the foot: kind depart, arrive, resume, finish, camera, check, step or sign; `arg` is the step's id."""

    kind: str = ""
    label: str = ""
    icon: str = ""
    arg: str = ""


@dataclass
class Foot:
    """The bar at the foot of a visit."""

    shown: bool = False
    words: str = ""
    phase: str = ""
    first: Act = field(default_factory=Act)
    second: Act = field(default_factory=Act)


@dataclass
class Visit:
    """One visit's page."""

    stop: Stop = field(default_factory=Stop)
    timer: Timer = field(default_factory=Timer)
    over: bool = False
    steps: Steps = field(default_factory=Steps)
    photos: list[Photo] = field(default_factory=list)
    notes: list[NoteRow] = field(default_factory=list)
    materials: list[MaterialRow] = field(default_factory=list)
    expenses: list[ExpenseRow] = field(default_factory=list)
    asks: list[AskRow] = field(default_factory=list)
    signature: Signature = field(default_factory=Signature)
    foot: Foot = field(default_factory=Foot)
