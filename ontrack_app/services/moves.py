"""The only home of what may be done next: a row's open moves as buttons, from its machine and the reader's rights."""

from collections.abc import Iterable

from models.machines import Machine, Move
from ontrack_app.schemas.common import MoveCard
from ontrack_app.work import Work


def open_moves(
    work: Work, machine: Machine, stage: str, *, title: str, without: Iterable[str] = ()
) -> list[MoveCard]:
    """The moves that the stage allows and the actor may make, the first one as the primary button."""
    left_out = set(without)
    moves = [
        move
        for move in machine.open_from(stage)
        if not move.hidden and move.name not in left_out and work.actor.granted(move.right)
    ]
    return [_card(move, title, primary=place == 0) for place, move in enumerate(moves)]


def _card(move: Move, title: str, *, primary: bool) -> MoveCard:
    asks = move.dangerous or move.needs_reason
    return MoveCard(
        name=move.name,
        label=move.label,
        primary=primary and not move.needs_reason,
        danger=move.dangerous and move.needs_reason,
        needs_reason=move.needs_reason,
        confirm_title=f"{move.label} {title}" if asks else "",
        confirm_text=move.effect,
    )
