"""Events of cases that upward layers may hear."""

from diwan.outbox.events import declare

OPENED = declare(
    "cases.case.opened",
    about="A case was opened.",
    keys=("case", "service", "municipality", "channel"),
    outward=("case", "channel"),
)
MOVED = declare(
    "cases.case.moved",
    about="A case changed state, stage or holder.",
    keys=("case", "service", "state", "stage", "act"),
    outward=("case", "state", "stage"),
)
CHILD_LEFT = declare(
    "cases.child.left",
    about="A case no longer waits for the case that it opened.",
    keys=("case",),
)
ENDED = declare(
    "cases.case.ended",
    about="A case came to an end.",
    keys=("case", "service", "state"),
    outward=("case", "state"),
)
CARRIED = declare(
    "cases.case.carried",
    about="A case was moved to another version of its service, or taken back.",
    keys=("case", "service", "from", "to", "move"),
)
