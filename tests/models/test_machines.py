"""Every stage × move of every machine, through `Work.advance` on a real row."""

import itertools

import pytest

from models.access import GRANTS, Permission, Role
from models.leads import LEAD_MACHINE
from models.machines import Machine, Move
from models.tables import MACHINES, metadata

ROWS = [
    (machine, stage, move)
    for machine in MACHINES
    for stage, move in itertools.product(machine.stages, machine.moves)
]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.noun)
def test_a_machine_is_whole(machine: Machine) -> None:
    assert len({move.name for move in machine.moves}) == len(machine.moves)
    for move in machine.moves:
        assert set(move.from_) <= set(machine.stages), move.name
        assert move.to is None or move.to in machine.stages, move.name
        assert move.right.value.split(":")[0] in (machine.noun, "visits", "members"), move.name
    if machine is not LEAD_MACHINE:
        reached = {machine.start} | {move.to for move in machine.moves if move.from_}
        later = {"partly_refunded", "refunded", "disputed"} if machine.noun == "payments" else set()
        assert reached | later == set(machine.stages), "every stage is reached by some move"


@pytest.mark.parametrize(
    ("machine", "stage", "move"), ROWS, ids=[f"{m.noun}-{s}-{v.name}" for m, s, v in ROWS]
)
def test_a_move_is_open_exactly_where_it_is_declared(machine: Machine, stage: str, move: Move) -> None:
    assert (move in machine.open_from(stage)) == (stage in move.from_)


def test_stages_stand_in_the_database_too() -> None:
    for machine in MACHINES:
        if machine is LEAD_MACHINE:
            continue
        checks = [
            str(check.sqltext)
            for check in metadata.tables[machine.noun].constraints
            if hasattr(check, "sqltext")
        ]
        assert any(all(f"'{stage}'" in check for stage in machine.stages) for check in checks), machine.noun


def test_every_permission_is_granted_to_somebody_and_names_a_noun() -> None:
    given = set().union(*(GRANTS[role] for role in Role if role is not Role.SYSTEM))
    assert given == set(Permission)
    assert [right.value for right in Permission] == sorted(right.value for right in Permission)
