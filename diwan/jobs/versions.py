"""Movings of cases between versions that their request did not finish: gone on with, case by case."""

from typing import Final

from diwan.cases.actions.move_version import carry_out
from diwan.cases.actions.undo_move import take_back
from diwan.cases.version_queries import unfinished_moves

AT_ONCE: Final = 50


def carry_on() -> int:
    """Move, and take back, some of the cases that wait for it; how many were looked at."""
    moving, returning = unfinished_moves()
    done = sum(carry_out(move_id=move_id, limit=AT_ONCE) for move_id in moving)
    return done + sum(take_back(move_id=move_id, limit=AT_ONCE) for move_id in returning)
