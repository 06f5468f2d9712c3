"""Events of register entries."""

from diwan.outbox.events import declare

ENTERED = declare(
    "registers.entry.made",
    about="A licence entered the register.",
    keys=("entry", "case", "kind", "number"),
    outward=("case", "kind", "number"),
)
CHANGED = declare(
    "registers.entry.changed",
    about="The status of an entry changed: suspended, restored, cancelled, revoked or replaced.",
    keys=("entry", "case", "kind", "number", "before", "after", "cause"),
    outward=("case", "kind", "number", "before", "after"),
)
