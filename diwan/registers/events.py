"""Events of register entries."""

from diwan.outbox.events import declare

ENTERED = declare(
    "registers.entry.made", about="A licence entered the register.", keys=("entry", "case", "kind")
)
