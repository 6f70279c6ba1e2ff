"""Writes docs/MACHINES.md from the machines in models/: a diagram and a table of moves for each staged noun. Started by `make docs`."""

from collections.abc import Iterator
from pathlib import Path

from models.access import GRANTS, PEOPLE_ROLES, Permission
from models.leads import LEAD_MACHINE
from models.machines import Machine, Move
from models.tables import MACHINES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "MACHINES.md"
KIND_AFTER = {"advance": "open", "win": "won", "lose": "lost", "reopen": "open"}
HEAD = """\
# What may happen: the machines

Written by `make docs` from the `Machine` beside each table (`models/`); a test compares. Do not edit.

A stage is a decision that somebody took, and `Work.advance` in `ontrack_app/work.py` is the only line that writes one. What follows
from facts or the clock (paid, overdue, late) is computed and is no stage. A move is refused with words, and a refused move changes
nothing. Rights are those that roles have by default (`models/access.py`); crew members and customers move only what is theirs
(`ontrack_app/rls.py`). Further conditions, such as “has a line”, stand in the noun's service. Over HTTP a move is
`POST /api/v1/<noun>/{id}/moves/<move>`. Moves that OnTrack alone makes have no
button and no address.
"""
LEADS_NOTE = """\
Stages of leads are rows of the tenant's own pipeline; moves go by their kind, which is what this shows. `advance` names the open stage
that it goes to, `win` and `lose` go to the first stage of that kind, `reopen` to the first open one."""


def text() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_machine(machine) for machine in MACHINES)])


def _machine(machine: Machine) -> str:
    start = "open" if machine is LEAD_MACHINE else machine.start
    parts = [f"## {machine.noun}", ""]
    if machine is LEAD_MACHINE:
        parts += [LEADS_NOTE, ""]
    parts += ["```mermaid", "stateDiagram-v2", f"    [*] --> {start}"]
    parts += [f"    {stage}: {label}" for stage, (label, _) in machine.words.items()]
    parts += [f"    {stage} --> {after}: {label}" for stage, after, label in _arrows(machine)]
    parts += [
        "```",
        "",
        "| move | button | from | to | right | who | asks | effect |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*parts, *(_row(machine, move) for move in machine.moves), ""])


def _arrows(machine: Machine) -> Iterator[tuple[str, str, str]]:
    for move in machine.moves:
        yield from ((stage, _after(move), move.name) for stage in machine.stages if stage in move.from_)


def _row(machine: Machine, move: Move) -> str:
    before = ", ".join(stage for stage in machine.stages if stage in move.from_)
    button = "" if move.hidden else move.label
    who = "OnTrack" if move.hidden else _who(move.right)
    cells = [f"`{move.name}`", button, before, _after(move), f"`{move.right}`", who, _asks(move), move.effect]
    return f"| {' | '.join(cells)} |"


def _after(move: Move) -> str:
    return move.to or KIND_AFTER[move.name]


def _who(right: Permission) -> str:
    return ", ".join(role.label.lower() for role in PEOPLE_ROLES if right in GRANTS[role])


def _asks(move: Move) -> str:
    asked = (["why"] if move.needs_reason else []) + (["are you sure"] if move.dangerous else [])
    return ", ".join(asked)


if __name__ == "__main__":
    PAGE.write_text(text())
