"""The only home of what a machine is: which moves a staged noun knows, from where to where, and who may make them."""

from collections.abc import Collection
from dataclasses import dataclass

from models.access import Permission


@dataclass(frozen=True, slots=True)
class Move:
    """One decision somebody may take about a row.

    `to` is None where the target is worked out by the service (a lead's stage is a row of the tenant's pipeline).
    `dangerous` moves cannot be undone: screens ask first and name the effect. `hidden` moves are made by OnTrack itself.
    """

    name: str
    label: str
    from_: frozenset[str] | set[str]
    to: str | None
    right: Permission
    needs_reason: bool = False
    dangerous: bool = False
    hidden: bool = False
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """The moves of one noun. `words` are a stage's label and tint as people see them."""

    noun: str
    start: str
    words: dict[str, tuple[str, str]]
    moves: tuple[Move, ...]

    @property
    def stages(self) -> tuple[str, ...]:
        """Every stage that a row of this noun can be in."""
        return tuple(self.words)

    def find(self, name: str) -> Move | None:
        """The move of that name, or None."""
        return next((move for move in self.moves if move.name == name), None)

    def open_from(self, stage: str) -> tuple[Move, ...]:
        """Moves that the stage allows, in the order of the declaration (rights are not looked at)."""
        return tuple(move for move in self.moves if stage in move.from_)

    def way(self, stage: str, to: str, *, without: Collection[str] = ()) -> tuple[Move, ...] | None:
        """The fewest moves that lead from one stage to another, none of them one that cannot be undone or is in `without`;
        None where there is no way (rights are not looked at)."""
        ways: dict[str, tuple[Move, ...]] = {stage: ()}
        reached = [stage]
        for here in reached:
            for move in self.open_from(here):
                if move.to is None or move.to in ways or move.dangerous or move.name in without:
                    continue
                ways[move.to] = (*ways[here], move)
                reached.append(move.to)
        return ways.get(to)

    def label(self, stage: str) -> str:
        """The stage as people read it."""
        return self.words[stage][0]

    def tint(self, stage: str) -> str:
        """What kind of moment the stage is: idle, planned, moving, waiting, good or bad."""
        return self.words[stage][1]
