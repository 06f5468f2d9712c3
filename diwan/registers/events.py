"""Events of register entries."""

from diwan.outbox.events import declare

ENTERED = declare(
    "registers.entry.made", about="A licence entered the register.", keys=("entry", "case", "kind")
)
CHANGED = declare(
    "registers.entry.changed",
    about="The status of an entry changed: suspended, restored, cancelled, revoked or replaced.",
    keys=("entry", "kind", "before", "after", "cause"),
)
