"""Refusals of leave."""

from diwan.kit.errors import N_, DiwanError


class LeaveImpossible(DiwanError):
    """Something came between: the days were taken, or the deputy went on leave, since it was checked."""

    code = "staffing.leave_impossible"
    message = N_("The leave does not fit any more: days left, another leave or the deputy have changed.")


class LeaveOver(DiwanError):
    """No day is left that could be given back."""

    code = "staffing.leave_over"
    message = N_("This leave is over; no day is left to give back.")
